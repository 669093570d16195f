"""What speaks for two profiles being one, and what stands in the way of merging them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.errors import DomainError
from webapp.services.merging_checks import Hindrance
from webapp.web.formats import day
from webapp.web.forms import unknown_rule

SIGNS: Mapping[str, LazyString] = {
    "same-number": lazy_gettext("same company number"),
    "same-name": lazy_gettext("same name"),
    "same-website": lazy_gettext("same website"),
    "same-sound": lazy_gettext("names that sound alike"),
    "close-name": lazy_gettext("names spelled almost alike"),
    "same-region": lazy_gettext("same region"),
    "same-year": lazy_gettext("founded in the same year"),
}
DOUBTS: Mapping[str, LazyString] = {
    "other-number": lazy_gettext("different company numbers"),
    "other-year": lazy_gettext("founded in different years"),
    "other-kind": lazy_gettext("different kinds of partners"),
}
GRADES: Mapping[str, tuple[LazyString, str]] = {
    "very-likely": (lazy_gettext("Very likely"), "alert"),
    "likely": (lazy_gettext("Likely"), "warm"),
    "possible": (lazy_gettext("Possible"), "quiet"),
}
"""Step -> its name, and the tone of its mark."""


class Obstacle(NamedTuple):
    """What stands in the way, with where it can be settled."""

    text: str
    url: str = ""
    action: str = ""


def obstacle(hindrance: Hindrance | DomainError) -> Obstacle:
    """What stands in the way of a merge, in words."""
    values = hindrance.values
    if hindrance.code == "revision-open":
        url = url_for("profiles.edit", noun=values["noun"], slug=values["slug"])
        return Obstacle(
            gettext("One of them has changes that are not published. Publish or drop them first."),
            url,
            gettext("Edit the profile"),
        )
    if hindrance.code == "claim-waiting":
        url = url_for("claims.claim", claim_id=values["claim_id"])
        return Obstacle(gettext("Somebody claims one of them. Decide on that first."), url, gettext("See the claim"))
    if hindrance.code == "introductions-clash":
        url = url_for("triage.request", reference=values["reference"])
        text = gettext("Both have an introduction to the same organisation under way. One of the two has to end first.")
        return Obstacle(text, url, gettext("See the introduction"))
    if hindrance.code == "residency-contradicts" and values.get("on"):
        text = gettext(
            "What is recorded of their stays contradicts itself on %(day)s. Correct it first.", day=day(values["on"])
        )
        return Obstacle(text)
    texts = {
        "kinds-differ": gettext("They are partners of different kinds. What one has, the other cannot have."),
        "answers-clash": gettext("Both answered the same challenge. One of the answers has to be taken back first."),
        "days-clash": gettext("Both have meetings on the same matchmaking day. Take one of them off that day first."),
        "residency-contradicts": gettext("What is recorded of their stays contradicts itself. Correct it first."),
        "changed-meanwhile": gettext("One of them changed meanwhile. Please look again; your choices are kept."),
        "company-number-taken": gettext("Another profile has this company number."),
        "sought-and-excluded": gettext("A sector cannot be both sought and ruled out."),
        "range-reversed": gettext("The second amount must not be smaller than the first."),
    }
    text = texts.get(hindrance.code)
    return Obstacle(text or (unknown_rule(hindrance) if isinstance(hindrance, DomainError) else hindrance.code))
