"""Shortlists: profiles that somebody keeps for themselves, each with a note that nobody else reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import DbSession, Partner, Person, PublicationState, Shortlist, ShortlistEntry, Startup
from webapp.permissions import Actor, Permission, require
from webapp.services.write_lock import lock_rows

MOST = 50
"""How many shortlists a person may have."""
MOST_ENTRIES = 200
"""How many profiles a shortlist may hold."""
NAME_LENGTH = 120
NOTE_LENGTH = 2000

Organisation = Startup | Partner


class Counted(NamedTuple):
    """A shortlist, and how many published profiles are on it."""

    shortlist: Shortlist
    profiles: int


class Kept(NamedTuple):
    """An entry of a shortlist with its profile; without one if the public does not see it any more."""

    entry: ShortlistEntry
    organisation: Organisation | None


def list_shortlists(session: DbSession, actor: Actor) -> list[Counted]:
    """Those of an actor, by name; two queries."""
    require(actor, Permission.USE_ACCOUNT)
    shortlists = session.scalars(_of(actor).order_by(sa.func.lower(Shortlist.name), Shortlist.id)).all()
    published = sa.or_(
        ShortlistEntry.startup.has(state=PublicationState.PUBLISHED),
        ShortlistEntry.partner.has(state=PublicationState.PUBLISHED),
    )
    ids = [shortlist.id for shortlist in shortlists]
    statement = sa.select(ShortlistEntry.shortlist_id, sa.func.count()).where(ShortlistEntry.shortlist_id.in_(ids))
    counts = {row[0]: row[1] for row in session.execute(statement.where(published).group_by("shortlist_id"))}
    return [Counted(shortlist, counts.get(shortlist.id, 0)) for shortlist in shortlists]


def get_shortlist(session: DbSession, actor: Actor, shortlist_id: int) -> Shortlist:
    """One of an actor's own.

    Raises:
        NotFound: ``shortlist``: there is none, or it is somebody else's.
    """
    require(actor, Permission.USE_ACCOUNT)
    found = session.scalar(_of(actor).where(Shortlist.id == shortlist_id))
    if found is None:
        raise NotFound("shortlist", id=shortlist_id)
    return found


def entries_of(session: DbSession, actor: Actor, shortlist: Shortlist) -> list[Kept]:
    """What is on one's shortlist, the first added first, with all that a list entry shows; a fixed number of queries.

    Raises:
        NotFound: ``shortlist``: it is somebody else's.
    """
    _require_own(actor, shortlist)
    statement = sa.select(ShortlistEntry).where(ShortlistEntry.shortlist_id == shortlist.id)
    entries = session.scalars(statement.order_by(ShortlistEntry.id)).all()
    startups = _published(session, Startup, [entry.startup_id for entry in entries if entry.startup_id])
    partners = _published(session, Partner, [entry.partner_id for entry in entries if entry.partner_id])
    return [
        Kept(entry, startups.get(entry.startup_id) if entry.startup_id else partners.get(entry.partner_id or 0))
        for entry in entries
    ]


def holding(session: DbSession, actor: Actor, organisation: Organisation) -> dict[int, ShortlistEntry]:
    """Id of each of one's shortlists that an organisation is on -> its entry there."""
    require(actor, Permission.USE_ACCOUNT)
    statement = sa.select(ShortlistEntry).filter_by(**ShortlistEntry.columns_for(organisation))
    mine = statement.join(Shortlist).where(Shortlist.person_id == actor.person_id)
    return {entry.shortlist_id: entry for entry in session.scalars(mine)}


def create_shortlist(session: DbSession, actor: Actor, name: str) -> Shortlist:
    """Begin a shortlist.

    Raises:
        Invalid: ``shortlist-name``: it has none, or too long a one.
        Conflict: ``shortlists-full`` (``most``).
    """
    require(actor, Permission.USE_ACCOUNT)
    lock_rows(session, Person, actor.person_id or 0)
    number = session.scalar(sa.select(sa.func.count()).select_from(_of(actor).subquery())) or 0
    if number >= MOST:
        raise Conflict("shortlists-full", most=MOST)
    shortlist = Shortlist(person_id=actor.person_id, name=_name(name))
    session.add(shortlist)
    session.flush()
    return shortlist


def rename_shortlist(session: DbSession, actor: Actor, shortlist: Shortlist, name: str) -> None:
    """Call it otherwise.

    Raises:
        NotFound: ``shortlist``: it is somebody else's.
        Invalid: ``shortlist-name``.
    """
    _require_own(actor, shortlist)
    _lock(session, shortlist.id)
    shortlist.name = _name(name)
    session.flush()


def delete_shortlist(session: DbSession, actor: Actor, shortlist: Shortlist) -> None:
    """Forget it, with all notes.

    Raises:
        NotFound: ``shortlist``: it is somebody else's.
    """
    _require_own(actor, shortlist)
    _lock(session, shortlist.id)
    session.delete(shortlist)
    session.flush()


def add_to_shortlist(
    session: DbSession, actor: Actor, shortlist: Shortlist, organisation: Organisation, note: str = ""
) -> ShortlistEntry:
    """Put a published profile on one's shortlist; if it is there already, a note replaces the one that it has.

    Raises:
        NotFound: ``shortlist``: it is somebody else's; ``organisation``: the public does not see the profile.
        Invalid: ``shortlist-note``: too long a note.
        Conflict: ``shortlist-full`` (``most``).
    """
    _require_own(actor, shortlist)
    if not organisation.is_published:
        raise NotFound("organisation", noun=organisation.noun, slug=organisation.slug)
    _lock(session, shortlist.id)
    entry = holding(session, actor, organisation).get(shortlist.id)
    if entry is None:
        of_list = sa.select(sa.func.count()).where(ShortlistEntry.shortlist_id == shortlist.id)
        if (session.scalar(of_list) or 0) >= MOST_ENTRIES:
            raise Conflict("shortlist-full", most=MOST_ENTRIES)
        entry = ShortlistEntry(shortlist_id=shortlist.id, note="", **ShortlistEntry.columns_for(organisation))
        session.add(entry)
    entry.note = _note(note) or entry.note
    session.flush()
    return entry


def get_entry(session: DbSession, actor: Actor, shortlist: Shortlist, entry_id: int) -> ShortlistEntry:
    """An entry of one's shortlist.

    Raises:
        NotFound: ``shortlist``: it is somebody else's; ``shortlist-entry``: it is not on it.
    """
    _require_own(actor, shortlist)
    entry = session.get(ShortlistEntry, entry_id)
    if entry is None or entry.shortlist_id != shortlist.id:
        raise NotFound("shortlist-entry", id=entry_id)
    return entry


def change_note(session: DbSession, actor: Actor, entry: ShortlistEntry, note: str) -> None:
    """Note something else about a profile.

    Raises:
        NotFound: ``shortlist``: it is on somebody else's; ``shortlist-entry``: it was taken off meanwhile.
        Invalid: ``shortlist-note``: too long.
    """
    _take(session, actor, entry)
    entry.note = _note(note)
    session.flush()


def remove_from_shortlist(session: DbSession, actor: Actor, entry: ShortlistEntry) -> None:
    """Take a profile off one's shortlist, with its note.

    Raises:
        NotFound: ``shortlist``: it is on somebody else's; ``shortlist-entry``: it was taken off meanwhile.
    """
    _take(session, actor, entry)
    session.delete(entry)
    session.flush()


def _of(actor: Actor) -> sa.Select[Shortlist]:
    return sa.select(Shortlist).where(Shortlist.person_id == actor.person_id)


def _require_own(actor: Actor, shortlist: Shortlist) -> None:
    require(actor, Permission.USE_ACCOUNT)
    if shortlist.person_id != actor.person_id:
        raise NotFound("shortlist", id=shortlist.id)


def _lock(session: DbSession, shortlist_id: int) -> None:
    """Let nobody else change a shortlist until the transaction ends.

    Raises:
        NotFound: ``shortlist``: it was deleted meanwhile.
    """
    lock_rows(session, Shortlist, shortlist_id)
    if session.scalar(sa.select(Shortlist.id).where(Shortlist.id == shortlist_id)) is None:
        raise NotFound("shortlist", id=shortlist_id)


def _take(session: DbSession, actor: Actor, entry: ShortlistEntry) -> None:
    """Read an entry of one's own anew with nobody else at it."""
    _require_own(actor, entry.shortlist)
    entry_id = entry.id
    _lock(session, entry.shortlist_id)
    if session.scalar(sa.select(ShortlistEntry.id).where(ShortlistEntry.id == entry_id)) is None:
        raise NotFound("shortlist-entry", id=entry_id)


def _published(session: DbSession, model: type[Organisation], ids: Collection[int]) -> dict[int, Organisation]:
    if not ids:
        return {}
    statement = model.with_listing(model.published().where(model.id.in_(ids)))
    rows: Sequence[Organisation] = session.scalars(statement).all()
    return {row.id: row for row in rows}


def _name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH:
        raise Invalid("shortlist-name", most=NAME_LENGTH)
    return clean


def _note(note: str) -> str:
    clean = note.strip()
    if len(clean) > NOTE_LENGTH:
        raise Invalid("shortlist-note", most=NOTE_LENGTH)
    return clean
