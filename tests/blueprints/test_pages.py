from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy.orm import Session

from tests.populations import settle
from tests.visiting import Visit
from webapp.blueprints.pages import sitemap
from webapp.i18n import LANGUAGES as KNOWN
from webapp.services.cluster_release import release_current
from webapp.web.marks import today

LANGUAGES = ("ar", "fr", "en")
Maker = Callable[..., Any]
PATHS = ("/", "/about", "/startups", "/partners", "/development/components", "/startups/nobody", "/nowhere")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_a_title_one_heading_and_a_description(visit: Visit, language: str, path: str) -> None:
    page = visit(f"/{language}{path}")
    assert page.title
    assert len(page.headings) == 1
    assert re.search(r'<meta name="description" content="[^"]+">', page.html)
    assert f'<html lang="{language}" dir="{KNOWN[language].direction}">' in page.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_inline_and_the_policy_forbids_it(visit: Visit, language: str, path: str) -> None:
    page = visit(f"/{language}{path}")
    assert " style=" not in page.html
    assert "<style" not in page.html
    assert not re.search(r"<script(?![^>]*(\bsrc=|application/ld))", page.html)
    assert not re.search(r"\bon\w+=", page.html)
    assert "default-src 'none'" in page.response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/about", "/startups", "/partners"])
def test_pages_name_their_other_languages(visit: Visit, path: str) -> None:
    alternates = visit(f"/fr{path}").alternates()
    assert set(alternates) == {*LANGUAGES, "x-default"}
    for language in LANGUAGES:
        assert alternates[language] == f"http://localhost/{language}{path}"


@pytest.mark.parametrize(
    ("header", "language"), [("ar-MA,fr;q=0.8", "ar"), ("en-GB", "en"), ("de", "fr"), ("", "fr"), ("*", "fr")]
)
def test_the_entrance_follows_the_browser(visit: Visit, header: str, language: str) -> None:
    page = visit("/", headers={"Accept-Language": header})
    assert page.status == 302
    assert page.response.headers["Location"] == f"/{language}/"
    assert {"accept-language", "cookie"} <= {name.lower() for name in page.response.vary}


def test_the_entrance_follows_the_language_chosen_last(visit: Visit) -> None:
    visit("/ar/")
    assert visit("/", headers={"Accept-Language": "en"}).response.headers["Location"] == "/ar/"


def test_a_language_that_is_not_offered_does_not_exist(visit: Visit) -> None:
    assert visit("/de/").status == 404
    assert visit("/xx/startups").status == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_address_is_told_in_the_readers_language(visit: Visit, language: str) -> None:
    page = visit(f"/{language}/nowhere/at/all")
    assert page.status == 404
    assert f'<html lang="{language}"' in page.html


def test_the_home_page_counts_what_is_published(visit: Visit, make_startup: Maker, make_partner: Maker) -> None:
    make_startup(site="agadir")
    make_startup()
    make_startup(state="draft")
    make_partner()
    page = visit("/en/")
    assert "2 startups in the directory" in page.text
    assert "1 resident in a park today" in page.text
    assert 'class="map"' not in page.html, "one resident cannot be hidden among others"


def test_the_home_page_shows_released_figures_of_regions(visit: Visit, make_startup: Maker, session: Session) -> None:
    settle(make_startup)
    session.commit()
    assert 'class="map"' not in visit("/en/").html, "nothing was released yet"
    release_current(session, today())
    session.commit()
    page = visit("/en/")
    assert "Souss-Massa: 12 resident startups" in page.text
    assert "Oriental: 0 resident startups" in page.text
    assert {"/en/regions", "/en/regions/MA-09"} <= set(page.links)


def test_the_sitemap_names_regions_and_sectors_that_have_residents(
    visit: Visit, make_startup: Maker, session: Session
) -> None:
    settle(make_startup)
    release_current(session, today())
    session.commit()
    places = re.findall(r"<loc>http://localhost/en/((?:regions|sectors)/[^<]+)", visit("/sitemap.xml").html)
    assert {place for place in places if place.startswith("regions")} == {f"regions/MA-0{n}" for n in (4, 6, 9)}
    assert "sectors/software" in places
    assert "sectors/biotech" not in places


def test_the_home_page_needs_the_same_queries_for_one_resident_as_for_many(
    visit: Visit, make_startup: Maker, count_queries: Callable[[], int], session: Any
) -> None:
    counts = []
    visit("/en/")  # what a process reads once, it has read
    for number in (5, 30):
        for _ in range(number):
            make_startup(site="rabat")
        release_current(session, today())
        session.commit()
        session.expunge_all()
        count_queries()
        visit("/en/")
        counts.append(count_queries())
    assert counts[0] == counts[1]


def test_the_about_page_quotes_figures_with_definition_and_source(visit: Visit) -> None:
    page = visit("/en/about")
    assert "25–30 %" in page.text
    assert "The source gives a range." in page.text
    assert "lesiteinfo.com" in page.text
    assert "CC BY 4.0" in page.text


def test_the_sitemap_names_every_page_in_every_language(visit: Visit, make_startup: Maker, make_partner: Maker) -> None:
    startup, partner = make_startup(), make_partner()
    make_startup(state="withdrawn")
    page = visit("/sitemap.xml")
    elements = ET.fromstring(page.html.encode()).iter()  # noqa: S314
    places = [element.text or "" for element in elements if element.tag.endswith("loc")]
    assert len(places) == 3 * (11 + 2)
    for language in LANGUAGES:
        assert f"http://localhost/{language}/startups/{startup.slug}" in places
        assert f"http://localhost/{language}/partners/{partner.slug}" in places


def test_a_large_sitemap_is_an_index_whose_parts_hold_everything_once(
    visit: Visit, make_startup: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", 9)
    slugs = {make_startup().slug for _ in range(8)}
    index = visit("/sitemap.xml").html
    parts = re.findall(r"http://localhost(/sitemap-\d+\.xml)", index)
    assert len(parts) == 3
    found = [
        slug for part in parts for slug in re.findall(r"<loc>http://localhost/en/startups/([^<]+)", visit(part).html)
    ]
    assert sorted(found) == sorted(slugs)
    assert visit("/sitemap-99.xml").status == 404


def test_robots_are_shown_the_sitemap(visit: Visit) -> None:
    assert "Sitemap: http://localhost/sitemap.xml" in visit("/robots.txt").text
