"""How figures read: shares, ratios, changes, intervals."""

from __future__ import annotations

from flask_babel import format_decimal, format_percent, get_locale, gettext
from markupsafe import Markup, escape

from webapp.services.cluster_figures import Estimate

MINUS = "\N{MINUS SIGN}"


def percent(value: float) -> str:
    """A share in whole per cent; small ones with a decimal."""
    locale = get_locale()
    if locale is None or not 0 < abs(value) < 0.0995:
        return str(format_percent(value))
    pattern = locale.percent_formats[None].pattern.replace("0", "0.0", 1)
    return str(format_percent(value, format=pattern))


def ratio(value: float) -> str:
    """A quotient or another figure with one decimal; small ones with two."""
    return str(format_decimal(value, format="#,##0.00" if 0 < abs(value) < 0.95 else "#,##0.0"))


def signed(value: int) -> Markup:
    """A change in startups with its sign, held together in any direction of writing."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return _isolated(sign + str(format_decimal(abs(value))))


def signed_percent(value: float) -> Markup:
    """A change in per cent with its sign."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return _isolated(sign + percent(abs(value)))


def whole(value: float) -> str:
    """A number of startups, which an estimate need not make a whole one."""
    return str(format_decimal(value, format="#,##0.#"))


FORMS = {"percent": percent, "ratio": ratio, "whole": whole}


def interval(estimate: Estimate, kind: str = "ratio") -> str:
    """The limits of an interval in words; ``kind`` is one of ``FORMS``."""
    form = FORMS[kind]
    return gettext("%(lower)s to %(upper)s", lower=form(estimate.lower), upper=form(estimate.upper))


def _isolated(text: str) -> Markup:
    return Markup('<bdi dir="ltr">{}</bdi>').format(escape(text))


def figure(value: float, kind: str = "ratio") -> str:
    """A figure in one of ``FORMS``."""
    return FORMS[kind](value)


GLOBALS = (figure, percent, ratio, signed, signed_percent, interval)
