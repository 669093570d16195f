"""Residency in the reader's words: what happened, and what is due."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from webapp.errors import Conflict, DomainError
from webapp.models import ResidencyEventKind
from webapp.services.leases import Due
from webapp.web.formats import day
from webapp.web.forms import unknown_rule

KINDS: Mapping[ResidencyEventKind, LazyString] = {
    ResidencyEventKind.ENTERED: lazy_gettext("Entered"),
    ResidencyEventKind.RENEWED: lazy_gettext("Lease renewed"),
    ResidencyEventKind.EXTENDED: lazy_gettext("Lease extended"),
    ResidencyEventKind.REVIEWED: lazy_gettext("Incubation reviewed"),
    ResidencyEventKind.MOVED: lazy_gettext("Moved"),
    ResidencyEventKind.LEFT: lazy_gettext("Left"),
    ResidencyEventKind.CORRECTED: lazy_gettext("Corrected"),
}
"""What happened."""

DUES: Mapping[Due, LazyString] = {
    Due.OVERDUE: lazy_gettext("Lease has ended"),
    Due.ENDING: lazy_gettext("Lease ends soon"),
    Due.REVIEW: lazy_gettext("Incubation to review"),
}
"""What asks something of staff."""


def residency_rule(error: DomainError) -> str:
    """What to say of a rule of residency that was broken."""
    if isinstance(error, Conflict):
        if error.code == "residency-changed":
            return gettext("A colleague recorded something meanwhile; it stands above. What you typed is still here.")
        if error.code == "corrected-already":
            return gettext("This entry has been corrected already.")
    on = error.values.get("on")
    texts = {
        "not-yet": gettext("This day is still to come. Record it once it has happened."),
        "until-before-on": gettext("The lease cannot end before this day."),
        "not-there": gettext("On %(day)s the startup was not at this park.", day=day(on)) if on else "",
        "already-there": gettext("On %(day)s the startup was at this park already.", day=day(on)) if on else "",
    }
    return texts.get(error.code) or unknown_rule(error)


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals["residency_kinds"] = KINDS
    app.jinja_env.globals["residency_dues"] = DUES
