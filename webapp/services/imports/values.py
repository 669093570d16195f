"""From the text of a cell to a value: years, dates, amounts, yes and no, addresses, countries.

All functions take stripped text and raise ValueError if they cannot read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale
from babel.core import get_global

from webapp.i18n import LANGUAGES
from webapp.language import fold
from webapp.services.imports.fields import Transform

LARGEST_AMOUNT = 2**31 - 1
"""What the columns of amounts hold."""

FIRST_YEAR, LAST_YEAR = 1900, 2200

_YEAR = re.compile(r"(?<!\d)(?:19|2[01])\d\d(?!\d)")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)", re.IGNORECASE)
_AMOUNT = re.compile(r"(\d+(?:[ .,'\u00a0\u202f]\d+)*)\s*([a-z]+|[\u0621-\u064a]+)?")
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?")

_FACTORS: Mapping[str, int] = {
    **dict.fromkeys(("k", "thousand", "mille", "الف"), 1_000),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions", "مليون"), 1_000_000),
    **dict.fromkeys(("b", "bn", "billion", "billions", "md", "mds", "milliard", "milliards", "مليار"), 1_000_000_000),
}
_YES = frozenset(fold(word) for word in ("yes", "y", "true", "1", "x", "✓", "oui", "o", "vrai", "نعم", "صحيح"))
_NO = frozenset(fold(word) for word in ("no", "n", "false", "0", "non", "faux", "لا", "خطأ"))

_COUNTRY_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("us", "u.s.", "u.s.a.", "united states of america", "america", "أمريكا"), "US"),
    **dict.fromkeys(
        ("u.k.", "great britain", "britain", "england", "scotland", "wales", "angleterre", "بريطانيا"), "GB"
    ),
    **dict.fromkeys(("hong kong", "hongkong", "هونغ كونغ"), "HK"),
    **dict.fromkeys(("czech republic", "république tchèque"), "CZ"),
    **dict.fromkeys(("uae", "u.a.e.", "eau", "الإمارات"), "AE"),
    **dict.fromkeys(("ksa", "السعودية"), "SA"),
    **dict.fromkeys(("turkey", "turkiye"), "TR"),
    **dict.fromkeys(("palestine", "فلسطين"), "PS"),
    **dict.fromkeys(("holland", "hollande"), "NL"),
    **dict.fromkeys(("ivory coast", "ساحل العاج"), "CI"),
    **dict.fromkeys(("macao", "macau"), "MO"),
    **dict.fromkeys(("swaziland",), "SZ"),
    **dict.fromkeys(("burma", "birmanie"), "MM"),
    **dict.fromkeys(("viet nam",), "VN"),
    **dict.fromkeys(("cape verde",), "CV"),
}
"""Names that people write and CLDR does not list."""

NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})


def key_of(text: str) -> str:
    """The form in which names and aliases are compared."""
    return " ".join(fold(text).split())


def parse_year(text: str) -> int:
    """The one year that a text names: ``2012``, ``March 2012``, ``2012-03-01``."""
    years = {int(year) for year in _YEAR.findall(fold(text))}
    if len(years) != 1:
        raise ValueError("not one year")
    return years.pop()


def parse_date(text: str, date_format: str | None = None) -> tuple[date, bool]:
    """A date, ISO unless a format says otherwise, and whether it is exact.

    A year or a month alone stands for its first day.
    """
    plain = fold(text)
    if date_format:
        return datetime.strptime(plain, date_format).replace(tzinfo=UTC).date(), True
    if partial := _PARTIAL_DATE.fullmatch(plain):
        day, exact = date(int(partial[1]), int(partial[2] or 1), 1), False
    else:
        day, exact = datetime.fromisoformat(plain).date(), True
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("not a likely year")
    return day, exact


def parse_amount(text: str) -> int:
    """A whole amount: ``1 200 000``, ``$1,200,000``, ``1.2M``, ``1,5 million``, ``500k MAD``."""
    found = _AMOUNT.findall(fold(text))
    if len(found) != 1 or fold(text).lstrip().startswith("-"):
        raise ValueError("not one amount")
    digits, word = found[0]
    amount = round(_number(digits, word in _FACTORS) * _FACTORS.get(word, 1))
    if amount > LARGEST_AMOUNT:
        raise ValueError("too large")
    return amount


def _number(digits: str, has_factor: bool) -> float:
    """Read separators: groups of three digits are thousands, unless one group stands before a word as in 1.250 M."""
    parts = re.split(r"[^\d]", digits)
    separators = re.findall(r"[^\d]", digits)
    is_grouped = all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3
    if is_grouped and not (has_factor and len(parts) == 2 and separators[0] in ".,"):
        return float("".join(parts))
    if separators[-1:] in (["."], [","]) and separators.count(separators[-1]) == 1:
        return float("".join(parts[:-1]) + "." + parts[-1])
    if len(parts) == 1:
        return float(digits)
    raise ValueError("separators that make no sense")


def parse_boolean(text: str) -> bool:
    """Yes or no, in any of the interface's languages."""
    word = key_of(text)
    if word not in _YES | _NO:
        raise ValueError("neither yes nor no")
    return word in _YES


def parse_url(text: str) -> str:
    """A web address with its scheme; ``example.com`` becomes ``https://example.com``."""
    address = text if "://" in text else f"https://{text}"
    parts = urlsplit(address)
    host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host) or re.search(r"\s", address):
        raise ValueError("not a web address")
    return address


def parse_country(text: str) -> str:
    """The ISO 3166-1 code of a country, from its code or its name in any of the interface's languages."""
    try:
        return _countries()[key_of(text)]
    except KeyError:
        raise ValueError("not a country") from None


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    territories = {
        language: {
            code: name
            for code, name in Locale.parse(language).territories.items()
            if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
        }
        for language in LANGUAGES
    }
    found: dict[str, str] = {}
    for names in territories.values():
        found |= {key_of(code): code for code in names}
        found |= {key_of(name): code for code, name in names.items()}
    for alias, codes in get_global("territory_aliases").items():
        if alias.isalpha() and len(codes) == 1 and codes[0].lower() in found:
            found.setdefault(key_of(alias), codes[0])
    return found | {key_of(name): code for name, code in _COUNTRY_NAMES.items()}


def split_cell(text: str, separators: Sequence[str]) -> list[str]:
    """The values of a cell. A separator between quotation marks parts nothing; quotation marks around a value go."""
    if not separators:
        return [text.strip()] if text.strip() else []
    # Pieces and the separators between them take turns.
    pieces = re.split("(" + "|".join(map(re.escape, separators)) + ")", text)
    if text.count('"') % 2 == 0:
        pieces = _rejoin_quoted(pieces)
    values = (_unquoted(piece.strip()) for piece in pieces[::2])
    return [value for value in values if value]


def _rejoin_quoted(pieces: list[str]) -> list[str]:
    joined = pieces[:1]
    for separator, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if joined[-1].count('"') % 2:
            joined[-1] += separator + piece
        else:
            joined += [separator, piece]
    return joined


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"').strip()
    return text


TRANSFORMS: Mapping[Transform, Callable[[str], str]] = {
    Transform.STRIP: str.strip,
    Transform.YEAR: lambda text: str(parse_year(text)),
    Transform.URL: parse_url,
    Transform.MONEY: lambda text: str(parse_amount(text)),
    Transform.BOOLEAN: lambda text: "true" if parse_boolean(text) else "false",
    Transform.COUNTRY: parse_country,
}
"""What is done to a text before a field reads it."""
