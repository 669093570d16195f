"""Folding: one form for all the ways in which a text may be typed, and the key by which names are sorted.

Words and stems live in ``webapp.language.tokens``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SORT_KEY_LENGTH = 160
"""How many characters a sort key has at most: what the columns ``sort_name`` hold."""

_LETTERS = {
    # Arabic letters that writers exchange. Hamza carriers and most alef forms decompose by themselves.
    "ٱ": "ا",
    "ة": "ه",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "گ": "ك",
    "ڭ": "ك",
    "پ": "ب",
    "ڤ": "ف",
    "ڥ": "ف",
    "ہ": "ه",
    "ە": "ه",
    # Latin letters that Unicode does not decompose.
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ı": "i",
    "þ": "th",
    # All apostrophes are one, for elision; all hyphens are one, for compounds.
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "ʻ": "'",
    "ʹ": "'",
    "ʾ": "'",
    "ʿ": "'",
    "`": "'",
    "‐": "-",
    "–": "-",
    # Tatweel stretches a word and means nothing; Unicode counts it as a letter.
    "ـ": "",
}
_DROPPED = {"Mn", "Cf", "Cs"}
"""Categories that carry no difference here: marks, invisible controls of shaping and direction, stray surrogates."""

_YA_SEAT_BEFORE_WAW = re.compile("ي[\u064b-\u0653]*\u0654[\u064b-\u0655]*و")
_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"^\W*(?:(?:al|el)[-'’](?=\w)|ال[\u064b-\u0652]*(?=(?:\w[\u064b-\u0652]*){3}))", re.IGNORECASE)


class _FoldTable(dict[int, str]):
    """A table for ``str.translate`` that works out what becomes of a character when it first meets it."""

    def __missing__(self, codepoint: int) -> str:
        character = chr(codepoint)
        category = unicodedata.category(character)
        if character in _LETTERS:
            folded = _LETTERS[character]
        elif category in _DROPPED:
            folded = ""
        elif category == "Nd":
            folded = str(unicodedata.digit(character))
        else:
            folded = character
        self[codepoint] = folded
        return folded


_FOLDED = _FoldTable()


def fold(text: str) -> str:
    """The text without the differences that a search should ignore.

    Compatibility forms, case, accents, Arabic vowel marks, tatweel, invisible characters, alef forms, hamza carriers,
    ta marbuta and alef maqsura are unified; digits of all scripts become ASCII digits. Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    # Casefolding can bring forth characters that normalise further (U+0345, Cherokee), hence two rounds.
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFKD", text)
    if "\u0654" in text:  # Hamza above: مسئول is another spelling of مسؤول.
        text = _YA_SEAT_BEFORE_WAW.sub("وو", text)
    return unicodedata.normalize("NFC", text.translate(_FOLDED))


def without_article(name: str) -> str:
    """A name, folded or not, without a leading al-, el- or ال and the punctuation before it."""
    return _ARTICLE.sub("", name)


@lru_cache(maxsize=4096)
def sort_key(name: str) -> str:
    """The key by which a name is sorted: folded, without a leading article or punctuation, 160 characters at most.

    A name without a letter or digit is sorted by its folded self.
    """
    folded = fold(name).strip()
    bare = without_article(folded)
    words = " ".join(_WORD.findall(bare))
    return (words or folded)[:SORT_KEY_LENGTH].rstrip()
