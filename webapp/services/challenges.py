"""Challenges, as partners post and staff publish them. Lists are in ``challenge_lists``, answers in
``challenge_answers``, the startups that fit in ``challenge_matching``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import LANGUAGES
from webapp.models import (
    Challenge,
    ChallengeState,
    DbSession,
    Localized,
    Partner,
    PartnerKind,
    Term,
    TermKind,
    utc_now,
)
from webapp.permissions import Actor, Permission, can, require
from webapp.services.actors import members_of
from webapp.services.challenge_answers import decline_undecided
from webapp.services.challenge_moves import EDITABLE, MOVES, PUBLIC, Move, Party, allowed, take, written
from webapp.services.mail import cancel_mails, order_mails
from webapp.services.slugs import numbered_slug

TITLE_LENGTH, PROBLEM_LENGTH, TERMS_LENGTH, NOTE_LENGTH = 120, 3000, 2000, 1000
MOST_SUBJECTS = 6
MOST_DAYS = 370
"""For how long a challenge may be open at most."""
SUBJECT_KINDS = (TermKind.SECTOR, TermKind.TECHNOLOGY)
RESERVED = frozenset({"new"})
"""What an address says otherwise, so that no challenge may be called so."""


@dataclass(frozen=True)
class ChallengeValues:
    """What a partner says of a challenge."""

    title: Localized
    problem: Localized
    deadline: date
    terms: Localized = field(default_factory=dict)
    budget_min: int | None = None
    budget_max: int | None = None
    currency: str | None = None
    subjects: Sequence[Term] = ()


def get_public_challenge(session: DbSession, slug: str) -> Challenge:
    """A challenge that everybody reads.

    Raises:
        NotFound: ``challenge``: there is none, it is not public, or its partner is not.
    """
    found = session.scalar(sa.select(Challenge).where(Challenge.slug == slug))
    if found is None or found.state not in PUBLIC or not found.partner.is_published:
        raise NotFound("challenge", slug=slug)
    return found


def get_challenge(session: DbSession, actor: Actor, slug: str) -> Challenge:
    """A challenge in whatever state, for its partner and for staff.

    Raises:
        NotFound: ``challenge``: there is none, or the actor must not learn of it.
    """
    found = session.scalar(sa.select(Challenge).where(Challenge.slug == slug))
    if found is None or not can(actor, Permission.POST_CHALLENGE, found.partner):
        raise NotFound("challenge", slug=slug)
    return found


def takes_answers(challenge: Challenge, today: date) -> bool:
    """Whether one can still answer it: until its deadline, that day included."""
    return challenge.state == ChallengeState.OPEN and today <= challenge.deadline


def draft_challenge(
    session: DbSession, actor: Actor, partner: Partner, values: ChallengeValues, *, today: date
) -> Challenge:
    """Begin a challenge, which nobody sees but its partner and staff until it was submitted and published.

    Raises:
        NotAllowed: the actor does not post challenges for the partner.
        Invalid: ``not-corporate``; ``missing`` (``field``), ``too-long`` (``field``, ``most``), ``deadline-passed``,
            ``deadline-far`` (``most``), ``budget-reversed``, ``too-many-subjects`` (``most``).
    """
    require(actor, Permission.POST_CHALLENGE, partner)
    if partner.kind != PartnerKind.CORPORATE:
        raise Invalid("not-corporate")
    _check(values, today)
    challenge = Challenge(slug=_new_slug(session, values.title), state=ChallengeState.DRAFT)
    _assign(challenge, values)
    partner.challenges.append(challenge)
    written(session)
    return challenge


def save_challenge(
    session: DbSession, actor: Actor, challenge: Challenge, values: ChallengeValues, *, version: int, today: date
) -> Challenge:
    """Write into a challenge that is with its partner.

    Raises:
        NotAllowed: the actor does not post challenges for the partner.
        Conflict: ``challenge-changed``: it is not as they saw it, or no longer with them (``state``).
        Invalid: see ``draft_challenge``.
    """
    require(actor, Permission.POST_CHALLENGE, challenge.partner)
    take(session, challenge, version)
    if challenge.state not in EDITABLE:
        raise Conflict("challenge-changed", state=str(challenge.state))
    _check(values, today)
    _assign(challenge, values)
    written(session)
    return challenge


def move_challenge(
    session: DbSession,
    actor: Actor,
    challenge: Challenge,
    move: Move,
    *,
    version: int,
    today: date,
    note: str = "",
) -> Challenge:
    """Make a move, with all that follows from it: the mails, and that nobody waits for an answer from a closed one.

    Args:
        version: as the actor saw it.
        note: of staff who return it.

    Raises:
        NotAllowed: the actor may never make this move of this challenge.
        Conflict: ``challenge-changed``: it is not as they saw it, or in a state that does not allow the move;
            ``partner-not-published``: nobody would see it; ``deadline-passed``: nobody could answer it.
        Invalid: ``missing`` or ``too-long``: ``note`` (``field``).
    """
    transition = MOVES[move]
    require(
        actor, Permission.STAFF if transition.party == Party.STAFF else Permission.POST_CHALLENGE, challenge.partner
    )
    take(session, challenge, version)
    if not allowed(challenge, move):
        raise Conflict("challenge-changed", state=str(challenge.state))
    if move in (Move.SUBMIT, Move.OPEN):
        _check_can_open(challenge, move, today)
    if move == Move.RETURN:
        challenge.note = _checked_note(note)
    challenge.state = transition.target
    _stamp(challenge, move)
    written(session)
    if move in (Move.CLOSE, Move.WITHDRAW):
        decline_undecided(session, actor, challenge)
        cancel_mails(session, "challenge-invitation", challenge_id=challenge.id)
    if transition.mail:
        order_mails(session, transition.mail, members_of(session, challenge.partner), {"challenge_id": challenge.id})
    return challenge


def delete_draft(session: DbSession, actor: Actor, challenge: Challenge, *, version: int) -> None:
    """Delete a challenge that nobody but its partner has seen.

    Raises:
        NotAllowed: the actor does not post challenges for the partner.
        Conflict: ``challenge-changed``: it is not as they saw it, or no draft any more.
    """
    require(actor, Permission.POST_CHALLENGE, challenge.partner)
    take(session, challenge, version)
    if challenge.state != ChallengeState.DRAFT:
        raise Conflict("challenge-changed", state=str(challenge.state))
    challenge.partner.challenges.remove(challenge)
    written(session)


def allowed_moves(actor: Actor, challenge: Challenge) -> list[Move]:
    """The moves that an actor may make now as somebody of the partner's, in the order of the table."""
    if not can(actor, Permission.POST_CHALLENGE, challenge.partner):
        return []
    return [move for move, line in MOVES.items() if line.party == Party.PARTNER and allowed(challenge, move)]


def _check(values: ChallengeValues, today: date) -> None:
    limits = {"title": TITLE_LENGTH, "problem": PROBLEM_LENGTH, "terms": TERMS_LENGTH}
    for name, most in limits.items():
        texts = getattr(values, name)
        if name != "terms" and not any(texts.values()):
            raise Invalid("missing", field=name)
        if any(len(text) > most for text in texts.values()):
            raise Invalid("too-long", field=name, most=most)
    if values.deadline < today:
        raise Invalid("deadline-passed")
    if values.deadline > today + timedelta(days=MOST_DAYS):
        raise Invalid("deadline-far", most=MOST_DAYS)
    if values.budget_min is not None and values.budget_max is not None and values.budget_min > values.budget_max:
        raise Invalid("budget-reversed")
    if len(values.subjects) > MOST_SUBJECTS:
        raise Invalid("too-many-subjects", most=MOST_SUBJECTS)


def _assign(challenge: Challenge, values: ChallengeValues) -> None:
    for name in ("title", "problem", "terms"):
        setattr(challenge, name, {code: text for code, text in getattr(values, name).items() if text})
    challenge.deadline, challenge.subjects = values.deadline, list(values.subjects)
    challenge.budget_min, challenge.budget_max = values.budget_min, values.budget_max
    has_budget = values.budget_min is not None or values.budget_max is not None
    challenge.currency = values.currency if has_budget else None


def _check_can_open(challenge: Challenge, move: Move, today: date) -> None:
    if challenge.deadline < today:
        raise Conflict("deadline-passed")
    if move == Move.OPEN and not challenge.partner.is_published:
        raise Conflict("partner-not-published")


def _checked_note(note: str) -> str:
    if not note.strip():
        raise Invalid("missing", field="note")
    if len(note) > NOTE_LENGTH:
        raise Invalid("too-long", field="note", most=NOTE_LENGTH)
    return note.strip()


def _stamp(challenge: Challenge, move: Move) -> None:
    now = utc_now()
    if move == Move.SUBMIT:
        challenge.submitted_at, challenge.note = now, ""
    elif move == Move.OPEN:
        challenge.opened_at = now
    elif move in (Move.CLOSE, Move.WITHDRAW):
        challenge.closed_at = now


def _new_slug(session: DbSession, title: Localized) -> str:
    taken = {*session.scalars(sa.select(Challenge.slug)), *RESERVED}
    # A title in Latin letters makes the better address, where there is one.
    ranked = sorted(filter(None, title), key=lambda code: LANGUAGES[code].script != "Latn")
    text = next(title[code] for code in ranked if title[code])
    return numbered_slug(text, taken, fallback="challenge")
