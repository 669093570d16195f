"""Changing one's saved searches: name and mails, pausing, what was seen, deleting."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.saved_searches.forms import ConfirmForm, SearchForm
from webapp.extensions import db
from webapp.models import SavedSearch
from webapp.permissions import Permission
from webapp.services import saved_searches
from webapp.web.access import allow, current_actor
from webapp.web.marks import today
from webapp.web.site import current_search


def _own(search_id: int) -> SavedSearch:
    return saved_searches.get_saved_search(db.session, current_actor(), search_id)


def _back(text: str) -> ResponseReturnValue:
    db.session.commit()
    flash(text, "success")
    return redirect(url_for("saved_searches.searches"), 303)


@allow(Permission.USE_ACCOUNT)
def edit(search_id: int) -> ResponseReturnValue:
    """Call it otherwise, or be told more or less often."""
    saved = _own(search_id)
    form = SearchForm(obj=saved)
    if form.validate_on_submit():
        values = {"name": form.name.data, "frequency": form.chosen_frequency}
        saved_searches.change_saved_search(db.session, current_actor(), saved, **values)
        return _back(gettext("Your changes are saved."))
    shown = render_template("saved_searches/edit.html", form=form, saved=saved)
    return shown, 422 if form.is_submitted() else 200


@allow(Permission.USE_ACCOUNT)
def delete(search_id: int) -> ResponseReturnValue:
    """Forget it, once that is confirmed."""
    saved = _own(search_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        name = f"\u2068{saved.name}\u2069"
        saved_searches.delete_saved_search(db.session, current_actor(), saved)
        return _back(gettext("“%(name)s” is deleted.", name=name))
    return render_template("saved_searches/delete.html", form=form, saved=saved)


@allow(Permission.USE_ACCOUNT)
def pause(search_id: int) -> ResponseReturnValue:
    """Be told nothing for the time being."""
    saved_searches.pause(db.session, current_actor(), _own(search_id))
    return _back(gettext("The search is paused: there are no more mails about it."))


@allow(Permission.USE_ACCOUNT)
def resume(search_id: int) -> ResponseReturnValue:
    """Be told again."""
    saved_searches.resume(db.session, current_actor(), _own(search_id))
    return _back(gettext("You get mails about this search again."))


@allow(Permission.USE_ACCOUNT)
def mark_seen(search_id: int) -> ResponseReturnValue:
    """Have nothing new in it but what comes from now on."""
    saved = _own(search_id)
    actor = current_actor()
    news = saved_searches.own_news(db.session, actor, current_search(), [saved], today=today())[saved.id]
    saved_searches.mark_seen(db.session, actor, saved, news.ids)
    return _back(gettext("Everything new is marked as seen."))
