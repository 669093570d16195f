"""Who may do what: one table from permission to predicate. Routes and services ask; nobody decides elsewhere.

A route asks without an object (may this actor come here at all?), a service with one (may they do this to it?).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from webapp.errors import NotAllowed
from webapp.models import Introduction, MembershipRole, NetworkRole, PartnerKind, Region, Side

OrganisationKey = tuple[str, int]
"""Noun and id of a startup or a partner."""


@dataclass(frozen=True)
class Actor:
    """Whoever asks. ``role`` is ``visitor``, ``person`` or ``system``; what a person may, the other fields say."""

    role: str
    account_id: int | None = None
    person_id: int | None = None
    memberships: Mapping[OrganisationKey, MembershipRole] = field(default_factory=dict, hash=False)
    network_roles: frozenset[NetworkRole] = frozenset()
    """Staff and administrators without a second factor are not counted as such until they set one up."""
    region_id: int | None = None
    """Of an authority: its region."""

    @property
    def is_signed_in(self) -> bool:
        """Whether it is known who asks."""
        return self.account_id is not None

    @property
    def is_staff(self) -> bool:
        """Whether they work for the network; administrators do."""
        return bool(self.network_roles & {NetworkRole.STAFF, NetworkRole.ADMINISTRATOR})

    @property
    def is_administrator(self) -> bool:
        """Whether they decide who works for the network."""
        return NetworkRole.ADMINISTRATOR in self.network_roles

    def role_in(self, organisation: Any) -> MembershipRole | None:
        """What they are in a startup or a partner."""
        return self.memberships.get((organisation.noun, organisation.id))


VISITOR = Actor("visitor")
SYSTEM = Actor("system")


class Permission(StrEnum):
    """What can be asked for."""

    BROWSE = "browse"
    """Read what is published."""
    OPERATE = "operate"
    """Read the state of the process, as a load balancer does; shows nothing of anybody."""
    DEVELOP = "develop"
    """Read the pages that exist in development only."""
    SIGN_IN = "sign-in"
    """Sign up, sign in, and what leads there."""
    FOLLOW_LINK = "follow-link"
    """Use a signed link from a mail, which says by itself for whom it acts."""
    APPLY = "apply"
    """Apply for a place in a park: write an application, and return to it through its link."""
    USE_ACCOUNT = "use-account"
    """Have an account and use it."""
    EDIT_PROFILE = "edit-profile"
    """Of an organisation: propose changes of its profile."""
    MANAGE_MEMBERS = "manage-members"
    """Of an organisation: invite and remove members, change their roles."""
    ASK = "ask"
    """Of an organisation: ask for introductions on its behalf, and answer them."""
    POST_CHALLENGE = "post-challenge"
    """Of a corporate partner: post challenges and decide on the answers to them."""
    READ_INTRODUCTION = "read-introduction"
    """Of an introduction: see how far it is. The asked side does so once it has been asked."""
    READ_REGION = "read-region"
    """Of a region: read its unpublished figures."""
    STAFF = "staff"
    """Do the network's daily work: review, decide, triage."""
    ADMINISTER = "administer"
    """Decide who works for the network."""
    WRITE = "write"
    """Create and change records without review."""


def _is_member(actor: Actor, organisation: Any) -> bool:
    if organisation is None:
        return actor.is_signed_in
    return actor.role_in(organisation) is not None


def _is_owner(actor: Actor, organisation: Any) -> bool:
    if organisation is None:
        return actor.is_signed_in
    return actor.role_in(organisation) == MembershipRole.OWNER


def _posts_challenges(actor: Actor, partner: Any) -> bool:
    if partner is None:
        return actor.is_signed_in
    return actor.is_staff or (_is_member(actor, partner) and getattr(partner, "kind", None) == PartnerKind.CORPORATE)


def _takes_part(actor: Actor, introduction: Introduction | None) -> bool:
    if introduction is None:
        return actor.is_signed_in
    if _is_member(actor, introduction.asking):
        return True
    return introduction.sent_at is not None and _is_member(actor, introduction.asked)


def _reads_region(actor: Actor, region: Region | None) -> bool:
    if NetworkRole.AUTHORITY not in actor.network_roles:
        return False
    return region is None or region.id == actor.region_id


Rule = Callable[[Actor, Any], bool]

_RULES: Mapping[Permission, Rule] = {
    Permission.BROWSE: lambda actor, _: True,
    Permission.OPERATE: lambda actor, _: True,
    Permission.DEVELOP: lambda actor, _: True,
    Permission.SIGN_IN: lambda actor, _: True,
    Permission.FOLLOW_LINK: lambda actor, _: True,
    Permission.APPLY: lambda actor, _: True,
    Permission.USE_ACCOUNT: lambda actor, _: actor.is_signed_in,
    Permission.EDIT_PROFILE: lambda actor, organisation: actor.is_staff or _is_member(actor, organisation),
    Permission.MANAGE_MEMBERS: lambda actor, organisation: actor.is_staff or _is_owner(actor, organisation),
    Permission.ASK: _is_member,
    Permission.POST_CHALLENGE: _posts_challenges,
    Permission.READ_INTRODUCTION: lambda actor, introduction: actor.is_staff or _takes_part(actor, introduction),
    Permission.READ_REGION: lambda actor, region: actor.is_staff or _reads_region(actor, region),
    Permission.STAFF: lambda actor, _: actor.is_staff,
    Permission.ADMINISTER: lambda actor, _: actor.is_administrator,
    Permission.WRITE: lambda actor, _: actor.is_staff,
}


def can(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Whether the actor has the permission: of the subject, or, without one, for some subject at all."""
    return actor == SYSTEM or _RULES[permission](actor, subject)


def require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    """Stop an actor who lacks the permission.

    Raises:
        NotAllowed: the actor lacks it.
    """
    if not can(actor, permission, subject):
        raise NotAllowed(permission, role=actor.role)


def side_of(actor: Actor, introduction: Introduction) -> Side | None:
    """On which side of an introduction an actor stands; nothing for outsiders."""
    if _is_member(actor, introduction.startup):
        return Side.STARTUP
    if _is_member(actor, introduction.partner):
        return Side.PARTNER
    if actor.is_staff:
        return Side.STAFF
    return Side.SYSTEM if actor == SYSTEM else None
