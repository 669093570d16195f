"""What answers tell of startups and partners alike."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from webapp.models import Partner, Startup
from webapp.web.assets import logo_url
from webapp.web.formats import paragraphs_beyond
from webapp.web.site import site_url


class Listed(BaseModel):
    """Who it is, and how far to trust what is said of it."""

    slug: str = Field(examples=["tazrii"])
    url: str = Field(
        description="Address of the profile in this interface.", examples=["https://example.org/api/v1/startups/tazrii"]
    )
    name_latin: str | None = Field(examples=["Tazrii"])
    name_arabic: str | None = Field(examples=["تزريع"])
    logo_url: str | None
    verified_on: date | None = Field(description="When the network last checked the profile against evidence.")
    confirmed_on: date | None = Field(description="When its owner last said that it is still right.")
    is_demo: bool = Field(description="Invented for demonstration.")
    updated_at: datetime


class Money(BaseModel):
    """A range of money; an end that is missing is open."""

    least: int | None
    most: int | None
    currency: str | None


def listed(row: Startup | Partner) -> dict[str, Any]:
    """The values of ``Listed``."""
    return {
        "slug": row.slug,
        "url": f"{site_url()}/api/v1/{row.noun}s/{row.slug}",
        "name_latin": row.name_latin,
        "name_arabic": row.name_arabic,
        "logo_url": site_url() + logo_url(row.logo) if row.logo else None,
        "verified_on": row.verified_on,
        "confirmed_on": row.confirmed_on,
        "is_demo": row.is_demo,
        "updated_at": row.updated_at,
    }


def money(least: int | None, most: int | None, currency: str | None) -> Money | None:
    """A range, if anything is known of it."""
    return None if least is None and most is None else Money(least=least, most=most, currency=currency)


def beyond(texts: dict[str, str], said: dict[str, str]) -> dict[str, str]:
    """A long text without what the short one says already, language by language, as the page has it."""
    return {code: "\n\n".join(paragraphs_beyond(text, said.get(code, ""))) for code, text in texts.items()}
