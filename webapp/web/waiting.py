"""How long something waits for staff, for the marks beside it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from flask import Flask

from webapp.models import utc_now
from webapp.services.desk import is_late, service_levels
from webapp.web.site import current_network


class Wait(NamedTuple):
    """How long something has waited."""

    days: int
    """Whole days."""
    is_late: bool
    """Whether that is longer than staff mean to take."""


def waited(since: datetime, queue: str) -> Wait:
    """How long something has waited in a queue of ``webapp.services.desk``."""
    level = service_levels(current_network())[queue]
    return Wait(max((utc_now() - since).days, 0), is_late(since, level))


def init_app(app: Flask) -> None:
    """Give templates the wait."""
    app.add_template_global(waited)
