"""Applications as rows of a file, in the order of their list: no name, address or telephone number of a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from webapp.extensions import db
from webapp.models import Application
from webapp.permissions import Actor
from webapp.services.admissions import Narrowing, list_applications
from webapp.services.evaluations import counting
from webapp.web.application_words import project_name

COLUMNS = (
    *("reference", "name", "kind", "site", "cohort", "state", "submitted_on", "evaluations", "decided_on"),
    *("language", "is_demo"),
)
BATCH = 200


def application_rows(actor: Actor, narrowing: Narrowing) -> Iterator[Mapping[str, Any]]:
    """A row each, read in batches while the file is sent."""
    for number in count():
        found = list_applications(db.session, actor, narrowing, limit=BATCH, offset=number * BATCH)
        yield from map(_row, found)
        if len(found) < BATCH:
            return


def _row(application: Application) -> Mapping[str, Any]:
    return {
        "reference": application.reference,
        "name": project_name(application),
        "kind": application.kind,
        "site": application.site.code if application.site else None,
        "cohort": application.cohort.code if application.cohort else None,
        "state": application.state,
        "submitted_on": application.submitted_at.date() if application.submitted_at else None,
        "evaluations": len(counting(application)),
        "decided_on": application.decided_at.date() if application.decided_at else None,
        "language": application.language,
        "is_demo": application.is_demo,
    }
