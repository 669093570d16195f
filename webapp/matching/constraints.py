"""Hard constraints: what rules a pair out, whatever else fits, and the words for why.

Only what is certain rules out. Missing information never does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.matching.features import Money, PartnerFeatures, StartupFeatures, country_of
from webapp.matching.structure import Mask, both, overlap, steps_apart

STEPS_TOO_FAR = 3
"""A stage so many steps or more from all that a partner seeks rules out; one or two only cost."""

Startups = Sequence[StartupFeatures]
Partners = Sequence[PartnerFeatures]
Constraint = Callable[[Startups, Partners], Mask]
"""Gives where it rules out."""


def money_meets(startups: Startups, partners: Partners) -> tuple[Mask, Mask]:
    """Where the ranges of money overlap, and where they can be compared at all: both known, in one currency."""
    raising = [startup.raising for startup in startups]
    tickets = [partner.ticket for partner in partners]
    least, most, currency = _bounds(raising)
    ticket_least, ticket_most, ticket_currency = _bounds(tickets)
    comparable = both([money.is_known for money in raising], [money.is_known for money in tickets])
    comparable &= currency[:, np.newaxis] == ticket_currency
    meet = (least[:, np.newaxis] <= ticket_most) & (ticket_least <= most[:, np.newaxis])
    return comparable & meet, comparable


def _bounds(money: Sequence[Money]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.str_]]:
    least = np.array([-np.inf if range_.least is None else range_.least for range_ in money])
    most = np.array([np.inf if range_.most is None else range_.most for range_ in money])
    return least, most, np.array([range_.currency or "" for range_ in money], dtype=np.str_)


def _ticket_differs(startups: Startups, partners: Partners) -> Mask:
    overlaps, comparable = money_meets(startups, partners)
    return comparable & ~overlaps


def _is_excluded(startups: Startups, partners: Partners) -> Mask:
    kinds = sorted({kind for partner in partners for kind in partner.excluded})
    excluded = np.zeros((len(startups), len(partners)), dtype=bool)
    for kind in kinds:
        ruled_out = [partner.excluded.get(kind, ()) for partner in partners]
        excluded |= overlap([startup.codes(kind) for startup in startups], ruled_out) > 0
    return excluded


def _is_outside(startups: Startups, partners: Partners) -> Mask:
    """Where the startup is certainly outside of the partner's geography.

    A startup of which only the country is known may be in any region of it.
    """
    places = [(*startup.places, *map(country_of, startup.places)) for startup in startups]
    unclear = [
        {place for place in startup.places if "-" not in place}
        - {country_of(place) for place in startup.places if "-" in place}
        for startup in startups
    ]
    geography = [partner.geography for partner in partners]
    inside = overlap(places, geography) > 0
    possibly = overlap(unclear, [{country_of(place) for place in codes} for codes in geography]) > 0
    return both(places, geography) & ~inside & ~possibly


def _stage_is_far(startups: Startups, partners: Partners) -> Mask:
    return steps_apart(startups, partners) >= STEPS_TOO_FAR


def _is_full(startups: Startups, partners: Partners) -> Mask:
    full = [partner.capacity is not None and partner.engaged >= partner.capacity for partner in partners]
    return np.tile(np.array(full, dtype=bool), (len(startups), 1))


def _listed(ids: Callable[[PartnerFeatures], tuple[int, ...]]) -> Constraint:
    def holds(startups: Startups, partners: Partners) -> Mask:
        found = np.zeros((len(startups), len(partners)), dtype=bool)
        row = {startup.id: number for number, startup in enumerate(startups)}
        for column, partner in enumerate(partners):
            found[[row[one] for one in ids(partner) if one in row], column] = True
        return found

    return holds


CONSTRAINTS: Mapping[str, Constraint] = {
    "excluded": _is_excluded,
    "outside-geography": _is_outside,
    "ticket-differs": _ticket_differs,
    "stage-too-far": _stage_is_far,
    "capacity-used-up": _is_full,
    "already-introduced": _listed(lambda partner: (*partner.met, *partner.history, *partner.declined)),
    "conflict-of-interest": _listed(lambda partner: partner.conflicts),
}
"""Code -> where it rules out."""


def ruled_out(startups: Startups, partners: Partners) -> Mask:
    """Where anything rules a pair out."""
    none = np.zeros((len(startups), len(partners)), dtype=bool)
    return reduce(lambda found, constraint: found | constraint(startups, partners), CONSTRAINTS.values(), none)


def exclusions(startup: StartupFeatures, partner: PartnerFeatures) -> list[dict[str, Any]]:
    """Why a pair must not be proposed: code and the values that a sentence about it needs; empty if it may be."""
    return [
        {"code": code, "values": _values(code, startup, partner)}
        for code, constraint in CONSTRAINTS.items()
        if constraint([startup], [partner])[0, 0]
    ]


def _values(code: str, startup: StartupFeatures, partner: PartnerFeatures) -> dict[str, Any]:
    if code == "excluded":
        return {
            kind: [one for one in startup.codes(kind) if one in codes]
            for kind, codes in sorted(partner.excluded.items())
            if set(startup.codes(kind)) & set(codes)
        }
    if code == "outside-geography":
        return {"codes": list(partner.geography), "places": list(startup.places)}
    if code == "ticket-differs":
        raising, ticket = startup.raising, partner.ticket
        return {
            "least": raising.least,
            "most": raising.most,
            "ticket_min": ticket.least,
            "ticket_max": ticket.most,
            "currency": raising.currency,
        }
    if code == "stage-too-far":
        return {"codes": list(partner.codes("maturities")), "stages": list(startup.codes("maturities"))}
    return {"capacity": partner.capacity, "engaged": partner.engaged} if code == "capacity-used-up" else {}
