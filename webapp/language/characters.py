"""Which characters belong to a word: the character classes of the scanner in ``webapp.language.tokens``.

Python's ``re`` has no properties of Unicode, so the classes are worked out once from ``unicodedata``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

APOSTROPHES = "'’‘ʼʻʹʾʿ`＇"
"""Every one that ``fold`` makes a plain apostrophe."""

HYPHENS = "-‐‑–"

PREPENDED = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
"""Signs that form a grapheme with the character after them, such as the Arabic number sign."""

_MODIFIERS = "\U0001f3fb-\U0001f3ff"
_BLOCKS = ((0xAD, 0xAE), (0x300, 0x3100), (0xA640, 0xAC00), (0xFB1E, 0xFB1F), (0xFE00, 0x10000), (0x10000, 0x12000))
_MORE_BLOCKS = ((0x13430, 0x13460), (0x16A00, 0x17000), (0x1BC00, 0x1BD00), (0x1CF00, 0x1E950), (0xE0001, 0xE01F0))
_JOINED = {"Mn", "Mc", "Me", "Cf"}


def _joined_codepoints() -> Iterator[int]:
    for first, end in (*_BLOCKS, *_MORE_BLOCKS):
        for codepoint in range(first, end):
            if unicodedata.category(chr(codepoint)) in _JOINED:
                yield codepoint


def _ranges(codepoints: Iterable[int]) -> str:
    found: list[tuple[int, int]] = []
    for codepoint in codepoints:
        if found and found[-1][1] == codepoint - 1:
            found[-1] = (found[-1][0], codepoint)
        else:
            found.append((codepoint, codepoint))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)


JOINED = _ranges(_joined_codepoints()) + "\ud800-\udfff" + _MODIFIERS
"""The inside of a character class: what never stands by itself but with the letter before it.

Marks, invisible controls of shaping and direction, stray surrogates, modifiers of colour.
"""

SPACING_MARKS = "".join(
    chr(codepoint) for codepoint in range(0x900, 0x1100) if unicodedata.category(chr(codepoint)) == "Mc"
)
"""Vowel signs of Indic scripts, which are part of a word and which folding leaves."""

COMPATIBLE = "\u24b6-\u24e9\u3300-\u33ff"
"""Symbols made of letters, such as ㎡, which folding takes apart."""
