"""Who may do what: one table from permission to predicate. Routes and services ask; nobody decides elsewhere.

Accounts do not exist yet, so an actor is either a visitor or the system itself (a command, the worker).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.errors import NotAllowed


@dataclass(frozen=True)
class Actor:
    """Whoever asks."""

    role: str


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
    WRITE = "write"
    """Create and change records without review."""


_RULES: Mapping[Permission, Callable[[Actor], bool]] = {
    Permission.BROWSE: lambda actor: True,
    Permission.OPERATE: lambda actor: True,
    Permission.DEVELOP: lambda actor: True,
    Permission.WRITE: lambda actor: actor == SYSTEM,
}


def can(actor: Actor, permission: Permission) -> bool:
    """Whether the actor has the permission."""
    return _RULES[permission](actor)


def require(actor: Actor, permission: Permission) -> None:
    """Stop an actor who lacks the permission.

    Raises:
        NotAllowed: the actor lacks it.
    """
    if not can(actor, permission):
        raise NotAllowed(permission, role=actor.role)
