"""A site on its first days: the network is loaded, and nobody or only one startup is in the directory."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.visiting import Visit, Visited

Maker = Callable[..., Any]

LANGUAGES = ("ar", "fr", "en")
PAGES = ("", "startups", "startups?view=cards", "startups?q=solar&sector=fintech", "partners", "partners?q=x", "about")
NOBODY_YET = {"startups": "No startup is in the directory yet.", "partners": "No partner is in the directory yet."}
WELCOME = "The directory has just opened"
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


def ways_on(page: Visited) -> list[str]:
    """Links between masthead and footer."""
    main = page.html.split("<main", 1)[1].split("</main>", 1)[0]
    return re.findall(r'<a\b[^>]*?\bhref="([^"]*)"', main)


@pytest.mark.parametrize("query", ["", "?q=solar", "?sector=fintech&view=cards", "?kind=mentor"])
@pytest.mark.parametrize("directory", ["startups", "partners"])
def test_an_empty_directory_says_that_nobody_is_in_it_yet_and_leads_nowhere(
    visit: Visit, drain: Callable[[], None], directory: str, query: str
) -> None:
    drain()
    page = visit(f"/en/{directory}{query}")
    assert NOBODY_YET[directory] in page.text
    assert ways_on(page) == []
    assert "<form" not in page.html
    assert "js/directory.js" not in page.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_page_of_an_empty_site_welcomes_instead_of_showing_an_empty_map(
    visit: Visit, drain: Callable[[], None], language: str
) -> None:
    drain()
    page = visit(f"/{language}/")
    assert 'class="map"' not in page.html
    assert "<table" not in page.html
    assert "<form" not in page.html
    if language == "en":
        assert WELCOME in page.text


def test_a_home_page_with_startups_but_without_residents_has_no_map(
    visit: Visit, drain: Callable[[], None], make_startup: Maker
) -> None:
    make_startup()
    drain()
    page = visit("/en/")
    assert "sits in a park yet" in page.text
    assert WELCOME not in page.text
    assert "<table" not in page.html


def test_who_finds_nothing_is_led_only_to_sectors_that_have_somebody(
    visit: Visit, drain: Callable[[], None], make_startup: Maker, make_partner: Maker
) -> None:
    make_startup(sectors=["agritech"])
    make_partner(sectors=["edtech"])
    drain()
    startups, partners = visit("/en/startups?q=xyzzy"), visit("/en/partners?q=xyzzy")
    assert "No startup matches." in startups.text
    assert [link for link in ways_on(startups) if "sector=" in link] == ["/en/startups?sector=agritech"]
    assert [link for link in ways_on(partners) if "sector=" in link] == ["/en/partners?sector=edtech"]
    for page in (startups, partners):
        assert "There is nothing to filter." in page.text
        assert "Show results" not in page.text


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
    assert (sitemap.status, sitemap.html.count("<loc>")) == (200, 3 * 11)
    make_startup()
    session.commit()
    assert visit("/sitemap.xml").html.count("<loc>") == 3 * 12
