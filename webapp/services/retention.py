"""How long personal data is kept, and the nightly work that sees to it.

``PERIODS`` is the one table of periods: what is enforced here, and what the privacy page prints. Everything can be
repeated: what is gone already is not looked at again.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import ColumnElement

from webapp.models import (
    Account,
    ApiToken,
    Claim,
    ClaimState,
    DayFeedback,
    DbSession,
    Introduction,
    Invitation,
    MailState,
    Meeting,
    Network,
    OneTimeLink,
    OutgoingMail,
)
from webapp.permissions import SYSTEM
from webapp.services.application_forgetting import delete_old_drafts, forget_old_applications
from webapp.services.challenge_forgetting import forget_old_answers
from webapp.services.cohorts import rules_of
from webapp.services.erasure import FAREWELL, delete_unconfirmed, erase_person
from webapp.services.evidence_forgetting import delete_decided_evidence, delete_unsent_evidence, retention_rules
from webapp.services.introduction_moves import ENDED
from webapp.services.mail import order_mail
from webapp.services.network import get_network

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Period:
    """How long something is kept, in months or in days; nothing of both if a setting says it."""

    months: int = 0
    days: int = 0

    def before(self, today: date) -> datetime:
        """What is older than this moment has been kept long enough."""
        year, month = divmod(today.year * 12 + today.month - 1 - self.months, 12)
        last_of_month = monthrange(year, month + 1)[1]
        day = date(year, month + 1, min(today.day, last_of_month)) - timedelta(days=self.days)
        return datetime.combine(day, time(), tzinfo=UTC)


IDLE_ACCOUNT = "idle-account"
APPLICATION_DRAFT, APPLICATION = "application-draft", "application"
EVIDENCE = "evidence"
PERIODS: Mapping[str, Period] = {
    IDLE_ACCOUNT: Period(),
    "unconfirmed-account": Period(days=7),
    "mail": Period(days=90),
    "link": Period(days=30),
    "token": Period(days=30),
    "invitation": Period(days=30),
    "claim": Period(months=12),
    EVIDENCE: Period(),
    "evidence-unsent": Period(days=7),
    "introduction-text": Period(months=24),
    "challenge-answer": Period(months=24),
    "day-comment": Period(months=24),
    APPLICATION_DRAFT: Period(),
    APPLICATION: Period(),
}
"""What is kept -> for how long after it was last needed. That of idle accounts and of applications is the setting
``retention_months``, that of drafts of applications the pack's ``draft_days``, that of files its ``evidence_days``."""

IDLE_WARNINGS = (60, 14)
"""Days before its erasure on which an unused account is warned."""

_DONE_MAIL = (MailState.SENT, MailState.FAILED, MailState.GATHERED, MailState.CANCELLED)


def periods(retention_months: int, network: Network | None) -> dict[str, Period]:
    """All periods, with those of the settings and of the network's pack."""
    of_settings = dict.fromkeys((IDLE_ACCOUNT, APPLICATION), Period(months=retention_months))
    of_pack = {
        APPLICATION_DRAFT: Period(days=rules_of(network).draft_days),
        EVIDENCE: Period(days=retention_rules(network).evidence_days),
    }
    return {**PERIODS, **of_settings, **of_pack}


def enforce_retention(session: DbSession, today: date, retention_months: int) -> dict[str, int]:
    """Take away what has been kept long enough; gives how much, by the names of the periods.

    Args:
        session: of the worker; what is wrong with one account does not keep the others from their end.
        today: the day it is where the network is.
        retention_months: after how many months without signing in an account is erased.
    """
    kept = periods(retention_months, get_network(session))
    done = {name: act(session, kept[name].before(today)) for name, act in _ACTS.items()}
    done[IDLE_ACCOUNT] = _idle_accounts(session, today, retention_months)
    session.flush()
    if any(done.values()):
        log.info("kept long enough", **{name.replace("-", "_"): number for name, number in done.items() if number})
    return done


def _unconfirmed(session: DbSession, before: datetime) -> int:
    """Sign-ups that nobody confirmed are deleted, as if they had never been."""
    accounts = session.scalars(sa.select(Account).where(Account.confirmed_at.is_(None), Account.created_at < before))
    return sum(delete_unconfirmed(session, account) for account in accounts.all())


def _mails(session: DbSession, before: datetime) -> int:
    """Old mails lose address, person and content; farewells to the erased do so as soon as they are sent."""
    done = OutgoingMail.state.in_(_DONE_MAIL)
    old = sa.or_(OutgoingMail.created_at < before, OutgoingMail.kind == FAREWELL)
    blank: dict[str, Any] = {"address": "", "values": {}, "error": None, "person_id": None}
    return _update(session, OutgoingMail, blank, done, old, OutgoingMail.address != "")


def _links(session: DbSession, before: datetime) -> int:
    return _delete(session, OneTimeLink, OneTimeLink.expires_at < before)


def _tokens(session: DbSession, before: datetime) -> int:
    """Those that expired or were revoked."""
    return _delete(session, ApiToken, sa.or_(ApiToken.expires_at < before, ApiToken.revoked_at < before))


def _invitations(session: DbSession, before: datetime) -> int:
    """Those that expired, were accepted or were taken back."""
    ends = (Invitation.expires_at, Invitation.accepted_at, Invitation.revoked_at)
    return _delete(session, Invitation, sa.or_(*(end < before for end in ends)))


def _claims(session: DbSession, before: datetime) -> int:
    """What was said for and about claims that are decided or were withdrawn."""
    over = Claim.state != ClaimState.WAITING
    old = sa.func.coalesce(Claim.decided_at, Claim.created_at) < before
    told = sa.or_(Claim.statement != "", Claim.note != "")
    return _update(session, Claim, {"position": "", "statement": "", "note": ""}, over, old, told)


def _introduction_texts(session: DbSession, before: datetime) -> int:
    """What people wrote in introductions that are over; states and dates stay for the network's figures."""
    texts = ("reason", "message", "return_note", "staff_note", "decline_note")
    over = Introduction.state.in_(ENDED), Introduction.updated_at < before
    places = Meeting.introduction_id.in_(sa.select(Introduction.id).where(*over))
    _update(session, Meeting, {"place": ""}, places, Meeting.place != "")
    told = sa.or_(*(getattr(Introduction, text) != "" for text in texts))
    # The date of the last move stays: blanking is none.
    blank: dict[str, Any] = dict.fromkeys(texts, "") | {"updated_at": Introduction.updated_at}
    return _update(session, Introduction, blank, *over, told)


def _day_comments(session: DbSession, before: datetime) -> int:
    """What was said of meetings of matchmaking days in words; the ratings stay for the network's figures."""
    return _update(session, DayFeedback, {"comment": ""}, DayFeedback.at < before, DayFeedback.comment != "")


_ACTS: Mapping[str, Callable[[DbSession, datetime], int]] = {
    "unconfirmed-account": _unconfirmed,
    "mail": _mails,
    "link": _links,
    "token": _tokens,
    "invitation": _invitations,
    "claim": _claims,
    EVIDENCE: delete_decided_evidence,
    "evidence-unsent": delete_unsent_evidence,
    "introduction-text": _introduction_texts,
    "challenge-answer": forget_old_answers,
    "day-comment": _day_comments,
    APPLICATION_DRAFT: delete_old_drafts,
    APPLICATION: forget_old_applications,
}


def _idle_accounts(session: DbSession, today: date, retention_months: int) -> int:
    """Warn unused accounts twice, then erase them. Who works for the network is left to its administrators."""
    last_used = sa.func.coalesce(Account.signed_in_at, Account.confirmed_at)
    first_warning = Period(months=retention_months).before(today) + timedelta(days=IDLE_WARNINGS[0])
    statement = sa.select(Account).where(Account.confirmed_at.is_not(None), sa.not_(Account.is_demo))
    candidates = session.scalars(statement.where(last_used < first_warning, ~Account.roles.any())).all()
    return sum(_warn_or_erase(session, account, today, retention_months) for account in candidates)


def _warn_or_erase(session: DbSession, account: Account, today: date, retention_months: int) -> bool:
    """Whether the account was erased. It never is before the second warning has had its time."""
    used = account.signed_in_at or account.confirmed_at
    if account.idle_warned_at and used and account.idle_warned_at < used:
        account.idle_warnings, account.idle_warned_at = 0, None
    warned = account.idle_warnings
    if warned < len(IDLE_WARNINGS):
        if _is_time_to_warn(account, today, retention_months):
            _warn(session, account, today)
        return False
    if account.idle_warned_at and account.idle_warned_at > Period(days=IDLE_WARNINGS[-1]).before(today):
        return False
    try:
        with session.begin_nested():
            erase_person(session, SYSTEM, account.person, today=today)
    except Exception:
        log.exception("unused account not erased", account=account.id)
        return False
    return True


def _is_time_to_warn(account: Account, today: date, retention_months: int) -> bool:
    """Whether the next warning is due, and the one before long enough ago for the two to be two."""
    used = account.signed_in_at or account.confirmed_at
    left = IDLE_WARNINGS[account.idle_warnings]
    if used is None or used >= Period(months=retention_months).before(today) + timedelta(days=left):
        return False
    apart = Period(days=IDLE_WARNINGS[0] - IDLE_WARNINGS[1]).before(today)
    return account.idle_warned_at is None or account.idle_warned_at <= apart + timedelta(days=1)


def _warn(session: DbSession, account: Account, today: date) -> None:
    erased_on = today + timedelta(days=IDLE_WARNINGS[account.idle_warnings])
    order_mail(session, "account-idle", account.person, {"account_id": account.id, "erased_on": erased_on.isoformat()})
    account.idle_warnings += 1
    account.idle_warned_at = datetime.combine(today, time(12), tzinfo=UTC)


def _update(session: DbSession, model: type[Any], values: dict[str, Any], *conditions: ColumnElement[bool]) -> int:
    statement = sa.update(model).where(*conditions).values(values).execution_options(synchronize_session="fetch")
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _delete(session: DbSession, model: type[Any], *conditions: ColumnElement[bool]) -> int:
    statement = sa.delete(model).where(*conditions).execution_options(synchronize_session="fetch")
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
