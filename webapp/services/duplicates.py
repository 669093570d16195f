"""Whether an organisation that somebody is about to create has a profile already: by number, website, name or sound.

Unlike ``imports.lookalikes``, which compares thousands of rows of a file with one another, this compares one
organisation with all, in both scripts and by how names sound: somebody looks at what it finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from webapp.models import DbSession, Partner, Startup
from webapp.permissions import Actor, Permission, can
from webapp.services.claims import unclaimed
from webapp.services.imports.lookalikes import legal_forms
from webapp.services.likeness import HOW, marks_of

MOST = 5


@dataclass(frozen=True)
class Duplicate:
    """A profile that may be the one that somebody is about to create."""

    organisation: Startup | Partner
    how: str
    """One of ``HOW``."""
    is_unclaimed: bool
    """Whether nobody acts for it yet, so that it can be claimed."""


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
    sought = marks_of(names, website, company_number, forms)
    number = Startup.company_number if model is Startup else None
    columns = [model.id, model.name_latin, model.name_arabic, model.website, *([number] if number is not None else [])]
    found: dict[int, str] = {}
    statement: Any = select(*columns)
    for row_id, latin, arabic, site, *rest in session.execute(statement):
        how = sought.likeness(marks_of((latin, arabic), site, rest[0] if rest else None, forms))
        if how is not None:
            found[row_id] = how
    statement = select(model).where(model.id.in_(found))
    rows: Sequence[Startup | Partner] = session.scalars(statement).all()
    visible = [row for row in rows if row.is_published or can(actor, Permission.EDIT_PROFILE, row)]
    nearest = sorted(visible, key=lambda row: (HOW.index(found[row.id]), row.id))[:MOST]
    free = unclaimed(session, model, [row.id for row in nearest])
    return [Duplicate(row, found[row.id], row.id in free) for row in nearest]
