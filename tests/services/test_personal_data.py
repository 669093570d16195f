"""Everybody can read all that is kept about them, and nothing of others that they may not see."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from webapp.errors import NotAllowed
from webapp.models import (
    Account,
    Base,
    Claim,
    Consent,
    ConsentPurpose,
    Introduction,
    IntroductionState,
    Invitation,
    Membership,
    NetworkRole,
    Outcome,
    Person,
    Side,
    account_role,
    utc_now,
)
from webapp.services.actors import actor_of
from webapp.services.mail import order_mail
from webapp.services.personal_data import Record, collect
from webapp.services.personal_data_register import TOLD

Maker = Callable[..., Any]


def data_of(session: Session, account: Account) -> dict[str, list[Record]]:
    return collect(session, actor_of(session, account), account.person)


def of_people() -> set[str]:
    """The tables that refer to a person or an account, or belong to an introduction."""
    roots = {Person.__table__, Account.__table__, Introduction.__table__}
    tables = Base.metadata.sorted_tables
    return {table.name for table in tables if any(key.column.table in roots for key in table.foreign_keys)}


def test_every_column_of_every_table_about_people_is_told_or_kept_back_for_a_reason() -> None:
    # Entries belong to a person through their shortlist; roles are told with the account.
    assert of_people() | {"person", "shortlist_entry"} == set(TOLD) | {account_role.name}
    for name, told in TOLD.items():
        columns = set(Base.metadata.tables[name].columns.keys())
        assert not set(told.columns) & set(told.kept_back), name
        assert set(told.columns) | set(told.kept_back) == columns, name
        assert all(told.kept_back.values()), name


def test_they_read_who_they_are_and_what_they_agreed_to(session: Session, make_startup: Maker) -> None:
    account = make_account(person=make_person(name="Ghizlane", phone="+212 600"))
    startup = make_startup("Tazrii")
    join(account, startup)
    session.add(Consent(person=account.person, purpose=ConsentPurpose.TERMS, version="1"))
    order_mail(session, "digest", account.person)
    session.flush()
    data = data_of(session, account)
    assert data["person"][0]["phone"] == "+212 600"
    assert data["account"][0]["email"] == account.email
    assert data["consent"][0]["version"] == "1"
    assert data["membership"][0]["organisation"] == {"noun": "startup", "slug": startup.slug, "name": "Tazrii"}
    assert data["outgoing_mail"][0]["kind"] == "digest"
    json.dumps(data)


def test_no_secret_is_told(session: Session) -> None:
    account = make_account(tf_totp_secret="TOTPSECRET", mf_recovery_codes=["RECOVERY"])
    text = json.dumps(data_of(session, account))
    for secret in (account.password, account.fs_uniquifier, "TOTPSECRET", "RECOVERY"):
        assert secret is not None
        assert secret not in text


def test_nothing_of_others_is_told(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    account = make_account()
    other = make_account(person=make_person(name="Planted Other", email="planted@other.example", phone="999 888"))
    startup, partner = make_startup(), make_partner()
    join(account, startup)
    join(other, startup)
    join(other, partner)
    introduction = Introduction(
        reference="r1", startup=startup, partner=partner, asked_by=Side.STARTUP, language="en",
        requester=account.person, answerer=other.person, state=IntroductionState.DECLINED, sent_at=utc_now(),
        reason="mine",
        decline_code="planted-code", decline_note="planted note", staff_note="planted staff note",
    )  # fmt: skip
    introduction.outcomes = [
        Outcome(side=Side.STARTUP, day=14, met=True),
        Outcome(side=Side.PARTNER, day=14, next_step="planted"),
    ]
    of_other = Claim(person=other.person, statement="planted statement", **Claim.columns_for(partner))
    in_a_week = utc_now() + timedelta(days=7)
    invitation = Invitation(email=account.email, role="editor", invited_by=other.person, expires_at=in_a_week,
                            **Invitation.columns_for(partner))  # fmt: skip
    session.add_all([introduction, of_other, invitation])
    session.flush()
    mine, theirs = data_of(session, account), data_of(session, other)
    text = json.dumps(mine)
    assert "planted" not in text.lower()
    assert "999 888" not in text
    assert mine["introduction"][0]["reason"] == "mine"
    assert [row["met"] for row in mine["outcome"]] == [True]
    assert len(mine["invitation"]) == 1
    assert theirs["introduction"][0]["decline_note"] == "planted note"
    assert "staff note" not in json.dumps(theirs)
    assert len(theirs["membership"]) == session.scalar(sa.select(sa.func.count(Membership.id))) - 1


def test_nobody_reads_the_data_of_somebody_else(session: Session) -> None:
    account = make_account()
    for other in (make_account(), make_account(NetworkRole.STAFF)):
        with pytest.raises(NotAllowed):
            collect(session, actor_of(session, other), account.person)
