"""The inverted index of arrays, against a dictionary of lists."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.search.inverted import MAX_DOCUMENTS, Inverted, SortedTerms
from webapp.search.schema import ZONES, position_weights
from webapp.search.segment import TextColumn

Occurrence = tuple[str, int, int]

terms = st.sampled_from(["a", "ab", "é", "ماء", "#a", "=é", "~t", "z" * 70, "🙂"])
positions = st.sampled_from([0, 1, 2, 1_023, 1_024, 3_072, 12_288, 65_535])
occurrences = st.lists(st.tuples(terms, st.integers(0, 9), positions), unique=True, max_size=60)


def inverted_of(found: list[Occurrence]) -> Inverted:
    names = list(dict.fromkeys(term for term, _, _ in found))
    return Inverted.from_occurrences(
        names,
        np.array([names.index(term) for term, _, _ in found], dtype=np.int32),
        np.array([place for _, place, _ in found], dtype=np.int32),
        np.array([position for _, _, position in found], dtype=np.uint16),
    )


def listed(found: list[Occurrence]) -> dict[str, dict[int, list[int]]]:
    lists: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for term, place, position in sorted(found):
        lists[term][place].append(position)
    return lists


def weight(position: int) -> int:
    return max((zone for zone in ZONES if zone.start <= position), key=lambda zone: zone.start).weight


@given(occurrences)
@settings(max_examples=200, deadline=None)
def test_postings_are_the_documents_of_a_term_with_the_weights_of_their_zones(found: list[Occurrence]) -> None:
    inverted = inverted_of(found)
    for term, documents in listed(found).items():
        postings = inverted.postings(term)
        assert postings.places.tolist() == inverted.places_of(term).tolist() == sorted(documents)
        assert postings.weights.tolist() == [sum(map(weight, documents[place])) for place in sorted(documents)]
    frequencies = [len(documents) for _, documents in sorted(listed(found).items(), key=lambda item: item[0].encode())]
    assert inverted.document_frequencies.tolist() == frequencies


@given(occurrences, terms, st.sets(st.integers(0, 12)).map(sorted))
@settings(max_examples=200, deadline=None)
def test_occurrences_are_the_positions_in_the_wanted_documents(
    found: list[Occurrence], term: str, wanted: list[int]
) -> None:
    documents = listed(found).get(term, {})
    expected = [number << 16 | at for number, place in enumerate(wanted) for at in documents.get(place, ())]
    assert inverted_of(found).occurrences(term, np.array(wanted, dtype=np.int32)).tolist() == expected


@given(occurrences)
@settings(deadline=None)
def test_what_is_not_there_has_no_postings(found: list[Occurrence]) -> None:
    inverted = inverted_of(found)
    for term in ("", "nowhere", "\udc80", "\uffff", "\U0010ffff"):
        assert inverted.postings(term).places.tolist() == inverted.places_of(term).tolist() == []
        assert inverted.occurrences(term, np.array([0], np.int32)).tolist() == []


@given(st.sets(st.text(max_size=6)), st.text(min_size=1, max_size=3), st.text(max_size=3))
@settings(max_examples=200, deadline=None)
def test_terms_are_found_by_bisection_and_by_prefix(texts: set[str], prefix: str, other: str) -> None:
    ordered = sorted(text.encode("utf-8", "replace") for text in texts)
    sorted_terms: SortedTerms = TextColumn.of(list(dict.fromkeys(ordered))).values
    everything = [sorted_terms[number] for number in range(len(sorted_terms))]
    assert everything == sorted(set(ordered))
    for text in (*texts, other):
        number = sorted_terms.find(text)
        encoded = text.encode("utf-8", "replace")
        assert (number >= 0) == (encoded in everything)
        assert number < 0 or everything[number] == encoded
    wanted = prefix.encode("utf-8", "replace")
    assert [everything[number] for number in sorted_terms.with_prefix(prefix)] == [
        term for term in everything if term.startswith(wanted)
    ]


def test_every_position_has_the_weight_of_its_zone() -> None:
    at = np.array([position for zone in ZONES for position in (zone.start, zone.start + 1)], dtype=np.uint16)
    assert position_weights(at).tolist() == [zone.weight for zone in ZONES for _ in range(2)]
    assert position_weights(np.array([65_535], dtype=np.uint16)).tolist() == [ZONES[-1].weight]


def test_more_documents_than_a_segment_can_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="too much"):
        inverted_of([("a", MAX_DOCUMENTS, 0)])
    assert inverted_of([("a", MAX_DOCUMENTS - 1, 0)]).postings("a").places.tolist() == [MAX_DOCUMENTS - 1]
