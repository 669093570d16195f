"""Finding published profiles by name: one's own organisation to claim it, or two that should meet."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.models import DbSession, Partner, Startup
from webapp.search import IndexUnavailable, Query, Search, SearchIndex, run, suggest_names
from webapp.services.claims import unclaimed

MOST = 8
SHORTEST = 2


@dataclass(frozen=True)
class Found:
    """A profile that may be the one looked for."""

    organisation: Startup | Partner
    is_unclaimed: bool
    """Whether nobody acts for it yet."""


def find_profiles(session: DbSession, search: Search, text: str) -> list[Found]:
    """Published profiles with a name like this: startups first, then partners; at most eight of each.

    Names that begin so come first, then whatever else the search finds. Without an index names are looked for letter
    by letter.
    """
    text = " ".join(text.split())
    if len(text) < SHORTEST:
        return []
    return [*_found(session, search.startups, Startup, text), *_found(session, search.partners, Partner, text)]


def profiles_named(session: DbSession, search: Search, noun: str, text: str) -> list[Startup | Partner]:
    """Published startups or published partners (``noun``) with a name like this, the likeliest first; at most eight."""
    text = " ".join(text.split())
    if len(text) < SHORTEST:
        return []
    index, model = (search.partners, Partner) if noun == Partner.noun else (search.startups, Startup)
    return _named(session, index, model, text)


def _found(session: DbSession, index: SearchIndex, model: type[Startup] | type[Partner], text: str) -> list[Found]:
    rows = _named(session, index, model, text)
    free = unclaimed(session, model, [row.id for row in rows]) if rows else set()
    return [Found(row, row.id in free) for row in rows]


def _named(
    session: DbSession, index: SearchIndex, model: type[Startup] | type[Partner], text: str
) -> list[Startup | Partner]:
    try:
        named = suggest_names(index, text, MOST)
        answered = run(index, Query(text, per_page=MOST, concepts=False, partial=False)).ids
        ids = list(dict.fromkeys((*named, *answered)))[:MOST]
    except IndexUnavailable:
        names = sa.or_(*(column.icontains(text, autoescape=True) for column in (model.name_latin, model.name_arabic)))
        ids = list(session.scalars(model.published().with_only_columns(model.id).where(names).limit(MOST)))
    if not ids:
        return []
    rows = {row.id: row for row in session.scalars(model.published().where(model.id.in_(ids)))}
    return [rows[row_id] for row_id in ids if row_id in rows]
