"""What the views of profiles share: finding the profile, putting a broken rule into words, where to go on."""

from __future__ import annotations

from flask import flash, url_for
from flask_babel import gettext

from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models import Partner, Revision, Startup
from webapp.permissions import Permission
from webapp.services.organisations import get_organisation
from webapp.web.access import current_actor
from webapp.web.forms import unknown_rule
from webapp.web.profile_words import field_name


def get_profile(noun: str, slug: str) -> Startup | Partner:
    """The profile of an address, for its members and staff."""
    return get_organisation(db.session, current_actor(), noun, slug, Permission.EDIT_PROFILE)


def edit_url(profile: Startup | Partner) -> str:
    """The overview of a profile's pages."""
    return url_for("profiles.edit", noun=profile.noun, slug=profile.slug)


def flash_error(profile: Startup | Partner, error: DomainError) -> None:
    """Say on the next page what stood in the way."""
    flash(rule_text(profile, error), "error")


def rule_text(profile: Startup | Partner, error: DomainError) -> str:
    """A broken rule in words."""
    if error.code == "incomplete":
        names = gettext(", ").join(field_name(profile, name) for name in error.values["missing"])
        return gettext("Before it can be published, this is missing: %(names)s.", names=names)
    texts = {
        "changed-meanwhile": gettext("Somebody else saved changes in the same moment. Please look and try again."),
        "in-review": gettext("The changes are with the park. Take them back to go on editing."),
        "nothing-to-submit": gettext("Nothing differs from what is published."),
        "revision-open": gettext("There are unpublished changes. Publish or drop them first."),
        "revision-changed": gettext("It changed meanwhile. Please look again."),
        "decided-meanwhile": gettext("The park has decided meanwhile."),
        "range-reversed": gettext("The second amount must not be smaller than the first."),
        "company-number-taken": gettext(
            "A profile with this number exists already. If it is not in the directory, write to the park."
        ),
        "sought-and-excluded": gettext("A sector cannot be both sought and ruled out."),
    }
    return texts.get(error.code) or unknown_rule(error)


def author_name(revision: Revision | None) -> str:
    """Who wrote to a revision last."""
    return f"\u2068{revision.author.name}\u2069" if revision and revision.author else gettext("Somebody else")
