"""The marks of an entry: how fresh its profile is, how it stands to the parks, the letters of its tile."""

from __future__ import annotations

import zlib
from datetime import date
from typing import NamedTuple

from flask import Flask, current_app
from flask_babel import gettext, ngettext
from sqlalchemy.exc import SQLAlchemyError

from webapp.extensions import db
from webapp.models import Change, Listed, Partner, PartnerKind, Residency, Startup
from webapp.search.storage import Storage
from webapp.services.network import day_of
from webapp.services.profiles import has_demonstration_data
from webapp.web.formats import label, month, name_of, number
from webapp.web.site import current_network, current_settings

FRESH_MONTHS = 12
"""After so many months without a check or a confirmation a profile is marked as possibly out of date."""
TONES = 4
"""How many colours the tiles take turns in."""


class Mark(NamedTuple):
    """A short statement about an entry. ``tone`` is ``good``, ``warm``, ``alert`` or ``quiet``."""

    text: str
    tone: str


def today() -> date:
    """The day it is where the network is."""
    return day_of(current_network())


def months_between(earlier: date, later: date) -> int:
    """Whole months from one day to another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)


def freshness(listed: Listed) -> Mark | None:
    """When somebody last stood by what the profile says; nothing if nobody ever did."""
    known = max((day for day in (listed.verified_on, listed.confirmed_on) if day), default=None)
    if known is None:
        return None
    age = months_between(known, today())
    if age >= FRESH_MONTHS:
        text = ngettext(
            "Last confirmed %(count)s month ago", "Last confirmed %(count)s months ago", age, count=number(age)
        )
        return Mark(text, "alert")
    if listed.verified_on and months_between(listed.verified_on, today()) < FRESH_MONTHS:
        return Mark(gettext("Verified %(month)s", month=month(listed.verified_on)), "good")
    return Mark(gettext("Confirmed %(month)s", month=month(known)), "good")


def standing(residency: Residency) -> Mark | None:
    """How a startup stands to the parks, where that is worth a mark: residents are the rule."""
    return None if residency == Residency.RESIDENT else Mark(label("residency_statuses", residency), "warm")


def marks_of(listed: Listed) -> tuple[Mark, ...]:
    """How an entry is to be taken: freshness, standing, demonstration."""
    found = (
        freshness(listed),
        standing(listed.residency) if isinstance(listed, Startup) else None,
        Mark(gettext("Demonstration"), "quiet") if listed.is_demo else None,
    )
    return tuple(mark for mark in found if mark)


def partner_kind(kind: str) -> str:
    """What a partner is called."""
    names = {
        PartnerKind.INVESTOR: gettext("Investor"),
        PartnerKind.MENTOR: gettext("Mentor"),
        PartnerKind.CORPORATE: gettext("Corporate partner"),
    }
    return names[PartnerKind(kind)]


def partner_kinds(kind: str) -> str:
    """What several partners of a kind are called."""
    names = {
        PartnerKind.INVESTOR: gettext("Investors"),
        PartnerKind.MENTOR: gettext("Mentors"),
        PartnerKind.CORPORATE: gettext("Corporate partners"),
    }
    return names[PartnerKind(kind)]


def monogram(listed: Listed) -> str:
    """One or two letters that stand for an entry without a logo, in the script of the name shown."""
    words = [word.removeprefix("ال") if len(word) > 4 else word for word in name_of(listed).split()]
    words = [kept for word in words if (kept := "".join(letter for letter in word if letter.isalnum()))]
    if not words:
        return "·"
    return (words[0][0] + words[1][0] if len(words) > 1 else words[0][:2]).upper()


def tone(listed: Listed) -> int:
    """Which colour its tile has, the same on every page: 0 to 3."""
    return zlib.crc32(listed.slug.encode()) % TONES


def shows_demonstration_data() -> bool:
    """Whether some profile of this site was invented; error pages ask while the database is away as well."""
    try:
        return _kept_demonstration()
    except SQLAlchemyError:
        db.session.rollback()
        return False


def _kept_demonstration() -> bool:
    """The same, looked for only after something changed: no index of the database helps to find that there is nobody.

    Every change is in the change log until it is in the index. So as long as neither moves, nothing changed. The log is
    read first: a change that leaves it between the two readings has moved the index by then.
    """
    pending = tuple(db.session.execute(Change.pending()).one())
    state = pending, *(Storage(current_settings().index_dir, model.noun).signature() for model in (Startup, Partner))
    kept: tuple[object, bool] | None = current_app.extensions.get("demonstration")
    if kept is None or kept[0] != state or None in state:
        kept = current_app.extensions["demonstration"] = state, has_demonstration_data(db.session)
    return kept[1]


def init_app(app: Flask) -> None:
    """Give templates the marks."""
    for function in (today, marks_of, partner_kind, partner_kinds, monogram, tone, shows_demonstration_data):
        app.add_template_global(function)
