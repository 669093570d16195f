from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.matching.strategies import partners as any_partner
from tests.matching.strategies import startups as any_startup
from webapp.matching import Money, PartnerFeatures, StartupFeatures, Weights
from webapp.matching.closeness import HISTORY, OWN
from webapp.matching.constraints import CONSTRAINTS, STEPS_TOO_FAR, exclusions
from webapp.matching.scoring import RULED_OUT, SIDES, Measures, measure
from webapp.matching.structure import NEXT_STAGE, Value

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


def measured_pair(startup: StartupFeatures, partner: PartnerFeatures, texts: float | None = None) -> Measures:
    """One pair whose own texts are so close; with nothing, they cannot be compared."""
    known = np.array([[texts is not None]])
    own = Value(np.array([[texts or 0]], dtype=np.float32), known)
    none = Value(np.zeros((1, 1), dtype=np.float32), np.zeros((1, 1), dtype=bool))
    return measure([startup], [partner], dict.fromkeys(OWN, own) | dict.fromkeys(HISTORY, none))


def score(startup: StartupFeatures, partner: PartnerFeatures, texts: float | None = None) -> float:
    return float(measured_pair(startup, partner, texts).scores(WEIGHTS)[0, 0])


def value(part: str, startup: StartupFeatures, partner: PartnerFeatures) -> float | None:
    """The value of a part, or nothing if it is not known."""
    measured = measured_pair(startup, partner).values[part]
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
    assert score(FARM, partner, 1.0) == 1


@settings(max_examples=100, deadline=None)
@given(any_startup, any_partner)
def test_scores_lie_between_zero_and_one_unless_ruled_out(startup: StartupFeatures, partner: PartnerFeatures) -> None:
    found = score(startup, partner, 0.4)
    assert found == RULED_OUT or 0 <= found <= 1


def test_the_primary_sector_counts_more_than_the_others() -> None:
    assert value("sector", FARM, FUND) == 1
    assert value("sector", FARM, replace(FUND, terms={"sectors": ("edtech",)})) == pytest.approx(0.6)
    assert value("sector", FARM, replace(FUND, terms={"sectors": ("fintech",)})) == 0


@pytest.mark.parametrize("part", ["sector", "stage", "needs", "place", "ticket", "funding", "technology"])
def test_what_one_side_leaves_open_is_not_known(part: str) -> None:
    assert value(part, FARM, PartnerFeatures(2, "mentor")) is None


@settings(max_examples=100, deadline=None)
@given(any_startup, any_partner)
def test_missing_information_never_scores_below_a_mismatch(startup: StartupFeatures, partner: PartnerFeatures) -> None:
    partner = replace(partner, steps=())
    elsewhere = replace(partner, terms={**partner.terms, "maturities": ("never",)})
    silent = replace(partner, terms={kind: found for kind, found in partner.terms.items() if kind != "maturities"})
    assert score(startup, silent) >= score(startup, elsewhere) - 1e-5


def test_one_fact_alone_is_no_perfect_match() -> None:
    one, other = (WEIGHTS.sector / WEIGHTS.least_evidence(side) for side in SIDES)
    assert score(FARM, replace(FUND, texts={})) == pytest.approx(2 * one * other / (one + other), abs=1e-5)


def test_what_is_good_for_one_side_only_is_no_match() -> None:
    fund = replace(FUND, terms={"maturities": ("growth",)})
    assert score(FARM, replace(fund, answered=("loan",)), 0.0) == 0
    assert score(FARM, replace(fund, answered=("equity",)), 0.0) > 0


@settings(max_examples=100, deadline=None)
@given(any_startup, any_partner)
def test_a_score_lies_between_those_of_both_sides_and_is_the_sum_of_its_parts(
    startup: StartupFeatures, partner: PartnerFeatures
) -> None:
    measured = measured_pair(startup, partner, 0.4)
    sides = [float(block[0, 0]) for block in measured.sides(WEIGHTS).values()]
    factors = measured.coefficients(WEIGHTS)
    total = sum(float(factors[part][0, 0] * measured.values[part].value[0, 0]) for part in factors)
    assert min(sides) - 1e-5 <= total <= max(sides) + 1e-5
    if measured.allowed[0, 0]:
        assert measured.scores(WEIGHTS)[0, 0] == pytest.approx(total, abs=2e-5)


def test_every_part_belongs_to_a_side() -> None:
    assert set(WEIGHTS.parts()) == {part for parts in SIDES.values() for part in parts}


def test_an_excluded_sector_rules_out_whatever_else_fits() -> None:
    assert score(FARM, replace(FUND, excluded={"sectors": ("edtech",)}), 1.0) == RULED_OUT


@pytest.mark.parametrize(("steps", "found"), [((2,), NEXT_STAGE), ((0, 4), NEXT_STAGE), ((1,), 0.0), ((), 0.0)])
def test_the_stage_next_to_one_that_is_sought_counts_in_part(steps: tuple[int, ...], found: float) -> None:
    partner = replace(FUND, terms={"maturities": ("scale",)}, steps=steps)
    assert value("stage", replace(FARM, steps=(3,)), partner) == pytest.approx(found)


def test_a_stage_far_from_all_that_are_sought_rules_out() -> None:
    partner = replace(FUND, steps=(0,))
    assert score(replace(FARM, steps=(STEPS_TOO_FAR,)), partner) == RULED_OUT
    assert score(replace(FARM, steps=(STEPS_TOO_FAR - 1,)), partner) != RULED_OUT


@pytest.mark.parametrize(
    ("partner", "code"),
    [
        (replace(FUND, excluded={"sectors": ("edtech",)}), "excluded"),
        (replace(FUND, geography=("BB",)), "outside-geography"),
        (replace(FUND, ticket=Money(21, 40, "AAA")), "ticket-differs"),
        (replace(FUND, steps=(9,)), "stage-too-far"),
        (replace(FUND, capacity=2, engaged=2), "capacity-used-up"),
        (replace(FUND, met=(1,)), "already-introduced"),
        (replace(FUND, history=(1,)), "already-introduced"),
        (replace(FUND, declined=(1,)), "already-introduced"),
        (replace(FUND, conflicts=(1,)), "conflict-of-interest"),
    ],
)
def test_what_rules_a_pair_out_says_so(partner: PartnerFeatures, code: str) -> None:
    startup = replace(FARM, steps=(2,))
    assert [reason["code"] for reason in exclusions(startup, partner)] == [code]
    assert score(startup, partner, 1.0) == RULED_OUT
    assert exclusions(startup, FUND) == []
    assert code in CONSTRAINTS


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
