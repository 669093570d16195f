"""Which profiles, what to do, the preview, doing it, and the edits that were done."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from webapp.blueprints.bulk_edits.asked import Asked, asked
from webapp.blueprints.bulk_edits.words import (
    HINDRANCES,
    action_name,
    field_name,
    hindrance_text,
    operation_text,
    shown,
    values_of,
)
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import BulkEdit
from webapp.permissions import Permission
from webapp.services import bulk_edits
from webapp.services.bulk_edits import Plan
from webapp.services.bulk_fields import Operation, actions_of, bulk_fields
from webapp.web.access import allow, current_actor
from webapp.web.directories import DIRECTORIES
from webapp.web.facets import chips
from webapp.web.formats import number
from webapp.web.forms import Form
from webapp.web.links import keep_parameters
from webapp.web.marks import today
from webapp.web.paging import asked_cut
from webapp.web.profile_addresses import PAGES
from webapp.web.site import current_settings

A_PAGE = 50
"""Profiles of a preview or of an edit that are shown at a time."""


@allow(Permission.STAFF)
def edits() -> str:
    """What was changed of many profiles, the latest first."""
    cut = asked_cut(bulk_edits.count_edits(db.session, current_actor()), current_settings().page_size)
    found = bulk_edits.list_edits(db.session, current_actor(), limit=cut.size, offset=cut.offset)
    rows = [(edit, _operation_of(edit), count) for edit, count in found]
    return render_template("bulk_edits/edits.html", rows=rows, cut=cut)


@allow(Permission.STAFF)
def choose(noun: str) -> ResponseReturnValue:
    """Which profiles, and what is to be done to them."""
    return _choose(asked(noun))


def _choose(wish: Asked, problem: str = "") -> ResponseReturnValue:
    keep_parameters(wish.parameters())
    try:
        count = len(wish.ids)
    except Invalid as error:
        count, problem = 0, hindrance_text(error)
    page = render_template(
        "bulk_edits/choose.html",
        wish=wish,
        count=count,
        unknown=wish.unknown,
        chips=chips(DIRECTORIES[wish.noun].facets, wish.selection),
        fields=[(name, field_name(wish.noun, name)) for name in bulk_fields(wish.noun)],
        actions=_actions(wish),
        values=values_of(wish.noun, wish.field) if wish.field else [],
        problem=problem,
    )
    return page, 422 if problem else 200


def _actions(wish: Asked) -> list[tuple[str, str]]:
    if not wish.field:
        return []
    actions = actions_of(wish.noun, wish.field)
    return [(action, action_name(wish.noun, wish.field, action)) for action in actions]


@allow(Permission.STAFF)
def preview(noun: str) -> ResponseReturnValue:
    """What would change, profile by profile; sent off, it is done."""
    wish, form, status = asked(noun), Form(), 200
    try:
        plan = wish.plan()
    except Invalid as error:
        return _choose(wish, hindrance_text(error))
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                return _done(plan)
            except Conflict as error:
                db.session.rollback()
                status = 409
                form.refuse_whole(hindrance_text(error))
                plan = wish.plan()
    keep_parameters(wish.parameters())
    return _preview(wish, plan, form), status


def _done(plan: Plan) -> ResponseReturnValue:
    digest = request.form.get("digest", "")
    edit = bulk_edits.apply_edit(db.session, current_actor(), plan, digest=digest, today=today())
    count = len(edit.rows)
    db.session.commit()
    flash(
        ngettext("One profile was changed.", "%(count)s profiles were changed.", count, count=number(count)), "success"
    )
    return redirect(url_for("bulk_edits.edit", reference=edit.reference), 303)


def _preview(wish: Asked, plan: Plan, form: Form) -> str:
    cut = asked_cut(len(plan.changes), A_PAGE)
    return render_template(
        "bulk_edits/preview.html",
        wish=wish,
        plan=plan,
        form=form,
        cut=cut,
        changes=plan.changes[cut.offset : cut.offset + cut.size],
        hindered=plan.hindered[:A_PAGE],
        operation=operation_text(wish.noun, plan.operation),
        shown=shown,
        hindrances=HINDRANCES,
        pages=PAGES,
    )


@allow(Permission.STAFF)
def edit(reference: str) -> str:
    """An edit that was done, profile by profile."""
    found = bulk_edits.get_edit(db.session, current_actor(), reference)
    count, undone = bulk_edits.counts_of(db.session, found)
    cut = asked_cut(count, A_PAGE)
    return render_template(
        "bulk_edits/edit.html",
        edit=found,
        operation=_operation_of(found),
        count=count,
        undone=undone,
        cut=cut,
        rows=bulk_edits.rows_of(db.session, found, limit=cut.size, offset=cut.offset),
        shown=shown,
        pages=PAGES,
    )


@allow(Permission.STAFF)
def undo(reference: str) -> ResponseReturnValue:
    """Give the profiles back what they said before."""
    found = bulk_edits.get_edit(db.session, current_actor(), reference)
    try:
        undone = bulk_edits.undo_edit(db.session, current_actor(), found, today=today())
    except Conflict as error:
        db.session.rollback()
        flash(hindrance_text(error), "error")
    else:
        db.session.commit()
        flash(_undone_text(undone), "success" if not undone.left else "message")
    return redirect(url_for("bulk_edits.edit", reference=reference), 303)


def _undone_text(undone: bulk_edits.Undone) -> str:
    back = ngettext(
        "One profile says again what it said before.",
        "%(count)s profiles say again what they said before.",
        undone.back,
        count=number(undone.back),
    )
    if not undone.left:
        return back
    left = ngettext(
        "One was changed since or is gone, and was left as it is.",
        "%(count)s were changed since or are gone, and were left as they are.",
        undone.left,
        count=number(undone.left),
    )
    return f"{back} {left}"


def _operation_of(found: BulkEdit) -> str:
    return operation_text(found.noun, Operation(**found.operation))
