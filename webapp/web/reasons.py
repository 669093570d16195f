"""The reasons for and against a match, put into the reader's words. Which reasons hold is decided by the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel.lists import format_list
from flask import Flask
from flask_babel import get_locale, gettext, ngettext

from webapp.services.matches import Reason
from webapp.web.formats import label, language_name, money_range, place_name

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


def _shared_words(values: Values) -> str:
    return gettext("Both speak of %(words)s", words=listing(f"“{word}”" for word in values["words"]))


def _shared_concepts(values: Values) -> str:
    return gettext("Both work on %(names)s", names=labels(values["kind"], values["codes"]))


def _same_sector(values: Values) -> str:
    return gettext("Looks for startups in %(names)s", names=labels("sectors", values["codes"]))


def _stage_sought(values: Values) -> str:
    return gettext("Works with startups at this stage: %(stage)s", stage=label("maturities", values["code"]))


def _funding_sought(values: Values) -> str:
    return gettext("Funds this stage: %(stage)s", stage=label("funding_stages", values["code"]))


def _ticket_fits(values: Values) -> str:
    return gettext("The round sought (%(raised)s) fits the usual ticket (%(ticket)s)", **_amounts(values))


def _needs_answered(values: Values) -> str:
    names = labels("needs", values["codes"])
    return ngettext("Answers a need: %(names)s", "Answers needs: %(names)s", len(values["codes"]), names=names)


def _same_region(values: Values) -> str:
    return gettext("Same region: %(region)s", region=label("regions", values["code"]))


def _same_site(values: Values) -> str:
    return gettext("Can meet at the same park: %(site)s", site=label("sites", values["code"]))


def _technology(values: Values) -> str:
    return gettext("Interested in %(names)s", names=labels("technologies", values["codes"]))


def _language(values: Values) -> str:
    return gettext("Works in %(names)s", names=listing(language_name(code) for code in values["codes"]))


def _stage_differs(values: Values) -> str:
    return gettext("Looks for other stages: %(names)s", names=labels("maturities", values["codes"]))


def _ticket_below(values: Values) -> str:
    return gettext("The round sought (%(raised)s) is below the usual ticket (%(ticket)s)", **_amounts(values))


def _ticket_above(values: Values) -> str:
    return gettext("The round sought (%(raised)s) is above the usual ticket (%(ticket)s)", **_amounts(values))


def _region_outside(values: Values) -> str:
    return gettext("Works elsewhere: %(places)s", places=listing(place_name(code) for code in values["codes"]))


def _sector_not_sought(values: Values) -> str:
    return gettext("Looks for other sectors first: %(names)s", names=labels("sectors", values["codes"]))


def _language_differs(values: Values) -> str:
    names = listing(language_name(code) for code in values["codes"])
    return gettext("No working language in common: works in %(names)s", names=names)


WORDING: Mapping[str, Callable[[Values], str]] = {
    "shared-words": _shared_words,
    "shared-concepts": _shared_concepts,
    "same-sector": _same_sector,
    "stage-sought": _stage_sought,
    "funding-sought": _funding_sought,
    "ticket-fits": _ticket_fits,
    "needs-answered": _needs_answered,
    "same-region": _same_region,
    "same-site": _same_site,
    "technology": _technology,
    "language": _language,
    "stage-differs": _stage_differs,
    "ticket-below": _ticket_below,
    "ticket-above": _ticket_above,
    "region-outside": _region_outside,
    "sector-not-sought": _sector_not_sought,
    "language-differs": _language_differs,
}
"""From a reason's code to its words."""


def reason_text(reason: Reason) -> str:
    """A reason as a short sentence in the reader's language."""
    return WORDING[reason.code](reason.values)


def strength_text(strength: str) -> str:
    """How well two fit, in words."""
    names = {"strong": gettext("Strong fit"), "good": gettext("Good fit"), "possible": gettext("Possible fit")}
    return names[strength]


def init_app(app: Flask) -> None:
    """Give templates the words of matches, and lists of names."""
    for function in (reason_text, strength_text, listing, labels):
        app.add_template_global(function)
