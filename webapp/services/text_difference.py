"""Differences of texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

_TOKENS = re.compile(r"\s+|[^\s]+")


class Part(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    """A piece of text and what became of it."""

    part: Part
    text: str


def word_difference(old: str, new: str) -> list[Piece]:
    """How the new text comes from the old one.

    What is the same and what was removed gives the old text; what is the same and what was added, the new one.
    """
    return list(_joined(_pieces(_TOKENS.findall(old), _TOKENS.findall(new))))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield Piece(Part.SAME, "".join(old[old_from:old_to]))
            continue
        if old_to > old_from:
            yield Piece(Part.REMOVED, "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield Piece(Part.ADDED, "".join(new[new_from:new_to]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Runs of changed words with nothing but a space between them read better as one change."""
    removed = added = ""
    for piece in pieces:
        if piece.part == Part.SAME and piece.text.isspace() and (removed or added):
            removed, added = removed + piece.text, added + piece.text
        elif piece.part == Part.REMOVED:
            removed += piece.text
        elif piece.part == Part.ADDED:
            added += piece.text
        else:
            yield from _changed(removed, added)
            removed = added = ""
            yield piece
    yield from _changed(removed, added)


def _changed(removed: str, added: str) -> Iterator[Piece]:
    """A change; what both have alike at its end did not change."""
    end = ""
    while removed and added and removed[-1] == added[-1] and removed[-1].isspace():
        end, removed, added = removed[-1] + end, removed[:-1], added[:-1]
    if removed:
        yield Piece(Part.REMOVED, removed)
    if added:
        yield Piece(Part.ADDED, added)
    if end:
        yield Piece(Part.SAME, end)
