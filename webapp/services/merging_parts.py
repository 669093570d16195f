"""What becomes of all that belongs to a profile when it is merged into another one: one line a foreign key.

A test walks through every foreign key to a startup or a partner and fails if it is not in ``MOVERS``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.language import fold
from webapp.models import (
    AnswerState,
    Application,
    Challenge,
    ChallengeAnswer,
    ChallengeInvitation,
    Claim,
    DayMeeting,
    DayParticipant,
    DbSession,
    EvidenceFile,
    ImportedRow,
    Introduction,
    IntroductionMove,
    IntroductionState,
    Invitation,
    MatchChoice,
    Membership,
    MembershipRole,
    Milestone,
    Partner,
    PortfolioCompany,
    Pulse,
    ResidencyEvent,
    ResidencyEventKind,
    SavedSearch,
    ShortlistEntry,
    Side,
    Startup,
)
from webapp.permissions import Actor
from webapp.services.introduction_moves import UNSUBMITTED, Move


@dataclass(frozen=True)
class Merging:
    """A merge under way."""

    session: DbSession
    actor: Actor
    kept: Startup | Partner
    gone: Startup | Partner

    @property
    def column(self) -> str:
        """The foreign key to either."""
        return f"{self.kept.noun}_id"

    def rows(self, model: Any, profile: Startup | Partner) -> Sequence[Any]:
        """All rows that belong to one of the two, in the order in which they came."""
        of_it = sa.select(model).where(getattr(model, self.column) == profile.id)
        return self.session.scalars(of_it.order_by(*model.__table__.primary_key)).all()

    def move(self, row: Any) -> None:
        """Give a row to the profile that is kept."""
        setattr(row, self.column, self.kept.id)


Mover = Callable[[Merging], None]
Key = Callable[[Any], Any]
Choice = Callable[[Merging, Any, Any], bool]
"""Of a row of the profile that goes and the same of the one that is kept: whether the former is to stay."""


def _go_along(merging: Merging) -> None:
    """Leave the rows to the database, which deletes them with the profile: derived, or chosen as fields."""


def _all_of(model: Any) -> Mover:
    def move(merging: Merging) -> None:
        for row in merging.rows(model, merging.gone):
            merging.move(row)

    return move


def _once(model: Any, key: Key, prefer: Choice | None = None) -> Mover:
    """Move rows of which a profile has one a key; of two with the same key one stays."""

    def move(merging: Merging) -> None:
        there = {key(row): row for row in merging.rows(model, merging.kept)}
        for row in merging.rows(model, merging.gone):
            other = there.get(key(row))
            stays = other is None or (prefer is not None and prefer(merging, row, other))
            if other is not None:
                merging.session.delete(other if stays else row)
                merging.session.flush()
            if stays:
                merging.move(row)

    return move


def _join_memberships(merging: Merging, row: Membership, other: Membership) -> bool:
    """Who acts for both acts for the one that is left, as an owner if they were one of either."""
    if row.role == MembershipRole.OWNER:
        other.role = MembershipRole.OWNER
    return False


def _join_notes(merging: Merging, row: ShortlistEntry, other: ShortlistEntry) -> bool:
    other.note = "\n".join(dict.fromkeys(filter(None, (other.note, row.note))))
    return False


def has_meetings(merging: Merging, participant: DayParticipant) -> bool:
    """Whether meetings are planned for somebody who comes to a matchmaking day."""
    theirs = sa.or_(
        DayMeeting.startup_participant_id == participant.id, DayMeeting.partner_participant_id == participant.id
    )
    return merging.session.scalar(sa.select(DayMeeting.id).where(theirs).limit(1)) is not None


def _move_introductions(merging: Merging) -> None:
    """Move all; of two that are still being written to the same side, the older one is withdrawn and stays readable."""
    pair = _other("partner_id" if merging.kept.noun == Startup.noun else "startup_id", "asked_by")
    written = {pair(row): row for row in merging.rows(Introduction, merging.kept) if row.state in UNSUBMITTED}
    for row in merging.rows(Introduction, merging.gone):
        other = written.get(pair(row)) if row.state in UNSUBMITTED else None
        if other is not None:
            _withdraw(merging, min(row, other, key=lambda each: each.updated_at))
        merging.move(row)
        merging.session.flush()


def _withdraw(merging: Merging, row: Introduction) -> None:
    made = IntroductionMove(
        move=Move.WITHDRAW.value,
        from_state=row.state,
        to_state=IntroductionState.WITHDRAWN,
        side=Side.STAFF,
        person_id=merging.actor.person_id,
    )
    row.moves.append(made)
    row.state = IntroductionState.WITHDRAWN
    merging.session.flush()


def new_events(merging: Merging) -> list[ResidencyEvent]:
    """What happened to the profile that goes and is not known of the other one already."""
    known = {_happening(event) for event in merging.rows(ResidencyEvent, merging.kept)}
    theirs = merging.rows(ResidencyEvent, merging.gone)
    voided = {event.voids_id for event in theirs}
    return [
        event
        for event in theirs
        if event.kind == ResidencyEventKind.CORRECTED or event.id in voided or _happening(event) not in known
    ]


def _happening(event: ResidencyEvent) -> tuple[Any, ...]:
    return event.kind, event.on, event.site_id, event.from_site_id


def _move_events(merging: Merging) -> None:
    """Move the events; those that are recorded with both go along with the profile."""
    for event in new_events(merging):
        merging.move(event)


def _company(row: PortfolioCompany) -> Any:
    return row.startup_id or fold(row.name), row.year


def _milestone(row: Milestone) -> Any:
    return row.on, json.dumps(row.text, sort_keys=True)


GONE_STATES = (AnswerState.WITHDRAWN, AnswerState.DECLINED)
"""Answers to a challenge that nobody waits for any more."""


def _other(column: str, *more: str) -> Key:
    return lambda row: tuple(getattr(row, name) for name in (column, *more))


def _choices(noun: str) -> Mover:
    other = "partner_id" if noun == Startup.noun else "startup_id"
    return _once(MatchChoice, _other(other, "side"), lambda _, row, kept: row.at > kept.at)


_BOTH: Mapping[str, Mover] = {
    "application": _all_of(Application),
    "claim": _all_of(Claim),
    "evidence_file": _all_of(EvidenceFile),
    "introduction": _move_introductions,
    "invitation": _all_of(Invitation),
    "match": _go_along,
    "membership": _once(Membership, _other("person_id"), _join_memberships),
    "revision": _go_along,
    "saved_search": _all_of(SavedSearch),
    "shortlist_entry": _once(ShortlistEntry, _other("shortlist_id"), _join_notes),
    "day_participant": _once(DayParticipant, _other("day_id"), lambda merging, row, _: has_meetings(merging, row)),
}

MOVERS: Mapping[tuple[str, str], Mover] = {
    **{(table, "startup_id"): mover for table, mover in _BOTH.items()},
    **{(table, "partner_id"): mover for table, mover in _BOTH.items() if table != "application"},
    ("match_choice", "startup_id"): _choices(Startup.noun),
    ("match_choice", "partner_id"): _choices(Partner.noun),
    ("startup_term", "startup_id"): _go_along,
    ("startup_site", "startup_id"): _go_along,
    ("milestone", "startup_id"): _once(Milestone, _milestone),
    ("imported_row", "startup_id"): _all_of(ImportedRow),
    ("residency_event", "startup_id"): _move_events,
    ("pulse", "startup_id"): _once(Pulse, _other("year"), lambda _, row, kept: bool(row.answer and not kept.answer)),
    ("challenge_answer", "startup_id"): _once(
        ChallengeAnswer, _other("challenge_id"), lambda _, row, kept: kept.state in GONE_STATES
    ),
    ("challenge_invitation", "startup_id"): _once(ChallengeInvitation, _other("challenge_id")),
    ("portfolio_company", "startup_id"): _all_of(PortfolioCompany),
    ("partner_term", "partner_id"): _go_along,
    ("partner_site", "partner_id"): _go_along,
    ("challenge", "partner_id"): _all_of(Challenge),
    ("portfolio_company", "partner_id"): _once(PortfolioCompany, _company),
}
"""Table and foreign key -> what becomes of its rows."""


def move_parts(merging: Merging) -> None:
    """Give all that belongs to the profile that goes to the one that is kept."""
    for (_, column), mover in MOVERS.items():
        if column == merging.column:
            mover(merging)
            merging.session.flush()
