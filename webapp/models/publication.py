"""What startups and partners have in common: publication, verification, provenance and search tokens for names."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Localized, utc_now


class PublicationState(StrEnum):
    """Whether the public sees a profile."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Listed:
    """Mixin of everything that stands in a directory, the index and the matches.

    Every change of a listed thing, or of a row that belongs to one (``ListedPart``), writes a Change row in the same
    transaction; see ``webapp.models.change``.
    """

    noun: str
    """The name of the listed thing in the change log: ``startup`` or ``partner``."""

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name_latin: Mapped[str | None] = mapped_column(String(160))
    name_arabic: Mapped[str | None] = mapped_column(String(160))
    sort_name: Mapped[str] = mapped_column(String(160), index=True)
    """The name folded for sorting; see ``webapp.language.sort_key``."""
    website: Mapped[str | None] = mapped_column(String(300))
    logo: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[PublicationState] = mapped_column(String(12), default=PublicationState.DRAFT, index=True)
    published_at: Mapped[datetime | None]
    verified_on: Mapped[date | None]
    """When staff last checked the profile against evidence."""
    confirmed_on: Mapped[date | None]
    """When its owner last said that it is still right."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    """Invented for demonstration; marked as such wherever it is shown."""
    city: Mapped[Localized]
    country: Mapped[str | None] = mapped_column(String(2))
    """ISO 3166-1 alpha-2."""
    confirmation_asked_on: Mapped[date | None]
    """When its owner was last asked by mail whether it is still right."""
    text_dates: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """Field -> language -> ISO date on which that text was last written, to see which translation is behind."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    @property
    def is_published(self) -> bool:
        """Whether the public sees it."""
        return self.state == PublicationState.PUBLISHED

    def name_for(self, script: str) -> str:
        """Its name in a script (ISO 15924), or else in the one it has."""
        first, second = (self.name_arabic, self.name_latin) if script == "Arab" else (self.name_latin, self.name_arabic)
        return first or second or self.slug

    def other_name_for(self, script: str) -> str | None:
        """Its name in the other script, where it has two."""
        if not (self.name_latin and self.name_arabic):
            return None
        return self.name_latin if script == "Arab" else self.name_arabic


class ListedPart:
    """Mixin of rows that belong to a listed thing, such as its milestones: changing one changes the listed thing."""

    def listed_owner(self) -> tuple[str, int]:
        """The noun and id of the listed thing that this row belongs to."""
        raise NotImplementedError
