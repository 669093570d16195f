"""What stands in the way of merging two profiles: whatever only one of them can have, and both do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from webapp.errors import DomainError
from webapp.models import (
    ChallengeAnswer,
    Claim,
    ClaimState,
    DayParticipant,
    Introduction,
    Partner,
    ResidencyEvent,
    Revision,
    RevisionState,
    Startup,
)
from webapp.services.introduction_moves import UNDER_WAY
from webapp.services.merging_parts import GONE_STATES, Merging, has_meetings, new_events
from webapp.services.residency import derive_stays
from webapp.services.revisions import OPEN


class Hindrance(NamedTuple):
    """Why two profiles cannot be merged yet."""

    code: str
    values: Mapping[str, Any]


def hindrances(merging: Merging) -> list[Hindrance]:
    """All that has to be settled before the two can be merged."""
    checks = (_other_kind, _open_revisions, _waiting_claims, _introductions, _answers, _days, _residency)
    return [found for check in checks if (found := check(merging)) is not None]


def _other_kind(merging: Merging) -> Hindrance | None:
    kept, gone = merging.kept, merging.gone
    differ = isinstance(kept, Partner) and isinstance(gone, Partner) and kept.kind != gone.kind
    return Hindrance("kinds-differ", {}) if differ else None


def _open_revisions(merging: Merging) -> Hindrance | None:
    for profile in (merging.kept, merging.gone):
        for revision in merging.rows(Revision, profile):
            if revision.state in OPEN and (revision.changes or revision.state == RevisionState.SUBMITTED):
                return Hindrance("revision-open", {"slug": profile.slug, "noun": profile.noun})
    return None


def _waiting_claims(merging: Merging) -> Hindrance | None:
    for profile in (merging.kept, merging.gone):
        for claim in merging.rows(Claim, profile):
            if claim.state == ClaimState.WAITING:
                return Hindrance("claim-waiting", {"claim_id": claim.id})
    return None


def _introductions(merging: Merging) -> Hindrance | None:
    other = "partner_id" if merging.kept.noun == Startup.noun else "startup_id"
    ours = {getattr(row, other): row for row in merging.rows(Introduction, merging.kept) if row.state in UNDER_WAY}
    for row in merging.rows(Introduction, merging.gone):
        if row.state in UNDER_WAY and getattr(row, other) in ours:
            return Hindrance("introductions-clash", {"reference": row.reference})
    return None


def _answers(merging: Merging) -> Hindrance | None:
    if merging.kept.noun != Startup.noun:
        return None
    alive = [
        {row.challenge_id: row for row in merging.rows(ChallengeAnswer, profile) if row.state not in GONE_STATES}
        for profile in (merging.kept, merging.gone)
    ]
    return Hindrance("answers-clash", {}) if alive[0].keys() & alive[1].keys() else None


def _days(merging: Merging) -> Hindrance | None:
    ours = {row.day_id: row for row in merging.rows(DayParticipant, merging.kept)}
    for row in merging.rows(DayParticipant, merging.gone):
        if row.day_id in ours and has_meetings(merging, row) and has_meetings(merging, ours[row.day_id]):
            return Hindrance("days-clash", {})
    return None


def _residency(merging: Merging) -> Hindrance | None:
    if merging.kept.noun != Startup.noun:
        return None
    events = [*merging.rows(ResidencyEvent, merging.kept), *new_events(merging)]
    try:
        derive_stays(sorted(events, key=lambda event: (event.on, event.id)))
    except DomainError as error:
        return Hindrance("residency-contradicts", error.values)
    return None
