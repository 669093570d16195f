"""The reasons for and against a match, put into the reader's words. Which reasons hold is decided by the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel.lists import format_list
from flask import Flask
from flask_babel import get_locale, gettext, ngettext

from webapp.services.matches import Reason, words_in
from webapp.web.formats import label, money_range, place_name
from webapp.web.locale import current_language

Values = Mapping[str, Any]


def listing(names: Iterable[str]) -> str:
    """Names joined as the reader's language joins them: a, b and c."""
    return format_list(list(names), style="standard", locale=get_locale() or "en")


def labels(kind: str, codes: Iterable[str]) -> str:
    """The names of codes, joined."""
    return listing(label(kind, code) for code in codes)


def _amounts(values: Values) -> dict[str, str]:
    currency = values["currency"]
    return {
        "raised": money_range(values["least"], values["most"], currency),
        "ticket": money_range(values["ticket_min"], values["ticket_max"], currency),
    }


def _shared_words(reason: Reason) -> str:
    # The inner text stands on its own line: calls within a call to gettext are not collected.
    words = [gettext("“%(word)s”", word=word) for word in words_in(reason, current_language().code)]
    return gettext("Both speak of %(words)s", words=listing(words))


def _same_sector(reason: Reason) -> str:
    return gettext("Looks for startups in %(names)s", names=labels("sectors", reason.values["codes"]))


def _stage_sought(reason: Reason) -> str:
    return gettext("Works with startups at this stage: %(stage)s", stage=labels("maturities", reason.values["codes"]))


def _funding_sought(reason: Reason) -> str:
    return gettext("Funds this stage: %(stage)s", stage=labels("funding_stages", reason.values["codes"]))


def _ticket_fits(reason: Reason) -> str:
    return gettext("The round sought (%(raised)s) fits the usual ticket (%(ticket)s)", **_amounts(reason.values))


def _needs_answered(reason: Reason) -> str:
    codes = reason.values["codes"]
    return ngettext("Answers a need: %(names)s", "Answers needs: %(names)s", len(codes), names=labels("needs", codes))


def _same_region(reason: Reason) -> str:
    return gettext("Same region: %(region)s", region=listing(place_name(code) for code in reason.values["codes"]))


def _same_site(reason: Reason) -> str:
    return gettext("Can meet at the same park: %(site)s", site=labels("sites", reason.values["codes"]))


def _technology(reason: Reason) -> str:
    return gettext("Interested in %(names)s", names=labels("technologies", reason.values["codes"]))


def _stage_differs(reason: Reason) -> str:
    return gettext("Looks for other stages: %(names)s", names=labels("maturities", reason.values["codes"]))


def _sector_not_sought(reason: Reason) -> str:
    return gettext("Does not look for startups in %(names)s", names=labels("sectors", reason.values["codes"]))


def _region_outside(reason: Reason) -> str:
    places = listing(place_name(code) for code in reason.values["codes"])
    return gettext("Works elsewhere: %(places)s", places=places)


def _needs_unanswered(reason: Reason) -> str:
    codes = reason.values["codes"]
    return ngettext(
        "Does not answer the need: %(names)s",
        "Answers none of the needs: %(names)s",
        len(codes),
        names=labels("needs", codes),
    )


WORDING: Mapping[str, Callable[[Reason], str]] = {
    "shared-words": _shared_words,
    "same-sector": _same_sector,
    "stage-sought": _stage_sought,
    "funding-sought": _funding_sought,
    "ticket-fits": _ticket_fits,
    "needs-answered": _needs_answered,
    "same-region": _same_region,
    "same-site": _same_site,
    "technology": _technology,
    "stage-differs": _stage_differs,
    "sector-not-sought": _sector_not_sought,
    "region-outside": _region_outside,
    "needs-unanswered": _needs_unanswered,
}
"""From a reason's code to its words: all of ``webapp.matching.explanation.REASONS`` and ``COUNTERS``."""


def reason_text(reason: Reason) -> str:
    """A reason as a short sentence in the reader's language; empty if it has nothing to name."""
    if reason.values.get("codes") == []:
        return ""
    return WORDING[reason.code](reason)


def strength_text(strength: str) -> str:
    """How well two fit, in words."""
    names = {"strong": gettext("Strong fit"), "good": gettext("Good fit"), "possible": gettext("Possible fit")}
    return names[strength]


def init_app(app: Flask) -> None:
    """Give templates the words of matches, and lists of names."""
    for function in (reason_text, strength_text, listing, labels):
        app.add_template_global(function)
