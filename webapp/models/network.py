"""The network as its pack describes it: the network itself, its regions and its sites.

Rows come from the network pack only (``webapp.services.network``); nobody edits them on the site.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Localized


class Network(Base):
    """The one network that this site serves."""

    __tablename__ = "network"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    names: Mapped[Localized]
    languages: Mapped[list[str]]
    """Interface languages in the order in which they are offered; the first is the default."""
    country: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    timezone: Mapped[str] = mapped_column(String(40))
    founded: Mapped[int | None]
    website: Mapped[str | None] = mapped_column(String(300))
    controller: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """Who answers for personal data, and under which law (``services.network_schema.Controller``); may be empty."""
    company_number: Mapped[dict[str, Any]]
    """``stdnum``: the python-stdnum module that checks a company number; ``names``: what it is called."""
    texts: Mapped[dict[str, Any]]
    """``headline``, ``lead`` and ``about``, each localized."""
    searches: Mapped[list[dict[str, Any]]]
    figures: Mapped[list[dict[str, Any]]]
    attributions: Mapped[list[dict[str, Any]]]
    data_licence: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """Under which licence public files may be used (``services.network_schema.Licence``); empty: none is granted."""
    disclosure_threshold: Mapped[int]
    introductions: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """Who may ask whom, and how often; what is absent is as ``IntroductionRules`` has it."""
    applications: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """Who may apply, by which rules and criteria; what is absent is as ``ApplicationRules`` has it."""
    residency: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """How long leases and incubation last, and when staff are reminded; see ``ResidencyRules``."""
    service_levels: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """Queue of the desk -> within how many days it is to be decided; what is absent is as ``ServiceLevels`` has it."""
    retention: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    """How long is kept what the network decides about; what is absent is as ``RetentionRules`` has it."""
    holidays: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    """ISO dates on which nobody works; with Saturday and Sunday they do not count in service levels."""
    map_viewbox: Mapped[str | None] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the pack's files as loaded."""


class Region(Base):
    """An administrative region, known by its ISO 3166-2 code."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    position: Mapped[int]
    names: Mapped[Localized]
    aliases: Mapped[list[str]]
    population: Mapped[int | None]
    households: Mapped[int | None]
    establishments: Mapped[int | None]
    jobs: Mapped[int | None]
    census_year: Mapped[int | None]
    outline: Mapped[str | None]
    """The region's outline as SVG path data in the network's ``map_viewbox``."""

    sites: Mapped[list[Site]] = relationship(back_populates="region", order_by="Site.position")


class Site(Base):
    """A park of the network. Sites open, move and close: nothing may rely on their number."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    names: Mapped[Localized]
    city: Mapped[Localized]
    aliases: Mapped[list[str]]
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    status: Mapped[str] = mapped_column(String(12))
    """``operating``, ``announced`` or ``closed``."""
    opened: Mapped[int | None]
    closed: Mapped[int | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    capacity: Mapped[int | None]

    region: Mapped[Region] = relationship(back_populates="sites")
