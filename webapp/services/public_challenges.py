"""Challenges in files for the public: their columns. Who answered, and what staff wrote, is in none of them."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.models import Challenge, TermKind
from webapp.services.public_columns import Column, codes, plain, text


def _subjects(kind: TermKind) -> Column:
    name = {TermKind.SECTOR: "sectors", TermKind.TECHNOLOGY: "technologies"}[kind]

    def read(challenge: Challenge) -> list[object]:
        return [term for term in challenge.subjects if term.kind == kind]

    return codes(name, kind.value, read)


CHALLENGE_COLUMNS: Sequence[Column] = (
    plain("slug"),
    plain("partner", read=lambda challenge: challenge.partner.slug),
    text("title"),
    text("problem"),
    text("terms"),
    _subjects(TermKind.SECTOR),
    _subjects(TermKind.TECHNOLOGY),
    plain("budget_min", "integer"),
    plain("budget_max", "integer"),
    plain("currency"),
    plain("deadline", "date"),
    plain("state", read=lambda challenge: str(challenge.state)),
    plain("is_demo", "boolean", lambda challenge: challenge.partner.is_demo),
)
"""What is told of a challenge: what its page shows."""
