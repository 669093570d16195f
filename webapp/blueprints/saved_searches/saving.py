"""Saving a search of a directory, and being told of an organisation's new matches."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.saved_searches.forms import SearchForm
from webapp.errors import Conflict, DomainError, Invalid, NotFound
from webapp.extensions import db
from webapp.models import AlertFrequency, SavedSearch
from webapp.permissions import Permission
from webapp.services.organisations import get_organisation
from webapp.services.saved_searches import save_matches as save_matches_of
from webapp.services.saved_searches import save_search
from webapp.web.access import allow, current_actor
from webapp.web.directories import DIRECTORIES
from webapp.web.formats import name_of
from webapp.web.forms import unknown_rule
from webapp.web.marks import today
from webapp.web.saved_search_words import asked_by, suggested_name
from webapp.web.site import current_search


@allow(Permission.USE_ACCOUNT)
def save(noun: str) -> ResponseReturnValue:
    """Save the search that the query string asks of a directory; it stays in the address until that is done."""
    if noun not in DIRECTORIES:
        raise NotFound("page")
    page = DIRECTORIES[noun].page(request.args)
    selection = page.selection.kept()
    asked = asked_by(selection, noun)
    form = _form(suggested_name(noun, asked))

    def make() -> SavedSearch:
        return save_search(
            db.session, current_actor(), current_search(), noun, selection.parameters(),
            name=form.name.data, frequency=form.chosen_frequency, today=today(),
        )  # fmt: skip

    if form.validate_on_submit() and (saved := _made(form, make)) is not None:
        return _done(saved, gettext("The search is saved."))
    shown = render_template(
        "saved_searches/save.html", form=form, noun=noun, asked=asked, total=page.listing.total, back=selection.url
    )
    return shown, 422 if form.is_submitted() else 200


@allow(Permission.ASK)
def save_matches(noun: str, slug: str) -> ResponseReturnValue:
    """Be told of new matches of an organisation that one acts for."""
    organisation = get_organisation(db.session, current_actor(), noun, slug, Permission.ASK)
    form = _form(gettext("Matches of %(name)s", name=name_of(organisation)))

    def make() -> SavedSearch:
        return save_matches_of(
            db.session, current_actor(), organisation,
            name=form.name.data, frequency=form.chosen_frequency, today=today(),
        )  # fmt: skip

    if form.validate_on_submit() and (saved := _made(form, make)) is not None:
        return _done(saved, gettext("You are told of new matches from now on."))
    shown = render_template("saved_searches/save_matches.html", form=form, organisation=organisation)
    return shown, 422 if form.is_submitted() else 200


def _form(name: str) -> SearchForm:
    return SearchForm(data={"name": name, "frequency": AlertFrequency.WEEKLY})


def _made(form: SearchForm, make: Callable[[], SavedSearch]) -> SavedSearch | None:
    """What was saved; if a rule stands in the way, the form says so."""
    try:
        saved = make()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.refuse_whole(_hindrance(error))
        return None
    db.session.commit()
    return saved


def _hindrance(error: DomainError) -> str:
    if error.code == "saved-search-exists":
        return gettext("You have saved this search already; it is in your list.")
    if error.code == "saved-searches-full":
        return gettext("You have %(count)s saved searches, which is the most. Delete one first.", **_most(error))
    return unknown_rule(error)


def _most(error: DomainError) -> dict[str, object]:
    return {"count": error.values["most"]}


def _done(saved: SavedSearch, text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("saved_searches.searches", _anchor=f"search-{saved.id}"), 303)
