"""The tokens in links of mails about accounts, as Flask-Security makes and reads them."""

from __future__ import annotations

from typing import Any

from flask_security import change_email, confirmable, recoverable

from webapp.models import Account

_change_email: Any = change_email
_confirmable: Any = confirmable
_recoverable: Any = recoverable


def confirmation_token(account: Account) -> str:
    """With which an address is confirmed."""
    token: str = _confirmable.generate_confirmation_token(account)
    return token


def reset_token(account: Account) -> str:
    """With which a new password is chosen; worthless once it was."""
    token: str = _recoverable.generate_reset_password_token(account)
    return token


def email_change_token(account: Account, address: str) -> str:
    """With which an account changes to another address."""
    token: str = _change_email._generate_token(account, address)
    return token


def confirms(token: str) -> bool:
    """Whether a token confirms an address that is not confirmed yet."""
    expired, invalid, account = _confirmable.confirm_email_token_status(token)
    return not (expired or invalid) and account is not None and account.confirmed_at is None


def changes_email(token: str) -> bool:
    """Whether a token changes the address of an account."""
    expired, invalid, _account, _address = _change_email._verify_token_status(token)
    return not (expired or invalid)
