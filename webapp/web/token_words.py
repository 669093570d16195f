"""What scopes and times of tokens are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from webapp.services.api_tokens import Scope
from webapp.web.formats import number

SCOPES: Mapping[str, LazyString] = {
    Scope.INTRODUCTIONS: lazy_gettext("Read my introductions"),
    Scope.SAVED_SEARCHES: lazy_gettext("Read my saved searches"),
}
"""Scope -> what it lets a program do."""


def days_text(days: int) -> str:
    """For how long a token is valid."""
    return ngettext("%(count)s day", "%(count)s days", days, count=number(days))
