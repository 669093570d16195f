"""The views of one's shortlists."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from slugify import slugify

from webapp.blueprints.shortlists.files import file_of
from webapp.blueprints.shortlists.forms import ConfirmForm, NameForm, NoteForm
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.models import Shortlist, Startup
from webapp.permissions import Permission
from webapp.services import shortlists as service
from webapp.web.access import allow, current_actor
from webapp.web.compared import MOST
from webapp.web.formats import name_of
from webapp.web.forms import unknown_rule


def _own(shortlist_id: int) -> Shortlist:
    return service.get_shortlist(db.session, current_actor(), shortlist_id)


def _to(shortlist: Shortlist, text: str) -> ResponseReturnValue:
    db.session.commit()
    flash(text, "success")
    return redirect(url_for("shortlists.shortlist", shortlist_id=shortlist.id), 303)


@allow(Permission.USE_ACCOUNT)
def shortlists() -> ResponseReturnValue:
    """All of them, and a form that begins another."""
    form = NameForm()
    if form.validate_on_submit():
        try:
            made = service.create_shortlist(db.session, current_actor(), form.name.data)
        except Conflict as error:
            db.session.rollback()
            form.refuse_whole(hindrance(error))
        else:
            return _to(made, gettext("The shortlist is made. Add profiles to it from their pages."))
    lists = service.list_shortlists(db.session, current_actor())
    shown = render_template("shortlists/shortlists.html", lists=lists, form=form)
    return shown, 422 if form.is_submitted() else 200


def hindrance(error: Conflict) -> str:
    """Why something does not fit any more."""
    if error.code == "shortlists-full":
        return gettext("You have %(count)s shortlists, which is the most. Delete one first.", count=service.MOST)
    if error.code == "shortlist-full":
        return gettext("This shortlist holds %(count)s profiles, which is the most.", count=service.MOST_ENTRIES)
    return unknown_rule(error)


@allow(Permission.USE_ACCOUNT)
def shortlist(shortlist_id: int) -> str:
    """What is on one, with one's notes; startups can be chosen to be compared."""
    found = _own(shortlist_id)
    kept = service.entries_of(db.session, current_actor(), found)
    startups = sum(isinstance(each.organisation, Startup) for each in kept)
    return render_template("shortlists/shortlist.html", shortlist=found, kept=kept, startups=startups, most=MOST)


@allow(Permission.USE_ACCOUNT)
def shortlist_file(shortlist_id: int, form: str) -> Response:
    """The same as a file. Nothing between here and the reader keeps it."""
    found = _own(shortlist_id)
    name = slugify(found.name, max_length=60) or "shortlist"
    return file_of(service.entries_of(db.session, current_actor(), found), name, form)


@allow(Permission.USE_ACCOUNT)
def rename(shortlist_id: int) -> ResponseReturnValue:
    """Call it otherwise."""
    found = _own(shortlist_id)
    form = NameForm(obj=found)
    if form.validate_on_submit():
        service.rename_shortlist(db.session, current_actor(), found, form.name.data)
        return _to(found, gettext("Your changes are saved."))
    shown = render_template("shortlists/rename.html", form=form, shortlist=found)
    return shown, 422 if form.is_submitted() else 200


@allow(Permission.USE_ACCOUNT)
def delete(shortlist_id: int) -> ResponseReturnValue:
    """Forget it with its notes, once that is confirmed."""
    found = _own(shortlist_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        name = f"\u2068{found.name}\u2069"
        service.delete_shortlist(db.session, current_actor(), found)
        db.session.commit()
        flash(gettext("“%(name)s” is deleted.", name=name), "success")
        return redirect(url_for("shortlists.shortlists"), 303)
    return render_template("shortlists/delete.html", form=form, shortlist=found)


@allow(Permission.USE_ACCOUNT)
def note(shortlist_id: int, entry_id: int) -> ResponseReturnValue:
    """Note something about a profile."""
    found = _own(shortlist_id)
    entry = service.get_entry(db.session, current_actor(), found, entry_id)
    form = NoteForm(obj=entry)
    if form.validate_on_submit():
        service.change_note(db.session, current_actor(), entry, form.note.data)
        return _to(found, gettext("Your note is saved."))
    organisation = entry.organisation if entry.organisation.is_published else None
    shown = render_template("shortlists/note.html", form=form, shortlist=found, organisation=organisation)
    return shown, 422 if form.is_submitted() else 200


@allow(Permission.USE_ACCOUNT)
def remove(shortlist_id: int, entry_id: int) -> ResponseReturnValue:
    """Take a profile off the list."""
    found = _own(shortlist_id)
    entry = service.get_entry(db.session, current_actor(), found, entry_id)
    organisation = entry.organisation
    service.remove_from_shortlist(db.session, current_actor(), entry)
    if not organisation.is_published:
        return _to(found, gettext("The entry is removed."))
    return _to(found, gettext("%(name)s is off the list.", name=f"\u2068{name_of(organisation)}\u2069"))
