"""The tables of residency as files: how full the parks are, vacancies to expect, and what alumni answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response

from webapp.blueprints.residents.asking import asked_year, chance_of_renewal
from webapp.extensions import db
from webapp.models import Pulse
from webapp.permissions import Permission
from webapp.services.occupancy import Occupancy, expected_vacancies, occupancy
from webapp.services.pulse import list_answers
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.formats import name_of
from webapp.web.marks import today

HORIZONS = (3, 6, 12)
"""Within how many months places become free."""
OCCUPANCY = ("site", "residents", "capacity", "free", "a_year_ago", "two_years_ago", "leases_due", "leases_renewed")
VACANCIES = (
    *("site", "renewal_percent", "leases_ending", "leases_without_end"),
    *(f"{name}_{months}_months" for months in HORIZONS for name in ("vacant", "lower", "upper")),
)
PULSE = ("slug", "name", "year", "asked_on", "answered_on", "answer", "closed_on")


@allow(Permission.STAFF)
def occupancy_file(form: str) -> Response:
    """How full the parks are and have been."""
    found = occupancy(db.session, current_actor(), today())
    return download("occupancy", OCCUPANCY, occupancy_rows(found), form)


@allow(Permission.STAFF)
def vacancies_file(form: str) -> Response:
    """How many places become free at a chance of renewal."""
    found = occupancy(db.session, current_actor(), today())
    return download("vacancies", VACANCIES, vacancy_rows(found, chance_of_renewal(found)), form)


@allow(Permission.STAFF)
def pulse_file(form: str) -> Response:
    """What those who left say of themselves in a year."""
    year = asked_year()
    return download(f"pulse-{year}", PULSE, pulse_rows(list_answers(db.session, current_actor(), year)), form)


def occupancy_rows(found: Occupancy) -> Iterator[Mapping[str, Any]]:
    """A row for each park."""
    for each in found.sites:
        yield {
            "site": each.site.code,
            "residents": each.residents,
            "capacity": each.site.capacity,
            "free": each.free,
            "a_year_ago": each.months[-13],
            "two_years_ago": each.months[0],
            "leases_due": each.renewals.of,
            "leases_renewed": each.renewals.count,
        }


def vacancy_rows(found: Occupancy, percent: int) -> Iterator[Mapping[str, Any]]:
    """A row for each park: the expected number within each of ``HORIZONS``, and its limits of 95 %."""
    for each in found.sites:
        expected = expected_vacancies(each.ending, percent / 100)
        row: dict[str, Any] = {
            "site": each.site.code,
            "renewal_percent": percent,
            "leases_ending": expected[-1].ending,
            "leases_without_end": each.unknown,
        }
        for months in HORIZONS:
            within = expected[months - 1]
            row[f"vacant_{months}_months"] = round(within.mean, 2)
            row[f"lower_{months}_months"], row[f"upper_{months}_months"] = within.lower, within.upper
        yield row


def pulse_rows(found: Sequence[Pulse]) -> Iterator[Mapping[str, Any]]:
    """A row for each that was asked."""
    for each in found:
        yield {
            "slug": each.startup.slug,
            "name": name_of(each.startup),
            "year": each.year,
            "asked_on": each.asked_at.date(),
            "answered_on": each.answered_at.date() if each.answered_at else None,
            "answer": each.answer,
            "closed_on": each.startup.closed_on,
        }
