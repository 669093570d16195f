"""Data sets that profiles come from: noting them when something is imported, naming them where it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from webapp.models import DataSource, DbSession, ImportedRow, PublicationState, Startup


def note_source(session: DbSession, *, name: str, attribution: str, licence: str, url: str) -> DataSource:
    """Note what the licence of a data set asks us to say; what an earlier import said of it is replaced."""
    return session.merge(DataSource(name=name, attribution=attribution, licence=licence, url=url))


def sources_of(session: DbSession, startup: Startup) -> Sequence[DataSource]:
    """The data sets that a startup's profile comes from (one query)."""
    rows = select(ImportedRow.source).where(ImportedRow.startup_id == startup.id)
    return session.scalars(select(DataSource).where(DataSource.name.in_(rows)).order_by(DataSource.name)).all()


def published_sources(session: DbSession) -> Sequence[DataSource]:
    """The data sets that some published profile comes from (one query)."""
    rows = select(ImportedRow.source).join(ImportedRow.startup).where(Startup.state == PublicationState.PUBLISHED)
    return session.scalars(select(DataSource).where(DataSource.name.in_(rows)).order_by(DataSource.name)).all()
