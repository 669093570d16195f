"""One person in two windows: what they keep for themselves stays whole, and no page breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import make_account
from tests.applications import TODAY
from tests.races import together
from webapp.config import Settings
from webapp.models import AlertFrequency, SavedSearch, Shortlist, ShortlistEntry, Startup
from webapp.permissions import Actor
from webapp.search import Search
from webapp.services import saved_searches, shortlists
from webapp.services.actors import actor_of

Maker = Callable[..., Any]


@pytest.fixture
def actor(session: Session) -> Actor:
    return actor_of(session, make_account())


def test_a_startup_that_is_added_twice_at_once_is_on_the_list_once(
    session: Session, actor: Actor, make_startup: Maker
) -> None:
    ids = shortlists.create_shortlist(session, actor, "Water").id, make_startup().id

    def read(own: Session) -> tuple[Shortlist, Startup]:
        shown = own.get_one(Shortlist, ids[0]), own.get_one(Startup, ids[1])
        assert not shortlists.holding(own, actor, shown[1])
        return shown

    def adding(note: str) -> Any:
        return lambda own, shown: shortlists.add_to_shortlist(own, actor, *shown, note)

    assert together(session, read, adding(""), adding("Seen at the fair."), adding("")) == ["done"] * 3
    assert session.scalars(sa.select(ShortlistEntry)).one().note == "Seen at the fair."


def test_a_full_list_takes_no_more_from_two_windows(
    session: Session, actor: Actor, make_startup: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortlists, "MOST_ENTRIES", 1)
    list_id = shortlists.create_shortlist(session, actor, "Water").id
    ids = [make_startup().id for _ in range(2)]

    def adding(row_id: int) -> Any:
        return lambda own, shown: shortlists.add_to_shortlist(own, actor, shown, own.get_one(Startup, row_id))

    results = together(session, lambda own: own.get_one(Shortlist, list_id), *(adding(row_id) for row_id in ids))
    assert sorted(results) == ["done", "shortlist-full"]


def test_an_entry_is_taken_off_while_somebody_writes_its_note(
    session: Session, actor: Actor, make_startup: Maker
) -> None:
    shortlist = shortlists.create_shortlist(session, actor, "Water")
    entry_id = shortlists.add_to_shortlist(session, actor, shortlist, make_startup()).id

    def read(own: Session) -> ShortlistEntry:
        found = own.get_one(ShortlistEntry, entry_id)
        assert found.shortlist.name == "Water"
        return found

    def removing(own: Session, entry: ShortlistEntry) -> None:
        shortlists.remove_from_shortlist(own, actor, entry)

    def noting(own: Session, entry: ShortlistEntry) -> None:
        shortlists.change_note(own, actor, entry, "Call them.")

    results = together(session, read, removing, removing, noting)
    assert sorted(results[:2]) == ["done", "shortlist-entry"]
    assert results[2] in ("done", "shortlist-entry")
    assert session.scalars(sa.select(ShortlistEntry)).all() == []


def test_the_same_search_is_saved_once(session: Session, actor: Actor, settings: Settings) -> None:
    search = Search(settings.index_dir, "pack")

    def saving(own: Session, _: Any) -> None:
        values: dict[str, Any] = {"name": "Water", "frequency": AlertFrequency.WEEKLY, "today": TODAY}
        saved_searches.save_search(own, actor, search, "startup", {"q": "water"}, **values)

    def read(own: Session) -> None:
        assert not saved_searches.list_saved_searches(own, actor)

    assert sorted(together(session, read, saving, saving)) == ["done", "saved-search-exists"]
    saved_id = session.scalars(sa.select(SavedSearch)).one().id

    def renaming(own: Session, saved: SavedSearch) -> None:
        saved_searches.change_saved_search(own, actor, saved, name="Rain", frequency=AlertFrequency.DAILY)

    def deleting(own: Session, saved: SavedSearch) -> None:
        saved_searches.delete_saved_search(own, actor, saved)

    results = together(session, lambda own: own.get_one(SavedSearch, saved_id), deleting, deleting, renaming)
    assert sorted(results[:2]) == ["done", "saved-search"]
    assert session.scalars(sa.select(SavedSearch)).all() == []
