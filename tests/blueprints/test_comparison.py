"""Startups side by side."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.pages import opened
from tests.visiting import Visit
from webapp.models import PublicationState, Startup

Maker = Callable[..., Any]


@pytest.fixture
def startups(session: Session, make_startup: Maker) -> list[Startup]:
    made = [
        make_startup("Tazrii", slug="tazrii", sectors=["agritech"], site="agadir", founded=2021)
        if number == 0
        else make_startup(f"Nabd {number}", slug=f"nabd-{number}", sectors=["agritech", "software"], founded=2021)
        for number in range(5)
    ]
    session.commit()
    return made


def row(html: str, title: str) -> str:
    """The row of a fact."""
    found = re.search(rf'<tr[^>]*>\s*<th scope="row">{title}.*?</tr>', html, re.DOTALL)
    return found.group(0) if found else ""


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_facts_stand_side_by_side_in_the_order_of_the_address(
    visit: Visit, startups: list[Startup], language: str
) -> None:
    page = visit(f"/{language}/compare?startup=nabd-1&startup=tazrii")
    assert page.status == 200
    assert page.text.index("Nabd 1") < page.text.index("Tazrii")
    assert not page.has_placeholders
    assert page.alternates()["fr"].endswith("/fr/compare?startup=nabd-1&startup=tazrii")
    assert 'name="robots" content="noindex' in page.html


def test_what_differs_is_marked_and_can_be_shown_alone(visit: Visit, startups: list[Startup]) -> None:
    page = visit("/en/compare?startup=tazrii&startup=nabd-1")
    assert "differs" in row(page.html, "Sectors")
    assert row(page.html, "Founded")
    assert "differs" not in row(page.html, "Founded")
    assert not row(page.html, "Funding"), "what nobody says has no row"
    only = visit("/en/compare?startup=tazrii&startup=nabd-1&only=differences")
    assert row(only.html, "Sectors")
    assert not row(only.html, "Founded")


def test_each_can_be_removed_and_others_added(visit: Visit, startups: list[Startup]) -> None:
    page = visit("/en/compare?startup=tazrii&startup=nabd-1")
    assert "/en/compare?startup=nabd-1" in page.links
    found = visit("/en/compare?startup=tazrii&startup=nabd-1&q=nabd")
    assert "/en/compare?startup=tazrii&startup=nabd-1&startup=nabd-2" in found.links
    assert "/en/compare?startup=tazrii&startup=nabd-1&startup=nabd-1" not in found.links
    assert "No startup has a name like this." in visit("/en/compare?startup=tazrii&q=nobody").text


def test_four_fit_and_nobody_sees_what_is_not_public(visit: Visit, session: Session, startups: list[Startup]) -> None:
    slugs = "&".join(f"startup={startup.slug}" for startup in startups)
    page = visit(f"/en/compare?{slugs}&startup=unheard-of")
    assert "1 is left out" in page.text
    assert "Nabd 4" not in page.text
    startups[1].state = PublicationState.WITHDRAWN
    session.commit()
    page = visit(f"/en/compare?{slugs}")
    assert "Nabd 1" not in page.text
    assert "Nabd 4" in page.text


def test_none_or_one_leads_on(visit: Visit, startups: list[Startup]) -> None:
    assert "Choose the first startup" in visit("/en/compare").text
    one = visit("/en/compare?startup=tazrii&startup=tazrii")
    assert "Add a second startup" in one.text
    assert "differs" not in one.html
    assert "/en/compare?startup=tazrii" in visit("/en/startups/tazrii").html


def test_the_file_says_the_same(client: FlaskClient, session: Session, startups: list[Startup]) -> None:
    startups[0].name_latin = "@Tazrii"
    session.commit()
    answer = opened(client, "/en/compare.csv?startup=tazrii&startup=nabd-1")
    rows = {line[0]: line[1:] for line in csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))}
    assert rows["Startup"] == ["tazrii", "nabd-1"]
    assert rows["Name"] == ["'@Tazrii", "Nabd 1"]
    assert rows["Sectors"] == ["Agritech", "Agritech; Software development"]
    assert rows["Founded"] == ["2021", "2021"]
    assert rows["Address"][0].endswith("/en/startups/tazrii")


def test_a_comparison_costs_the_same_for_two_and_for_four(
    visit: Visit, startups: list[Startup], count_queries: Callable[[], int]
) -> None:
    visit("/en/compare?startup=tazrii&startup=nabd-1&q=none")
    count_queries()
    visit("/en/compare?startup=tazrii&startup=nabd-1&q=none")
    two = count_queries()
    visit("/en/compare?startup=tazrii&startup=nabd-1&startup=nabd-2&q=none")
    assert count_queries() == two
