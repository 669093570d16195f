"""How an entry came by its score, put into the reader's words. What adds to it is said by ``webapp.search``."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext

from webapp.search import Reason
from webapp.web.locale import current_language
from webapp.web.site import current_search


def asked_text(reason: Reason) -> str:
    """What was asked: words as they stand, a concept by its name, or whatever the words were."""
    if reason.asked.startswith("#"):
        return gettext("Topic: %(name)s", name=_concept(reason.asked[1:]))
    if is_factor(reason):
        return gettext("Whatever the words")
    return reason.asked or gettext("All words")


def answered_text(reason: Reason) -> str:
    """What answers it: the word itself, another that stands for it, or how the profile stands."""
    kind, _, word = reason.answered.partition(":")
    if kind == "word":
        return word
    if kind == "longer":
        return gettext("%(word)s, which begins so", word=word)
    if kind == "typo":
        return gettext("%(word)s, which is written alike", word=word)
    names = {
        "sound": gettext("a name that sounds alike"),
        "concept": gettext("the same in any words"),
        "side by side": gettext("side by side"),
    }
    if is_factor(reason):
        return gettext("resident, recently verified, text in your language")
    return names.get(kind, reason.answered)


def is_factor(reason: Reason) -> bool:
    """Whether it multiplies the sum of the others."""
    return reason.asked == "prior"


def _concept(code: str) -> str:
    concepts = current_search().startups.vocabulary
    return concepts.name(code, current_language().code) if code in concepts else code


def init_app(app: Flask) -> None:
    """Give templates the words of explanations."""
    for function in (asked_text, answered_text, is_factor):
        app.add_template_global(function)
