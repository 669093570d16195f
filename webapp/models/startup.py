"""Startups: young companies that are, were or want to be in a park."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from webapp.models.base import Base, Localized
from webapp.models.network import Region, Site
from webapp.models.publication import Listed, ListedPart, PublicationState
from webapp.models.vocabulary import AT_MOST, Term, TermKind


class Residency(StrEnum):
    """How a startup stands to the parks today; derived from its residency events."""

    RESIDENT = "resident"
    ALUMNI = "alumni"
    SUPPORTED = "supported"
    """Known to the network, never hosted in a park."""


class Startup(Listed, Base):
    """A startup's profile."""

    __tablename__ = "startup"
    __table_args__ = (
        CheckConstraint("name_latin IS NOT NULL OR name_arabic IS NOT NULL", name="has_a_name"),
        CheckConstraint("founded BETWEEN 1900 AND 2200", name="founded_is_a_year"),
        # The home page counts the residents, also by region, and shows the newest.
        Index("ix_startup_state_residency_entered_on", "state", "residency", "entered_on"),
    )
    noun = "startup"

    pitch: Mapped[Localized]
    """At most 140 characters in each language."""
    description: Mapped[Localized]
    company_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    founded: Mapped[int | None]
    """Year."""
    closed_on: Mapped[date | None]
    """When the company ceased its activity, if it has."""
    women_founders: Mapped[bool | None]
    export_markets: Mapped[list[str]]
    """ISO 3166-1 alpha-2 codes."""
    sdgs: Mapped[list[int]]
    """At most three Sustainable Development Goals, 1 to 17."""
    raising_min: Mapped[int | None]
    raising_max: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    """Where its seat is; a resident counts in the regions of its sites."""
    residency: Mapped[Residency] = mapped_column(String(12), default=Residency.SUPPORTED, index=True)
    """Derived; see ``webapp.services.residency``."""
    entered_on: Mapped[date | None] = mapped_column(index=True)
    """Derived: when its first stay in a park began."""

    region: Mapped[Region | None] = relationship()
    term_links: Mapped[list[StartupTerm]] = relationship(
        back_populates="startup", cascade="all, delete-orphan", order_by="StartupTerm.position"
    )
    site_links: Mapped[list[StartupSite]] = relationship(
        back_populates="startup", cascade="all, delete-orphan", order_by="StartupSite.site_id"
    )
    milestones: Mapped[list[Milestone]] = relationship(
        back_populates="startup", cascade="all, delete-orphan", order_by="Milestone.on.desc()"
    )
    imported_rows: Mapped[list[ImportedRow]] = relationship(back_populates="startup", cascade="all, delete-orphan")

    def terms(self, kind: TermKind) -> list[Term]:
        """Its terms of a kind; of sectors the primary one comes first."""
        return [link.term for link in self.term_links if link.term.kind == kind]

    def term(self, kind: TermKind) -> Term | None:
        """Its one term of a kind, or its first (the primary sector)."""
        return next(iter(self.terms(kind)), None)

    def set_terms(self, kind: TermKind, terms: list[Term]) -> None:
        """Replace its terms of a kind, in this order.

        Raises:
            ValueError: a term is of another kind, comes twice, or there are more than the kind allows.
        """
        if any(term.kind != kind for term in terms) or len({term.code for term in terms}) != len(terms):
            raise ValueError(f"not distinct terms of {kind}")
        if len(terms) > AT_MOST.get(kind, len(terms)):
            raise ValueError(f"more than {AT_MOST[kind]} of {kind}")
        existing = {link.term.code: link for link in self.term_links if link.term.kind == kind}
        kept = [link for link in self.term_links if link.term.kind != kind]
        for position, term in enumerate(terms):
            link = existing.get(term.code) or StartupTerm(term=term)
            link.position = position
            kept.append(link)
        self.term_links = kept

    @property
    def sites(self) -> list[Site]:
        """The parks where it sits, or, once it left, where it last sat."""
        return [link.site for link in self.site_links]

    @property
    def regions(self) -> list[Region]:
        """The regions it counts in: those of its sites, or else that of its seat."""
        regions = {site.region.id: site.region for site in self.sites}
        if not regions and self.region:
            regions[self.region.id] = self.region
        return sorted(regions.values(), key=lambda region: region.position)

    @classmethod
    def published(cls) -> Select[Startup]:
        """The startups that the public sees."""
        return select(cls).where(cls.state == PublicationState.PUBLISHED)

    @staticmethod
    def with_listing(statement: Select[Any]) -> Select[Any]:
        """The same select, loading in a fixed number of queries all that a list entry or an index document shows."""
        return statement.options(
            selectinload(Startup.term_links).joinedload(StartupTerm.term),
            selectinload(Startup.site_links).joinedload(StartupSite.site).joinedload(Site.region),
            selectinload(Startup.region),
        )


class StartupTerm(ListedPart, Base):
    """A term of the vocabulary on a startup."""

    __tablename__ = "startup_term"

    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    """Order within the kind; a startup's sector at 0 is its primary one."""
    expires_on: Mapped[date | None]
    """Of a need or an offer: the day from which on it no longer holds unless it is renewed."""

    startup: Mapped[Startup] = relationship(back_populates="term_links")
    term: Mapped[Term] = relationship(lazy="joined")

    def listed_owner(self) -> tuple[str, int]:
        return Startup.noun, self.startup_id


class StartupSite(ListedPart, Base):
    """A park where a startup sits or last sat; derived from its residency events."""

    __tablename__ = "startup_site"

    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True, index=True)

    startup: Mapped[Startup] = relationship(back_populates="site_links")
    site: Mapped[Site] = relationship(lazy="joined")

    def listed_owner(self) -> tuple[str, int]:
        return Startup.noun, self.startup_id


class Milestone(ListedPart, Base):
    """Something that happened to a startup, with where that is known from."""

    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    text: Mapped[Localized]
    source: Mapped[str | None] = mapped_column(String(300))
    """A URL, or who said so."""

    startup: Mapped[Startup] = relationship(back_populates="milestones")

    def listed_owner(self) -> tuple[str, int]:
        return Startup.noun, self.startup_id


class ImportedRow(Base):
    """The row of a file that a startup was imported from, exactly as read, so that nothing of it is lost."""

    __tablename__ = "imported_row"
    __table_args__ = (UniqueConstraint("source", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    startup_id: Mapped[int] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(80))
    """The mapping's name of the data set."""
    key: Mapped[str] = mapped_column(String(200))
    """What makes the row the same row when it comes again."""
    position: Mapped[int]
    """Its place in the file, so that an export keeps the order."""
    cells: Mapped[dict[str, str]] = mapped_column(JSON)
    """Not JSONB, which would forget the order of the columns."""
    digest: Mapped[str] = mapped_column(String(64))

    startup: Mapped[Startup] = relationship(back_populates="imported_rows")
