"""Introductions, as routes and other services use them: writing a request, moving it on, reading.

Moving on is ``introduction_door``, reading ``introduction_lists``, what time does ``introduction_time``; the table of
moves is ``introduction_moves``.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import LANGUAGES
from webapp.models import (
    DbSession,
    Introduction,
    IntroductionState,
    Partner,
    Side,
    Startup,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.introduction_door import flush_version, lock_introduction, move
from webapp.services.introduction_effects import MESSAGE_LENGTH, NOTE_LENGTH, REASON_LENGTH
from webapp.services.introduction_effects import checked_text as _checked
from webapp.services.introduction_limits import asking_hindrance, lock_organisations, pair_hindrance
from webapp.services.introduction_lists import (
    Answer,
    Contact,
    answer_shown,
    contacts_for,
    count_introductions,
    count_to_check,
    count_waiting_for,
    get_introduction,
    list_introductions,
    other_open_requests,
    queue,
    timeline,
    waits_for,
)
from webapp.services.introduction_moves import (
    UNSUBMITTED,
    Move,
)
from webapp.services.network import day_of, get_network

__all__ = [
    "Answer",
    "Contact",
    "Move",
    "answer_shown",
    "asking_hindrance",
    "contacts_for",
    "count_introductions",
    "count_to_check",
    "count_waiting_for",
    "draft_introduction",
    "get_introduction",
    "list_introductions",
    "move",
    "other_open_requests",
    "propose_introduction",
    "queue",
    "save_draft",
    "save_staff_note",
    "timeline",
    "waits_for",
]

State = IntroductionState
_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
_UNLIMITED_DRAFTS = frozenset({"too-many-open", "too-many-this-month"})
"""A draft may be written though there is no place for another request yet."""


def draft_introduction(
    session: DbSession,
    actor: Actor,
    asking: Startup | Partner,
    asked: Startup | Partner,
    *,
    language: str,
    today: date | None = None,
) -> Introduction:
    """Begin a request; gives the one that the asking side has begun already, if there is one.

    Raises:
        NotAllowed: the actor does not act for the asking side.
        NotFound: ``startup`` or ``partner``: the asked one is not published.
        Conflict, Invalid: one may not ask; see ``asking_hindrance``. Full limits stop the submission, not the draft.
    """
    require(actor, Permission.ASK, asking)
    if not asked.is_published:
        raise NotFound(asked.noun, slug=asked.slug)
    startup, partner = _pair(asking, asked)
    lock_organisations(session, startup.id, partner.id)
    existing = _unsubmitted(session, startup, partner, Side(asking.noun))
    if existing is not None:
        return existing
    hindrance = asking_hindrance(session, actor, asking, asked, _day(session, today))
    if hindrance is not None and hindrance.code not in _UNLIMITED_DRAFTS:
        raise hindrance
    return _begin(session, startup, partner, Side(asking.noun), language, requester_id=actor.person_id)


def save_draft(
    session: DbSession,
    actor: Actor,
    introduction: Introduction,
    *,
    reason: str,
    message: str,
    language: str | None = None,
    version: int | None = None,
) -> Introduction:
    """Write into a request that is not submitted. One that staff proposed must be checked again once its text differs.

    Raises:
        NotAllowed: the actor does not act for the asking side.
        Conflict: ``introduction-moved``: it was submitted or written to meanwhile.
        Invalid: ``too-long`` (``field``, ``most``).
    """
    require(actor, Permission.ASK, introduction.asking)
    lock_introduction(session, introduction, version)
    if State(introduction.state) not in UNSUBMITTED:
        raise Conflict("introduction-moved", state=introduction.state)
    before = introduction.reason, introduction.message
    introduction.reason = _checked(reason, REASON_LENGTH, name="reason")
    introduction.message = _checked(message, MESSAGE_LENGTH, name="message")
    if introduction.is_proposal and before != (introduction.reason, introduction.message):
        introduction.is_proposal = False
    if language is not None and language in LANGUAGES:
        introduction.language = language
    flush_version(session)
    return introduction


def propose_introduction(
    session: DbSession,
    actor: Actor,
    startup: Startup,
    partner: Partner,
    *,
    asked_by: Side,
    reason: str,
    message: str,
    language: str,
    today: date | None = None,
) -> Introduction:
    """Write a request for the asking side, which may submit it as it is, change it first, or leave it.

    Raises:
        NotAllowed: the actor is no staff.
        Conflict: ``asking-not-published``, ``asked-not-published``, ``introduction-open``, ``asked-recently``, or
            ``draft-exists``: the asking side is writing a request itself.
        Invalid: ``missing`` or ``too-long`` (``field``).
    """
    require(actor, Permission.STAFF)
    asking, asked = (startup, partner) if asked_by == Side.STARTUP else (partner, startup)
    if not asking.is_published or not asked.is_published:
        raise Conflict("asked-not-published" if asking.is_published else "asking-not-published")
    lock_organisations(session, startup.id, partner.id)
    day = _day(session, today)
    if (hindrance := pair_hindrance(session, asking, asked, day)) is not None:
        raise hindrance
    if _unsubmitted(session, startup, partner, asked_by) is not None:
        raise Conflict("draft-exists")
    texts = {
        "reason": _checked(reason, REASON_LENGTH, name="reason", needed=True),
        "message": _checked(message, MESSAGE_LENGTH, name="message", needed=True),
    }
    introduction = _begin(session, startup, partner, asked_by, language, is_proposal=True, **texts)
    return move(session, actor, introduction, Move.PROPOSE, today=day)


def save_staff_note(
    session: DbSession, actor: Actor, introduction: Introduction, note: str, *, version: int | None = None
) -> None:
    """Keep a note that only staff read.

    Raises:
        NotAllowed: the actor is no staff.
        Invalid: ``too-long``.
        Conflict: ``introduction-moved``: it is not as the actor saw it.
    """
    require(actor, Permission.STAFF)
    lock_introduction(session, introduction, version)
    introduction.staff_note = _checked(note, NOTE_LENGTH, name="staff_note")
    flush_version(session)


def _pair(one: Startup | Partner, other: Startup | Partner) -> tuple[Startup, Partner]:
    if isinstance(one, Startup) and isinstance(other, Partner):
        return one, other
    if isinstance(one, Partner) and isinstance(other, Startup):
        return other, one
    raise Invalid("not-a-pair")


def _unsubmitted(session: DbSession, startup: Startup, partner: Partner, asked_by: Side) -> Introduction | None:
    statement = sa.select(Introduction).filter_by(startup_id=startup.id, partner_id=partner.id, asked_by=asked_by)
    found: Introduction | None = session.scalar(statement.where(Introduction.state.in_(UNSUBMITTED)))
    return found


def _begin(
    session: DbSession, startup: Startup, partner: Partner, asked_by: Side, language: str, **columns: Any
) -> Introduction:
    introduction = Introduction(
        reference="".join(secrets.choice(_LETTERS) for _ in range(12)),
        startup=startup,
        partner=partner,
        asked_by=asked_by,
        language=language,
        state=State.DRAFT,
        **columns,
    )
    session.add(introduction)
    flush_version(session)
    return introduction


def _day(session: DbSession, today: date | None) -> date:
    return today or day_of(get_network(session))
