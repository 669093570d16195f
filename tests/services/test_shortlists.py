"""Shortlists: what they hold, whose they are, and that nobody learns from them what is no longer public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import make_account
from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import PublicationState, Shortlist, ShortlistEntry
from webapp.permissions import Actor
from webapp.services import shortlists
from webapp.services.actors import actor_of
from webapp.services.personal_data import collect
from webapp.services.shortlists import (
    add_to_shortlist,
    change_note,
    create_shortlist,
    delete_shortlist,
    entries_of,
    get_entry,
    get_shortlist,
    holding,
    list_shortlists,
    remove_from_shortlist,
    rename_shortlist,
)

Maker = Callable[..., Any]


@pytest.fixture
def actor(session: Session) -> Actor:
    return actor_of(session, make_account())


def test_startups_and_partners_are_kept_in_order_with_notes(
    session: Session, actor: Actor, make_startup: Maker, make_partner: Maker
) -> None:
    shortlist = create_shortlist(session, actor, "  For   January ")
    startup, partner = make_startup(), make_partner()
    add_to_shortlist(session, actor, shortlist, startup, " Ask for figures. \n")
    add_to_shortlist(session, actor, shortlist, partner)
    kept = entries_of(session, actor, shortlist)
    assert shortlist.name == "For January"
    assert [(each.organisation, each.entry.note) for each in kept] == [(startup, "Ask for figures."), (partner, "")]
    assert set(holding(session, actor, startup)) == {shortlist.id}
    assert [counted.profiles for counted in list_shortlists(session, actor)] == [2]


def test_adding_twice_keeps_one_entry_and_its_note_unless_there_is_another(
    session: Session, actor: Actor, make_startup: Maker
) -> None:
    shortlist, startup = create_shortlist(session, actor, "January"), make_startup()
    first = add_to_shortlist(session, actor, shortlist, startup, "First")
    assert add_to_shortlist(session, actor, shortlist, startup) is first
    assert first.note == "First"
    add_to_shortlist(session, actor, shortlist, startup, "Second")
    assert first.note == "Second"
    change_note(session, actor, first, "")
    assert first.note == ""


def test_what_is_no_longer_public_is_not_shown_nor_told_and_cannot_be_added(
    session: Session, actor: Actor, make_startup: Maker
) -> None:
    account = make_account()
    actor = actor_of(session, account)
    shortlist, startup = create_shortlist(session, actor, "January"), make_startup("Mersa Secret")
    add_to_shortlist(session, actor, shortlist, startup, "Mine")
    assert collect(session, actor, account.person)["shortlist_entry"][0]["organisation"]["name"] == "Mersa Secret"
    startup.state = PublicationState.WITHDRAWN
    session.flush()
    assert [each.organisation for each in entries_of(session, actor, shortlist)] == [None]
    assert [counted.profiles for counted in list_shortlists(session, actor)] == [0]
    told = collect(session, actor, account.person)
    assert told["shortlist_entry"][0]["organisation"] is None
    assert told["shortlist_entry"][0]["note"] == "Mine"
    assert "Secret" not in str(told)
    with pytest.raises(NotFound, match="organisation"):
        add_to_shortlist(session, actor, create_shortlist(session, actor, "Other"), startup)


def test_there_is_a_most_of_everything(
    session: Session, actor: Actor, make_startup: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlists, "MOST", 2)
    monkeypatch.setattr(shortlists, "MOST_ENTRIES", 1)
    shortlist = create_shortlist(session, actor, "One")
    create_shortlist(session, actor, "Two")
    with pytest.raises(Conflict, match="shortlists-full"):
        create_shortlist(session, actor, "Three")
    add_to_shortlist(session, actor, shortlist, make_startup())
    with pytest.raises(Conflict, match="shortlist-full"):
        add_to_shortlist(session, actor, shortlist, make_startup())
    for name in ("", " ", "x" * 121):
        with pytest.raises(Invalid, match="shortlist-name"):
            rename_shortlist(session, actor, shortlist, name)
    with pytest.raises(Invalid, match="shortlist-note"):
        add_to_shortlist(session, actor, shortlist, entries_of(session, actor, shortlist)[0].organisation, "x" * 2001)


def test_nobody_reads_or_changes_the_shortlist_of_somebody_else(
    session: Session, actor: Actor, make_startup: Maker
) -> None:
    shortlist, startup, other = (
        create_shortlist(session, actor, "Mine"),
        make_startup(),
        actor_of(session, make_account()),
    )
    entry = add_to_shortlist(session, actor, shortlist, startup, "Secret")
    attempts: list[Callable[[], object]] = [
        lambda: get_shortlist(session, other, shortlist.id),
        lambda: entries_of(session, other, shortlist),
        lambda: rename_shortlist(session, other, shortlist, "Theirs"),
        lambda: delete_shortlist(session, other, shortlist),
        lambda: add_to_shortlist(session, other, shortlist, startup),
        lambda: get_entry(session, other, shortlist, entry.id),
        lambda: change_note(session, other, entry, "Theirs"),
        lambda: remove_from_shortlist(session, other, entry),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound, match="shortlist"):
            attempt()
    assert list_shortlists(session, other) == []
    assert holding(session, other, startup) == {}
    own = create_shortlist(session, other, "Theirs")
    with pytest.raises(NotFound, match="shortlist-entry"):
        get_entry(session, other, own, entry.id)


def test_a_deleted_shortlist_takes_its_notes_with_it(session: Session, actor: Actor, make_startup: Maker) -> None:
    shortlist, startup = create_shortlist(session, actor, "January"), make_startup()
    remove_from_shortlist(session, actor, add_to_shortlist(session, actor, shortlist, startup, "Gone"))
    assert entries_of(session, actor, shortlist) == []
    add_to_shortlist(session, actor, shortlist, startup, "Gone too")
    delete_shortlist(session, actor, shortlist)
    assert session.scalar(sa.select(sa.func.count(Shortlist.id))) == 0
    assert session.scalar(sa.select(sa.func.count(ShortlistEntry.id))) == 0


def test_lists_cost_the_same_however_long_they_are(
    session: Session, actor: Actor, make_startup: Maker, make_partner: Maker, count_queries: Callable[[], int]
) -> None:
    shortlist = create_shortlist(session, actor, "January")
    for made in (make_startup(site="agadir"), make_partner(sectors=["agritech"])):
        add_to_shortlist(session, actor, shortlist, made)

    def cost() -> int:
        session.expire_all()
        shortlist.id  # noqa: B018 - read before counting
        count_queries()
        list_shortlists(session, actor)
        for each in entries_of(session, actor, shortlist):
            assert each.organisation is not None
            assert each.organisation.term_links is not None
        return count_queries()

    few = cost()
    for _ in range(5):
        create_shortlist(session, actor, "Another")
        for made in (make_startup(site="agadir"), make_partner(sectors=["agritech"])):
            add_to_shortlist(session, actor, shortlist, made)
    assert cost() == few
