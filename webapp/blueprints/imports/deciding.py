"""What staff decide about an import: what its columns are, whether it is made, or that it is given up."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.imports.forms import PUBLISH, ImportForm, MappingForm, mapping_form
from webapp.config import ROOT
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import ImportRun
from webapp.permissions import Permission
from webapp.services import import_runs
from webapp.services.import_running import check_run, import_run
from webapp.services.imports.mapping import FileOptions
from webapp.services.imports.proposing import columns_of
from webapp.web.access import allow, current_actor
from webapp.web.forms import SeenForm
from webapp.web.import_words import field_label, word_stop
from webapp.web.marks import today

EXAMPLES = ROOT / "examples" / "mappings"


@allow(Permission.STAFF)
def mapping(reference: str) -> ResponseReturnValue:
    """Say what the columns are; the import is then tried."""
    run = import_runs.get_run(db.session, current_actor(), reference)
    if run.state not in import_runs.MAY_BE_MAPPED:
        return redirect(url_for("imports.run", reference=reference), 303)
    table = import_runs.read_run(run)
    form = mapping_form(run, table.columns)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _chosen(run, form, form.seen_version)
        except Invalid as error:
            db.session.rollback()
            form.refuse_whole(word_stop(error.code, error.values, field_label))
        except Conflict:
            db.session.rollback()
            run = import_runs.get_run(db.session, current_actor(), reference)
            form.show_version(run.version)
            form.refuse_whole(changed_text())
            status = 409
        else:
            return redirect(url_for("imports.run", reference=reference), 303)
    samples = [row.cells for row in table.rows[:20] if hasattr(row, "cells")]
    page = render_template(
        "imports/mapping.html",
        run=run,
        form=form,
        rows=len(table.rows),
        known=import_runs.known_mappings(db.session, EXAMPLES, table.columns),
        sample_of=lambda column: next((cells[column] for cells in samples if cells.get(column, "").strip()), ""),
        version_form=SeenForm(data={"version": str(run.version)}, formdata=None),
    )
    return page, status


def changed_text() -> str:
    """What to say to the second of two who decide on the same import."""
    return gettext("A colleague changed this import meanwhile. Look at it again, then decide.")


def _chosen(run: ImportRun, form: MappingForm, version: int) -> None:
    actor = current_actor()
    options = FileOptions.model_validate(run.mapping.get("file", {}))
    made = import_runs.make_mapping(form.source(), columns_of(form.chosen()), options)
    import_runs.choose_mapping(db.session, actor, run, made, version=version)
    check_run(db.session, actor, run, version=run.version, today=today())
    db.session.commit()


@allow(Permission.STAFF)
def use_known(reference: str) -> ResponseReturnValue:
    """Read the columns as an earlier import of the same kind of list did; the import is then tried."""
    actor = current_actor()
    run, form = import_runs.get_run(db.session, actor, reference), SeenForm()
    known = import_runs.known_mappings(db.session, EXAMPLES, import_runs.read_run(run).columns)
    wanted = next((each for each in known if each.source.name == request.form.get("name")), None)
    if wanted is None:
        raise NotFound("mapping")

    def decide() -> None:
        import_runs.choose_mapping(db.session, actor, run, wanted, version=form.seen_version)
        check_run(db.session, actor, run, version=run.version, today=today())

    return _decided(reference, decide)


@allow(Permission.STAFF)
def check(reference: str) -> ResponseReturnValue:
    """Try an import once more, after the pack or the directory changed."""
    actor, form = current_actor(), SeenForm()
    run = import_runs.get_run(db.session, actor, reference)
    return _decided(reference, lambda: check_run(db.session, actor, run, version=form.seen_version, today=today()))


@allow(Permission.STAFF)
def carry_out(reference: str) -> ResponseReturnValue:
    """Make an import as it was tried."""
    actor, form = current_actor(), ImportForm()
    run = import_runs.get_run(db.session, actor, reference)
    publish = form.visibility.data == PUBLISH

    def decide() -> None:
        import_run(db.session, actor, run, publish=publish, version=form.seen_version, today=today())

    return _decided(reference, decide)


@allow(Permission.STAFF)
def drop(reference: str) -> ResponseReturnValue:
    """Give an import up."""
    actor, form = current_actor(), SeenForm()
    run = import_runs.get_run(db.session, actor, reference)
    try:
        import_runs.drop_run(db.session, actor, run, version=form.seen_version)
    except Conflict:
        db.session.rollback()
        flash(changed_text(), "error")
        return redirect(url_for("imports.run", reference=reference), 303)
    db.session.commit()
    flash(gettext("The import was given up. Nothing was imported, and the file was forgotten."), "success")
    return redirect(url_for("imports.imports"), 303)


def _decided(reference: str, decide: Callable[[], None]) -> ResponseReturnValue:
    try:
        decide()
    except Conflict:
        db.session.rollback()
        flash(changed_text(), "error")
    except Invalid as error:
        db.session.rollback()
        flash(word_stop(error.code, error.values, field_label), "error")
    else:
        db.session.commit()
    return redirect(url_for("imports.run", reference=reference), 303)
