"""What figures are asked for, as of which day, and what to say if there are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from flask import render_template, request

from webapp.errors import NotFound
from webapp.services.cluster_tables import Page
from webapp.web.marks import today

P = TypeVar("P", bound=Page)


class NoFigures(Exception):  # noqa: N818 - as the domain's errors
    """There are no figures for the day that was asked for.

    ``reason`` is ``not-a-day``, ``not-yet``, ``before`` or ``in-preparation``.
    """

    def __init__(self, reason: str, status: int, first: date | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.first = first


def asked_text() -> str | None:
    """The day in the query string as it was written; nothing without one."""
    return request.args.get("as_of", "").strip()[:20] or None


def asked_day() -> date:
    """The day that was asked for, or else today.

    Raises:
        NoFigures: it is no day, or has not come yet.
    """
    text = asked_text()
    if text is None:
        return today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NoFigures("not-a-day", 400) from None
    if day > today():
        raise NoFigures("not-yet", 400)
    return day


def asked_measure(measures: tuple[str, ...]) -> str:
    """The measure in the query string if it is one of these, or else the first."""
    wanted = request.args.get("measure", "")
    return wanted if wanted in measures else measures[0]


def found(find: Callable[[], P]) -> P:
    """What a service finds.

    Raises:
        NoFigures: there are none of the day.
        NotFound: what else there is not.
    """
    try:
        return find()
    except NotFound as error:
        raise _without_figures(error) from error


def _without_figures(error: NotFound) -> Exception:
    """What to raise when a service found nothing: its own error, unless it is figures that there are not."""
    if error.code != "figures":
        return error
    first: date | None = error.values.get("first")
    return NoFigures("before", 404, first) if first else NoFigures("in-preparation", 503)


def explain(error: NoFigures) -> tuple[str, int, dict[str, str]]:
    """A page that says why there are no figures, and offers another day."""
    headers = {"Retry-After": "60"} if error.status == 503 else {}
    page = render_template("clusters/no_figures.html", reason=error.reason, asked=asked_text(), first=error.first)
    return page, error.status, headers
