"""All imports as rows of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from webapp.extensions import db
from webapp.models import ImportRun
from webapp.permissions import Permission
from webapp.services import import_runs
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download

COLUMNS = ("reference", "filename", "state", "begun_on", "rows", "open_rows")


@allow(Permission.STAFF)
def imports_file(form: str) -> Response:
    """The list of imports."""
    runs = import_runs.list_runs(db.session, current_actor(), import_runs.count_runs(db.session), 0)
    open_rows = import_runs.count_open_rows(db.session, runs)
    return download("imports", COLUMNS, (_row(run, open_rows.get(run.id, 0)) for run in runs), form)


def _row(run: ImportRun, open_rows: int) -> Mapping[str, Any]:
    return {
        "reference": run.reference,
        "filename": run.filename,
        "state": run.state,
        "begun_on": run.created_at.date(),
        "rows": run.report["rows"],
        "open_rows": open_rows,
    }
