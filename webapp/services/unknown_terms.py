"""Words that imports had where a term of the vocabulary belongs, and that the network pack does not know.

Terms come from the pack only: a word is adopted by writing it there. Once a pack is loaded that knows it, it is noted
which term it now stands for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
import yaml

from webapp.errors import NotFound
from webapp.models import DbSession, TermKind, UnknownTerm, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.services.imports.fields import TERM_FIELDS
from webapp.services.imports.lookups import Lookups
from webapp.services.imports.remarks import ImportReport
from webapp.services.imports.values import key_of
from webapp.services.slugs import numbered_slug

REGIONS, SITES = "regions", "sites"
_KINDS = {
    **{kind.value: kind.value for kind in TERM_FIELDS},
    "leaving_reason": TermKind.LEAVING_REASON.value,
    "region": REGIONS,
    "site": SITES,
}
"""Field of an import -> the file of the pack that its words come from."""
TEXT_LENGTH = 160
COLUMNS = ("kind", "text", "times", "source", "last", "put_aside")
"""Of files."""


def note_unknown(session: DbSession, report: ImportReport, source: str) -> int:
    """Note the words that an import did not know; gives how many different ones there were."""
    counted = _counted(report)
    rows = session.scalars(sa.select(UnknownTerm).where(UnknownTerm.text.in_([text for _, text in counted])))
    known = {(row.kind, row.text): row for row in rows}
    for (kind, text), times in counted.items():
        row = known.get((kind, text))
        if row is None:
            session.add(UnknownTerm(kind=kind, text=text, source=source, times=times))
        else:
            row.times, row.source, row.last_at, row.adopted_as = row.times + times, source, utc_now(), None
    session.flush()
    return len(counted)


def _counted(report: ImportReport) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for outcome in report.outcomes:
        for note in outcome.notes:
            # A word that several fields did not know is looked for in the first of them.
            kind = _KINDS.get(note.values["fields"][0]) if note.code == "unknown" else None
            found.update((kind, text[:TEXT_LENGTH]) for text in note.values.get("values", ()) if kind)
    return found


def list_unknown(session: DbSession, actor: Actor, *, ignored: bool = False) -> Sequence[UnknownTerm]:
    """The words that nobody adopted yet, or those that staff put aside; by kind, the most frequent first (one query).

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    condition = UnknownTerm.ignored_at.is_not(None) if ignored else UnknownTerm.ignored_at.is_(None)
    open_ = sa.select(UnknownTerm).where(UnknownTerm.adopted_as.is_(None), condition)
    return session.scalars(open_.order_by(UnknownTerm.kind, UnknownTerm.times.desc(), UnknownTerm.text)).all()


def unknown_rows(terms: Iterable[UnknownTerm]) -> Iterator[Mapping[str, Any]]:
    """The list for a file."""
    for each in terms:
        yield {
            "kind": each.kind,
            "text": each.text,
            "times": each.times,
            "source": each.source,
            "last": each.last_at.date().isoformat(),
            "put_aside": each.ignored_at is not None,
        }


def get_unknown(session: DbSession, actor: Actor, term_id: int) -> UnknownTerm:
    """One of them.

    Raises:
        NotAllowed: the actor is no staff.
        NotFound: ``unknown-term``.
    """
    require(actor, Permission.STAFF)
    row = session.get(UnknownTerm, term_id)
    if row is None:
        raise NotFound("unknown-term")
    return row


def set_ignored(session: DbSession, actor: Actor, term_id: int, *, ignored: bool) -> UnknownTerm:
    """Put a word aside, or take it up again.

    Raises:
        NotAllowed: the actor may not.
        NotFound: ``unknown-term``.
    """
    require(actor, Permission.WRITE)
    row = get_unknown(session, actor, term_id)
    row.ignored_at = utc_now() if ignored else None
    session.flush()
    return row


def settle_adopted(session: DbSession) -> int:
    """Note of every word that the pack knows by now what it stands for; gives how many there were."""
    lookups, settled = Lookups(session), 0
    for row in session.scalars(sa.select(UnknownTerm).where(UnknownTerm.adopted_as.is_(None))):
        if code := _code_of(lookups, row):
            row.adopted_as = code
            settled += 1
    session.flush()
    return settled


def _code_of(lookups: Lookups, row: UnknownTerm) -> str | None:
    from_places: dict[str, Any] = {REGIONS: lookups.regions, SITES: lookups.sites}
    found: Any = (
        from_places[row.kind].get(key_of(row.text))
        if row.kind in from_places
        else lookups.term(TermKind(row.kind), row.text)
    )
    return found.code if found else None


def alias_lines(code: str, aliases: Sequence[str], text: str) -> str:
    """What the entry of a code says in the pack once a word is another name of it."""
    return f"- code: {code}\n  aliases: {_flow([*aliases, text])}\n"


def entry_lines(kind: str, text: str, languages: Sequence[str]) -> str:
    """An entry of the pack for a word that is a term of its own; what somebody must fill in stands as ``…``."""
    lines = [f"- code: {numbered_slug(text, ())}", f"  names: {_flow(dict.fromkeys(languages, text))}"]
    return "\n".join([*lines, *_needed(kind)]) + "\n"


def _needed(kind: str) -> Iterator[str]:
    if kind == TermKind.SECTOR:
        yield "  group: …"
    if kind == TermKind.OFFER:
        yield "  answers: […]"
    if kind == SITES:
        yield from ("  city: …", "  region: …", "  status: operating")


def _flow(value: Any) -> str:
    dumped: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000, sort_keys=False)
    return dumped.strip()
