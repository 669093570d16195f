"""Mails about residency: leases that end, and the yearly question to startups that left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext

from webapp.models import DbSession, OneTimeLink, Pulse, PulseAnswer, Site, Startup
from webapp.permissions import Actor
from webapp.services.pulse import PURPOSE, answer_pulse, pulse_of_link
from webapp.web.formats import name_of
from webapp.web.link_purposes import LINK_PURPOSES, LinkDone, LinkField, LinkPage, LinkPurpose
from webapp.web.mail_subjects import SUBJECTS, Values
from webapp.web.marks import today


def answers() -> tuple[tuple[str, str], ...]:
    """What a startup can say of itself, in the reader's words."""
    return (
        (PulseAnswer.ACTIVE, gettext("It is active.")),
        (PulseAnswer.CHANGED, gettext("It goes on under another name, or does something else now.")),
        (PulseAnswer.ACQUIRED, gettext("Another company bought it.")),
        (PulseAnswer.CLOSED, gettext("It has ceased its activity.")),
    )


def lease_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The startup and park of a lease; nothing once the startup has left or the park is gone."""
    startup, site = session.get(Startup, values["startup_id"]), session.get(Site, values["site_id"])
    if startup is None or site is None or site not in startup.sites:
        return None
    return {"organisation": startup, "site": site, "until": date.fromisoformat(values["until"])}


def pulse_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The startup that is asked about, unless somebody answered meanwhile."""
    pulse = session.get(Pulse, values["pulse_id"])
    if pulse is None or pulse.answered_at is not None:
        return None
    return {"organisation": pulse.startup}


def _describe(session: DbSession, link: OneTimeLink) -> LinkPage:
    name = f"\u2068{name_of(pulse_of_link(session, link).startup)}\u2069"
    return LinkPage(
        gettext("Is %(name)s still active?", name=name),
        (gettext("The park asks once a year. Your answer is not published."),),
        gettext("Send the answer"),
        (LinkField("answer", gettext("How is the company doing?"), answers(), is_required=True),),
    )


def _answer(session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
    pulse = pulse_of_link(session, link)
    answer_pulse(session, actor, pulse, form.get("answer", ""), today=today())
    url = url_for("profiles.edit", noun=Startup.noun, slug=pulse.startup.slug)
    return LinkDone(gettext("Thank you"), (gettext("The park has your answer."),), url, gettext("Edit the profile"))


def init_app(app: Flask) -> None:
    """Say what these mails and links are about."""
    SUBJECTS["lease-ending"] = lease_subjects
    SUBJECTS["pulse-question"] = pulse_subjects
    LINK_PURPOSES[PURPOSE] = LinkPurpose(_describe, _answer)
