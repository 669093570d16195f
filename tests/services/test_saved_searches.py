"""Saved searches: what may be saved, what counts as new in them, and whose they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from webapp.config import Settings
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import AlertFrequency, Match, MatchChoice, Partner, PublicationState, SavedSearch, Side, Startup
from webapp.permissions import VISITOR, Actor
from webapp.search import Search
from webapp.services import saved_searches
from webapp.services.actors import actor_of
from webapp.services.indexing import rebuild_index, update_index
from webapp.services.saved_searches import (
    MOST,
    change_saved_search,
    delete_saved_search,
    get_saved_search,
    list_saved_searches,
    mark_seen,
    own_news,
    pause,
    resume,
    save_matches,
    save_search,
)
from webapp.web.marks import today

Maker = Callable[..., Any]
WEEKLY = AlertFrequency.WEEKLY


@pytest.fixture
def search(settings: Settings) -> Search:
    return Search(settings.index_dir, "pack")


@pytest.fixture
def indexed(session: Session, search: Search) -> Callable[[], None]:
    """Brings the index in step."""

    def bring() -> None:
        session.flush()
        for index in (search.startups, search.partners):
            rebuild_index(session, index)

    return bring


@pytest.fixture
def actor(session: Session) -> Actor:
    return actor_of(session, make_account())


def save(session: Session, actor: Actor, search: Search, noun: str = "startup", **parameters: Any) -> SavedSearch:
    return save_search(
        session, actor, search, noun, parameters, name="Water and farms", frequency=WEEKLY, today=today()
    )


def new_in(session: Session, actor: Actor, search: Search, saved: SavedSearch) -> tuple[int, ...]:
    return own_news(session, actor, search, [saved], today=today())[saved.id].ids


def test_only_what_came_after_saving_is_new_and_the_newest_is_first(
    session: Session, actor: Actor, search: Search, indexed: Callable[[], None], make_startup: Maker
) -> None:
    make_startup(sectors=["agritech"])
    changed = make_startup(sectors=["edtech"])
    changed.published_at -= timedelta(days=300)
    indexed()
    saved = save(session, actor, search, sector=["agritech"])
    assert new_in(session, actor, search, saved) == ()
    later = make_startup(sectors=["agritech"])
    make_startup(sectors=["edtech"])
    changed.set_terms("sectors", later.terms("sectors"))
    indexed()
    assert new_in(session, actor, search, saved) == (later.id, changed.id), "also what came to match by a change"


def test_withdrawn_profiles_and_drafts_are_no_news_even_while_the_index_is_late(
    session: Session, actor: Actor, search: Search, indexed: Callable[[], None], make_startup: Maker
) -> None:
    indexed()
    saved = save(session, actor, search)
    gone, draft, there = make_startup(), make_startup(state=PublicationState.DRAFT), make_startup()
    indexed()
    gone.state = PublicationState.WITHDRAWN
    session.flush()
    assert draft.id
    assert new_in(session, actor, search, saved) == (there.id,)


def test_entries_that_answer_only_part_of_the_text_are_no_news(
    session: Session, actor: Actor, search: Search, indexed: Callable[[], None], make_startup: Maker
) -> None:
    indexed()
    saved = save(session, actor, search, q="drones for olives")
    make_startup(pitch={"en": "Bread for everybody."})
    make_startup(pitch={"en": "Drones for the post."})
    both = make_startup(pitch={"en": "Drones over olives."})
    indexed()
    assert new_in(session, actor, search, saved) == (both.id,)


def test_a_code_that_the_network_no_longer_has_finds_nothing_instead_of_everybody(
    session: Session, actor: Actor, search: Search, indexed: Callable[[], None], make_startup: Maker
) -> None:
    indexed()
    saved = save(session, actor, search, sector=["abolished"])
    make_startup()
    indexed()
    assert new_in(session, actor, search, saved) == ()


def test_without_an_index_nothing_is_known_and_whoever_was_there_at_saving_is_never_new(
    session: Session, actor: Actor, search: Search, indexed: Callable[[], None], make_startup: Maker
) -> None:
    make_startup(sectors=["agritech"])
    saved = save(session, actor, search, sector=["agritech"])
    news = own_news(session, actor, search, [saved], today=today())[saved.id]
    assert not news.is_known
    assert news.ids == ()
    indexed()
    assert new_in(session, actor, search, saved) == ()
    later = make_startup(sectors=["agritech"])
    update_index(session, search.startups, [later.id])
    assert new_in(session, actor, search, saved) == (later.id,)


def test_more_than_a_page_of_the_index_is_read(
    session: Session, actor: Actor, search: Search, indexed: Callable[[], None], make_startup: Maker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    indexed()
    saved = save(session, actor, search)
    made = {make_startup().id for _ in range(5)}
    indexed()
    monkeypatch.setattr("webapp.services.search_news.MAX_PER_PAGE", 2)
    assert set(new_in(session, actor, search, saved)) == made


def test_what_is_marked_as_seen_is_no_news(
    session: Session, actor: Actor, search: Search, indexed: Callable[[], None], make_partner: Maker
) -> None:
    indexed()
    saved = save(session, actor, search, "partner", kind=["mentor"])
    make_partner(kind="investor")
    mentor = make_partner(kind="mentor")
    indexed()
    assert new_in(session, actor, search, saved) == (mentor.id,)
    mark_seen(session, actor, saved, [mentor.id])
    assert new_in(session, actor, search, saved) == ()


@pytest.mark.parametrize(
    "parameters",
    [
        {"page": 2},
        {"view": "cards"},
        {"sector": "agritech"},
        {"sector": []},
        {"sector": [1]},
        {"q": ""},
        {"sort": "relevance"},
        {"sort": "anything"},
        {"kind": ["mentor"]},
        {"exact": True, "explain": 1},
    ],
)
def test_only_canonical_parameters_of_the_directory_are_saved(
    session: Session, actor: Actor, search: Search, parameters: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        save(session, actor, search, **parameters)
    assert refused.value.code == "saved-search-parameters"


def test_the_same_is_saved_once_and_thirty_are_the_most(session: Session, actor: Actor, search: Search) -> None:
    save(session, actor, search, q="farms", sort="newest", exact=1)
    with pytest.raises(Conflict, match="saved-search-exists"):
        save(session, actor, search, q="farms", sort="newest", exact=1)
    for number in range(MOST - 1):
        save(session, actor, search, q=f"farms {number}")
    with pytest.raises(Conflict, match="saved-searches-full"):
        save(session, actor, search, q="one more")
    other = actor_of(session, make_account())
    assert save(session, other, search, q="farms", sort="newest", exact=1).id


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_search_has_a_name_of_some_length(session: Session, actor: Actor, search: Search, name: str) -> None:
    with pytest.raises(Invalid, match="saved-search-name"):
        save_search(session, actor, search, "startup", {}, name=name, frequency=WEEKLY, today=today())


def test_names_are_tidied_and_sort_the_list(session: Session, actor: Actor, search: Search) -> None:
    first = save(session, actor, search, q="b")
    second = save(session, actor, search, q="a")
    change_saved_search(session, actor, second, name="  a   name ", frequency=AlertFrequency.DAILY)
    assert (second.name, second.frequency) == ("a name", AlertFrequency.DAILY)
    assert [each.id for each in list_saved_searches(session, actor)] == [second.id, first.id]


def test_matches_are_new_that_were_not_on_the_list_and_were_not_put_aside(
    session: Session, search: Search, make_startup: Maker, make_partner: Maker
) -> None:
    account, own = make_account(), make_partner("Sahel Fund")
    join(account, own)
    actor = actor_of(session, account)
    old, new, aside, later, hidden, unranked = (make_startup() for _ in range(6))
    add_match(session, old, own)
    saved = save_matches(session, actor, own, name="Ours", frequency=WEEKLY, today=today())
    for startup in (new, aside, later, hidden):
        add_match(session, startup, own)
    add_match(session, unranked, own, rank=None)
    hidden.state = PublicationState.WITHDRAWN
    session.add(MatchChoice(startup_id=aside.id, partner_id=own.id, side=Side.PARTNER, reason="stage"))
    session.add(MatchChoice(startup_id=later.id, partner_id=own.id, side=Side.PARTNER, until=today()))
    session.add(MatchChoice(startup_id=new.id, partner_id=own.id, side=Side.STARTUP, reason="stage"))
    session.flush()
    assert set(new_in(session, actor, search, saved)) == {new.id, later.id}
    with pytest.raises(Conflict, match="saved-search-exists"):
        save_matches(session, actor, own, name="Again", frequency=WEEKLY, today=today())


def test_matches_of_a_startup_are_partners_and_only_its_members_are_told(
    session: Session, search: Search, make_startup: Maker, make_partner: Maker
) -> None:
    account, own, partner = make_account(), make_startup("Tazrii"), make_partner()
    membership = join(account, own)
    saved = save_matches(session, actor_of(session, account), own, name="Ours", frequency=WEEKLY, today=today())
    add_match(session, own, partner)
    assert new_in(session, actor_of(session, account), search, saved) == (partner.id,)
    own.state = PublicationState.WITHDRAWN
    session.flush()
    assert new_in(session, actor_of(session, account), search, saved) == ()
    own.state = PublicationState.PUBLISHED
    session.delete(membership)
    session.flush()
    assert new_in(session, actor_of(session, account), search, saved) == ()
    with pytest.raises(NotAllowed):
        save_matches(session, actor_of(session, account), own, name="Ours", frequency=WEEKLY, today=today())


def add_match(session: Session, startup: Startup, partner: Partner, rank: int | None = 1) -> None:
    pair = {"startup_id": startup.id, "partner_id": partner.id}
    session.add(Match(**pair, score=0.5, startup_rank=rank, partner_rank=rank, explanation=[]))
    session.flush()


def test_nobody_touches_the_searches_of_somebody_else(session: Session, actor: Actor, search: Search) -> None:
    saved, other = save(session, actor, search), actor_of(session, make_account())
    attempts: list[Callable[[], object]] = [
        lambda: get_saved_search(session, other, saved.id),
        lambda: change_saved_search(session, other, saved, name="Mine", frequency=WEEKLY),
        lambda: pause(session, other, saved),
        lambda: resume(session, other, saved),
        lambda: mark_seen(session, other, saved, []),
        lambda: delete_saved_search(session, other, saved),
        lambda: own_news(session, other, search, [saved], today=today()),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound, match="saved-search"):
            attempt()
    assert list_saved_searches(session, other) == []
    with pytest.raises(NotAllowed):
        list_saved_searches(session, VISITOR)


def test_pausing_can_be_taken_back_and_deleting_not(session: Session, actor: Actor, search: Search) -> None:
    saved = save(session, actor, search)
    pause(session, actor, saved)
    assert saved.paused_at is not None
    resume(session, actor, saved)
    assert saved.paused_at is None
    delete_saved_search(session, actor, saved)
    assert session.scalar(sa.select(sa.func.count(SavedSearch.id))) == 0


def test_the_list_costs_the_same_however_many_searches_and_news_there_are(
    session: Session, search: Search, indexed: Callable[[], None], make_startup: Maker, make_partner: Maker,
    count_queries: Callable[[], int],
) -> None:  # fmt: skip
    account, own = make_account(), make_partner("Sahel Fund")
    join(account, own)
    actor = actor_of(session, account)
    indexed()
    save(session, actor, search, "partner")
    save(session, actor, search, "startup")
    save_matches(session, actor, own, name="Ours", frequency=WEEKLY, today=today())
    make_partner()
    add_match(session, make_startup(), own)
    indexed()

    def cost() -> int:
        session.expire_all()
        count_queries()
        mine = list_saved_searches(session, actor)
        saved_searches.own_news(session, actor, search, mine, today=today())
        return count_queries()

    few = cost()
    for number in range(8):
        save(session, actor, search, q=f"startup {number}")
        make_startup()
    indexed()
    assert cost() == few
