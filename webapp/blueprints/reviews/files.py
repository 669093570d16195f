"""Changes of profiles as rows of a file: which fields change, but not to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webapp.models import Revision
from webapp.web.profile_cells import PROFILE_COLUMNS, profile_cells

COLUMNS = ("id", *PROFILE_COLUMNS, "is_new", "fields", "submitted_on")


def change_rows(revisions: Iterable[Revision]) -> Iterator[Mapping[str, Any]]:
    """A row each."""
    for revision in revisions:
        yield {
            "id": revision.id,
            **profile_cells(revision.organisation),
            "is_new": not revision.organisation.is_published,
            "fields": "; ".join(sorted(revision.changes)),
            "submitted_on": (revision.submitted_at or revision.created_at).date(),
        }
