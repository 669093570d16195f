"""Entries that are kept from one page to the next never show in what readers get, only in what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.visiting import Visit, Visited
from webapp.models import Change, PublicationState, Startup, Term, TermKind
from webapp.services.indexing import rebuild_index
from webapp.web.entries import EntryCache
from webapp.web.site import current_search

Maker = Callable[..., Any]
Terms = Callable[..., list[Term]]
PAGES = [
    f"/{language}/{path}"
    for language in ("ar", "fr", "en")
    for path in (
        "startups",
        "startups?view=cards&sort=name",
        "startups?q=water",
        "startups?q=%D8%A7%D9%84%D9%85%D8%A7%D8%A1",
        "startups?q=sensors&sector=agritech",
        "startups?q=watr&explain=1",
        "partners",
        "partners?q=water",
    )
]


@pytest.fixture
def people(session: Session, make_startup: Maker, make_partner: Maker) -> dict[str, int]:
    """The ids of startups and partners that show all that entries can, in the database and in the index."""
    made = {
        "tazrii": make_startup(
            "Tazrii",
            name_arabic="تزريع",
            site="agadir",
            sectors=["agritech"],
            pitch={"en": "Water sensors <for> fields & farms.", "ar": "مجسات الماء للحقول"},
            description={"en": "Sensors measure water.", "fr": "Des capteurs mesurent l’eau, water."},
            verified_on=date(2026, 10, 3),
        ),
        "naqla": make_startup("Naqla", pitch={"fr": "De l’eau."}, description={"en": "Water by lorry."}, is_demo=True),
        "old": make_startup("Old", city={"en": "Fez"}, pitch={}, confirmed_on=date(2020, 1, 1)),
        "fund": make_partner(
            "Water Fund",
            sectors=["agritech", "fintech"],
            ticket_min=2_000_000,
            currency="MAD",
            city={"en": "Paris"},
            country="FR",
        ),
    }
    session.commit()
    rebuild_index(session, current_search().startups)
    rebuild_index(session, current_search().partners)
    session.execute(sa.delete(Change))
    session.commit()
    ids = {name: row.id for name, row in made.items()}
    session.expunge_all()
    return ids


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("people")
def test_a_page_of_kept_entries_is_the_page_of_new_ones(visit: Visit, app: Flask, path: str) -> None:
    new = visit(path)
    assert new.entries
    assert app.extensions["entries"].size
    assert visit(path).html == new.html
    app.extensions["entries"] = EntryCache(limit=0)
    assert visit(path).html == new.html
    assert not app.extensions["entries"].size


@pytest.mark.usefixtures("people")
def test_highlights_of_one_search_do_not_stay_for_the_next(visit: Visit) -> None:
    plain = visit("/en/startups?sort=name").html
    assert "<mark>" in visit("/en/startups?q=water&sort=name").html
    assert "<mark>sensors</mark>" in visit("/en/startups?q=sensors").html
    assert visit("/en/startups?sort=name").html == plain


@pytest.mark.usefixtures("people")
def test_a_page_seen_before_costs_three_statements(visit: Visit, count_queries: Callable[[], int]) -> None:
    for path in ("/en/startups", "/en/startups?q=water&sector=agritech&site=agadir", "/en/partners?sector=fintech"):
        visit(path)
        count_queries()
        assert visit(path).entries
        # The pack's digest, the change log, and which entries are published and since when.
        assert count_queries() == 3


def shown(page: Visited) -> bool:
    return "/en/startups/" in page.html and "Tazrii" in page.text


def test_who_is_withdrawn_is_gone_at_once_and_back_at_once(
    visit: Visit, session: Session, people: dict[str, int]
) -> None:
    assert shown(visit("/en/startups"))
    row = session.get_one(Startup, people["tazrii"])
    for state in (PublicationState.WITHDRAWN, PublicationState.PUBLISHED):
        row.state = state
        session.commit()
        assert shown(visit("/en/startups")) == (state == PublicationState.PUBLISHED)


@pytest.mark.parametrize("path", ["/en/startups", "/en/startups?q=water"])
def test_a_change_of_a_row_or_of_its_parts_is_seen_at_once(
    visit: Visit, session: Session, people: dict[str, int], terms: Terms, path: str
) -> None:
    visit(path)
    row = session.get_one(Startup, people["tazrii"])
    row.name_latin = "Renamed"
    session.commit()
    assert "Renamed" in visit(path).text
    row.set_terms(TermKind.SECTOR, terms("sectors", "biotech"))
    session.commit()
    name = terms("sectors", "biotech")[0].names["en"]
    assert f"<li>{name}</li>" in visit(path).html


@pytest.mark.usefixtures("people")
def test_languages_are_kept_apart(visit: Visit) -> None:
    first = visit("/en/startups").html
    arabic = visit("/ar/startups")
    assert "تزريع" in arabic.text
    assert visit("/en/startups").html == first


def test_the_mark_of_demonstration_comes_and_goes_with_the_data(
    visit: Visit, session: Session, people: dict[str, int]
) -> None:
    mark = "Demonstration data"
    assert mark in visit("/en/partners").text
    row = session.get_one(Startup, people["naqla"])
    for is_demo in (False, True, False):
        row.is_demo = is_demo
        session.commit()
        assert (mark in visit("/en/partners").text) == is_demo
