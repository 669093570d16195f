"""How many introductions one may ask for and receive, and the locks under which they are counted.

A count is only worth something if nobody adds to it meanwhile: whoever counts first locks both organisations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from webapp.errors import Conflict, DomainError, Invalid
from webapp.models import DbSession, Introduction, IntroductionState, Network, Partner, Side, Startup, utc_now
from webapp.permissions import Actor
from webapp.services.introduction_moves import UNANSWERED, UNDER_WAY
from webapp.services.network import get_network, zone_of
from webapp.services.network_schema import IntroductionRules
from webapp.services.write_lock import lock_rows

State = IntroductionState
GIVEN_BACK = (State.WITHDRAWN, State.REFUSED)
"""A request in one of these states takes no place any more."""


@dataclass(frozen=True)
class Load:
    """How many requests somebody has, and how many they may have (``None``: without a limit)."""

    used: int
    most: int | None

    @property
    def is_full(self) -> bool:
        """Whether there is no place left."""
        return self.most is not None and self.used >= self.most


def rules_of(network: Network | None) -> IntroductionRules:
    """The rules of a network; the usual ones where its pack has none."""
    return IntroductionRules.model_validate(network.introductions or {} if network else {})


def moment_of(today: date, zone: ZoneInfo) -> datetime:
    """The moment of something done on a day: now, or, of any other day than the present one, its noon."""
    now = utc_now()
    return now if now.astimezone(zone).date() == today else datetime.combine(today, time(12), zone).astimezone(UTC)


def lock_organisations(session: DbSession, startup_id: int, partner_id: int) -> None:
    """Let nobody else make a move of these two until the transaction ends; always the startup first."""
    lock_rows(session, Startup, startup_id)
    lock_rows(session, Partner, partner_id)


def kind_of(organisation: Startup | Partner) -> str:
    """What an organisation is to the rules: ``startup``, or the kind of partner."""
    return str(organisation.kind) if isinstance(organisation, Partner) else organisation.noun


def open_requests(session: DbSession, organisation: Startup | Partner, *, but: int | None = None) -> Load:
    """The unanswered requests of an organisation; ``but`` is the id of one that does not count."""
    number = _count(session, organisation, but, Introduction.state.in_(UNANSWERED), asks=True)
    return Load(number, rules_of(get_network(session)).open_requests)


def monthly_requests(
    session: DbSession, organisation: Startup | Partner, today: date, *, but: int | None = None
) -> Load:
    """The requests that an organisation submitted this calendar month; ``but`` is the id of one that does not count."""
    network = get_network(session)
    since = Introduction.submitted_at >= _month_begins(today, zone_of(network))
    number = _count(session, organisation, but, since, Introduction.state.not_in(GIVEN_BACK), asks=True)
    return Load(number, rules_of(network).monthly_requests)


def monthly_incoming(session: DbSession, organisation: Startup | Partner, today: date) -> Load:
    """The requests that an organisation received this calendar month; only partners limit them."""
    since = Introduction.sent_at >= _month_begins(today, zone_of(get_network(session)))
    number = _count(session, organisation, None, since, Introduction.state.not_in(GIVEN_BACK), asks=False)
    return Load(number, organisation.monthly_introductions if isinstance(organisation, Partner) else None)


def _month_begins(today: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(today.replace(day=1), time(0), zone)


def _count(session: DbSession, organisation: Startup | Partner, but: int | None, *conditions: Any, asks: bool) -> int:
    own = Side(organisation.noun)
    column = Introduction.startup_id if own == Side.STARTUP else Introduction.partner_id
    statement = sa.select(sa.func.count()).select_from(Introduction).where(column == organisation.id, *conditions)
    statement = statement.where(Introduction.asked_by == own if asks else Introduction.asked_by != own)
    if but is not None:
        statement = statement.where(Introduction.id != but)
    return session.scalar(statement) or 0


def check_limits(session: DbSession, introduction: Introduction, today: date) -> None:
    """Stop a request that is one too many, or one of two of the same pair. The organisations must be locked.

    Raises:
        Conflict: ``introduction-open``, ``asked-recently``, ``too-many-open`` or ``too-many-this-month``.
    """
    hindrance = pair_hindrance(session, introduction.asking, introduction.asked, today)
    if hindrance is not None:
        raise hindrance
    open_ = open_requests(session, introduction.asking, but=introduction.id)
    if open_.is_full:
        raise Conflict("too-many-open", most=open_.most)
    month = monthly_requests(session, introduction.asking, today, but=introduction.id)
    if month.is_full:
        raise Conflict("too-many-this-month", most=month.most)


def pair_hindrance(
    session: DbSession, asking: Startup | Partner, asked: Startup | Partner, today: date
) -> Conflict | None:
    """What of earlier introductions stands in the way of a new one, if anything.

    ``introduction-open`` has the ``reference``, empty where it is the other side's and not sent yet; ``asked-recently``
    has ``again_on``, the day from which on one may ask again.
    """
    startup, partner = (asking, asked) if isinstance(asking, Startup) else (asked, asking)
    pair = sa.select(Introduction).filter_by(startup_id=startup.id, partner_id=partner.id)
    found = session.scalar(pair.where(Introduction.state.in_(UNDER_WAY)).limit(1))
    if found is not None:
        is_known = found.asked_by == asking.noun or found.sent_at is not None
        return Conflict("introduction-open", reference=found.reference if is_known else "")
    network = get_network(session)
    declined = pair.where(Introduction.state == State.DECLINED, Introduction.asked_by == asking.noun)
    last = session.scalar(declined.order_by(Introduction.answered_at.desc()).limit(1))
    if last is None or last.answered_at is None:
        return None
    again_on = add_months(last.answered_at.astimezone(zone_of(network)).date(), rules_of(network).ask_again_months)
    return Conflict("asked-recently", again_on=again_on) if today < again_on else None


def asking_hindrance(
    session: DbSession, actor: Actor, asking: Startup | Partner, asked: Startup | Partner, today: date
) -> DomainError | None:
    """Why an organisation cannot ask another one now, if it cannot; pages say it in words instead of a button.

    Gives ``Invalid`` ``not-a-pair``, ``may-not-ask`` or ``own-organisation``, or ``Conflict`` ``asking-not-published``,
    ``introduction-open``, ``asked-recently``, ``too-many-open`` or ``too-many-this-month``.
    """
    if asking.noun == asked.noun:
        return Invalid("not-a-pair")
    rules = rules_of(get_network(session))
    if not any(kind == kind_of(asking) and kind_of(asked) in whom for kind, whom in rules.may_ask.items()):
        return Invalid("may-not-ask", asking=kind_of(asking), asked=kind_of(asked))
    if actor.role_in(asked) is not None:
        return Invalid("own-organisation")
    if not asking.is_published:
        return Conflict("asking-not-published")
    if (hindrance := pair_hindrance(session, asking, asked, today)) is not None:
        return hindrance
    if (open_ := open_requests(session, asking)).is_full:
        return Conflict("too-many-open", most=open_.most)
    if (month := monthly_requests(session, asking, today)).is_full:
        return Conflict("too-many-this-month", most=month.most)
    return None


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = first_of_next.toordinal() - date(year, month + 1, 1).toordinal()
    return date(year, month + 1, min(day.day, last))
