"""Small random directories: few codes and words, so that every kind of agreement and disagreement is common."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from webapp.matching import Money, PartnerFeatures, StartupFeatures

WORDS = [
    "irrigation",
    "farm",
    "orchard",
    "invoice",
    "payment",
    "clinic",
    "exploitations",
    "ضيعات",
    "الأداء",
    "each",
    "24",
]
PLACES = ["AA", "AA-01", "AA-02", "BB", "BB-07"]


def codes(*choices: str, most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(choices), unique=True, max_size=most).map(tuple)


def mappings(**kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(kinds).map(lambda found: {kind: value for kind, value in found.items() if value})


texts = st.dictionaries(
    st.sampled_from(["ar", "fr", "en"]), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), max_size=3
)
money = st.builds(
    lambda bounds, currency: Money(*bounds, currency),
    st.tuples(st.none() | st.integers(0, 20), st.none() | st.integers(20, 40))
    | st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: tuple(sorted(pair))),
    st.sampled_from(["AAA", "BBB", None]),
)
SECTORS = codes("fintech", "agritech", "edtech", "gaming")
TERMS = {
    "sectors": SECTORS,
    "technologies": codes("ai", "iot"),
    "maturities": codes("idea", "growth"),
    "funding_stages": codes("seed", "grant"),
}
NEEDS = codes("equity", "loan", "pilot", "advice")
SITES = codes("north", "south", most=2)

startups = st.builds(
    StartupFeatures,
    id=st.integers(1, 12),
    texts=texts,
    terms=mappings(**TERMS, needs=NEEDS),
    sites=SITES,
    regions=codes("AA-01", "AA-02", "BB-07", most=2),
    places=codes(*PLACES, most=2),
    raising=money,
    steps=st.sampled_from([(), (0,), (2,), (5,)]),
)
partners = st.builds(
    PartnerFeatures,
    id=st.integers(1, 1000),
    kind=st.sampled_from(["investor", "mentor", "corporate"]),
    texts=texts,
    terms=mappings(**TERMS),
    excluded=mappings(sectors=codes("fintech", "gaming", most=1)),
    answered=NEEDS,
    sites=SITES,
    regions=codes("AA-01", "AA-02", "BB-07", most=2),
    geography=codes(*PLACES, most=2),
    meets_in_person=st.booleans(),
    ticket=money,
    steps=st.sampled_from([(), (1,), (0, 3)]),
    history=st.lists(st.integers(1, 12), max_size=3, unique=True).map(tuple),
    declined=st.lists(st.integers(1, 12), max_size=1).map(tuple),
    met=st.lists(st.integers(1, 12), max_size=1).map(tuple),
    capacity=st.none() | st.integers(0, 3),
    engaged=st.integers(0, 2),
)


def directories(most: int = 6) -> st.SearchStrategy[tuple[list[StartupFeatures], list[PartnerFeatures]]]:
    return st.tuples(
        st.lists(startups, max_size=most, unique_by=lambda one: one.id),
        st.lists(partners, max_size=most, unique_by=lambda one: one.id),
    )
