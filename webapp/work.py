"""Background work: draining the change log into index, matches and figures, and what is done anew every night.

Everything here owns its transaction, works under one lock, and can be repeated: index, matches and figures are derived
from the database, so doing a change twice does no harm. When the work is done is decided by ``webapp.cli.work``.
"""

from __future__ import annotations

import fcntl
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from webapp.matching import Matcher
from webapp.models import Change, MatchingRun, Partner, Startup, utc_now
from webapp.search import Drift, IndexUnavailable, Search, SearchIndex
from webapp.services.cluster_release import release_current, release_past
from webapp.services.freshness import Freshened, nightly_freshness
from webapp.services.indexing import check_index, rebuild_index, update_index
from webapp.services.introduction_effects import USUAL_DAYS
from webapp.services.introduction_time import Advanced, advance_introductions
from webapp.services.logos import clean_logos
from webapp.services.mail_delivery import Delivered, Render, deliver, keep
from webapp.services.matching import Progress, Rescored, is_outdated, rebuild_matches, rescore
from webapp.services.network import get_network
from webapp.services.retention import enforce_retention
from webapp.services.smtp import Transport

LOCK_FILE = "work.lock"
LOCK_KEY = 0x6D756C74
"""Of the advisory lock on PostgreSQL: a number of our own, within one database."""

MAIL_LOCK_FILE = "mail.lock"
MAIL_LOCK_KEY = 0x6D61696C

BATCH = 500

SessionFactory = Callable[[], AbstractContextManager[Session]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Workplace:
    """What the work is done on."""

    sessions: SessionFactory
    """Makes sessions that belong to nobody else."""
    search: Search
    matcher: Matcher
    """Only ever used under the lock."""
    data_dir: Path
    """Where the lock file lies."""
    introduction_days: int = USUAL_DAYS
    """After how many days without an answer a request for an introduction expires."""
    retention_months: int = 36
    """After how many months without signing in an account is erased."""


@dataclass(frozen=True)
class Drained:
    """What a drain did."""

    changes: int = 0
    """How many rows of the change log it handled."""
    profiles: int = 0
    """How many startups and partners they were about."""
    rebuilt: tuple[str, ...] = ()
    """Nouns whose index could not be read and was built anew."""
    rescored: Rescored | None = None


@dataclass(frozen=True)
class Night:
    """What a night's work found and did."""

    drift: Mapping[str, Drift | None] = field(default_factory=dict)
    """Noun -> how its index differed from the database; nothing if it could not be read."""
    matches: int = 0


def drain(place: Workplace) -> Drained:
    """Bring index and matches in step with all changes committed so far, and rebuild an index that cannot be read.

    The rows of the change log that were handled vanish in the same transaction in which the matches change. The index
    is written before that; after a crash in between, the same rows are handled again.
    """
    if not _is_anything_to_do(place):
        return Drained()
    with _at_work(place) as session:
        ids, changes = _read_changes(session)
        rebuilt = _update_indexes(session, place.search, ids)
        rescored = None
        if ids:
            startups, partners = ids.get(Startup.noun, set()), ids.get(Partner.noun, set())
            rescored = rescore(session, place.matcher, startup_ids=startups, partner_ids=partners)
        _forget_changes(session, changes)
        session.commit()
    profiles = sum(len(found) for found in ids.values())
    if changes or rebuilt:
        log.info("drained", changes=len(changes), profiles=profiles, indexes_rebuilt=rebuilt)
    if ids.get(Startup.noun):
        release_figures(place, past=False)
    return Drained(len(changes), profiles, rebuilt, rescored)


def catch_up(place: Workplace) -> MatchingRun | None:
    """Prepare matches if there are none, or only those of other settings, code or libraries; gives the run, if any."""
    with _at_work(place) as session:
        if not is_outdated(session, place.matcher):
            return None
        run = rebuild_matches(session, place.matcher)
        session.commit()
        log.info("matches prepared", startups=run.startups, partners=run.partners, matches=run.matches)
        return _detached(session, run)


def refit(place: Workplace, progress: Progress | None = None) -> MatchingRun:
    """Fit the matcher to all published profiles and replace all matches."""
    with _at_work(place) as session:
        run = rebuild_matches(session, place.matcher, progress)
        session.commit()
        return _detached(session, run)


def release_figures(place: Workplace, *, past: bool = True) -> int:
    """Release the figures of regions and sectors that lack or are no longer true; gives how many days were done.

    Each day is a transaction of its own, so that nobody waits long for the lock.

    Args:
        place: what the work is done on.
        past: whether the quarters gone by are looked at too, not only today.
    """
    with place.sessions() as session:
        network = get_network(session)
        if network is None:
            return 0
        today = datetime.now(ZoneInfo(network.timezone)).date()
        with _alone(session, place.data_dir):
            number = int(release_current(session, today))
            session.commit()
        quarters = release_past(session, today) if past else iter(())
        while True:
            with _alone(session, place.data_dir):
                day = next(quarters, None)
                session.commit()
            if day is None:
                break
            number += 1
    if number:
        log.info("figures released", days=number)
    return number


def advance(place: Workplace) -> Advanced:
    """Do what time does to introductions: reminders, expiry, questions for the outcome. The mails go with it."""
    with place.sessions() as session:
        network = get_network(session)
        if network is None:
            return Advanced()
        with _alone(session, place.data_dir):
            today = datetime.now(ZoneInfo(network.timezone)).date()
            advanced = advance_introductions(session, today, place.introduction_days)
            session.commit()
    if advanced.moves or advanced.failed:
        log.info(
            "introductions advanced",
            failed=advanced.failed,
            **{str(move): number for move, number in advanced.moves.items()},
        )
    return advanced


def send_mail(place: Workplace, render: Render, transport: Transport | None) -> Delivered:
    """Send the mails that are due; nothing if another process is at it.

    Args:
        place: what the work is done on.
        render: puts a mail into words.
        transport: the mail server; without one, mails are kept to be looked at.
    """
    with _sole_sender(place) as is_alone:
        if not is_alone:
            return Delivered()
        with place.sessions() as session:
            if transport is None:
                return keep(session, render)
            delivered = deliver(session, render, transport)
    if delivered.sent or delivered.failed or delivered.put_off:
        counts = {"sent": delivered.sent, "put_off": delivered.put_off, "failed": delivered.failed}
        log.info("mail delivered", **counts)
    return delivered


@contextmanager
def _sole_sender(place: Workplace) -> Iterator[bool]:
    """Whether no other process delivers. It neither waits nor blocks other work, and ends when its holder dies."""
    with place.sessions() as session:
        if session.get_bind().dialect.name == "postgresql":
            yield bool(session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(MAIL_LOCK_KEY))))
            return
    place.data_dir.mkdir(parents=True, exist_ok=True)
    with (place.data_dir / MAIL_LOCK_FILE).open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def nightly(place: Workplace) -> Night:
    """Advance introductions, freshen profiles, refit everything, release figures, compare the index with the database.

    What differs in the index is logged and put right.
    """
    advance(place)
    freshen(place)
    drain(place)
    drift: dict[str, Drift | None] = {}
    with _at_work(place) as session:
        for index in (place.search.startups, place.search.partners):
            drift[index.noun] = _put_right(session, index)
    run = refit(place)
    release_figures(place)
    forget_what_was_kept_long_enough(place)
    log.info("night's work done", startups=run.startups, partners=run.partners, matches=run.matches)
    return Night(drift, run.matches)


def freshen(place: Workplace) -> Freshened:
    """Take away needs and offers that expired, ask whether profiles are still right, delete logos that nobody uses."""
    with place.sessions() as session:
        network = get_network(session)
        if network is None:
            return Freshened()
        with _alone(session, place.data_dir):
            freshened = nightly_freshness(session, datetime.now(ZoneInfo(network.timezone)).date())
            session.commit()
            logos = clean_logos(session, place.data_dir, utc_now())
    log.info("profiles freshened", logos_deleted=logos, **asdict(freshened))
    return freshened


def forget_what_was_kept_long_enough(place: Workplace) -> None:
    """Take away personal data whose time is over; see ``webapp.services.retention``."""
    with place.sessions() as session, _alone(session, place.data_dir):
        network = get_network(session)
        today = datetime.now(ZoneInfo(network.timezone if network else "UTC")).date()
        enforce_retention(session, today, place.retention_months)
        session.commit()


@contextmanager
def _at_work(place: Workplace) -> Iterator[Session]:
    """A session under the lock. After an error nothing is kept: neither in the database nor in the matcher."""
    with place.sessions() as session, _alone(session, place.data_dir):
        try:
            yield session
        except BaseException:
            session.rollback()
            place.matcher.forget()
            raise


@contextmanager
def _alone(session: Session, data_dir: Path) -> Iterator[None]:
    """Be the only one at work: on the database's machine alone with SQLite, on all machines with PostgreSQL.

    Both locks are free at once when their holder dies. On PostgreSQL the lock ends with the transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_KEY)))
        yield
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / LOCK_FILE).open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_anything_to_do(place: Workplace) -> bool:
    if not all(_is_readable(index) for index in (place.search.startups, place.search.partners)):
        return True
    with place.sessions() as session:
        return session.scalar(sa.select(Change.id).limit(1)) is not None


def _is_readable(index: SearchIndex) -> bool:
    try:
        index.verify()
    except IndexUnavailable:
        return False
    return True


def _read_changes(session: Session) -> tuple[dict[str, set[int]], list[int]]:
    """The ids of what changed, by noun, and the ids of the rows that say so."""
    ids: dict[str, set[int]] = defaultdict(set)
    changes: list[int] = []
    for change_id, noun, object_id in session.execute(sa.select(Change.id, Change.noun, Change.object_id)):
        ids[noun].add(object_id)
        changes.append(change_id)
    return dict(ids), changes


def _forget_changes(session: Session, changes: list[int]) -> None:
    """Delete exactly these rows: one with a lower number may be committed later, so a range would lose changes."""
    for start in range(0, len(changes), BATCH):
        session.execute(sa.delete(Change).where(Change.id.in_(changes[start : start + BATCH])))


def _update_indexes(session: Session, search: Search, ids: Mapping[str, Collection[int]]) -> tuple[str, ...]:
    """Bring what changed in step; gives the nouns whose index had to be built anew."""
    rebuilt = []
    for index in (search.startups, search.partners):
        try:
            index.verify()
            update_index(session, index, ids.get(index.noun, ()))
        except IndexUnavailable as error:
            log.warning("index rebuilt", noun=index.noun, reason=str(error))
            rebuild_index(session, index)
            rebuilt.append(index.noun)
    return tuple(rebuilt)


def _put_right(session: Session, index: SearchIndex) -> Drift | None:
    try:
        drift = check_index(session, index)
    except IndexUnavailable as error:
        log.warning("index rebuilt", noun=index.noun, reason=str(error))
        rebuild_index(session, index)
        return None
    counts = {"missing": len(drift.missing), "stale": len(drift.stale), "surplus": len(drift.surplus)}
    if drift:
        log.warning("index had drifted", noun=index.noun, **counts)
        update_index(session, index, (*drift.missing, *drift.stale, *drift.surplus))
    else:
        log.info("index in step", noun=index.noun)
    return drift


def _detached(session: Session, run: MatchingRun) -> MatchingRun:
    """The run as plain values that outlive the session."""
    session.refresh(run)
    session.expunge(run)
    return run
