"""Nothing about people is kept longer than the table of periods says, and nothing goes before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from webapp.models import (
    Account,
    Claim,
    ClaimState,
    Introduction,
    IntroductionState,
    Invitation,
    MailState,
    Meeting,
    NetworkRole,
    OneTimeLink,
    OutgoingMail,
    Person,
    Side,
)
from webapp.services.erasure import FAREWELL
from webapp.services.mail import make_link, order_mail, order_mail_to
from webapp.services.retention import IDLE_ACCOUNT, PERIODS, Period, enforce_retention, periods

Maker = Callable[..., Any]

TODAY = date(2026, 11, 28)
MONTHS = 36


def ago(days: int, today: date = TODAY) -> datetime:
    return datetime(today.year, today.month, today.day, 12, tzinfo=UTC) - timedelta(days=days)


def enforce(session: Session, today: date = TODAY) -> dict[str, int]:
    return enforce_retention(session, today, MONTHS)


def idle(session: Session, days: int, **values: Any) -> Account:
    return make_account(signed_in_at=ago(days), confirmed_at=ago(days + 10), created_at=ago(days + 10), **values)


def warnings(session: Session) -> list[str]:
    mails = session.scalars(sa.select(OutgoingMail).filter_by(kind="account-idle").order_by(OutgoingMail.id))
    return [mail.values.get("erased_on", "") for mail in mails]


@given(st.integers(0, 200), st.integers(0, 400), st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_period_ends_after_so_many_months_and_days(months: int, days: int, today: date) -> None:
    end = Period(months=months, days=days).before(today).date() + timedelta(days=days)
    assert (today.year * 12 + today.month) - (end.year * 12 + end.month) == months
    assert end.day <= today.day
    assert end.day == today.day or (end + timedelta(days=1)).day == 1


def test_every_period_is_enforced(session: Session) -> None:
    assert set(enforce(session)) == set(PERIODS) == set(periods(MONTHS, None))
    assert periods(MONTHS, None)[IDLE_ACCOUNT] == Period(months=MONTHS)


def test_an_account_is_warned_twice_before_it_is_erased(session: Session) -> None:
    account = idle(session, 1000)
    person_id = account.person_id
    days = []
    for day in range(1000, 1200):
        today = TODAY + timedelta(days=day - 1000)
        before = len(warnings(session))
        erased = enforce(session, today)[IDLE_ACCOUNT]
        if len(warnings(session)) > before:
            days.append(("warned", today))
        if erased:
            days.append(("erased", today))
    assert [what for what, _ in days] == ["warned", "warned", "erased"]
    first, second, last = (day for _, day in days)
    assert (second - first).days >= 40
    assert (last - second).days >= 14
    assert session.get_one(Person, person_id).erased_at is not None
    assert session.scalar(sa.select(sa.func.count(Account.id))) == 0


def test_an_account_that_was_never_looked_at_before_is_warned_twice_all_the_same(session: Session) -> None:
    idle(session, 4000)
    assert enforce(session)[IDLE_ACCOUNT] == 0
    assert warnings(session) == [(TODAY + timedelta(days=60)).isoformat()]
    assert enforce(session)[IDLE_ACCOUNT] == 0
    assert len(warnings(session)) == 1
    assert enforce(session, TODAY + timedelta(days=46))[IDLE_ACCOUNT] == 0
    assert len(warnings(session)) == 2
    assert enforce(session, TODAY + timedelta(days=59))[IDLE_ACCOUNT] == 0
    assert enforce(session, TODAY + timedelta(days=61))[IDLE_ACCOUNT] == 1


def test_who_signs_in_after_a_warning_is_left_alone_and_warned_anew_later(session: Session) -> None:
    account = idle(session, 4000)
    enforce(session)
    account.signed_in_at = ago(-5)
    enforce(session, TODAY + timedelta(days=50))
    assert len(warnings(session)) == 1
    later = TODAY + timedelta(days=3000)
    enforce(session, later)
    assert len(warnings(session)) == 2
    assert account.idle_warnings == 1


def test_who_works_for_the_network_and_demonstration_accounts_are_left_alone(session: Session) -> None:
    for account in (idle(session, 4000), idle(session, 4000)):
        account.is_demo = True
    make_account(NetworkRole.STAFF, signed_in_at=ago(4000))
    enforce(session)
    assert warnings(session) == []


def test_the_profile_of_an_erased_owner_stays(session: Session, make_startup: Maker) -> None:
    startup = make_startup()
    join(idle(session, 4000), startup)
    for days in (0, 46, 61):
        enforce(session, TODAY + timedelta(days=days))
    assert startup.is_published
    assert session.scalar(sa.select(sa.func.count(Account.id))) == 0


@pytest.mark.parametrize(("days", "left"), [(6, 1), (9, 0)])
def test_sign_ups_that_nobody_confirmed_go_after_a_week(session: Session, days: int, left: int) -> None:
    make_account(confirmed_at=None, created_at=ago(days))
    enforce(session)
    assert session.scalar(sa.select(sa.func.count(Account.id))) == left
    assert session.scalar(sa.select(sa.func.count(Person.id))) == left


@pytest.mark.parametrize("state", [MailState.SENT, MailState.FAILED, MailState.CANCELLED, MailState.GATHERED])
def test_old_mails_lose_address_and_content(session: Session, state: MailState) -> None:
    mails = [order_mail(session, "digest", make_person(), {"a": 1}) for _ in range(2)]
    for mail, days in zip(mails, (89, 92), strict=True):
        assert mail is not None
        mail.state, mail.created_at, mail.error = state, ago(days), "said"
    session.flush()
    assert enforce(session)["mail"] == 1
    young, old = mails
    assert young is not None
    assert old is not None
    assert young.address
    assert (old.address, old.values, old.error, old.person_id) == ("", {}, None, None)
    assert enforce(session)["mail"] == 0


def test_a_mail_that_waits_keeps_its_address(session: Session) -> None:
    mail = order_mail(session, "digest", make_person())
    assert mail is not None
    mail.created_at = ago(200)
    assert enforce(session)["mail"] == 0
    assert mail.address


def test_a_farewell_forgets_its_address_once_it_is_sent(session: Session) -> None:
    mail = order_mail_to(session, FAREWELL, "gone@mail.example", "en")
    enforce(session)
    assert mail.address
    mail.state = MailState.SENT
    session.flush()
    enforce(session)
    assert mail.address == ""


def test_links_and_invitations_go_a_month_after_their_end(session: Session, make_startup: Maker) -> None:
    startup = make_startup()
    for days in (29, 32):
        make_link(session, "invitation", 1, valid=timedelta()).expires_at = ago(days)
        for ends in ({"expires_at": ago(days)}, {"accepted_at": ago(days)}, {"revoked_at": ago(days)}):
            columns = {"email": "x@mail.example", "role": "editor", "expires_at": ago(-1)}
            session.add(Invitation(**columns | ends | Invitation.columns_for(startup)))
    session.flush()
    done = enforce(session)
    assert (done["link"], done["invitation"]) == (1, 3)
    assert session.scalar(sa.select(sa.func.count(OneTimeLink.id))) == 1
    assert session.scalar(sa.select(sa.func.count(Invitation.id))) == 3


def test_what_was_written_for_a_claim_goes_a_year_after_the_decision(session: Session, make_startup: Maker) -> None:
    startup = make_startup()
    claims = [
        Claim(person=make_person(), statement="s", note="n", state=state, decided_at=decided, created_at=ago(900),
              **Claim.columns_for(startup))
        for state, decided in (
            (ClaimState.REFUSED, ago(370)),
            (ClaimState.REFUSED, ago(360)),
            (ClaimState.WITHDRAWN, None),
            (ClaimState.WAITING, None),
        )
    ]  # fmt: skip
    session.add_all(claims)
    session.flush()
    assert enforce(session)["claim"] == 2
    assert [claim.statement for claim in claims] == ["", "s", "", "s"]


def test_what_was_written_in_an_introduction_goes_two_years_after_its_end(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    introductions = []
    for number, (state, days) in enumerate(
        [(IntroductionState.CLOSED, 740), (IntroductionState.CLOSED, 720), (IntroductionState.MET, 740)]
    ):
        introduction = Introduction(
            reference=f"r{number}", startup=make_startup(), partner=make_partner(), asked_by=Side.STARTUP,
            language="en", state=state, reason="why", message="text", staff_note="note", updated_at=ago(days),
        )  # fmt: skip
        introduction.meeting = Meeting(proposed_by=Side.STARTUP, times=[], place="here", uid=f"u{number}")
        introductions.append(introduction)
    session.add_all(introductions)
    session.flush()
    assert enforce(session)["introduction-text"] == 1
    old, young, open_ = introductions
    assert old.meeting is not None
    assert (old.reason, old.message, old.staff_note, old.meeting.place) == ("", "", "", "")
    assert (old.state, old.updated_at) == (IntroductionState.CLOSED, ago(740))
    assert (young.reason, open_.reason) == ("why", "why")
    assert enforce(session)["introduction-text"] == 0
