"""Whom else an organisation could ask, from the matches that the worker has prepared."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from webapp.models import DbSession, Introduction, Partner, Startup
from webapp.services.matches import matches_for_partner, matches_for_startup

ALTERNATIVES = 3
LOOKED_AT = 10
"""How many matches of each kind are looked at, as some of them were asked before."""


def alternatives_to(session: DbSession, introduction: Introduction, language: str) -> list[Startup | Partner]:
    """Up to three others whom the asking side has never asked, best match first; partners of the same kind first."""
    asking = introduction.asking
    if isinstance(asking, Startup):
        known = _known(session, Introduction.partner_id, Introduction.startup_id == asking.id)
        kinds = matches_for_startup(session, asking, language, per_kind=LOOKED_AT)
        views = [view for found in kinds.values() for view in found]
        views.sort(key=lambda view: view.partner.kind != introduction.partner.kind)
        others: list[Startup | Partner] = [view.partner for view in views]
    else:
        known = _known(session, Introduction.startup_id, Introduction.partner_id == asking.id)
        others = [view.startup for view in matches_for_partner(session, asking, language, limit=LOOKED_AT)]
    return [other for other in others if other.id not in known][:ALTERNATIVES]


def _known(session: DbSession, column: InstrumentedAttribute[int], condition: sa.ColumnElement[bool]) -> set[int]:
    return set(session.scalars(sa.select(column).where(condition)))
