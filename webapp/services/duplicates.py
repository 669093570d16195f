"""Whether an organisation that somebody is about to create has a profile already: by number, website, name or sound.

Unlike ``imports.lookalikes``, which compares thousands of rows of a file with one another, this compares one
organisation with all, in both scripts and by how names sound: somebody looks at what it finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.fuzz import ratio
from sqlalchemy import select

from webapp.language import sound_key, tokenize
from webapp.models import DbSession, Partner, Startup
from webapp.permissions import Actor, Permission, can
from webapp.services.claims import unclaimed
from webapp.services.imports.lookalikes import SHORTEST_CLOSE, legal_forms, web_place

MOST = 5
CLOSE = 88
"""From which likeness on, of 100, two names are close: about one letter in eight may differ."""

HOW = ("same-number", "same-website", "same-name", "close-name")
"""By what a profile looks like another one, the surest first."""


@dataclass(frozen=True)
class Duplicate:
    """A profile that may be the one that somebody is about to create."""

    organisation: Startup | Partner
    how: str
    """One of ``HOW``."""
    is_unclaimed: bool
    """Whether nobody acts for it yet, so that it can be claimed."""


@dataclass(frozen=True)
class _Marks:
    """What of an organisation is compared."""

    number: str
    place: str
    names: frozenset[str]
    sounds: frozenset[tuple[str, ...]]

    def likeness(self, other: _Marks) -> str | None:
        """How it is like another one, by the surest sign."""
        if self.number and self.number == other.number:
            return "same-number"
        if self.place and self.place == other.place:
            return "same-website"
        if self.names & other.names:
            return "same-name"
        if self.sounds & other.sounds or any(_close(one, two) for one in self.names for two in other.names):
            return "close-name"
        return None


def find_duplicates(
    session: DbSession,
    actor: Actor,
    model: type[Startup] | type[Partner],
    names: Iterable[str | None],
    *,
    website: str | None = None,
    company_number: str | None = None,
) -> list[Duplicate]:
    """The profiles that look like this, the surest first: published ones and the actor's own; never others' drafts."""
    forms = legal_forms(session)
    sought = _marks(names, website, company_number, forms)
    number = Startup.company_number if model is Startup else None
    columns = [model.id, model.name_latin, model.name_arabic, model.website, *([number] if number is not None else [])]
    found: dict[int, str] = {}
    statement: Any = select(*columns)
    for row_id, latin, arabic, site, *rest in session.execute(statement):
        how = sought.likeness(_marks((latin, arabic), site, rest[0] if rest else None, forms))
        if how is not None:
            found[row_id] = how
    statement = select(model).where(model.id.in_(found))
    rows: Sequence[Startup | Partner] = session.scalars(statement).all()
    visible = [row for row in rows if row.is_published or can(actor, Permission.EDIT_PROFILE, row)]
    nearest = sorted(visible, key=lambda row: (HOW.index(found[row.id]), row.id))[:MOST]
    free = unclaimed(session, model, [row.id for row in nearest])
    return [Duplicate(row, found[row.id], row.id in free) for row in nearest]


def _marks(names: Iterable[str | None], website: str | None, number: str | None, forms: frozenset[str]) -> _Marks:
    squeezed, sounds = set(), set()
    for name in names:
        words = tokenize(name or "")
        words = [word for word in words if word not in forms] or words
        if words:
            squeezed |= {"".join(words), "".join(sorted(words))}
            heard = [sound_key(word) for word in words]
            # A name of which a word says too little by its sound is not compared by sound.
            if all(heard):
                sounds.add(tuple(sorted(key for key in heard if key)))
    return _Marks(number or "", web_place(website), frozenset(squeezed), frozenset(sounds))


def _close(one: str, two: str) -> bool:
    """Close names; numbers in them are no slips of the pen."""
    if min(len(one), len(two)) < SHORTEST_CLOSE or ratio(one, two, score_cutoff=CLOSE) < CLOSE:
        return False
    return [each for each in one if each.isdigit()] == [each for each in two if each.isdigit()]
