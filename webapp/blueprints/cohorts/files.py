"""Cohorts as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from webapp.i18n import LANGUAGES
from webapp.models import ApplicationState, Cohort
from webapp.services.cohorts import is_open

COLUMNS = (
    *("code", "site", "opens_on", "closes_on", "begins_on", "is_open", "places", "applications", "accepted"),
    *(f"name_{language}" for language in LANGUAGES),
)


def cohort_rows(
    cohorts: Sequence[Cohort], counts: Mapping[int, Mapping[ApplicationState, int]], today: date
) -> Iterator[Mapping[str, Any]]:
    """A row each.

    Args:
        counts: cohort -> state -> how many of its applications.
    """
    for cohort in cohorts:
        counted = counts.get(cohort.id, {})
        yield {
            "code": cohort.code,
            "site": cohort.site.code if cohort.site else None,
            "opens_on": cohort.opens_on,
            "closes_on": cohort.closes_on,
            "begins_on": cohort.begins_on,
            "is_open": is_open(cohort, today),
            "places": cohort.places,
            "applications": sum(counted.values()),
            "accepted": counted.get(ApplicationState.ACCEPTED, 0),
            **{f"name_{language}": name for language, name in cohort.names.items()},
        }
