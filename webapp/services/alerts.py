"""Telling people by mail what is new in their saved searches: one mail for all of somebody's searches that are due.

Daily ones are due every day, weekly ones every Monday, in the network's time. That a search was looked at, what it
told, and the mail itself are one transaction: a worker that is killed tells everything once, or nothing yet. Without
news there is no mail. While there is no index, searches stay due, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from webapp.models import Account, AlertFrequency, DbSession, MailPreference, Person, SavedSearch, utc_now
from webapp.search import Search
from webapp.services.actors import memberships_of
from webapp.services.mail import make_link, order_mail
from webapp.services.search_news import News, news_of

KIND = "alert"
"""Of the mail."""
PAUSE = "alert-pause"
"""What the link in the mail does: it pauses one search."""
MORNING = 7
"""The hour of the network's day from which on alerts are sent."""
LINK_DAYS = 90


@dataclass(frozen=True)
class Alerted:
    """What looking for somebody's news came to."""

    searches: int = 0
    """How many were looked at."""
    mails: int = 0
    waits: bool = False
    """Whether there is no index to ask, so that it has to be done again later."""


def people_to_alert(session: DbSession, today: date) -> Sequence[int]:
    """Ids of the people who have searches that are due, can sign in, and want mails of this kind."""
    refuse = sa.select(MailPreference.person_id).where(MailPreference.kind == KIND)
    statement = (
        sa.select(SavedSearch.person_id)
        .distinct()
        .join(Account, Account.person_id == SavedSearch.person_id)
        .where(_is_due(today), Account.active, Account.confirmed_at.is_not(None))
        .where(SavedSearch.person_id.not_in(refuse))
    )
    return session.scalars(statement.order_by(SavedSearch.person_id)).all()


def alert_person(session: DbSession, search: Search, person_id: int, today: date) -> Alerted:
    """Order the mail that tells a person what is new in their searches that are due; none if nothing is.

    Doing it twice on a day tells nothing twice.

    Args:
        today: the day it is where the network is.
    """
    due = sa.select(SavedSearch).where(SavedSearch.person_id == person_id, _is_due(today)).order_by(SavedSearch.id)
    searches = session.scalars(due.with_for_update().execution_options(populate_existing=True)).all()
    person = session.get(Person, person_id)
    if person is None or not searches:
        return Alerted()
    news = news_of(session, search, searches, memberships_of(session, person_id), today=today)
    if not all(each.is_known for each in news.values()):
        return Alerted(waits=True)
    told = [saved for saved in searches if news[saved.id].ids]
    if told and order_mail(session, KIND, person, _values(session, person, told, news)) is None:
        return Alerted()
    for saved in searches:
        saved.checked_on = today
    for saved in told:
        _note(saved, news[saved.id])
    session.flush()
    return Alerted(len(searches), int(bool(told)))


def _is_due(today: date) -> sa.ColumnElement[bool]:
    monday = today - timedelta(days=today.weekday())
    return sa.and_(
        SavedSearch.paused_at.is_(None),
        sa.or_(
            sa.and_(SavedSearch.frequency == AlertFrequency.DAILY, _is_before(today)),
            sa.and_(SavedSearch.frequency == AlertFrequency.WEEKLY, _is_before(monday)),
        ),
    )


def _is_before(day: date) -> sa.ColumnElement[bool]:
    return sa.or_(SavedSearch.checked_on.is_(None), SavedSearch.checked_on < day)


def _values(
    session: DbSession, person: Person, told: Sequence[SavedSearch], news: Mapping[int, News]
) -> dict[str, Any]:
    """What the mail tells: of each search its id, the ids of what is new, and the link that pauses it."""
    valid = timedelta(days=LINK_DAYS)
    return {
        "searches": [
            {
                "search_id": saved.id,
                "ids": list(news[saved.id].ids),
                "link_id": make_link(session, PAUSE, saved.id, person=person, valid=valid).id,
            }
            for saved in told
        ]
    }


def _note(saved: SavedSearch, news: News) -> None:
    saved.told, saved.told_at = list(news.ids), utc_now()
    saved.seen = sorted({*saved.seen, *news.ids})
