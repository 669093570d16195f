"""Each kind of rule of the pack, on what says something and on what says nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.services.eligibility import examine, holds
from webapp.services.network_schema import ApplicationRules, EligibilityRule

TODAY = date(2026, 11, 28)


def rule(field: str = "sectors", test: str = "present", **values: Any) -> EligibilityRule:
    return EligibilityRule.model_validate(
        {"code": "a-rule", "names": {"en": "Rule"}, "field": field, "test": test, **values}
    )


@pytest.mark.parametrize(
    ("value", "met"),
    [(["agritech"], True), ([], False), (None, False), ("", False), ("0019", True), (True, True), (False, False)],
)
def test_what_must_be_there_is_there_when_it_says_something(value: Any, met: bool) -> None:
    assert holds(rule(test="present"), value, TODAY) is met


@pytest.mark.parametrize(
    ("year", "met"), [(2016, True), (2015, False), (2026, True), (2027, False), (None, False), ("2020", False)]
)
def test_a_company_is_at_most_so_many_years_old(year: Any, met: bool) -> None:
    assert holds(rule("founded", "at-most-years", value=10), year, TODAY) is met


@pytest.mark.parametrize(
    ("value", "met"),
    [(["fintech", "agritech"], True), (["fintech"], False), ([], False), (None, False), ("agritech", True)],
)
def test_one_of_these_codes(value: Any, met: bool) -> None:
    assert holds(rule(test="one-of", codes=["agritech", "greentech"]), value, TODAY) is met


@pytest.mark.parametrize(
    ("value", "met"), [(["fintech"], True), (["agritech"], False), (None, True), ("agritech", False)]
)
def test_none_of_these_codes(value: Any, met: bool) -> None:
    assert holds(rule(test="none-of", codes=["agritech"]), value, TODAY) is met


def test_yes_and_no_can_be_asked_for() -> None:
    women = rule("women_founders", "one-of", codes=["yes"])
    assert [holds(women, value, TODAY) for value in (True, False, None)] == [True, False, False]


@given(st.one_of(st.none(), st.lists(st.sampled_from(["a", "b", "c"]))), st.sets(st.sampled_from(["a", "b", "c"])))
def test_among_and_not_among_the_same_codes_are_opposites(value: list[str] | None, codes: set[str]) -> None:
    among, outside = (rule(test=test, codes=sorted(codes)) for test in ("one-of", "none-of"))
    assert holds(among, value, TODAY) is not holds(outside, value, TODAY)


def test_a_rule_for_some_kinds_is_asked_of_those_only_and_only_a_strict_one_stands_in_the_way() -> None:
    rules = ApplicationRules(
        eligibility=[
            rule("sectors").model_copy(update={"code": "all"}),
            rule("founded", kinds=["startup"], is_strict=False).model_copy(update={"code": "some"}),
        ]
    )
    assert [each.rule.code for each in examine(rules, "holder", {}, TODAY)] == ["all"]
    found = examine(rules, "startup", {}, TODAY)
    assert [(each.holds, each.is_in_the_way) for each in found] == [(False, True), (False, False)]
