"""Tokens let a program read what their owner chose, as long as they are valid, and nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import Account, ApiToken, NetworkRole, utc_now
from webapp.permissions import VISITOR, Permission, can
from webapp.services.actors import actor_of
from webapp.services.api_tokens import (
    MOST,
    PREFIX,
    Program,
    Scope,
    list_tokens,
    make_token,
    note_use,
    program_of,
    revoke_token,
)
from webapp.services.retention import enforce_retention

NOW = utc_now()


def made(session: Session, account: Account, **values: Any) -> tuple[ApiToken, str]:
    asked = {"name": "Calendar", "scopes": [Scope.INTRODUCTIONS], "days": 30, "now": NOW} | values
    return make_token(session, actor_of(session, account), **asked)


def test_a_token_stands_for_its_account_and_is_kept_as_a_digest_only(session: Session) -> None:
    account = make_account()
    token, text = made(session, account)
    program = program_of(session, text, NOW)
    assert program.actor.account_id == account.id
    assert program.scopes == {Scope.INTRODUCTIONS}
    assert text.startswith(PREFIX)
    columns = session.execute(sa.select(ApiToken.__table__)).mappings().one()
    assert text not in "".join(map(str, columns.values()))
    assert text.startswith(token.beginning)
    assert len(text) - len(token.beginning) > 30


def test_a_token_reads_what_it_was_made_for(session: Session) -> None:
    program = program_of(session, made(session, make_account())[1], NOW)
    program.require(Scope.INTRODUCTIONS)
    with pytest.raises(NotAllowed) as refused:
        program.require(Scope.SAVED_SEARCHES)
    assert refused.value.values == {"scope": "saved-searches:read"}
    with pytest.raises(NotAllowed):
        Program().require(Scope.INTRODUCTIONS)


def test_a_token_ends_on_its_day_and_when_it_is_revoked(session: Session) -> None:
    account = make_account()
    token, text = made(session, account, days=90)
    assert program_of(session, text, NOW + timedelta(days=90, seconds=-1))
    for_nothing = ("mq_made-up", "", text[:-1], text.upper())
    for wrong in for_nothing:
        with pytest.raises(NotAllowed):
            program_of(session, wrong, NOW)
    with pytest.raises(NotAllowed):
        program_of(session, text, NOW + timedelta(days=90))
    revoke_token(session, actor_of(session, account), token.id, NOW)
    with pytest.raises(NotAllowed):
        program_of(session, text, NOW)


def test_a_closed_account_has_no_programs(session: Session) -> None:
    account = make_account()
    _, text = made(session, account)
    account.active = False
    session.flush()
    with pytest.raises(NotAllowed):
        program_of(session, text, NOW)


def test_the_powers_of_staff_never_come_with_a_token(session: Session, make_startup: Any) -> None:
    account = make_account(NetworkRole.ADMINISTRATOR)
    startup = make_startup()
    join(account, startup)
    assert can(actor_of(session, account), Permission.STAFF)
    actor = program_of(session, made(session, account)[1], NOW).actor
    assert not any(can(actor, power) for power in (Permission.STAFF, Permission.ADMINISTER, Permission.WRITE))
    assert can(actor, Permission.ASK, startup)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "  "}, "token-name"),
        ({"name": "x" * 81}, "token-name"),
        ({"scopes": []}, "token-scopes"),
        ({"scopes": ["introductions:write"]}, "token-scopes"),
        ({"days": 31}, "token-days"),
    ],
)
def test_what_a_token_cannot_be(session: Session, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        made(session, make_account(), **values)
    assert refused.value.code == code


def test_an_account_has_so_many_valid_tokens_and_no_more(session: Session) -> None:
    account = make_account()
    first, _ = made(session, account)
    for _ in range(MOST - 1):
        made(session, account)
    with pytest.raises(Conflict):
        made(session, account)
    revoke_token(session, actor_of(session, account), first.id, NOW)
    made(session, account)


def test_tokens_of_others_are_not_there(session: Session) -> None:
    token, _ = made(session, make_account())
    stranger = actor_of(session, make_account())
    assert list_tokens(session, stranger) == []
    with pytest.raises(NotFound):
        revoke_token(session, stranger, token.id, NOW)
    with pytest.raises(NotAllowed):
        list_tokens(session, VISITOR)


def test_use_is_noted_to_the_hour(session: Session) -> None:
    token, text = made(session, make_account())
    at = NOW.replace(minute=5)
    program = program_of(session, text, at)
    assert note_use(session, program, at)
    assert not note_use(session, program, at + timedelta(minutes=50))
    assert note_use(session, program, at + timedelta(minutes=60))
    session.refresh(token)
    assert token.used_at == at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    assert not note_use(session, Program(), at)


def test_tokens_go_thirty_days_after_they_ended(session: Session) -> None:
    account = make_account()
    expired, revoked, lately, valid = (made(session, account)[0] for _ in range(4))
    expired.expires_at = revoked.revoked_at = NOW - timedelta(days=32)
    lately.revoked_at = NOW - timedelta(days=28)
    done = enforce_retention(session, NOW.date(), 36)
    assert done["token"] == 2
    assert {token.id for token in session.scalars(sa.select(ApiToken))} == {lately.id, valid.id}
