"""The addresses of links that act without signing in: signed, so that nobody can make or guess one."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from webapp.models import Account, Person

_ONE_TIME, _UNSUBSCRIBE, _APPLICATION = "one-time-link", "unsubscribe", "application"
_CALENDAR = "calendar"


def _serializer(salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt)


def link_token(link_id: int) -> str:
    """The token of a one-time link; whether it may still be used, its row says."""
    return _signed(_ONE_TIME, link_id)


def read_link_token(token: str) -> int | None:
    """The id of the link that a token is of; nothing if it was not made here."""
    found = _read(_ONE_TIME, token)
    return found if isinstance(found, int) else None


def unsubscribe_token(person: Person, kind: str) -> str:
    """The token with which a person's mails of a kind can be ended, any number of times."""
    return _signed(_UNSUBSCRIBE, [person.id, kind])


def read_unsubscribe_token(token: str) -> tuple[int, str] | None:
    """The id of the person and the kind of mail that a token is of."""
    match _read(_UNSUBSCRIBE, token):
        case [int(person_id), str(kind)]:
            return person_id, kind
    return None


def application_token(reference: str, proof: str | None = None) -> str:
    """The token with which an applicant returns to an application.

    Args:
        reference: of the application.
        proof: what only the mailed link carries; see ``webapp.services.applications``.
    """
    return _signed(_APPLICATION, [reference, proof])


def read_application_token(token: str) -> tuple[str, str | None] | None:
    """The reference and the proof that a token is of."""
    match _read(_APPLICATION, token):
        case [str(reference), str() | None as proof]:
            return reference, proof
    return None


def calendar_token(account: Account) -> str:
    """The token of somebody's own calendar. It ends with their sessions: when they sign out everywhere."""
    return _signed(_CALENDAR, [account.id, _session_digest(account)])


def read_calendar_token(token: str) -> int | None:
    """The id of the account that a calendar's token is of, whether it still holds or not."""
    match _read(_CALENDAR, token):
        case [int(account_id), str()]:
            return account_id
    return None


def holds_calendar(token: str, account: Account) -> bool:
    """Whether a calendar's token is that of this account, and still holds."""
    return _read(_CALENDAR, token) == [account.id, _session_digest(account)]


def _session_digest(account: Account) -> str:
    """What changes when all sessions of an account end; it does not tell what they are known by."""
    return sha256(account.fs_uniquifier.encode()).hexdigest()[:16]


def _signed(salt: str, value: Any) -> str:
    return str(_serializer(salt).dumps(value))


def _read(salt: str, token: str) -> Any:
    try:
        return _serializer(salt).loads(token)
    except BadSignature:
        return None
