"""The overview of a profile's pages, its preview, and what becomes of its changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.profiles.parts import edit_url, flash_error, get_profile
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Partner, Startup
from webapp.permissions import Permission
from webapp.services import profile_review, revisions
from webapp.services.completeness import completeness
from webapp.services.freshness import confirm_profile
from webapp.services.overview import standing_of
from webapp.services.profile_fields import fields_in, sections_of
from webapp.services.profile_values import proposed_values, write_values
from webapp.services.profiles import portfolio_slugs
from webapp.services.translations_of_texts import TextState, text_states
from webapp.web.access import allow, current_actor
from webapp.web.forms import Form
from webapp.web.locale import offered_languages
from webapp.web.marks import today
from webapp.web.profile_changes import shown_changes


@allow(Permission.EDIT_PROFILE)
def edit(noun: str, slug: str) -> str:
    """The pages of a profile, what they lack, and how its changes stand."""
    profile = get_profile(noun, slug)
    revision = revisions.open_revision(db.session, profile)
    values = proposed_values(profile, revision.changes if revision else {})
    languages = [language.code for language in offered_languages()]
    states = text_states(profile, values, languages, today())
    return render_template(
        "profiles/edit.html",
        profile=profile,
        revision=revision,
        standing=standing_of(profile, revision),
        sections=[(section, _notes(profile, section, revision, states, values)) for section in sections_of(profile)],
        completeness=completeness(profile, values, languages),
        missing=revisions.missing_fields(profile, values),
    )


def _notes(profile: Startup | Partner, section: str, revision: Any, states: Any, values: Any) -> dict[str, int | bool]:
    """What is to be said of a page in the overview."""
    names = [field.name for field in fields_in(profile, section)]
    there = [state for (name, _), state in states.items() if name in names]
    return {
        "changed": bool(revision and any(name in revision.changes for name in names)),
        "untranslated": there.count(TextState.MISSING),
        "older": there.count(TextState.OLDER),
        "empty": not any(values.get(name) for name in names),
    }


@allow(Permission.EDIT_PROFILE)
def preview(noun: str, slug: str) -> str:
    """The public page as it would be; nothing of it is kept."""
    profile = get_profile(noun, slug)
    revision = revisions.open_revision(db.session, profile)
    try:
        with db.session.no_autoflush:
            write_values(db.session, profile, revision.changes if revision else {}, today=today())
            if isinstance(profile, Startup):
                return render_template(
                    "profiles/preview_startup.html", startup=profile, matches={}, sources=(), similar=()
                )
            slugs = portfolio_slugs(db.session, profile)
            return render_template("profiles/preview_partner.html", partner=profile, matches=(), portfolio_slugs=slugs)
    finally:
        db.session.rollback()


@allow(Permission.EDIT_PROFILE)
def changes(noun: str, slug: str) -> str:
    """What differs from what is published."""
    profile = get_profile(noun, slug)
    revision = revisions.open_revision(db.session, profile)
    found = profile_review.differences_of(revision) if revision else []
    return render_template(
        "profiles/changes.html", profile=profile, revision=revision, changes=shown_changes(profile, found)
    )


def _do(noun: str, slug: str, act: Callable[[Startup | Partner], object], said: str) -> ResponseReturnValue:
    """Do something to a profile and go back to the overview, which says what came of it."""
    profile = get_profile(noun, slug)
    try:
        act(profile)
    except (Conflict, Invalid) as error:
        db.session.rollback()
        flash_error(profile, error)
    else:
        db.session.commit()
        flash(said, "success")
    return redirect(edit_url(profile), 303)


@allow(Permission.EDIT_PROFILE)
def submit(noun: str, slug: str) -> ResponseReturnValue:
    """Hand the changes to staff."""
    said = gettext("Sent. The park looks at the changes and writes to you.")
    return _do(noun, slug, lambda profile: revisions.submit(db.session, current_actor(), profile), said)


@allow(Permission.STAFF)
def publish(noun: str, slug: str) -> ResponseReturnValue:
    """Publish what staff have edited themselves."""

    def act(profile: Startup | Partner) -> object:
        return profile_review.publish_directly(db.session, current_actor(), profile, today=today())

    return _do(noun, slug, act, gettext("Published."))


@allow(Permission.EDIT_PROFILE)
def take_back(noun: str, slug: str) -> ResponseReturnValue:
    """Take submitted changes back to go on editing."""
    said = gettext("You can go on editing. Send the changes again when they are ready.")
    return _do(noun, slug, lambda profile: revisions.take_back(db.session, current_actor(), profile), said)


@allow(Permission.EDIT_PROFILE)
def discard(noun: str, slug: str) -> ResponseReturnValue:
    """Drop the changes, after asking once."""
    form = Form()
    if form.validate_on_submit():
        said = gettext("The changes are dropped.")
        return _do(noun, slug, lambda profile: revisions.discard(db.session, current_actor(), profile), said)
    profile = get_profile(noun, slug)
    return render_template("profiles/discard.html", profile=profile, form=form)


@allow(Permission.EDIT_PROFILE)
def confirm(noun: str, slug: str) -> ResponseReturnValue:
    """Say that the profile is still right."""

    def act(profile: Startup | Partner) -> None:
        confirm_profile(db.session, current_actor(), profile, today=today())

    return _do(noun, slug, act, gettext("Thank you. The profile shows that it was confirmed today."))
