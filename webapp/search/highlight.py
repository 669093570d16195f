"""Showing where a text answers a query: the best passage of a text, in pieces that are marked or not.

Nothing here is markup. Pieces are parts of the original text, so whoever prints them escapes each; a piece never begins
or ends inside a letter, because words do not.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from webapp.language import Word, places_of, words
from webapp.language.characters import JOINED, PREPENDED
from webapp.language.concepts import ConceptVocabulary

PASSAGE = 200
"""Length of a passage, in characters."""
LEAD = 40
"""How many characters before its first mark a passage begins, at most."""
MAX_TEXT = 20_000
"""What lies beyond so many characters of a text is not looked at."""

ELLIPSIS = "…"

_WITHIN_LETTER = re.compile(rf"(?<=[\u200d{PREPENDED}])|(?=[{JOINED}])")
"""Between a letter and its marks, a sign and what it stands before, or the parts of an emoji joined by U+200D."""


class Piece(NamedTuple):
    """A stretch of a text."""

    text: str
    is_hit: bool
    """Whether it answers the query."""


Span = tuple[int, int]


def hits(
    text: str, terms: Collection[str], concepts: Collection[str] = (), vocabulary: ConceptVocabulary | None = None
) -> list[Span]:
    """Where a text has one of these terms, or names one of these concepts: offsets, ascending, not overlapping.

    Args:
        text: the text as it is shown.
        terms: stems, as ``Answer.terms`` gives them.
        concepts: codes, as ``Answer.concepts`` gives them; they need the vocabulary.
        vocabulary: what recognises the concepts.
    """
    looked_at = text[:MAX_TEXT]
    spans = places_of(looked_at, terms)
    if concepts and vocabulary is not None:
        spans = sorted({*spans, *_concept_spans(words(looked_at), concepts, vocabulary)})
    if len(text) > MAX_TEXT:  # What stands at the very end of a text that was cut may be a part of a word.
        spans = [span for span in spans if span[1] < MAX_TEXT]
    joined: list[Span] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _concept_spans(found: list[Word], concepts: Collection[str], vocabulary: ConceptVocabulary) -> list[Span]:
    telling = [word for word in found if not word.is_stop]
    spans = vocabulary.find([word.term for word in telling])
    return [(telling[span.start].start, telling[span.end - 1].end) for span in spans if span.code in concepts]


def _pieces(text: str, spans: list[Span], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for first, last in spans:
        if first < start or last > end:
            continue
        pieces.append(Piece(text[at:first], False))
        pieces.append(Piece(text[first:last], True))
        at = last
    pieces.append(Piece(text[at:end], False))
    return [piece for piece in pieces if piece.text]


def marked(
    text: str, terms: Collection[str], concepts: Collection[str] = (), vocabulary: ConceptVocabulary | None = None
) -> list[Piece]:
    """The whole text in pieces. Arguments as for ``hits``."""
    return _pieces(text, hits(text, terms, concepts, vocabulary), 0, len(text))


def _best_window(spans: list[Span], length: int) -> Span:
    """The stretch of at most so many characters that holds most spans, the first of those."""
    best = (0, spans[0])
    last = 0
    for first, span in enumerate(spans):
        while last < len(spans) and spans[last][1] - span[0] <= length:
            last += 1
        if last - first > best[0]:
            best = (last - first, span)
    start = best[1][0]
    return start, start + length


def _at_word(text: str, position: int, *, limit: int) -> int:
    """The first place from a position on, within so many characters, where a word begins; else the position."""
    space = text.find(" ", position, position + limit)
    return space + 1 if space >= 0 else position


def _whole(text: str, position: int) -> int:
    """The last place up to a position that is not within a letter."""
    while 0 < position < len(text) and _WITHIN_LETTER.match(text, position):
        position -= 1
    return position


def passage(
    text: str,
    terms: Collection[str],
    concepts: Collection[str] = (),
    vocabulary: ConceptVocabulary | None = None,
    *,
    length: int = PASSAGE,
) -> list[Piece]:
    """The passage of a text that answers best, with an ellipsis where it leaves something out; none if nothing does.

    Arguments as for ``hits``.
    """
    spans = hits(text, terms, concepts, vocabulary)
    if not spans:
        return []
    first, _ = _best_window(spans, length)
    start = 0 if first <= LEAD else _whole(text, min(_at_word(text, first - LEAD, limit=LEAD), first))
    end = start + length
    if end >= len(text):
        end = len(text)
    else:
        space = text.rfind(" ", first, end)
        inside = max((last for span_first, last in spans if span_first < end), default=first)
        end = _whole(text, max(space if space > first else end, min(inside, start + 2 * length)))
    pieces = _pieces(text, spans, start, end)
    before = [Piece(ELLIPSIS, False)] if start else []
    after = [Piece(ELLIPSIS, False)] if end < len(text) else []
    return [*before, *pieces, *after]
