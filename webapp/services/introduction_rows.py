"""Introductions as rows of a file for staff: who asks whom and how it stands; no messages, notes or contact details."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webapp.models import Introduction

COLUMNS = ("reference", "state", "asked_by", "startup", "partner", "is_proposal", "submitted", "due", "updated")


def introduction_rows(introductions: Iterable[Introduction]) -> Iterator[Mapping[str, Any]]:
    """A row each, in their order. Startup and partner are named by their slugs."""
    for each in introductions:
        yield {
            "reference": each.reference,
            "state": str(each.state),
            "asked_by": str(each.asked_by),
            "startup": each.startup.slug,
            "partner": each.partner.slug,
            "is_proposal": each.is_proposal,
            "submitted": each.submitted_at.date().isoformat() if each.submitted_at else None,
            "due": each.due_on.isoformat() if each.due_on else None,
            "updated": each.updated_at.date().isoformat(),
        }
