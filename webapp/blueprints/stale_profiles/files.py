"""Stale profiles as rows of a file, in the order of their list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from webapp.models import DbSession
from webapp.services.stale_profiles import StaleProfile, without_members
from webapp.web.profile_cells import PROFILE_COLUMNS, profile_cells

COLUMNS = (*PROFILE_COLUMNS, "stale_since", "confirmed_on", "verified_on", "asked_on", "has_members")


def stale_rows(session: DbSession, found: Sequence[StaleProfile]) -> Iterator[Mapping[str, Any]]:
    """A row each."""
    unclaimed = {(profile.noun, profile.id) for profile in without_members(session, found)}
    for profile, since in found:
        yield {
            **profile_cells(profile),
            "stale_since": since.date(),
            "confirmed_on": profile.confirmed_on,
            "verified_on": profile.verified_on,
            "asked_on": profile.confirmation_asked_on,
            "has_members": (profile.noun, profile.id) not in unclaimed,
        }
