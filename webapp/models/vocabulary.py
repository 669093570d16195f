"""The network's controlled vocabulary: sectors, technologies, stages, needs and the like, one table for all kinds."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Localized


class TermKind(StrEnum):
    """What a term says of a startup or a partner. Values are the names of the pack's files."""

    SECTOR_GROUP = "sector_groups"
    SECTOR = "sectors"
    TECHNOLOGY = "technologies"
    MATURITY = "maturities"
    FUNDING_STAGE = "funding_stages"
    NEED = "needs"
    OFFER = "offers"
    BUSINESS_MODEL = "business_models"
    CUSTOMER = "customers"
    LEGAL_FORM = "legal_forms"
    HEADCOUNT = "headcounts"
    INVESTOR_TYPE = "investor_types"
    INSTRUMENT = "instruments"
    SKILL = "skills"
    FORMAT = "formats"
    SERVICE = "services"
    RESIDENCY_STATUS = "residency_statuses"
    LEAVING_REASON = "leaving_reasons"


AT_MOST: dict[TermKind, int] = {
    TermKind.SECTOR: 4,
    TermKind.MATURITY: 1,
    TermKind.FUNDING_STAGE: 1,
    TermKind.BUSINESS_MODEL: 1,
    TermKind.LEGAL_FORM: 1,
    TermKind.HEADCOUNT: 1,
}
"""How many terms of a kind a startup may carry, where that is limited (a primary sector and three others)."""


class Term(Base):
    """A term of the vocabulary. ``code`` is stable for ever and unique within its kind."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("kind", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TermKind] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    names: Mapped[Localized]
    description: Mapped[Localized]
    aliases: Mapped[list[str]]
    group: Mapped[str | None] = mapped_column(String(40))
    """Of a sector: the code of its sector group."""
    answers: Mapped[list[str]]
    """Of an offer, instrument or skill: the codes of the needs that it answers."""
