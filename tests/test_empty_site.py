"""A site on its first days: the network is loaded, and nobody or only one startup is in the directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.visiting import Visit

Maker = Callable[..., Any]

LANGUAGES = ("ar", "fr", "en")
PAGES = ("", "startups", "startups?view=cards", "startups?q=solar&sector=fintech", "partners", "partners?q=x", "about")
NOTHING_FOUND = {"ar": "لا توجد أي شركة ناشئة", "fr": "0 startup", "en": "0 startups"}
ONE_FOUND = {"ar": "شركة ناشئة واحدة", "fr": "1 startup", "en": "1 startup"}


@pytest.fixture(params=["with an index", "before the first index"])
def drain(request: pytest.FixtureRequest, app: Flask, session: Session) -> Callable[[], None]:
    """Brings the index in step, or leaves it unmade: an empty site has to read well either way."""

    def bring_in_step() -> None:
        session.commit()
        if request.param == "with an index":
            result = app.test_cli_runner().invoke(args=["work", "drain"])
            assert result.exit_code == 0, result.output

    return bring_in_step


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_an_empty_site_opens(visit: Visit, drain: Callable[[], None], language: str) -> None:
    drain()
    for path in PAGES:
        page = visit(f"/{language}/{path}")
        assert page.status == 200, path
        assert len(page.headings) == 1
        assert page.entries == 0
        assert not page.has_placeholders, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_directory_says_so(visit: Visit, drain: Callable[[], None], language: str) -> None:
    drain()
    assert NOTHING_FOUND[language] in visit(f"/{language}/startups").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_directory_of_one_counts_one(
    visit: Visit, drain: Callable[[], None], make_startup: Maker, language: str
) -> None:
    startup = make_startup("Tazrii", site="agadir", sectors=["agritech"])
    drain()
    listed = visit(f"/{language}/startups")
    assert listed.entries == 1
    assert ONE_FOUND[language] in listed.text
    home = visit(f"/{language}/")
    assert "Tazrii" in home.text
    profile = visit(f"/{language}/startups/{startup.slug}")
    assert (profile.status, profile.entries) == (200, 0), "nothing is similar to the only startup"
    for page in (listed, home, profile):
        assert not page.has_placeholders


def test_the_sitemap_of_an_empty_site_names_its_pages(visit: Visit, make_startup: Maker, session: Session) -> None:
    sitemap = visit("/sitemap.xml")
    assert (sitemap.status, sitemap.html.count("<loc>")) == (200, 3 * 4)
    make_startup()
    session.commit()
    assert visit("/sitemap.xml").html.count("<loc>") == 3 * 5
