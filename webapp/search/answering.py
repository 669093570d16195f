"""Putting the answers to the clauses of a query together: who answers it, and in which order.

All clauses should be answered. Where fewer than ``ENOUGH`` documents do that, those follow that answer clauses which
carry at least ``PARTIAL_SHARE`` of what all clauses tell, told by their inverse document frequencies. Words that stand
side by side in the query and in a document add to its score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from webapp.search.facets import Mask
from webapp.search.parser import Parsed
from webapp.search.scoring import Matcher, Scores, Variant
from webapp.search.snapshot import Snapshot
from webapp.search.terms import CONCEPT

ENOUGH = 10
"""With so many documents that answer everything, no others are shown."""
PARTIAL_SHARE = 0.4
"""Of what the clauses tell, the least that a document must answer to follow those that answer everything ..."""
RELAXED_SHARE = 0.05
"""... and the least where no document answers everything."""

PROXIMITY_WEIGHT = 0.5
"""What two words side by side add, compared with the rarer one's inverse document frequency."""
PROXIMITY_DEPTH = 200
"""How many of the best documents are looked at for words side by side."""


@dataclass(frozen=True)
class Match:
    """The documents that answer a query."""

    mask: Mask
    scores: Scores
    full: Mask | None = None
    """Those that answer everything, where others follow them; they come first whatever their scores."""
    relaxed: bool = False
    """Whether no document answers everything."""
    corrections: Mapping[str, str] = field(default_factory=dict)
    """Words as typed that no document has -> the most frequent close word."""
    variants: Sequence[tuple[Variant, ...]] = ()
    """For each clause what answers it."""
    by_concept: frozenset[str] = frozenset()
    """Concepts that brought in a document which has none of the words that name them in the query."""
    side_by_side: Mapping[int, float] = field(default_factory=dict)
    """Document number -> what words side by side added to its score."""


@dataclass
class _Answers:
    """The answers to the clauses, one by one."""

    scores: list[Scores]
    literal: list[Mask]
    """Which documents have the words, or what stands for them."""
    masks: list[Mask]
    """The same, or name a concept that the words name."""
    named: list[tuple[str, Mask, range]]
    """Concepts, the documents that name them, and the clauses that do."""


def _answers(matcher: Matcher, parsed: Parsed, variants: Sequence[Sequence[Variant]], *, concepts: bool) -> _Answers:
    scores = [matcher.answer(clause, found) for clause, found in zip(parsed.clauses, variants, strict=True)]
    literal = [answer > 0 for answer in scores]
    masks = list(literal)
    named: list[tuple[str, Mask, range]] = []
    for asked in parsed.concepts if concepts else ():
        answer = matcher.concept(asked)
        clauses = range(asked.start, asked.end)
        named.append((asked.code, answer > 0, clauses))
        scores.append(answer)
        for number in clauses:
            masks[number] = masks[number] | named[-1][1]
    return _Answers(scores, literal, masks, named)


def _partial(snapshot: Snapshot, masks: Sequence[Mask], alive: Mask, share: float) -> Mask:
    """The documents that answer clauses which carry this share of what all clauses tell that anybody answers."""
    told = np.zeros(snapshot.size, dtype=np.float32)
    whole = 0.0
    for mask in masks:
        count = int(np.count_nonzero(mask))
        if count:
            idf = snapshot.idf(count)
            told[mask] += np.float32(idf)
            whole += idf
    return (told >= np.float32(whole * share - 1e-4)) & (told > 0) & alive


def _side_by_side(snapshot: Snapshot, matcher: Matcher, parsed: Parsed, mask: Mask, scores: Scores) -> dict[int, float]:
    """What neighbouring words of the query add to the best documents where they are neighbours as well."""
    pairs = [
        (before.terms[0], after.terms[0])
        for before, after in zip(parsed.clauses, parsed.clauses[1:], strict=False)
        if len(before.terms) == len(after.terms) == 1 and before.zone is None and after.zone is None
    ]
    places = mask.nonzero()[0]
    if not pairs or not len(places):
        return {}
    if len(places) > PROXIMITY_DEPTH:
        best = np.argpartition(scores[places], len(places) - PROXIMITY_DEPTH)[-PROXIMITY_DEPTH:]
        places = np.sort(places[best])
    added: dict[int, float] = {}
    for before, after in pairs:
        frequency = min(snapshot.document_frequency(before), snapshot.document_frequency(after))
        if frequency:
            value = PROXIMITY_WEIGHT * snapshot.idf(frequency)
            for place in matcher.adjacent(before, after, places).tolist():
                added[place] = added.get(place, 0.0) + value
    return added


def _not_excluded(snapshot: Snapshot, matcher: Matcher, parsed: Parsed) -> Mask:
    alive = snapshot.columns.live
    for clause in parsed.excluded:
        terms = tuple(Variant(term, 1.0, "word") for term in clause.terms)
        alive = alive & ~(matcher.answer(clause, terms) > 0)
    return alive


def match(
    snapshot: Snapshot,
    parsed: Parsed,
    *,
    fuzzy: bool = True,
    concepts: bool = True,
    partial: bool = True,
    any_of: bool = False,
) -> Match:
    """The documents that answer a query; with ``any_of`` those that answer anything of it, by their scores alone."""
    matcher = Matcher(snapshot, fuzzy=fuzzy)
    alive = _not_excluded(snapshot, matcher, parsed)
    if not parsed.clauses:
        return Match(alive, alive.astype(np.float32))
    variants = [matcher.variants(clause) for clause in parsed.clauses]
    answers = _answers(matcher, parsed, variants, concepts=concepts)
    scores: Scores = reduce(np.add, answers.scores)
    if any_of:
        return Match(reduce(np.logical_or, answers.masks) & alive, scores, variants=variants)
    full: Mask = reduce(np.logical_and, answers.masks) & alive
    mask, count = full, int(np.count_nonzero(full))
    if partial and len(parsed.clauses) > 1 and count < ENOUGH:
        mask = full | _partial(snapshot, answers.masks, alive, PARTIAL_SHARE if count else RELAXED_SHARE)
    added = _side_by_side(snapshot, matcher, parsed, mask, scores)
    if added:
        scores = scores.copy()
        scores[list(added)] += np.array(list(added.values()), dtype=np.float32)
    return Match(
        mask,
        scores,
        full if count and int(np.count_nonzero(mask)) > count else None,
        relaxed=not count and bool(mask.any()),
        corrections=_corrections(parsed, variants),
        variants=variants,
        by_concept=_by_concept(answers, mask),
        side_by_side=added,
    )


def _by_concept(answers: _Answers, mask: Mask) -> frozenset[str]:
    found = set()
    for code, has, clauses in answers.named:
        words = reduce(np.logical_or, [answers.literal[number] for number in clauses])
        if np.any(has & mask & ~words):
            found.add(code)
    return frozenset(found)


def _corrections(parsed: Parsed, variants: Sequence[Sequence[Variant]]) -> dict[str, str]:
    return {
        clause.typed: found[0].term
        for clause, found in zip(parsed.clauses, variants, strict=True)
        if found and found[0].kind == "typo"
    }


def contributions(
    snapshot: Snapshot, parsed: Parsed, found: Match, place: int, *, concepts: bool = True
) -> Iterator[tuple[str, str, float]]:
    """What adds to the score of one document: what was asked, what answers it, and how much."""
    matcher = Matcher(snapshot)
    for clause, variants in zip(parsed.clauses, found.variants, strict=True):
        score = float(matcher.answer(clause, variants)[place])
        if score:
            yield " ".join(clause.terms), _best_variant(snapshot, variants, place), score
    for asked in parsed.concepts if concepts else ():
        score = float(matcher.concept(asked)[place])
        if score:
            yield CONCEPT + asked.code, "concept", score
    if place in found.side_by_side:
        yield "", "side by side", found.side_by_side[place]


def _best_variant(snapshot: Snapshot, variants: Sequence[Variant], place: int) -> str:
    def value(variant: Variant) -> float:
        postings = snapshot.saturated(variant.term)
        at = int(np.searchsorted(postings.places, place))
        has = at < len(postings.places) and int(postings.places[at]) == place
        return float(postings.values[at]) * variant.weight if has else 0.0

    best = max(variants, key=value)
    return f"{best.kind}:{best.term}"
