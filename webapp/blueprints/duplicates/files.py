"""Possible duplicates as rows of a file: the two profiles of each pair, and what speaks for and against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from webapp.models import DbSession, Partner, Startup
from webapp.services.duplicate_pairs import Pair, load_pairs
from webapp.services.merging import suggest_kept, with_members
from webapp.web.formats import name_of

BATCH = 200
COLUMNS = ("noun", "first", "first_name", "second", "second_name", "grade", "signs", "doubts")
"""As on the page, the first is the one that would be kept."""


def pair_rows(session: DbSession, noun: str, pairs: Sequence[Pair]) -> Iterator[Mapping[str, Any]]:
    """A row each, in their order; profiles are read in batches."""
    for start in range(0, len(pairs), BATCH):
        shown = load_pairs(session, noun, pairs[start : start + BATCH])
        claimed = with_members(session, noun, [row.id for each in shown for row in (each.first, each.second)])
        for each in shown:
            kept = suggest_kept(each.first, each.second, claimed)
            gone = each.second if kept is each.first else each.first
            yield {"noun": noun} | _sides(kept, gone) | _likeness(each.pair)


def _sides(kept: Startup | Partner, gone: Startup | Partner) -> dict[str, Any]:
    return {"first": kept.slug, "first_name": name_of(kept), "second": gone.slug, "second_name": name_of(gone)}


def _likeness(pair: Pair) -> dict[str, Any]:
    return {"grade": pair.grade, "signs": list(pair.signs), "doubts": list(pair.doubts)}
