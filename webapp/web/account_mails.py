"""What mails about accounts tell of. Their links are made when a mail is put into words, never before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from webapp.models import Account, DbSession
from webapp.web.mail_subjects import SUBJECTS, Loader, Values
from webapp.web.security_tokens import confirmation_token, email_change_token, reset_token

Maker = Callable[[Account, Values], dict[str, Any] | None]


def _about(make: Maker) -> Loader:
    """What loads the account of a mail and what else its message needs; nothing once the account is gone or closed."""

    def load(session: DbSession, values: Values) -> dict[str, Any] | None:
        account = session.get(Account, values["account_id"])
        if account is None or not account.active:
            return None
        made = make(account, values)
        return None if made is None else {"account": account, **made}

    return load


def _confirm(account: Account, _values: Values) -> dict[str, Any] | None:
    return {"token": confirmation_token(account)} if account.confirmed_at is None else None


def _reset(account: Account, _values: Values) -> dict[str, Any]:
    return {"token": reset_token(account)}


def _email_change(account: Account, values: Values) -> dict[str, Any] | None:
    if account.email == values["address_wanted"]:
        return None
    return {"token": email_change_token(account, values["address_wanted"])}


def _nothing_more(_account: Account, _values: Values) -> dict[str, Any]:
    return {}


def _lost(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The administrator who is asked, and the account whose owner asks."""
    loaded = _about(_nothing_more)(session, values)
    lost_by = session.get(Account, values["lost_by"])
    return None if loaded is None or lost_by is None else loaded | {"lost_by": lost_by}


def init_app(_app: Flask) -> None:
    """Say what each kind needs."""
    SUBJECTS["account-confirm"] = _about(_confirm)
    SUBJECTS["account-reset"] = _about(_reset)
    SUBJECTS["account-email-change"] = _about(_email_change)
    SUBJECTS["account-second-factor-lost"] = _lost
    for kind in ("account-exists", "account-password-changed", "account-changed"):
        SUBJECTS[kind] = _about(_nothing_more)
