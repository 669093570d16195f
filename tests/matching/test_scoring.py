from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.matching.strategies import partners as any_partner
from tests.matching.strategies import startups as any_startup
from webapp.matching import Money, PartnerFeatures, StartupFeatures, Weights
from webapp.matching.scoring import FULL_TEXT, RULED_OUT, measure

WEIGHTS = Weights()
FARM = StartupFeatures(
    1,
    {"en": "farm"},
    {"sectors": ("agritech", "edtech"), "maturities": ("growth",), "needs": ("equity", "pilot")},
    sites=("north",),
    regions=("AA-01",),
    places=("AA-01", "AA"),
    raising=Money(10, 20, "AAA"),
)
FUND = PartnerFeatures(2, "investor", {"en": "farm"}, {"sectors": ("agritech",)}, meets_in_person=False)


def score(startup: StartupFeatures, partner: PartnerFeatures, likeness: float = 0.0) -> float:
    block = np.array([[likeness]], dtype=np.float32)
    return float(measure([startup], [partner], block).scores(WEIGHTS)[0, 0])


def value(part: str, startup: StartupFeatures, partner: PartnerFeatures) -> float | None:
    """The value of a part, or nothing if it is not known."""
    measured = measure([startup], [partner], np.zeros((1, 1), dtype=np.float32)).values[part]
    return float(measured.value[0, 0]) if measured.known[0, 0] else None


def test_the_weights_of_the_parts_add_up_to_one() -> None:
    assert sum(WEIGHTS.parts().values()) == pytest.approx(1)


def test_a_pair_that_agrees_in_everything_scores_one() -> None:
    partner = replace(
        FUND,
        terms={"sectors": ("agritech",), "maturities": ("growth",)},
        answered=("equity", "pilot"),
        sites=("north",),
        ticket=Money(15, 30, "AAA"),
    )
    assert score(FARM, partner, FULL_TEXT) == 1


@settings(max_examples=100, deadline=None)
@given(any_startup, any_partner)
def test_scores_lie_between_zero_and_one_unless_ruled_out(startup: StartupFeatures, partner: PartnerFeatures) -> None:
    found = score(startup, partner, 0.4)
    assert found == RULED_OUT or 0 <= found <= 1


def test_the_primary_sector_counts_more_than_the_others() -> None:
    assert value("sector", FARM, FUND) == 1
    assert value("sector", FARM, replace(FUND, terms={"sectors": ("edtech",)})) == pytest.approx(0.6)
    assert value("sector", FARM, replace(FUND, terms={"sectors": ("fintech",)})) == 0


@pytest.mark.parametrize("part", ["sector", "stage", "needs", "place", "ticket", "funding", "technology", "text"])
def test_what_one_side_leaves_open_is_not_known(part: str) -> None:
    assert value(part, FARM, PartnerFeatures(2, "mentor")) is None


@settings(max_examples=100, deadline=None)
@given(any_startup, any_partner)
def test_missing_information_never_scores_below_a_mismatch(startup: StartupFeatures, partner: PartnerFeatures) -> None:
    elsewhere = replace(partner, terms={**partner.terms, "maturities": ("never",)})
    silent = replace(partner, terms={kind: found for kind, found in partner.terms.items() if kind != "maturities"})
    assert score(startup, silent) >= score(startup, elsewhere) - 1e-5


def test_texts_without_a_common_language_are_not_compared() -> None:
    assert value("text", FARM, replace(FUND, texts={"ar": "ضيعة"})) is None


def test_one_fact_alone_is_no_perfect_match() -> None:
    assert score(FARM, replace(FUND, texts={})) == pytest.approx(WEIGHTS.sector / WEIGHTS.evidence)


def test_an_excluded_sector_rules_out_whatever_else_fits() -> None:
    assert score(FARM, replace(FUND, excluded={"sectors": ("edtech",)}), 1.0) == RULED_OUT


@pytest.mark.parametrize(
    ("ticket", "ruled_out"),
    [
        (Money(21, 40, "AAA"), True),
        (Money(1, 9, "AAA"), True),
        (Money(None, 9, "AAA"), True),
        (Money(20, None, "AAA"), False),
        (Money(21, 40, "BBB"), False),
        (Money(21, 40, None), False),
        (Money(), False),
    ],
)
def test_disjoint_tickets_rule_out_only_if_they_can_be_compared(ticket: Money, ruled_out: bool) -> None:
    assert (score(FARM, replace(FUND, ticket=ticket)) == RULED_OUT) == ruled_out


@pytest.mark.parametrize(
    ("places", "geography", "ruled_out"),
    [
        (("AA-01", "AA"), ("AA",), False),
        (("AA-01",), ("AA",), False),
        (("AA-01",), ("BB", "AA-01"), False),
        (("AA-01", "AA"), ("BB",), True),
        (("AA-01", "AA"), ("AA-02",), True),
        (("AA",), ("AA-02",), False),
        (("AA",), ("BB-07",), True),
        ((), ("BB",), False),
        (("AA",), (), False),
    ],
)
def test_only_who_is_certainly_outside_of_the_geography_is_ruled_out(
    places: tuple[str, ...], geography: tuple[str, ...], ruled_out: bool
) -> None:
    assert (score(replace(FARM, places=places), replace(FUND, geography=geography)) == RULED_OUT) == ruled_out


def test_distance_counts_against_those_who_meet_in_person_only() -> None:
    far = replace(FUND, regions=("BB-07",))
    assert value("place", FARM, far) is None
    assert value("place", FARM, replace(far, meets_in_person=True)) == 0
    assert value("place", FARM, replace(far, regions=("AA-01",))) == pytest.approx(0.6)
    assert value("place", FARM, replace(far, sites=("north",))) == 1


def test_answering_two_needs_is_as_good_as_more() -> None:
    one, two = (
        value("needs", FARM, replace(FUND, answered=answered)) for answered in (("pilot",), ("pilot", "equity"))
    )
    assert one == pytest.approx(0.7)
    assert two == 1


@settings(max_examples=100, deadline=None)
@given(any_startup, any_partner)
def test_hard_constraints_are_never_violated(startup: StartupFeatures, partner: PartnerFeatures) -> None:
    if score(startup, partner, 1.0) == RULED_OUT:
        return
    assert not set(startup.codes("sectors")) & set(partner.excluded.get("sectors", ()))
    raising, ticket = startup.raising, partner.ticket
    if raising.is_known and ticket.is_known and raising.currency == ticket.currency:
        assert (raising.least or 0) <= (99 if ticket.most is None else ticket.most)
        assert (ticket.least or 0) <= (99 if raising.most is None else raising.most)
    if startup.places and partner.geography:
        assert {place[:2] for place in startup.places} & {place[:2] for place in partner.geography}
