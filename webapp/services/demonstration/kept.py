"""What the invented investor keeps: two saved searches with something new in them, and a shortlist with notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from webapp.models import (
    Account,
    AlertFrequency,
    DbSession,
    Localized,
    Membership,
    Partner,
    PartnerKind,
    Person,
    PublicationState,
    SavedSearch,
    Shortlist,
    ShortlistEntry,
    Startup,
    TermKind,
)
from webapp.search import Query
from webapp.search.query import MAX_PER_PAGE
from webapp.services import directory_sql
from webapp.services.demonstration.content import read_words
from webapp.services.network_schema import Entry
from webapp.services.search_news import MATCHES

NEWS = 4
"""How many entries of the saved search are new, and how many are on the shortlist."""
NEW_MATCHES = 5
"""Every one of so many startups counts as not seen among the matches."""
SECTORS = 3
WEEKS_AGO = timedelta(days=21)


class Words(Entry):
    """kept.yaml."""

    search: Localized
    matches: Localized
    shortlist: Localized
    notes: list[Localized]


def make_demonstration_kept(session: DbSession, folder: Path, *, today: date) -> int:
    """Write them for the first investor who can sign in; gives how many rows.

    Nothing happens a second time, nor where the pack has no words.

    Args:
        folder: the pack's ``demo`` folder.
        today: the day it is where the network is.
    """
    file, account = folder / "kept.yaml", _investor(session)
    if account is None or not file.exists() or session.scalar(select(SavedSearch.id).limit(1)) is not None:
        return 0
    words = read_words(file, Words)
    fund = _fund(session, account)
    sectors = [term.code for term in fund.terms(TermKind.SECTOR)][:SECTORS]
    found = _found(session, sectors)
    begun = datetime.combine(today, time(9), UTC) - WEEKS_AGO
    searches = _searches(words, account.person, fund, sectors, found)
    for saved in searches:
        # Looked at last week, so that the worker finds something to tell.
        saved.created_at, saved.checked_on = begun, today - timedelta(days=7)
    shortlist = _shortlist(words, account.person, found[NEWS : 2 * NEWS], begun)
    session.add_all([*searches, shortlist])
    session.flush()
    return len(searches) + 1 + len(shortlist.entries)


def _searches(
    words: Words, person: Person, fund: Partner, sectors: Sequence[str], found: Sequence[int]
) -> list[SavedSearch]:
    """Startups of the fund's sectors, and its matches; most were seen."""
    common: dict[str, Any] = {"person_id": person.id, "frequency": AlertFrequency.WEEKLY, "told": []}
    parameters = {"sector": list(sectors)} if sectors else {}
    of_sectors = SavedSearch(name=_text(words.search, person), noun=Startup.noun, parameters=parameters, **common)
    of_sectors.seen = sorted(found[NEWS:])
    matches = SavedSearch(name=_text(words.matches, person), noun=MATCHES, parameters={}, **common)
    matches.partner_id, matches.seen = fund.id, sorted({*found} - {*found[::NEW_MATCHES]})
    return [of_sectors, matches]


def _shortlist(words: Words, person: Person, ids: Sequence[int], begun: datetime) -> Shortlist:
    """Some startups, each but the last with a note."""
    shortlist = Shortlist(person_id=person.id, name=_text(words.shortlist, person), created_at=begun)
    notes = [_text(note, person) for note in words.notes]
    shortlist.entries = [
        ShortlistEntry(startup_id=row_id, note=note, at=begun) for row_id, note in zip(ids, [*notes, ""], strict=False)
    ]
    return shortlist


def _investor(session: DbSession) -> Account | None:
    investors = select(Membership.person_id).join(Partner, Partner.id == Membership.partner_id)
    people = investors.where(Partner.kind == PartnerKind.INVESTOR, Partner.state == PublicationState.PUBLISHED)
    statement = select(Account).where(Account.is_demo, Account.person_id.in_(people))
    return session.scalar(statement.order_by(Account.id).limit(1))


def _fund(session: DbSession, account: Account) -> Partner:
    of_person = select(Partner).join(Membership, Membership.partner_id == Partner.id)
    statement = of_person.where(Membership.person_id == account.person_id, Partner.kind == PartnerKind.INVESTOR)
    return session.scalars(statement.order_by(Partner.id).limit(1)).one()


def _found(session: DbSession, sectors: Sequence[str]) -> list[int]:
    """The ids of published startups of these sectors, the newest first; there is no index to ask yet."""
    filters = {"sector": tuple(sectors)} if sectors else {}
    query = Query(filters=filters, sort="newest", per_page=MAX_PER_PAGE)
    return list(directory_sql.run(session, Startup, query).ids)


def _text(texts: Localized, person: Person) -> str:
    return texts.get(person.language) or next(iter(texts.values()))
