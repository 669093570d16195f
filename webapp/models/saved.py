"""What people keep for themselves: saved searches with alerts, shortlists, and tokens for programs."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.account import Account
from webapp.models.base import Base, utc_now
from webapp.models.membership import ONE_ORGANISATION, OfOrganisation
from webapp.models.partner import Partner
from webapp.models.person import Person
from webapp.models.startup import Startup


class AlertFrequency(StrEnum):
    """How often somebody is told of what is new."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class SavedSearch(Base):
    """A filtered directory that somebody wants to come back to, and to be told of."""

    __tablename__ = "saved_search"
    __table_args__ = (Index("ix_saved_search_frequency_checked_on", "frequency", "checked_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    noun: Mapped[str] = mapped_column(String(12))
    """``startup`` or ``partner``: a search of that directory; ``match``: the matches of an organisation."""
    startup_id: Mapped[int | None] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    """Of matches: whose."""
    parameters: Mapped[dict[str, Any]]
    """The canonical query string: name -> value or list of values."""
    frequency: Mapped[AlertFrequency] = mapped_column(String(8), default=AlertFrequency.WEEKLY)
    seen: Mapped[list[int]] = mapped_column(default=list)
    """Ids of all that was there when it was saved, was told since, or was marked as seen, so that only news is told."""
    told: Mapped[list[int]] = mapped_column(default=list)
    """Ids of what the last mail told, which its page lists again: a mail names the first of them only."""
    paused_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    checked_on: Mapped[date | None]
    """The network's day on which it was last looked for news; none is looked at twice for the same day or week."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    person: Mapped[Person] = relationship()
    startup: Mapped[Startup | None] = relationship()
    partner: Mapped[Partner | None] = relationship()


class Shortlist(Base):
    """A list of profiles that somebody keeps."""

    __tablename__ = "shortlist"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    person: Mapped[Person] = relationship()
    entries: Mapped[list[ShortlistEntry]] = relationship(
        back_populates="shortlist", cascade="all, delete-orphan", order_by="ShortlistEntry.id"
    )


class ShortlistEntry(OfOrganisation, Base):
    """A profile on a shortlist, with what its keeper notes about it."""

    __tablename__ = "shortlist_entry"
    __table_args__ = (
        CheckConstraint(ONE_ORGANISATION, name="one_organisation"),
        UniqueConstraint("shortlist_id", "startup_id"),
        UniqueConstraint("shortlist_id", "partner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shortlist_id: Mapped[int] = mapped_column(ForeignKey("shortlist.id", ondelete="CASCADE"))
    note: Mapped[str] = mapped_column(default="")
    """Nobody else reads it."""
    at: Mapped[datetime] = mapped_column(default=utc_now)

    shortlist: Mapped[Shortlist] = relationship(back_populates="entries")


class ApiToken(Base):
    """What a program shows to act for an account. Of the token itself only a digest is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of a token of 256 random bits."""
    beginning: Mapped[str] = mapped_column(String(12))
    """Its first letters, by which its owner knows it again."""
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was last used, to the hour."""
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
