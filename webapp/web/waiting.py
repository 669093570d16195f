"""How long something waits for staff, for the marks beside it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from flask import Flask

from webapp.models import utc_now
from webapp.services.desk import service_levels
from webapp.services.working_days import working_days_of
from webapp.web.site import current_network


class Wait(NamedTuple):
    """How long something has waited."""

    days: int
    """Working days gone by."""
    is_late: bool
    """Whether that is longer than staff mean to take."""


def waited(since: datetime, queue: str) -> Wait:
    """How long something has waited in a queue of ``webapp.services.desk``."""
    network = current_network()
    days = working_days_of(network).between(since, utc_now())
    return Wait(days, days > service_levels(network)[queue])


def init_app(app: Flask) -> None:
    """Give templates the wait."""
    app.add_template_global(waited)
