"""Figures of today only, since nothing records what they were: sectors that go together, and introductions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Relation:
    """Two sectors that startups of the directory have together, main sector or not."""

    sector: str
    other: str
    together: int
    """Startups that have both."""
    proximity: float
    """The lesser of the chances that a startup of one has the other too."""
    association: float
    """How many times as many as if sectors fell together by chance."""


@dataclass(frozen=True)
class Prospect:
    """A sector that goes with those in which a region is specialised, and in which it is not."""

    sector: str
    density: float
    """Which share of all that is near to it the region is specialised in, 0 to 1."""
    together: int
    """Startups of the directory that have it together with one of those; who has several counts for each."""
    near_to: list[str]
    """Those sectors, the nearest first."""


@dataclass(frozen=True)
class Introductions:
    """Requests that reached the other side, and how many of them took each further step so far."""

    asked: int | None
    answered: int | None
    agreed: int | None
    met: int | None
    led_on: int | None
    """To a pilot, an investment, mentoring or a hire, as either side says."""
