"""The interface languages: one table drives catalogues, direction, formats and the language switch.

What a request's language is, is decided in ``webapp.web.locale``; here is only what languages are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import localedata


@dataclass(frozen=True)
class Language:
    """A language of the interface."""

    code: str
    """The code in URLs and catalogues, ISO 639-1."""
    name: str
    """The language's name in itself."""
    direction: str
    """``ltr`` or ``rtl``."""
    script: str
    """ISO 15924 code of its script."""


LANGUAGES: Mapping[str, Language] = {
    language.code: language
    for language in (
        Language("ar", "العربية", "rtl", "Arab"),
        Language("fr", "Français", "ltr", "Latn"),
        Language("en", "English", "ltr", "Latn"),
    )
}


def cldr_locale(language: str, country: str) -> str:
    """The CLDR locale whose formats a reader expects, for example ``ar_MA`` (Latin digits, Moroccan months).

    English keeps the international ``en_GB`` (day before month) outside the United States. A pair that CLDR does not
    know, such as French in Ireland, falls back to the language alone.
    """
    if language == "en":
        return "en_US" if country == "US" else "en_GB"
    locale = f"{language}_{country}"
    return locale if localedata.exists(locale) else language


def in_language(texts: Mapping[str, str] | None, language: str, order: Sequence[str] = ()) -> tuple[str, str]:
    """The text in ``language``, or else in the first language of ``order`` that has one.

    Returns:
        The text and the language it is written in; two empty strings if there is no text at all.
    """
    if not texts:
        return "", ""
    for code in (language, *order, *LANGUAGES, *texts):
        if texts.get(code):
            return texts[code], code
    return "", ""
