"""The views of imports: all of them, a new one, and how far one has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from webapp.blueprints.imports.forms import ImportForm, UploadForm
from webapp.errors import Invalid
from webapp.extensions import db
from webapp.models import ImportRun, ImportRunState
from webapp.permissions import Permission
from webapp.services import import_runs
from webapp.services.import_running import check_run, unpack_outcomes, unpack_remark
from webapp.services.imports.mapping import Mapping, MappingError, parse_mapping
from webapp.services.imports.remarks import Remark, RowOutcome, Status
from webapp.services.unknown_terms import list_unknown
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.forms import SeenForm
from webapp.web.import_words import STATUSES, field_label, word_remark, word_stop
from webapp.web.marks import today
from webapp.web.paging import asked_cut
from webapp.web.site import current_settings

PAGE = 50
"""Rows on a page."""
REFRESH_SECONDS = 5
COLUMNS = ("line", "key", "name", "status", "slug", "reasons", "notes")


@allow(Permission.STAFF)
def imports() -> str:
    """All imports, and how many words nobody knew."""
    actor = current_actor()
    cut = asked_cut(import_runs.count_runs(db.session), current_settings().page_size)
    runs = import_runs.list_runs(db.session, actor, cut.size, cut.offset)
    return render_template(
        "imports/imports.html",
        runs=runs,
        open_rows=import_runs.count_open_rows(db.session, runs),
        unknown=len(list_unknown(db.session, actor)),
        cut=cut,
    )


@allow(Permission.STAFF)
def upload() -> ResponseReturnValue:
    """Take in a file; with a mapping it is tried at once."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            found = _uploaded(form.file.data, form.mapping.data)
        except Invalid as error:
            db.session.rollback()
            form.refuse(form.file, word_stop(error.code, error.values, field_label))
        except MappingError as error:
            db.session.rollback()
            for problem in error.problems:
                form.refuse(form.mapping, problem)
        else:
            db.session.commit()
            endpoint = "imports.run" if found.mapping else "imports.mapping"
            return redirect(url_for(endpoint, reference=found.reference), 303)
    return render_template("imports/upload.html", form=form), 422 if form.is_submitted() else 200


def _uploaded(file: FileStorage, mapping_file: FileStorage | None) -> ImportRun:
    actor = current_actor()
    mapping: Mapping | None = None
    if mapping_file and mapping_file.filename:
        mapping = parse_mapping(mapping_file.read(), mapping_file.filename)
    run = import_runs.upload(db.session, actor, file.filename or "", file.read())
    if mapping:
        import_runs.choose_mapping(db.session, actor, run, mapping, version=run.version)
        check_run(db.session, actor, run, version=run.version, today=today())
    return run


@allow(Permission.STAFF)
def run(reference: str) -> ResponseReturnValue:
    """How far an import has come: what would become of its rows, or what became of them."""
    found = import_runs.get_run(db.session, current_actor(), reference)
    if found.state == ImportRunState.UPLOADED and not found.mapping:
        return redirect(url_for("imports.mapping", reference=reference), 303)
    chosen = request.args.get("status", "")
    outcomes = [each for each in unpack_outcomes(found) if not chosen or each.status == chosen]
    cut = asked_cut(len(outcomes), PAGE)
    stop = found.report.get("stop")
    response = make_response(
        render_template(
            "imports/run.html",
            run=found,
            statuses=STATUSES,
            chosen=chosen,
            outcomes=outcomes[cut.offset : cut.offset + cut.size],
            cut=cut,
            remarks=remarks_of,
            stop=word_stop(stop["code"], stop["values"], field_label) if stop else "",
            unknown=_unknown(found),
            open_rows=[row for row in found.rows if row.settled_at is None],
            row_remarks=lambda row: [word_remark(unpack_remark(each), field_label) for each in row.problems],
            import_form=ImportForm(data={"version": str(found.version)}, formdata=None),
            version_form=SeenForm(data={"version": str(found.version)}, formdata=None),
        )
    )
    if found.state in import_runs.UNDER_WAY:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def remarks_of(outcome: RowOutcome) -> list[str]:
    """What there is to say of a row, reasons first."""
    return [word_remark(remark, field_label) for remark in (*outcome.reasons, *outcome.notes)]


def _unknown(found: ImportRun) -> list[tuple[str, str, int]]:
    """The values that nobody knew most often: fields, value, in how many rows."""
    counted: Counter[tuple[tuple[str, ...], str]] = Counter()
    for outcome in unpack_outcomes(found):
        for note in outcome.notes:
            if note.code == "unknown":
                counted.update((tuple(note.values["fields"]), value) for value in note.values["values"])
    return [(", ".join(map(field_label, fields)), value, n) for (fields, value), n in counted.most_common(12)]


@allow(Permission.STAFF)
def report(reference: str, form: str) -> Response:
    """What becomes of each row, as a file; statuses and fields by their codes, as the command writes it."""
    found = import_runs.get_run(db.session, current_actor(), reference)
    return download(f"import-{reference}", COLUMNS, _report_rows(list(unpack_outcomes(found))), form)


def _report_rows(outcomes: list[RowOutcome]) -> Iterator[dict[str, Any]]:
    def texts(remarks: tuple[Remark, ...]) -> list[str]:
        return [word_remark(remark, field_label) for remark in remarks]

    for each in outcomes:
        yield {
            "line": each.line,
            "key": each.key,
            "name": each.name,
            "status": str(STATUSES[Status(each.status)]),
            "slug": each.slug,
            "reasons": texts(each.reasons),
            "notes": texts(each.notes),
        }
