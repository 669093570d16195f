"""The requests that were ever sent, as plain records for figures; two queries, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.models import (
    DbSession,
    Introduction,
    IntroductionMove,
    IntroductionState,
    Outcome,
    Partner,
    PublicationState,
    Region,
    Side,
    Site,
    Startup,
    StartupSite,
    utc_now,
)
from webapp.services.introduction_moves import Move
from webapp.services.network import get_network, zone_of

State = IntroductionState
ANSWERS = (Move.ACCEPT, Move.DECLINE, Move.NOT_NOW)
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Sent:
    """A request that reached the other side."""

    month: str
    """In which it was sent, ``2026-11``."""
    site: str
    """Code of the startup's first site; empty if it has none."""
    region: str
    """Code of that site's region, or else of the startup's seat; empty if neither is known."""
    kind: str
    """Of the partner."""
    partner_id: int
    asked_by: Side
    days: float
    """Until the first answer, the end without one, or, while it is open, until now."""
    answered: bool
    accepted: bool
    declined: bool
    expired: bool
    """Never answered."""
    open: bool
    """May still be answered."""
    met: bool = False
    useful: tuple[bool, ...] = ()
    """What either side said, last."""
    next_step: str | None = None
    """What came of it last, if anything."""


def read_sent(session: DbSession, now: datetime | None = None) -> list[Sent]:
    """All requests that were ever sent, oldest first."""
    now = now or utc_now()
    zone = zone_of(get_network(session))
    answers = _outcomes(session)
    return [_sent(row, answers.get(row.id, []), now, zone) for row in session.execute(_statement())]


def count_partners(session: DbSession) -> int:
    """How many partners can be asked."""
    statement = sa.select(sa.func.count()).select_from(Partner)
    return session.scalar(statement.where(Partner.state == PublicationState.PUBLISHED)) or 0


def _statement() -> sa.Select[Any]:
    of_site = aliased(Region)
    region = _first_site(of_site.code, of_site, of_site.id == Site.region_id)
    columns = sa.select(
        Introduction.id,
        Introduction.state,
        Introduction.asked_by,
        Introduction.partner_id,
        Introduction.sent_at,
        Introduction.introduced_at,
        Partner.kind,
        _first_site(Site.code).label("site"),
        sa.func.coalesce(region, Region.code, "").label("region"),
        _first(*ANSWERS).label("answered_at"),
        _first(Move.EXPIRE, Move.WITHDRAW).label("ended_at"),
        _first(Move.REPORT_MET).label("met_at"),
    )
    joined = columns.join(Startup, Startup.id == Introduction.startup_id).join(Introduction.partner)
    joined = joined.outerjoin(Region, Region.id == Startup.region_id)
    return joined.where(Introduction.sent_at.is_not(None)).order_by(Introduction.sent_at, Introduction.id)


def _first_site(column: Any, *joined: Any) -> Any:
    """A column of the first site of the startup of the row, or of what is joined to that site."""
    place = sa.select(column).select_from(StartupSite).join(Site, Site.id == StartupSite.site_id)
    if joined:
        place = place.join(*joined)
    mine = place.where(StartupSite.startup_id == Introduction.startup_id).correlate(Introduction)
    return mine.order_by(Site.position, Site.id).limit(1).scalar_subquery()


def _first(*moves: Move) -> Any:
    """When the first of some moves was made."""
    made = sa.select(sa.func.min(IntroductionMove.at)).where(IntroductionMove.introduction_id == Introduction.id)
    return (
        made.where(IntroductionMove.move.in_([move.value for move in moves])).correlate(Introduction).scalar_subquery()
    )


def _outcomes(session: DbSession) -> dict[int, list[Any]]:
    """Id of an introduction -> the answers to what came of it, the last of each side last."""
    columns = sa.select(Outcome.introduction_id, Outcome.side, Outcome.met, Outcome.useful, Outcome.next_step)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(columns.where(Outcome.answered_at.is_not(None)).order_by(Outcome.day, Outcome.id)):
        found[row.introduction_id].append(row)
    return found


def _sent(row: Any, answers: Sequence[Any], now: datetime, zone: Any) -> Sent:
    ended = row.answered_at or row.ended_at or now
    useful = {answer.side: answer.useful for answer in answers if answer.useful is not None}
    steps = [answer.next_step for answer in answers if answer.next_step not in (None, "none")]
    answered = row.answered_at is not None
    return Sent(
        month=row.sent_at.astimezone(zone).strftime("%Y-%m"),
        site=row.site or "",
        region=row.region,
        kind=str(row.kind),
        partner_id=row.partner_id,
        asked_by=Side(row.asked_by),
        days=max((ended - row.sent_at).total_seconds(), 0) / SECONDS_A_DAY,
        answered=answered,
        accepted=row.introduced_at is not None,
        declined=row.state == State.DECLINED,
        expired=row.state == State.EXPIRED and not answered,
        open=row.state == State.SENT and not answered,
        met=row.met_at is not None or any(answer.met for answer in answers),
        useful=tuple(useful.values()),
        next_step=steps[-1] if steps else None,
    )
