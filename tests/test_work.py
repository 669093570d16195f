from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from webapp.config import Settings
from webapp.extensions import db
from webapp.matching import Matcher
from webapp.models import Change, Match, MatchingRun, PublicationState, Startup
from webapp.search import Query, Search, run
from webapp.services.matching import latest_run
from webapp.work import Workplace, catch_up, drain, nightly, refit

Maker = Callable[..., Any]


class CrashError(Exception):
    """The machine stops here."""


@pytest.fixture
def place(settings: Settings, session: Session) -> Workplace:
    matcher = Matcher(per_profile=3, pack_digest="pack")
    return Workplace(sessionmaker(db.engine), Search(settings.index_dir, "pack"), matcher, settings.data_dir)


def again(place: Workplace) -> Workplace:
    """The same place as another process has it."""
    search = Search(place.data_dir / "index", "pack")
    return replace(place, search=search, matcher=Matcher(per_profile=3, pack_digest="pack"))


def indexed(place: Workplace, text: str = "") -> set[int]:
    return set(run(place.search.startups, Query(text=text, per_page=1000)).ids)


def matched(session: Session) -> set[tuple[int, int]]:
    session.expire_all()
    return set(session.execute(select(Match.startup_id, Match.partner_id)))


def changes(session: Session) -> list[int]:
    return list(session.scalars(select(Change.id)))


def test_a_drain_brings_new_profiles_into_index_and_matches(
    session: Session, place: Workplace, make_startup: Maker, make_partner: Maker
) -> None:
    startup, partner = make_startup("Tazrii", sectors=["agritech"]), make_partner(sectors=["agritech"])
    session.commit()
    drained = drain(place)
    assert drained.profiles == 2
    assert drained.rebuilt == ("startup", "partner")
    assert indexed(place, "tazrii") == {startup.id}
    assert matched(session) == {(startup.id, partner.id)}
    assert changes(session) == []


def test_a_drain_with_nothing_to_do_does_nothing(session: Session, place: Workplace, make_startup: Maker) -> None:
    make_startup()
    session.commit()
    drain(place)
    commit = place.search.startups.state().commit
    assert drain(place).changes == 0
    assert place.search.startups.state().commit == commit
    assert len(session.scalars(select(MatchingRun)).all()) == 1


def test_changed_withdrawn_and_deleted_profiles_follow(
    session: Session, place: Workplace, make_startup: Maker, make_partner: Maker
) -> None:
    startups = [make_startup(sectors=["agritech"]) for _ in range(3)]
    partner = make_partner(sectors=["agritech"])
    session.commit()
    drain(place)
    startups[0].pitch = {"en": "Greenhouses without soil"}
    startups[1].state = PublicationState.WITHDRAWN
    session.delete(startups[2])
    session.commit()
    drained = drain(place)
    assert drained.profiles == 3
    assert drained.rebuilt == ()
    assert indexed(place) == {startups[0].id} == indexed(place, "greenhouses")
    assert matched(session) == {(startups[0].id, partner.id)}
    assert changes(session) == []


def test_a_change_that_is_rolled_back_leaves_no_trace(session: Session, place: Workplace, make_startup: Maker) -> None:
    make_startup()
    assert changes(session)
    session.rollback()
    assert changes(session) == []
    drain(place)
    assert indexed(place) == set()


def test_a_crash_between_index_and_commit_only_repeats_the_work(
    session: Session, place: Workplace, make_startup: Maker, make_partner: Maker
) -> None:
    partner = make_partner(sectors=["agritech"])
    session.commit()
    drain(place)
    startup = make_startup("Tazrii", sectors=["agritech"])
    session.commit()

    def crash(crashing: Session) -> None:
        raise CrashError

    @contextmanager
    def crashing_sessions() -> Any:
        with place.sessions() as crashing:
            event.listen(crashing, "before_commit", crash)
            yield crashing

    pending = changes(session)
    with pytest.raises(CrashError):
        drain(replace(place, sessions=crashing_sessions))
    assert changes(session) == pending
    assert indexed(place) == {startup.id}
    assert matched(session) == set()
    assert not place.matcher.is_fitted
    assert drain(place).changes == len(pending)
    assert indexed(place, "tazrii") == {startup.id}
    assert matched(session) == {(startup.id, partner.id)}
    assert changes(session) == []


def test_a_change_that_is_committed_during_a_drain_waits_for_the_next(
    session: Session, place: Workplace, make_startup: Maker
) -> None:
    startup = make_startup()
    session.commit()
    late: list[int] = []

    def write_meanwhile(state: Any) -> None:
        """Write when the log has been read and the first profile is about to be."""
        if "startup.pitch" in str(state.statement) and not late:
            with place.sessions() as other:
                change = Change(noun="startup", object_id=startup.id)
                other.add(change)
                other.commit()
                late.append(change.id)

    @contextmanager
    def watched_sessions() -> Any:
        with place.sessions() as draining:
            event.listen(draining, "do_orm_execute", write_meanwhile)
            yield draining

    drain(replace(place, sessions=watched_sessions))
    assert changes(session) == late != []
    drain(place)
    assert changes(session) == []


def test_a_drain_waits_for_the_one_at_work(session: Session, place: Workplace, make_startup: Maker) -> None:
    make_startup()
    session.commit()
    second: list[int] = []
    waiting = threading.Thread(target=lambda: second.append(drain(again(place)).changes))

    def begin_another(state: Any) -> None:
        if "startup.pitch" in str(state.statement) and waiting.ident is None:
            waiting.start()
            waiting.join(0.3)
            assert waiting.is_alive()

    @contextmanager
    def watched_sessions() -> Any:
        with place.sessions() as draining:
            event.listen(draining, "do_orm_execute", begin_another)
            yield draining

    assert drain(replace(place, sessions=watched_sessions)).changes
    waiting.join()
    assert second == [0]


def test_two_drains_at_once_lose_nothing(
    session: Session, place: Workplace, make_startup: Maker, make_partner: Maker
) -> None:
    make_partner(sectors=["agritech"])
    session.commit()
    ids: set[int] = set()
    errors: list[BaseException] = []

    def keep_draining(own: Workplace) -> None:
        try:
            while not finished.is_set():
                drain(own)
        except BaseException as error:
            errors.append(error)

    finished = threading.Event()
    threads = [threading.Thread(target=keep_draining, args=(again(place),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(12):
        ids.add(make_startup(sectors=["agritech"]).id)
        session.commit()
    finished.set()
    for thread in threads:
        thread.join()
    drain(again(place))
    assert not errors
    assert changes(session) == []
    assert indexed(place) == ids
    assert len({startup_id for startup_id, _ in matched(session)}) == len(ids)


@pytest.mark.parametrize("damage", ["startup.json", "folder"])
def test_an_index_that_cannot_be_read_is_rebuilt_though_nothing_changed(
    session: Session, place: Workplace, make_startup: Maker, damage: str
) -> None:
    startup = make_startup()
    session.commit()
    drain(place)
    folder = place.data_dir / "index"
    for path in [folder / damage] if damage != "folder" else files(folder):
        path.write_bytes(b"")
    reopened = again(place)
    assert drain(reopened).rebuilt == ("startup",)
    assert indexed(reopened) == {startup.id}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("startup-*/**/*") if path.is_file() and path.stat().st_size]


def test_matches_are_prepared_at_the_start_only_if_they_are_missing_or_out_of_date(
    session: Session, place: Workplace, make_startup: Maker
) -> None:
    make_startup()
    session.commit()
    made = catch_up(place)
    assert made is not None
    assert made.startups == 1
    assert catch_up(again(place)) is None
    assert catch_up(replace(place, matcher=Matcher(per_profile=4, pack_digest="pack"))) is not None


def test_a_refit_tells_what_it_made(
    session: Session, place: Workplace, make_startup: Maker, make_partner: Maker
) -> None:
    make_startup(sectors=["agritech"])
    make_partner(sectors=["agritech"])
    session.commit()
    run = refit(place)
    assert (run.startups, run.partners, run.matches) == (1, 1, 1)


def test_the_night_finds_and_heals_what_the_change_log_missed(
    session: Session, place: Workplace, make_startup: Maker
) -> None:
    startup, other = make_startup("Tazrii"), make_startup()
    session.commit()
    drain(place)
    place.search.startups.delete([startup.id])
    night = nightly(place)
    drift = night.drift["startup"]
    assert drift is not None
    assert drift.missing == (startup.id,)
    assert not night.drift["partner"]
    assert indexed(place) == {startup.id, other.id}
    assert len(session.scalars(select(MatchingRun)).all()) == 2


def test_the_night_rebuilds_an_index_of_another_version(
    session: Session, place: Workplace, make_startup: Maker
) -> None:
    startup = make_startup()
    session.commit()
    drain(place)
    other = replace(place, search=Search(place.data_dir / "index", "another pack"))
    nightly(other)
    assert indexed(other) == {startup.id}
    run = latest_run(session)
    assert run is not None
    assert run.startups == len(session.scalars(select(Startup.id)).all())
