"""Whether an application meets the rules of the network's pack: pure functions of rules, values and the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from webapp.services.application_fields import is_said
from webapp.services.network_schema import ApplicationRules, EligibilityRule


@dataclass(frozen=True)
class Finding:
    """Whether an application meets a rule."""

    rule: EligibilityRule
    holds: bool

    @property
    def is_in_the_way(self) -> bool:
        """Whether the application cannot be sent like this."""
        return not self.holds and self.rule.is_strict


def examine(rules: ApplicationRules, kind: str, values: Mapping[str, Any], today: date) -> list[Finding]:
    """What the rules for a kind of applicants find, in the pack's order.

    Args:
        rules: of the network.
        kind: of the applicant.
        values: of the application's fields, and its ``site``, by code.
        today: the day it is where the network is.
    """
    applying = [rule for rule in rules.eligibility if not rule.kinds or kind in rule.kinds]
    return [Finding(rule, holds(rule, values.get(rule.field), today)) for rule in applying]


def holds(rule: EligibilityRule, value: Any, today: date) -> bool:
    """Whether a value meets a rule. What is not said meets only a rule that rules something out."""
    codes = set(value if isinstance(value, list) else [] if value is None else [_code(value)])
    if rule.test == "present":
        return is_said(value) and value is not False
    if rule.test == "at-most-years":
        return isinstance(value, int) and 0 <= today.year - value <= (rule.value or 0)
    if rule.test == "one-of":
        return bool(codes & set(rule.codes))
    return not codes & set(rule.codes)


def _code(value: Any) -> str:
    """How rules name a value: yes and no, numbers and codes as texts."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
