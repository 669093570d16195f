"""Links for one use: which still hold, and using one so that of two who do it in the same second one succeeds."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.errors import Conflict, NotFound
from webapp.models import DOER, Account, DbSession, NetworkRole, OneTimeLink, utc_now
from webapp.permissions import VISITOR, Actor
from webapp.services.actors import NEEDS_SECOND_FACTOR, memberships_of


def get_link(session: DbSession, link_id: int | None) -> OneTimeLink:
    """A link that may still be used.

    Raises:
        NotFound: ``link``: there is none such (forged, or forgotten after its time).
        Conflict: ``link-used`` or ``link-expired``.
    """
    link = session.get(OneTimeLink, link_id) if link_id is not None else None
    if link is None:
        raise NotFound("link")
    if link.used_at is not None:
        raise Conflict("link-used")
    if link.expires_at <= utc_now():
        raise Conflict("link-expired")
    return link


def use_link(session: DbSession, link: OneTimeLink) -> None:
    """Mark a link as used, in the transaction of what it does.

    Raises:
        Conflict: ``link-used``: somebody else was quicker.
    """
    unused = sa.update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
    result = session.execute(unused.values(used_at=utc_now()).execution_options(synchronize_session=False))
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("link-used")
    session.expire(link, ["used_at"])


def actor_of_link(session: DbSession, link: OneTimeLink) -> Actor:
    """For whom a link acts: its person as a member of their organisations, never as staff."""
    if link.person_id is None:
        return VISITOR
    account = session.scalar(sa.select(Account).where(Account.person_id == link.person_id))
    roles = frozenset[NetworkRole]() if account is None else account.network_roles - NEEDS_SECOND_FACTOR
    actor = Actor(
        "person",
        account_id=account.id if account else None,
        person_id=link.person_id,
        memberships=memberships_of(session, link.person_id),
        network_roles=roles,
    )
    session.info[DOER] = actor
    return actor
