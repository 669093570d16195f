"""What kinds of mail are called where people choose among them or staff look after them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

FAMILIES: Mapping[str, LazyString] = {
    "account": lazy_gettext("Mails about your account"),
    "alert": lazy_gettext("News in saved searches"),
    "application": lazy_gettext("Applications for a place"),
    "challenge": lazy_gettext("Challenges"),
    "challenge-answer": lazy_gettext("Answers to your challenges"),
    "challenge-deadline": lazy_gettext("Challenges whose deadline has passed"),
    "challenge-invitation": lazy_gettext("Challenges that suit your startup"),
    "claim": lazy_gettext("Claims of profiles"),
    "day": lazy_gettext("Matchmaking days"),
    "digest": lazy_gettext("Several mails in one"),
    "invitation": lazy_gettext("Invitations of colleagues"),
    "introduction": lazy_gettext("Introductions"),
    "introduction-proposed": lazy_gettext("Introductions that the park proposes"),
    "introduction-reminder": lazy_gettext("Reminders of requests without an answer"),
    "introduction-sent": lazy_gettext("Requests that were passed on"),
    "meeting": lazy_gettext("Meetings"),
    "lease": lazy_gettext("Leases that end"),
    "membership": lazy_gettext("Changes of members"),
    "needs": lazy_gettext("Needs and offers that expire"),
    "outcome": lazy_gettext("Questions about what came of an introduction"),
    "profile": lazy_gettext("Changes of a profile"),
    "profile-confirm": lazy_gettext("The yearly question whether a profile is still right"),
    "pulse-question": lazy_gettext("The yearly question whether a former resident is still active"),
}
"""Beginning of a kind -> its name; the longest beginning counts."""


OF_OTHERS: Mapping[str, LazyString] = {
    "account": lazy_gettext("Mail about an account"),
    "challenge-answer": lazy_gettext("Answers to challenges"),
    "challenge-invitation": lazy_gettext("Invitations to a challenge"),
}
"""The same for staff, where the name speaks to whom the mail goes."""


def kind_name(kind: str) -> str:
    """What a kind of mail is called in the reader's language."""
    return _named(FAMILIES, kind)


def subject_matter(kind: str) -> str:
    """What a kind of mail is called for staff, who look after mail to others."""
    return _named({**FAMILIES, **OF_OTHERS}, kind)


def _named(names: Mapping[str, LazyString], kind: str) -> str:
    beginnings = [beginning for beginning in names if kind.startswith(beginning)]
    return str(names[max(beginnings, key=len)]) if beginnings else kind


def init_app(app: Flask) -> None:
    """Give templates the names."""
    app.add_template_global(kind_name, "mail_kind_name")
    app.add_template_global(subject_matter, "mail_subject_matter")
