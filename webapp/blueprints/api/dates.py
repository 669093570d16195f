"""Since when what operations answer is as it is (``services.last_change``)."""

from __future__ import annotations

from datetime import datetime, time

from webapp.extensions import db
from webapp.services.last_change import directory_changed, figures_changed, since_names
from webapp.services.network import zone_of
from webapp.web.marks import today
from webapp.web.site import current_network, current_search


def directory_date() -> datetime | None:
    """Of all that is told of startups, partners and matches."""
    began = datetime.combine(today(), time.min, zone_of(current_network()))
    return directory_changed(db.session(), current_search(), began)


def figures_date() -> datetime | None:
    """Of figures of regions and sectors."""
    return figures_changed(db.session(), current_search())


def profile_date(updated_at: datetime) -> datetime | None:
    """Of a profile whose own date covers all but what its codes are called."""
    return since_names(current_search(), updated_at)


def no_date() -> None:
    """Of what says its own date with its answer."""
