"""Mails about profiles: what they tell of, and what their links do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext, ngettext

from webapp.errors import Conflict
from webapp.models import DbSession, OneTimeLink, Partner, Revision, Startup
from webapp.permissions import Actor
from webapp.services.freshness import (
    CONFIRM,
    RENEW,
    confirm_profile,
    expiring_terms,
    needs_of,
    profile_of_link,
    purpose_of,
    renew_needs,
)
from webapp.services.organisations import NOUNS
from webapp.services.profile_review import differences_of
from webapp.web.formats import label, name_of, number
from webapp.web.link_purposes import LINK_PURPOSES, LinkDone, LinkPage, LinkPurpose
from webapp.web.mail_subjects import SUBJECTS, Values
from webapp.web.marks import today
from webapp.web.profile_words import field_name


def _profile(session: DbSession, values: Values) -> Startup | Partner | None:
    found = session.get(NOUNS[values["noun"]], values["organisation_id"])
    return found if isinstance(found, Startup | Partner) else None


def revision_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """A decided revision, its profile, and what it changed."""
    revision = session.get(Revision, values["revision_id"])
    if revision is None:
        return None
    profile = revision.organisation
    names = [field_name(profile, change.field.name) for change in differences_of(revision)]
    return {"revision": revision, "organisation": profile, "changed": names}


def confirm_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The profile that is asked about, unless it was confirmed meanwhile."""
    profile = _profile(session, values)
    if profile is None or not profile.is_published or profile.confirmation_asked_on is None:
        return None
    return {"organisation": profile}


def expiring_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The profile, and what of it expires soon; nothing once it was renewed."""
    profile = _profile(session, values)
    terms = expiring_terms(profile, today()) if profile else []
    if profile is None or not terms:
        return None
    first = min(link.expires_on for link in needs_of(profile) if link.expires_on and link.term in terms)
    return {
        "organisation": profile,
        "terms": [label(term.kind, term.code) for term in terms],
        "last_day": first - timedelta(days=1),
    }


def _describe_confirm(session: DbSession, link: OneTimeLink) -> LinkPage:
    name = _isolated(profile_of_link(session, link))
    return LinkPage(
        gettext("Is the profile of %(name)s still right?", name=name),
        (
            gettext("If it is, press the button. The profile then shows that you confirmed it today."),
            gettext("If something has changed, sign in and edit it instead."),
        ),
        gettext("Yes, it is still right"),
    )


def _confirm(session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
    profile = profile_of_link(session, link)
    confirm_profile(session, actor, profile, today=today())
    return _done(profile, gettext("Thank you. The profile shows that it was confirmed today."))


def _describe_renew(session: DbSession, link: OneTimeLink) -> LinkPage:
    profile = profile_of_link(session, link)
    terms = [each.term for each in needs_of(profile)]
    if not terms:
        raise Conflict("needs-gone")
    return LinkPage(
        gettext("Are the needs and offers of %(name)s still true?", name=_isolated(profile)),
        (
            gettext(", ").join(label(term.kind, term.code) for term in terms),
            gettext("If they are, press the button: they then hold for six months more."),
        ),
        gettext("Yes, they are still true"),
    )


def _renew(session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
    profile = profile_of_link(session, link)
    count = renew_needs(session, actor, profile, today=today())
    text = ngettext(
        "%(count)s entry holds for six months more.",
        "%(count)s entries hold for six months more.",
        count,
        count=number(count),
    )
    return _done(profile, text)


def _done(profile: Startup | Partner, text: str) -> LinkDone:
    url = url_for("profiles.edit", noun=profile.noun, slug=profile.slug)
    return LinkDone(gettext("Thank you"), (text,), url, gettext("Edit the profile"))


def _isolated(profile: Startup | Partner) -> str:
    return f"\u2068{name_of(profile)}\u2069"


def init_app(app: Flask) -> None:
    """Say what these mails and links are about."""
    SUBJECTS["profile-"] = revision_subjects
    SUBJECTS["profile-confirm"] = confirm_subjects
    SUBJECTS["needs-expiring"] = expiring_subjects
    for model in (Startup, Partner):
        LINK_PURPOSES[purpose_of(CONFIRM, model)] = LinkPurpose(_describe_confirm, _confirm)
        LINK_PURPOSES[purpose_of(RENEW, model)] = LinkPurpose(_describe_renew, _renew)
