"""The reasons for and against a match, put into the reader's words. Which reasons hold is decided by the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel.lists import format_list
from flask import Flask
from flask_babel import get_locale, gettext, ngettext

from webapp.language import concept_vocabulary
from webapp.services.matches import Reason, partner_words_in, words_in
from webapp.services.vocabulary import CONCEPT_KINDS
from webapp.web.formats import label, money_range, name_of, place_name
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
    return gettext("Both speak of %(words)s", words=_quoted(words_in(reason, current_language().code)))


def _quoted(words: Iterable[str]) -> str:
    return listing(gettext("“%(word)s”", word=word) for word in words)


def _related_texts(reason: Reason) -> str:
    language = current_language().code
    mine, theirs = (_quoted(words[:2]) for words in (words_in(reason, language), partner_words_in(reason, language)))
    return gettext("Related subjects: %(mine)s on one side, %(theirs)s on the other", mine=mine, theirs=theirs)


def concept_name(code: str) -> str:
    """The name of a concept in the reader's language: the product's, or that of a term of the network."""
    if code in concept_vocabulary():
        return concept_vocabulary().name(code, current_language().code)
    names = (label(kind.value, code) for kind in CONCEPT_KINDS)
    return next((name for name in names if name != code), code)


def _shared_concepts(reason: Reason) -> str:
    return gettext("Both work on %(names)s", names=listing(map(concept_name, reason.values["codes"])))


def _near_history(reason: Reason) -> str:
    names = listing(name_of(startup) for startup in reason.values["startups"])
    return gettext("Close to %(names)s, which they accepted before", names=names)


def _stage_near(reason: Reason) -> str:
    return gettext("Close to a stage that is sought: %(stage)s", stage=labels("maturities", reason.values["codes"]))


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
    "related-texts": _related_texts,
    "shared-concepts": _shared_concepts,
    "near-history": _near_history,
    "same-sector": _same_sector,
    "stage-sought": _stage_sought,
    "stage-near": _stage_near,
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


def hint_text(hint: Reason) -> str:
    """What a startup could state that would improve a match, as a short sentence in the reader's language."""
    sentences = {
        "add-sectors": gettext("Naming your sectors could improve this match"),
        "add-needs": gettext("Stating what you need could improve this match"),
        "add-stage": gettext("Stating your stage could improve this match"),
        "add-funding-stage": gettext("Stating your funding stage could improve this match"),
        "add-raising": gettext("Stating how much you are raising could improve this match"),
        "add-place": gettext("Stating where you are could improve this match"),
    }
    return sentences[hint.code]


def exclusion_text(exclusion: Mapping[str, Any]) -> str:
    """Why a pair is not proposed (``webapp.matching.exclusions``), in the reader's words."""
    return EXCLUSIONS[exclusion["code"]](exclusion["values"])


def _excluded(values: Values) -> str:
    names = listing(label(kind, code) for kind, codes in values.items() for code in codes)
    return gettext("Rules out %(names)s", names=names)


def _outside(values: Values) -> str:
    places = listing(place_name(code) for code in values["codes"])
    return gettext("Acts only in: %(places)s", places=places)


def _ticket_differs(values: Values) -> str:
    return gettext("The round sought (%(raised)s) lies outside the ticket (%(ticket)s)", **_amounts(values))


def _stage_too_far(values: Values) -> str:
    return gettext("The stages sought are too far away: %(names)s", names=labels("maturities", values["codes"]))


EXCLUSIONS: Mapping[str, Callable[[Values], str]] = {
    "excluded": _excluded,
    "outside-geography": _outside,
    "ticket-differs": _ticket_differs,
    "stage-too-far": _stage_too_far,
    "capacity-used-up": lambda values: gettext("Takes no more startups at present"),
    "already-introduced": lambda values: gettext("Both know each other already"),
    "conflict-of-interest": lambda values: gettext("A conflict of interest stands between them"),
}
"""From an exclusion's code to its words: all of ``webapp.matching.constraints.CONSTRAINTS``."""


def strength_text(strength: str) -> str:
    """How well two fit, in words."""
    names = {"strong": gettext("Strong fit"), "good": gettext("Good fit"), "possible": gettext("Possible fit")}
    return names[strength]


def init_app(app: Flask) -> None:
    """Give templates the words of matches, and lists of names."""
    for function in (reason_text, hint_text, strength_text, listing, labels):
        app.add_template_global(function)
