"""Putting a profile on a shortlist, from its public page."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.shortlists.forms import NEW, AddForm
from webapp.blueprints.shortlists.routes import hindrance
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.models import Shortlist
from webapp.permissions import Permission
from webapp.services import shortlists as service
from webapp.services.organisations import get_published
from webapp.web.access import allow, current_actor
from webapp.web.formats import name_of


@allow(Permission.USE_ACCOUNT)
def add(noun: str, slug: str) -> ResponseReturnValue:
    """Choose the shortlist, or begin one, and note why; shows also where the profile is already."""
    organisation = get_published(db.session, noun, slug)
    actor = current_actor()
    there = service.holding(db.session, actor, organisation)
    lists = [counted.shortlist for counted in service.list_shortlists(db.session, actor)]
    form = AddForm([(each.id, each.name) for each in lists if each.id not in there])
    if form.validate_on_submit() and (shortlist := _added(form, organisation)) is not None:
        name = f"\u2068{name_of(organisation)}\u2069"
        flash(gettext("%(name)s is on your shortlist.", name=name), "success")
        return redirect(url_for("shortlists.shortlist", shortlist_id=shortlist.id), 303)
    shown = render_template(
        "shortlists/add.html",
        form=form,
        organisation=organisation,
        there=[(each, there[each.id]) for each in lists if each.id in there],
        has_choice=any(each.id not in there for each in lists),
    )
    return shown, 422 if form.is_submitted() else 200


def _added(form: AddForm, organisation: service.Organisation) -> Shortlist | None:
    """The shortlist; if a rule stands in the way, the form says so."""
    actor = current_actor()
    try:
        if form.shortlist.data == NEW:
            shortlist = service.create_shortlist(db.session, actor, form.name.data)
        else:
            shortlist = service.get_shortlist(db.session, actor, int(form.shortlist.data))
        service.add_to_shortlist(db.session, actor, shortlist, organisation, form.note.data)
    except Conflict as error:
        db.session.rollback()
        form.refuse_whole(hindrance(error))
        return None
    db.session.commit()
    return shortlist
