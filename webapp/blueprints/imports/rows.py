"""The left-over rows of an import, one after the other: put right, merged or left out."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.imports.deciding import changed_text
from webapp.blueprints.imports.forms import RowForm, row_form
from webapp.errors import Conflict, DomainError, Invalid
from webapp.extensions import db
from webapp.models import ImportRun, ImportRunRow
from webapp.permissions import Permission
from webapp.services import import_rows
from webapp.services.import_running import unpack_remark
from webapp.services.import_runs import get_run
from webapp.services.imports.remarks import Status
from webapp.web.access import allow, current_actor
from webapp.web.forms import unknown_rule
from webapp.web.import_words import field_label, word_remark
from webapp.web.marks import today

Deed = Callable[[ImportRunRow, RowForm], str]
"""Does what a button says and gives what to say of it; nothing if the row is still open."""


def _import(row: ImportRunRow, form: RowForm) -> str:
    outcome = import_rows.import_again(
        db.session, current_actor(), row, form.cells(), version=form.seen_version, today=today()
    )
    if outcome.status == Status.REJECTED:
        return ""
    if outcome.status == Status.FLAGGED:
        return gettext("The row was imported. It looks like another startup: please compare.")
    return gettext("The row was imported.")


def _merge(row: ImportRunRow, form: RowForm) -> str:
    import_rows.merge_row(db.session, current_actor(), row, version=form.seen_version, today=today())
    return gettext("The two profiles are one now.")


def _put(row: ImportRunRow, form: RowForm) -> str:
    _, other = import_rows.likeness_of(db.session, row)
    if other is None:
        raise Conflict("no-pair")
    version = form.seen_version
    import_rows.put_into(db.session, current_actor(), row, other, version=version, today=today())
    return gettext("The row was put into the profile that was there.")


def _apart(row: ImportRunRow, form: RowForm) -> str:
    import_rows.keep_apart(db.session, current_actor(), row, version=form.seen_version)
    return gettext("Both profiles stay.")


def _drop(row: ImportRunRow, form: RowForm) -> str:
    import_rows.drop_row(db.session, current_actor(), row, form.reason.data, version=form.seen_version)
    return gettext("The row was left out.")


DEEDS: dict[str, Deed] = {"import": _import, "merge": _merge, "put": _put, "apart": _apart, "drop": _drop}


@allow(Permission.STAFF)
def row(reference: str, row_id: int) -> ResponseReturnValue:
    """One row: what is wrong with it, and what is done about it."""
    actor = current_actor()
    run = get_run(db.session, actor, reference)
    found = import_rows.get_row(db.session, actor, run, row_id)
    form = row_form(import_rows.columns_to_fill(found), found.cells, run.version)
    status = 200
    if form.is_submitted():
        following, _ = import_rows.open_neighbours(db.session, found)
        said, status = _done(found, form) if form.validate() else ("", 422)
        if said:
            flash(said, "success")
            return redirect(_next(run, found, following), 303)
        found = import_rows.get_row(db.session, actor, run, row_id)
        form.show_version(run.version)
    made, other = import_rows.likeness_of(db.session, found)
    page = render_template(
        "imports/row.html",
        run=run,
        row=found,
        form=form,
        problems=[word_remark(unpack_remark(each), field_label) for each in found.problems],
        made=made,
        other=other,
        is_flagged=import_rows.is_flagged(found),
        open_rows=import_rows.open_neighbours(db.session, found)[1],
    )
    return page, status


def _next(run: ImportRun, found: ImportRunRow, following: int | None) -> str:
    if found.settled_at is None:
        return url_for("imports.row", reference=run.reference, row_id=found.id)
    if following is not None:
        return url_for("imports.row", reference=run.reference, row_id=following)
    return url_for("imports.run", reference=run.reference)


def _done(found: ImportRunRow, form: RowForm) -> tuple[str, int]:
    """Do what the pressed button says: what to say of it, or the status of a page that says what is in the way."""
    deed = DEEDS.get(request.form.get("deed", ""), _import)
    try:
        said = deed(found, form)
    except (Conflict, Invalid) as error:
        db.session.rollback()
        name = "reason" if error.code == "no-reason" else ""
        form.refuse_at(name, _hindrance(error))
        return "", 409 if isinstance(error, Conflict) else 422
    db.session.commit()  # a row that is still wrong keeps the cells that were typed
    if not said:
        form.refuse_whole(gettext("The row still cannot be imported; see above why."))
    return said, 422


def _hindrance(error: DomainError) -> str:
    texts = {
        "run-changed": changed_text(),
        "row-settled": gettext("A colleague settled this row meanwhile."),
        "row-belongs": gettext("The row belongs to another profile already."),
        "no-pair": gettext("One of the two profiles is gone."),
        "no-reason": gettext("Write why, so that colleagues understand it."),
        "no-key": gettext("The row needs something in its key columns."),
    }
    if error.code == "still-rejected":
        remarks = error.values["outcome"].reasons
        return gettext(", ").join(word_remark(remark, field_label) for remark in remarks)
    if error.code in texts:
        return texts[error.code]
    if isinstance(error, Conflict):
        return gettext(
            "These two cannot be merged here (%(code)s). Keep both, and merge them under Duplicates.", code=error.code
        )
    return unknown_rule(error)
