"""The order of names in a reader's language, by ICU: the Unicode Collation Algorithm with CLDR's rules.

``normalize.sort_key`` is the one key that a column holds for all languages; ``collation_key`` is one for each.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib import import_module
from typing import Any

from webapp.language.normalize import without_article

MAX_LETTERS = 200
"""How much of a name counts."""

_UNSPOKEN = "PSZ"
"""First letters of the categories that do not count: punctuation, symbols, spaces."""


def _icu() -> Any:
    """PyICU, which is loaded when a key is first asked for: its data are large, and most commands sort nothing."""
    return import_module("icu")


@lru_cache(maxsize=16)
def _collator(language: str) -> Any:
    icu = _icu()
    return icu.Collator.createInstance(icu.Locale(language))


def collation_version() -> str:
    """The version of the rules: keys that were stored under another one do not compare with new ones."""
    icu = _icu()
    return f"{icu.ICU_VERSION}/{icu.UNICODE_VERSION}"


@lru_cache(maxsize=20_000)
def _key(name: str, language: str) -> bytes:
    bare = without_article(unicodedata.normalize("NFC", name))
    visible = (" " if unicodedata.category(character)[0] in _UNSPOKEN else character for character in bare)
    spoken = " ".join("".join(visible).split())
    # A stray surrogate is no text for ICU.
    return bytes(_collator(language).getSortKey((spoken or name).encode("utf-8", "replace").decode()))


def collation_key(name: str, language: str) -> bytes:
    """The key by which a name is sorted for readers of a language; keys compare as bytes.

    Digits come first; then Arabic script in ``ar`` and Latin in ``fr`` and ``en``, where letters count before accents
    and accents before capitals. A leading article (al-, el-, ال) and punctuation do not count, nor what follows the
    first 200 characters. Keys of different languages or ICU versions do not compare. A language that ICU does not know
    is sorted by the root rules, Latin first.
    """
    return _key(name[:MAX_LETTERS], language)
