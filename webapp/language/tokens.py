"""Words and stems of Arabic, French and English text, routed by script and not by a declared language.

A profile mixes languages within one sentence and a query says nothing of its language, so one light stemmer serves both
French and English, and one serves Arabic. They undo inflection (number, gender, article, attached particles and
pronouns); derivation (``numérique``/``numériser``) is left alone. ``docs/stemming.md`` describes them step by step.

Words are found in the text as it is written, and each distinct one is folded and stemmed once: that is what makes
analysis fast, and what gives every term its place in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from webapp.language.arabic import stem_arabic
from webapp.language.characters import APOSTROPHES, COMPATIBLE, HYPHENS, JOINED, PREPENDED, SPACING_MARKS
from webapp.language.latin import stem_latin
from webapp.language.normalize import fold
from webapp.language.stop_words import STOP_WORDS

ANALYZER_VERSION = "3"
"""Changes whenever the same text may give other stems: indexes and models made before are then out of date."""

MAX_WORD_LENGTH = 64
"""Longer runs of letters are cut: they are no words, and an index would keep each of them."""

_CACHED_WORDS = 100_000
_CACHED_LENGTH = 200
"""Longer words are not kept in the cache, which would otherwise have no bound in bytes."""

# The ASCII test comes first because the long class is slow, and few letters need it.
_CONTINUED = rf"(?:(?![\x00-\x7f])[{COMPATIBLE}{JOINED}]+\w*)*"
# e-commerce, of which the single letter goes with what follows; other hyphens part words.
_COMPOUND = rf"[A-Za-zÀ-ɏ][\u0300-\u036f]?[{HYPHENS}](?=(?:[^\W\d_][{JOINED}]*){{3}})"
_UNIT = rf"(?:{_COMPOUND})?[{PREPENDED}]*(?:\w+|[{COMPATIBLE}]){_CONTINUED}"
_WRITTEN = re.compile(rf"{_UNIT}(?:[{APOSTROPHES}]{_UNIT})*")
_SEGMENT = re.compile(rf"[^{APOSTROPHES}_]+")
_LEADING = re.compile(rf"(?![{PREPENDED}])[{JOINED}]+")
_FOLDED_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{SPACING_MARKS}])*")
_WITHOUT_HYPHENS = str.maketrans("", "", HYPHENS)

_ELIDED = frozenset(("l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"))
_ARABIC = re.compile("[\u0621-\u064a]")
_LATIN = re.compile("[a-z]")


class Word(NamedTuple):
    """A word of a text: its term, and where it stands, in characters from ``start`` up to and without ``end``."""

    term: str
    start: int
    end: int
    is_stop: bool
    surface: str | None = None
    """The form with its accents; see ``surface``."""


class _Part(NamedTuple):
    """A word within a run of letters and apostrophes; ``l’eau`` has one, the second."""

    token: str
    word: Word
    """With places from the beginning of the run."""


class _Run(NamedTuple):
    parts: tuple[_Part, ...]
    terms: tuple[str, ...]
    """Those of ``parts`` that are no stop words."""
    telling: tuple[tuple[str, str | None], ...]
    """The same, each with its surface."""


def stem(token: str) -> str:
    """The light stem of a word from ``tokenize``; words with digits and words of other scripts stay as they are."""
    if _ARABIC.search(token):
        return stem_arabic(token)
    return stem_latin(token) if token.isascii() and token.isalpha() else token


def surface(word: str) -> str | None:
    """A Latin word as it was typed, if folding takes something off it: ``Établi`` gives ``établi``, ``the`` None.

    In lower case and composed (NFC), without invisible characters, 64 characters at most.
    """
    if word.isascii():
        return None
    folded = fold(word)
    if not folded.isascii() or not _LATIN.search(folded):
        return None
    visible = "".join(character for character in word if unicodedata.category(character) not in ("Cf", "Cs"))
    typed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    return typed[:MAX_WORD_LENGTH] if typed != folded else None


def _segments(run: str) -> Iterator[tuple[str, int, int]]:
    """The pieces of a run between apostrophes and underscores, with their places, never within a grapheme."""
    for found in _SEGMENT.finditer(run):
        start, end = found.span()
        if leading := _LEADING.match(run, start, end):  # marks of the apostrophe or underscore before
            start = leading.end()
        if start < end:
            yield run[start:end], start, end


def _spoken(segments: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The segments without French elision and English possessive; ``aujourd’hui`` is one word."""
    folded = [fold(text) for text, _, _ in segments]
    if folded == ["aujourd", "hui"]:
        return [("aujourdhui", segments[0][1], segments[1][2])]
    first, end = 0, len(segments)
    while end - first > 1 and folded[first] in _ELIDED:
        first += 1
    if end - first > 1 and folded[-1] == "s":
        end -= 1
    return segments[first:end]


def _parts(run: str) -> Iterator[_Part]:
    segments = list(_segments(run))
    for text, start, end in _spoken(segments) if len(segments) > 1 else segments:
        joined = text.translate(_WITHOUT_HYPHENS)
        found = _FOLDED_WORD.findall(fold(joined))
        typed = surface(joined) if len(found) == 1 else None
        for token in found:
            token = token[:MAX_WORD_LENGTH]
            yield _Part(token, Word(stem(token), start, end, token in STOP_WORDS, typed))


def _analyzed(run: str) -> _Run:
    parts = tuple(_parts(run))
    kept = [part.word for part in parts if not part.word.is_stop]
    return _Run(parts, tuple(word.term for word in kept), tuple((word.term, word.surface) for word in kept))


_analyzed_once = lru_cache(maxsize=_CACHED_WORDS)(_analyzed)


def _run(run: str) -> _Run:
    return _analyzed_once(run) if len(run) <= _CACHED_LENGTH else _analyzed(run)


def tokenize(text: str) -> list[str]:
    """The words of a text, folded, in order: French elision and English possessives taken off, stop words kept.

    ``e-commerce`` is one word, ``ecommerce``; other hyphens part words.
    """
    return [part.token for run in _WRITTEN.findall(text) for part in _run(run).parts]


def words(text: str) -> list[Word]:
    """The words of a text with their terms and places, in order, stop words included.

    Places never split a grapheme. A symbol that stands for several words, such as a ligature of a phrase, gives several
    with the same place.
    """
    found = []
    for match in _WRITTEN.finditer(text):
        offset = match.start()
        for _, (term, start, end, is_stop, typed) in _run(match.group()).parts:
            found.append(Word(term, offset + start, offset + end, is_stop, typed))
    return found


def places_of(text: str, terms: Collection[str]) -> list[tuple[int, int]]:
    """Where a text has one of these terms: start and end of its words, as ``words`` gives them, without stop words.

    Several times as fast as ``words``, because a word that is none of these costs no more than looking it up.
    """
    found: list[tuple[int, int]] = []
    for match in _WRITTEN.finditer(text):
        run = _run(match.group())
        for term in run.terms:
            if term in terms:
                offset = match.start()
                kept = (word for _, word in run.parts if word.term in terms and not word.is_stop)
                found += [(offset + word.start, offset + word.end) for word in kept]
                break
    return found


def telling(text: str) -> list[tuple[str, str | None]]:
    """The terms that ``analyze`` gives, each with its accented form where it was written with accents (``surface``)."""
    found: list[tuple[str, str | None]] = []
    for run in _WRITTEN.findall(text):
        found += _analyzed_once(run).telling if len(run) <= _CACHED_LENGTH else _analyzed(run).telling
    return found or [(word.term, word.surface) for word in words(text)]


def analyze(text: str) -> list[str]:
    """The stems of a text's words, in order, without stop words; a text of stop words only keeps them.

    The exception is for names: a company called "The One" must be found.
    """
    terms: list[str] = []
    for run in _WRITTEN.findall(text):
        terms += _analyzed_once(run).terms if len(run) <= _CACHED_LENGTH else _analyzed(run).terms
    return terms or [word.term for word in words(text)]
