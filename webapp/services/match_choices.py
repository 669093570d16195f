"""What an organisation does with its matches: set one aside with a reason, put it off, take that back.

What a partner sets aside counts as feedback of the matcher (``webapp.services.matching_features``); the other side
never learns of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from webapp.errors import Invalid, NotFound
from webapp.models import DbSession, MatchChoice, Partner, Side, Startup, touch
from webapp.permissions import Actor, Permission, require

REASONS = ("sector", "stage", "place", "money", "known", "other")
"""Why a match is not for somebody; ``known``: both know each other already."""

PUT_OFF = timedelta(days=90)
"""For how long "later" hides a match."""

Organisation = Startup | Partner


def set_aside(session: DbSession, actor: Actor, own: Organisation, other: Organisation, reason: str) -> MatchChoice:
    """Take a match off one's own list for good.

    Raises:
        NotAllowed: the actor does not act for ``own``.
        Invalid: ``match-reason``: the reason is none of ``REASONS``.
    """
    if reason not in REASONS:
        raise Invalid("match-reason", reason=reason)
    return _choose(session, actor, own, other, reason=reason, until=None)


def put_off(session: DbSession, actor: Actor, own: Organisation, other: Organisation, today: date) -> MatchChoice:
    """Hide a match from one's own list for ``PUT_OFF``.

    Raises:
        NotAllowed: the actor does not act for ``own``.
    """
    return _choose(session, actor, own, other, reason=None, until=today + PUT_OFF)


def take_back(session: DbSession, actor: Actor, own: Organisation, other: Organisation) -> None:
    """Show a match again; nothing happens if it was not hidden.

    Raises:
        NotAllowed: the actor does not act for ``own``.
    """
    require(actor, Permission.ASK, own)
    choice = _choice(session, own, other)
    if choice is not None:
        session.delete(choice)
        _feed_back(own)
        session.flush()


def hidden_from(session: DbSession, own: Organisation, today: date) -> Sequence[MatchChoice]:
    """The choices that hide a match from an organisation's list on a day, the latest first."""
    mine = MatchChoice.startup_id if isinstance(own, Startup) else MatchChoice.partner_id
    statement = sa.select(MatchChoice).where(mine == own.id, MatchChoice.side == own.noun)
    lasting = statement.where(sa.or_(MatchChoice.until.is_(None), MatchChoice.until > today))
    return session.scalars(lasting.order_by(MatchChoice.at.desc(), MatchChoice.id.desc())).all()


def find_other(session: DbSession, own: Organisation, slug: str) -> Organisation:
    """The published organisation on the other side of one's matches.

    Raises:
        NotFound: there is none.
    """
    model: type[Organisation] = Partner if isinstance(own, Startup) else Startup
    other: Organisation | None = session.scalar(model.published().where(model.slug == slug))
    if other is None:
        raise NotFound(model.noun, slug=slug)
    return other


def _pair(own: Organisation, other: Organisation) -> dict[str, object]:
    startup, partner = (own, other) if isinstance(own, Startup) else (other, own)
    return {"startup_id": startup.id, "partner_id": partner.id, "side": Side(own.noun)}


def _choice(session: DbSession, own: Organisation, other: Organisation) -> MatchChoice | None:
    return session.scalar(sa.select(MatchChoice).filter_by(**_pair(own, other)).with_for_update())


def _choose(
    session: DbSession, actor: Actor, own: Organisation, other: Organisation, *, reason: str | None, until: date | None
) -> MatchChoice:
    require(actor, Permission.ASK, own)
    choice = _choice(session, own, other) or MatchChoice(**_pair(own, other))
    choice.reason, choice.until, choice.person_id = reason, until, actor.person_id
    session.add(choice)
    _feed_back(own)
    session.flush()
    return choice


def _feed_back(own: Organisation) -> None:
    """Order a partner to be matched anew: what it set aside says what it seeks."""
    if isinstance(own, Partner):
        touch(own)
