"""The newest startups of the directory, all or of a region or a sector: what feeds tell."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.errors import NotFound
from webapp.models import DbSession, Region, Site, Startup, StartupSite, StartupTerm, Term, TermKind

ENTRIES = 30


def newcomers(session: DbSession, region: str = "", sector: str = "", limit: int = ENTRIES) -> Sequence[Startup]:
    """Published startups, those published last first (three queries and what an entry shows).

    Args:
        region: code of a region in which they sit or have their seat.
        sector: code of one of their sectors.

    Raises:
        NotFound: ``region`` or ``sector``: the network has none of this code.
    """
    statement = Startup.published().where(Startup.published_at.is_not(None))
    if region:
        region_id = session.scalar(sa.select(Region.id).where(Region.code == region))
        if region_id is None:
            raise NotFound("region", code=region)
        seated = sa.select(StartupSite.startup_id).join(Site).where(Site.region_id == region_id)
        anywhere = sa.select(StartupSite.startup_id)
        in_region = sa.and_(Startup.region_id == region_id, Startup.id.not_in(anywhere))
        statement = statement.where(sa.or_(Startup.id.in_(seated), in_region))
    if sector:
        term = sa.select(Term.id).where(Term.kind == TermKind.SECTOR, Term.code == sector)
        term_id = session.scalar(term)
        if term_id is None:
            raise NotFound("sector", code=sector)
        statement = statement.where(
            Startup.id.in_(sa.select(StartupTerm.startup_id).where(StartupTerm.term_id == term_id))
        )
    order = (Startup.published_at.desc(), Startup.id.desc())
    return session.scalars(Startup.with_listing(statement).order_by(*order).limit(limit)).all()
