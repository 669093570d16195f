"""How values read in the reader's language: texts, names, numbers, money, dates, places. All are template globals."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from babel import Locale
from babel.numbers import format_decimal, get_currency_name
from flask import Flask
from flask_babel import format_date, format_datetime, get_locale, gettext, ngettext

from webapp.i18n import LANGUAGES, Language, in_language
from webapp.models import Listed, Localized
from webapp.services.network import zone_of
from webapp.web.locale import current_language, offered_languages
from webapp.web.site import current_network, current_vocabulary

_MILLION = 1_000_000
SENTENCE_ENDS = (".", "!", "?", "؟", "…", ".”", ".»", '."', ".)")


class LocalizedText(NamedTuple):
    """A text and the language it turned out to be in."""

    text: str
    language: Language

    @property
    def is_foreign(self) -> bool:
        """Whether the reader asked for another language, so that the page must say which one this is."""
        return bool(self.text) and self.language != current_language()


def localized(texts: Localized | None) -> LocalizedText:
    """A text in the reader's language, or else in the first language of the network that has it."""
    network = current_network()
    text, code = in_language(texts, current_language().code, network.languages if network else ())
    return LocalizedText(text, LANGUAGES.get(code, current_language()))


def paragraphs_beyond(text: str, said: str) -> list[str]:
    """The paragraphs of a text, without its first sentences if they stand above it already, word by word.

    An imported pitch is the beginning of the description. One that was cut within a sentence takes nothing away.
    """
    paragraphs = [line.split() for line in text.splitlines() if line.strip()]
    whole = [" ".join(words) for words in paragraphs]
    opening = said.split()
    if not opening or text.split()[: len(opening)] != opening:
        return whole
    kept: list[str] = []
    left = len(opening)
    for words in paragraphs:
        if 0 < left < len(words) and not words[left - 1].endswith(SENTENCE_ENDS):
            return whole
        if words[left:]:
            kept.append(" ".join(words[left:]))
        left = max(left - len(words), 0)
    return kept


def name_of(listed: Listed) -> str:
    """A startup's or partner's name in the reader's script, where it has one."""
    return listed.name_for(current_language().script)


def other_name_of(listed: Listed) -> str | None:
    """Its name in the other script, where it has both."""
    return listed.other_name_for(current_language().script)


def label(kind: str, code: str) -> str:
    """The name of a code of the vocabulary, for example ``label("sectors", "fintech")``."""
    return current_vocabulary().label(kind, code, current_language().code)


def number(value: float) -> str:
    """A number with the separators of the reader's locale."""
    return _decimal(value, None, get_locale())


def rate(value: float) -> str:
    """A rate with two decimals, so that a column of them lines up."""
    return _decimal(value, "#,##0.00", get_locale())


@lru_cache(maxsize=10_000)
def _decimal(value: float, pattern: str | None, locale: Locale | None) -> str:
    """A page names a hundred numbers, most of them small and the same on every page."""
    return str(format_decimal(value, format=pattern, locale=locale))


def _millions(value: int) -> str:
    return number(round(value / _MILLION, 2))


def _amount(value: int) -> str:
    if value < _MILLION:
        return number(value)
    # Translators: a currency follows: 2 million MAD.
    return ngettext("%(count)s million", "%(count)s million", value // _MILLION, count=_millions(value))


def _currency(code: str | None) -> str:
    """The ISO code of a currency, or its name for readers of a script in which codes are not written."""
    if not code or current_language().script == "Latn":
        return code or ""
    return get_currency_name(code, locale=get_locale())


def money_range(least: int | None, most: int | None, currency: str | None) -> str:
    """An amount or a range of amounts, short: "2 to 5 million MAD"; empty if there is neither."""
    name = _currency(currency)
    if least and most and least != most:
        first = _millions(least) if least >= _MILLION and most >= _MILLION else _amount(least)
        return gettext("%(least)s to %(most)s %(currency)s", least=first, most=_amount(most), currency=name)
    if least and not most:
        return gettext("from %(least)s %(currency)s", least=_amount(least), currency=name)
    if most and not least:
        return gettext("up to %(most)s %(currency)s", most=_amount(most), currency=name)
    return gettext("%(amount)s %(currency)s", amount=_amount(most), currency=name) if most else ""


def day(value: date) -> str:
    """A day in words: 3 November 2026."""
    return str(format_date(value, format="long"))


def month(value: date) -> str:
    """A month in words: November 2026."""
    return str(format_date(value, format="MMMM y"))


def moment(value: datetime) -> str:
    """A day and a time in the network's time zone, short: 3 Nov 2026, 14:05."""
    local = value.astimezone(zone_of(current_network()))
    return str(format_datetime(local, format="d MMM y, HH:mm", rebase=False))


def country_name(code: str) -> str:
    """The name of an ISO 3166-1 country."""
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def language_name(code: str) -> str:
    """The name of an ISO 639 language."""
    locale = get_locale()
    return str(locale.languages.get(code, code)) if locale else code


def place_name(code: str) -> str:
    """The name of a country or, for codes like MA-09, of a region of the network."""
    return label("regions", code) if "-" in code else country_name(code)


def host_of(url: str) -> str:
    """The host of a web address, without ``www.``."""
    return urlsplit(url).netloc.removeprefix("www.") or url


def init_app(app: Flask) -> None:
    """Give templates the formats."""
    for function in (
        localized,
        paragraphs_beyond,
        name_of,
        other_name_of,
        label,
        number,
        rate,
        money_range,
        day,
        month,
        moment,
        country_name,
        language_name,
        place_name,
        host_of,
        current_language,
        offered_languages,
    ):
        app.add_template_global(function)
