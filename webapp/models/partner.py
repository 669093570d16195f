"""Partners: investors, mentors and corporate partners, with what they seek, offer and exclude."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from webapp.models.base import Base, Localized
from webapp.models.network import Region, Site
from webapp.models.publication import Listed, ListedPart, PublicationState
from webapp.models.vocabulary import Term, TermKind

if TYPE_CHECKING:
    from webapp.models.challenge import Challenge


class PartnerKind(StrEnum):
    """Who a partner is."""

    INVESTOR = "investor"
    MENTOR = "mentor"
    CORPORATE = "corporate"


class Partner(Listed, Base):
    """A partner's profile. Columns that only one kind has are empty for the others."""

    __tablename__ = "partner"
    __table_args__ = (
        CheckConstraint("name_latin IS NOT NULL OR name_arabic IS NOT NULL", name="has_a_name"),
        CheckConstraint("ticket_min <= ticket_max", name="tickets_in_order"),
    )
    noun = "partner"

    kind: Mapped[PartnerKind] = mapped_column(String(12), index=True)
    summary: Mapped[Localized]
    """At most 140 characters in each language."""
    description: Mapped[Localized]
    """Of an investor the thesis, of a mentor the experience, of a corporate partner what it looks for."""
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    languages: Mapped[list[str]]
    """ISO 639 codes of the languages it works in."""
    geography: Mapped[list[str]]
    """Of an investor: ISO codes of countries or regions where it invests; empty means anywhere."""
    ticket_min: Mapped[int | None]
    ticket_max: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    capacity: Mapped[int | None]
    """Of a mentor: how many startups at a time."""
    monthly_introductions: Mapped[int | None]
    """How many new requests a month it wants to receive; without a number there is no limit."""
    pilot_process: Mapped[Localized]

    region: Mapped[Region | None] = relationship()
    term_links: Mapped[list[PartnerTerm]] = relationship(
        back_populates="partner", cascade="all, delete-orphan", order_by="PartnerTerm.position"
    )
    site_links: Mapped[list[PartnerSite]] = relationship(back_populates="partner", cascade="all, delete-orphan")
    portfolio: Mapped[list[PortfolioCompany]] = relationship(
        back_populates="partner", cascade="all, delete-orphan", order_by="PortfolioCompany.year.desc()"
    )
    challenges: Mapped[list[Challenge]] = relationship(
        back_populates="partner", cascade="all, delete-orphan", order_by="Challenge.deadline"
    )

    def terms(self, kind: TermKind) -> list[Term]:
        """What it has or seeks of a kind, in its own order."""
        return [link.term for link in self.term_links if link.term.kind == kind and not link.excluded]

    def excluded(self, kind: TermKind) -> list[Term]:
        """What it rules out of a kind."""
        return [link.term for link in self.term_links if link.term.kind == kind and link.excluded]

    def set_terms(self, kind: TermKind, terms: list[Term], *, excluded: bool = False) -> None:
        """Replace what it seeks (or rules out) of a kind, in this order.

        Raises:
            ValueError: a term is of another kind or comes twice, or is both sought and ruled out.
        """
        if any(term.kind != kind for term in terms) or len({term.code for term in terms}) != len(terms):
            raise ValueError(f"not distinct terms of {kind}")
        same = [link for link in self.term_links if link.term.kind == kind and link.excluded == excluded]
        kept = [link for link in self.term_links if link not in same]
        if {link.term.code for link in kept if link.term.kind == kind} & {term.code for term in terms}:
            raise ValueError(f"a term of {kind} is both sought and ruled out")
        existing = {link.term.code: link for link in same}
        for position, term in enumerate(terms):
            link = existing.get(term.code) or PartnerTerm(term=term, excluded=excluded)
            link.position = position
            kept.append(link)
        self.term_links = kept

    @property
    def sites(self) -> list[Site]:
        """Of a mentor: the parks where it can meet; none means at a distance."""
        return [link.site for link in self.site_links]

    @classmethod
    def published(cls) -> Select[Partner]:
        """The partners that the public sees."""
        return select(cls).where(cls.state == PublicationState.PUBLISHED)

    @staticmethod
    def with_listing(statement: Select[Any]) -> Select[Any]:
        """The same select, loading in a fixed number of queries all that a list entry or an index document shows."""
        return statement.options(
            selectinload(Partner.term_links).joinedload(PartnerTerm.term),
            selectinload(Partner.site_links).joinedload(PartnerSite.site),
            selectinload(Partner.region),
            selectinload(Partner.challenges),
        )


class PartnerTerm(ListedPart, Base):
    """A term of the vocabulary on a partner: had, sought, or ruled out."""

    __tablename__ = "partner_term"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), primary_key=True, index=True)
    excluded: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    expires_on: Mapped[date | None]
    """Of a need or an offer: the day from which on it no longer holds unless it is renewed."""

    partner: Mapped[Partner] = relationship(back_populates="term_links")
    term: Mapped[Term] = relationship(lazy="joined")

    def listed_owner(self) -> tuple[str, int]:
        return Partner.noun, self.partner_id


class PartnerSite(ListedPart, Base):
    """A park where a mentor can meet startups."""

    __tablename__ = "partner_site"

    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True, index=True)

    partner: Mapped[Partner] = relationship(back_populates="site_links")
    site: Mapped[Site] = relationship(lazy="joined")

    def listed_owner(self) -> tuple[str, int]:
        return Partner.noun, self.partner_id


class PortfolioCompany(ListedPart, Base):
    """A company that an investor has put money into; some are in the directory, most are not."""

    __tablename__ = "portfolio_company"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    year: Mapped[int | None]
    startup_id: Mapped[int | None] = mapped_column(ForeignKey("startup.id", ondelete="SET NULL"), index=True)

    partner: Mapped[Partner] = relationship(back_populates="portfolio")

    def listed_owner(self) -> tuple[str, int]:
        return Partner.noun, self.partner_id
