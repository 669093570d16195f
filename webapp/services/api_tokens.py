"""Tokens with which a program reads what an account may read: made once, shown once, kept as a digest only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import Account, ApiToken, DbSession
from webapp.permissions import VISITOR, Actor, Permission, require
from webapp.services.actors import memberships_of

PREFIX = "mq_"
"""How tokens begin, so that one that was published by mistake is known for what it is."""
SHOWN = 8
"""How many letters of a token its owner knows it by; they tell nothing of the others."""
NAME_LENGTH = 80
MOST = 20
"""How many valid tokens an account may have."""
DAYS = (30, 90, 365)
"""For how long a token can be made."""


class Scope(StrEnum):
    """What a token lets a program read."""

    INTRODUCTIONS = "introductions:read"
    SAVED_SEARCHES = "saved-searches:read"


@dataclass(frozen=True)
class Program:
    """What asks through the interface for programs: a visitor, or somebody's token."""

    actor: Actor = VISITOR
    scopes: frozenset[str] = frozenset()
    token_id: int | None = None

    def require(self, scope: Scope) -> None:
        """Stop a program whose token was not made for this.

        Raises:
            NotAllowed: ``scope``, with the one that lacks.
        """
        if scope not in self.scopes:
            raise NotAllowed("scope", scope=scope.value)


def list_tokens(session: DbSession, actor: Actor) -> Sequence[ApiToken]:
    """An account's tokens, the latest first, those that are no longer valid too."""
    require(actor, Permission.USE_ACCOUNT)
    mine = sa.select(ApiToken).where(ApiToken.account_id == actor.account_id)
    return session.scalars(mine.order_by(ApiToken.created_at.desc(), ApiToken.id.desc())).all()


def make_token(
    session: DbSession, actor: Actor, *, name: str, scopes: Sequence[str], days: int, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token; gives its row and the token itself, which nobody can read again.

    Raises:
        Invalid: ``token-name``, ``token-scopes`` or ``token-days``.
        Conflict: ``tokens-full`` (``most``).
    """
    require(actor, Permission.USE_ACCOUNT)
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise Invalid("token-name", most=NAME_LENGTH)
    if not scopes or set(scopes) - set(Scope):
        raise Invalid("token-scopes")
    if days not in DAYS:
        raise Invalid("token-days")
    if sum(is_valid(token, now) for token in list_tokens(session, actor)) >= MOST:
        raise Conflict("tokens-full", most=MOST)
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        account_id=actor.account_id,
        name=name,
        digest=_digest(text),
        beginning=text[:SHOWN],
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    return token, text


def revoke_token(session: DbSession, actor: Actor, token_id: int, now: datetime) -> ApiToken:
    """Make a token worthless from now on; one that is already stays as it is.

    Raises:
        NotFound: ``token``: there is none, or it is somebody else's.
    """
    require(actor, Permission.USE_ACCOUNT)
    token = session.get(ApiToken, token_id)
    if token is None or token.account_id != actor.account_id:
        raise NotFound("token", id=token_id)
    if is_valid(token, now):
        token.revoked_at = now
        session.flush()
    return token


def is_valid(token: ApiToken, now: datetime) -> bool:
    """Whether a token still lets a program in."""
    return token.revoked_at is None and token.expires_at > now


def program_of(session: DbSession, text: str, now: datetime) -> Program:
    """Whom a token lets in: its account's person with their organisations, never with the powers of staff.

    Raises:
        NotAllowed: ``token``: it is none, or no longer valid, or its account is closed.
    """
    token = session.scalar(sa.select(ApiToken).where(ApiToken.digest == _digest(text)))
    if token is None or not is_valid(token, now):
        raise NotAllowed("token")
    account: Account = token.account
    if not account.active or account.confirmed_at is None:
        raise NotAllowed("token")
    memberships = memberships_of(session, account.person_id)
    actor = Actor("person", account_id=account.id, person_id=account.person_id, memberships=memberships)
    return Program(actor, frozenset(token.scopes), token.id)


def note_use(session: DbSession, program: Program, now: datetime) -> bool:
    """Note to the hour that a token was used; gives whether there was anything to note."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    # Not through the row: whoever only reads must not wait for, or undo, what its owner does to it meanwhile.
    unnoted = sa.or_(ApiToken.used_at.is_(None), ApiToken.used_at < hour)
    noted = sa.update(ApiToken).where(ApiToken.id == program.token_id, unnoted).values(used_at=hour)
    if program.token_id is None:
        return False
    return bool(session.execute(noted, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]


def _digest(text: str) -> str:
    """What is kept of a token. It is 256 random bits, so that nothing slower than this is needed."""
    return hashlib.sha256(text.encode()).hexdigest()
