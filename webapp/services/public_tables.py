"""The tables of the public data set: startups, partners, challenges, what belongs to them, and their codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from webapp.models import (
    DbSession,
    Milestone,
    Partner,
    PortfolioCompany,
    PublicationState,
    Region,
    Residency,
    Site,
    Startup,
    StartupSite,
    Term,
)
from webapp.services.challenge_lists import public_challenges
from webapp.services.public_challenges import CHALLENGE_COLUMNS
from webapp.services.public_columns import Column, FileColumn, in_all_languages, plain, record, text
from webapp.services.public_profiles import BATCH, PARTNER_COLUMNS, STARTUP_COLUMNS, records

ROW_BATCH = 500

Reader = Callable[[DbSession, Sequence[FileColumn]], Iterator[Mapping[str, Any]]]


@dataclass(frozen=True)
class PublicTable:
    """A table of the data set."""

    name: str
    columns: Sequence[Column]
    read: Reader
    """Gives its rows, which are read while they are written."""
    key: Sequence[str] = ()
    """The columns that make a row the same row; empty where nothing does."""
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Column -> the table and column whose values it takes."""

    def file_columns(self, languages: Sequence[str]) -> list[FileColumn]:
        """The columns of its file, with a column a language for every text."""
        return in_all_languages(self.name, self.columns, languages)


def _profiles(noun: str, model: type[Startup] | type[Partner]) -> Reader:
    def read(session: DbSession, columns: Sequence[FileColumn]) -> Iterator[Mapping[str, Any]]:
        published = sa.select(model.id).where(model.state == PublicationState.PUBLISHED)
        last = 0
        # Not by one long list of ids, which would grow with the directory.
        while ids := session.scalars(published.where(model.id > last).order_by(model.id).limit(BATCH)).all():
            last = ids[-1]
            yield from records(session, noun, columns, ids)

    return read


def _selected(statement: sa.Executable) -> Reader:
    def read(session: DbSession, columns: Sequence[FileColumn]) -> Iterator[Mapping[str, Any]]:
        for row in session.execute(statement.execution_options(yield_per=ROW_BATCH)):
            yield record(columns, row)

    return read


def _rows(statement: sa.Select[Any]) -> Reader:
    def read(session: DbSession, columns: Sequence[FileColumn]) -> Iterator[Mapping[str, Any]]:
        return (record(columns, row) for row in session.scalars(statement))

    return read


_PUBLISHED = Startup.state == PublicationState.PUBLISHED

_STAYS = (
    sa.select(Startup.slug, Startup.residency, Startup.entered_on, Site.code)
    .join(StartupSite, StartupSite.startup_id == Startup.id)
    .join(Site, Site.id == StartupSite.site_id)
    .where(_PUBLISHED)
    .order_by(Startup.id, Site.position)
)
_MILESTONES = (
    sa.select(Startup.slug, Milestone.on, Milestone.text, Milestone.source)
    .join(Milestone, Milestone.startup_id == Startup.id)
    .where(_PUBLISHED)
    .order_by(Startup.id, Milestone.on, Milestone.id)
)
_PORTFOLIO = (
    sa.select(Partner.slug, PortfolioCompany.name, PortfolioCompany.year, Startup.slug.label("startup"))
    .join(PortfolioCompany, PortfolioCompany.partner_id == Partner.id)
    .outerjoin(Startup, sa.and_(Startup.id == PortfolioCompany.startup_id, _PUBLISHED))
    .where(Partner.state == PublicationState.PUBLISHED)
    .order_by(Partner.id, PortfolioCompany.id)
)

PUBLIC_TABLES: Sequence[PublicTable] = (
    PublicTable("startups", STARTUP_COLUMNS, _profiles(Startup.noun, Startup), ("slug",)),
    PublicTable(
        "partners", PARTNER_COLUMNS, _profiles(Partner.noun, Partner), ("slug",), {"region": ("regions", "code")}
    ),
    PublicTable(
        "stays",
        (
            plain("startup", read=lambda row: row.slug),
            plain("site", read=lambda row: row.code),
            plain("is_present", "boolean", lambda row: row.residency == Residency.RESIDENT),
            plain("entered_on", "date"),
        ),
        _selected(_STAYS),
        ("startup", "site"),
        {"startup": ("startups", "slug"), "site": ("sites", "code")},
    ),
    PublicTable(
        "milestones",
        (
            plain("startup", read=lambda row: row.slug),
            plain("happened_on", "date", lambda row: row.on),
            text("text"),
            plain("source"),
        ),
        _selected(_MILESTONES),
        references={"startup": ("startups", "slug")},
    ),
    PublicTable(
        "portfolio",
        (
            plain("partner", read=lambda row: row.slug),
            plain("company", read=lambda row: row.name),
            plain("year", "integer"),
            plain("startup"),
        ),
        _selected(_PORTFOLIO),
        references={"partner": ("partners", "slug"), "startup": ("startups", "slug")},
    ),
    PublicTable(
        "challenges", CHALLENGE_COLUMNS, _rows(public_challenges()), ("slug",), {"partner": ("partners", "slug")}
    ),
    PublicTable(
        "sites",
        (
            plain("code"),
            text("name", lambda site: site.names),
            text("city"),
            plain("region", read=lambda site: site.region.code),
            plain("status"),
            *(plain(name, "integer") for name in ("opened", "closed")),
            *(plain(name, "number") for name in ("latitude", "longitude")),
            plain("capacity", "integer"),
        ),
        _rows(sa.select(Site).order_by(Site.position)),
        ("code",),
        {"region": ("regions", "code")},
    ),
    PublicTable(
        "regions",
        (
            plain("code"),
            text("name", lambda region: region.names),
            *(plain(name, "integer") for name in ("population", "households", "establishments", "jobs", "census_year")),
        ),
        _rows(sa.select(Region).order_by(Region.position)),
        ("code",),
    ),
    PublicTable(
        "terms",
        (
            plain("kind", read=lambda term: str(term.kind)),
            plain("code"),
            text("name", lambda term: term.names),
            text("description"),
            plain("group"),
        ),
        _rows(sa.select(Term).order_by(Term.kind, Term.position)),
        ("kind", "code"),
    ),
)
"""In the order of the data package and its page."""
