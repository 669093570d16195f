"""Claims as rows of a file, without the claimants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webapp.models import Claim
from webapp.web.profile_cells import PROFILE_COLUMNS, profile_cells

COLUMNS = ("id", *PROFILE_COLUMNS, "position", "has_company_address", "claimed_on")


def claim_rows(claims: Iterable[Claim]) -> Iterator[Mapping[str, Any]]:
    """A row each."""
    for claim in claims:
        yield {
            "id": claim.id,
            **profile_cells(claim.organisation),
            "position": claim.position,
            "has_company_address": claim.has_company_address,
            "claimed_on": claim.created_at.date(),
        }
