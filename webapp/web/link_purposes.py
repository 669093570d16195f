"""What one-time links do: for each purpose, what its page says, and what its button does.

A page never acts when it is opened, because mail scanners open every link; its button posts a form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from webapp.models import DbSession, OneTimeLink
from webapp.permissions import Actor


@dataclass(frozen=True)
class LinkField:
    """Something that can be said with the button."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    """Value and text of each; without any it is a long text, or a day if ``is_day``."""
    is_day: bool = False
    is_required: bool = False


@dataclass(frozen=True)
class LinkPage:
    """What the page of a link says."""

    title: str
    paragraphs: tuple[str, ...]
    button: str
    fields: tuple[LinkField, ...] = ()


@dataclass(frozen=True)
class LinkDone:
    """What is said once it is done."""

    title: str
    paragraphs: tuple[str, ...]
    url: str
    """Where to go on."""
    url_text: str


@dataclass(frozen=True)
class LinkPurpose:
    """What links of a purpose do."""

    describe: Callable[[DbSession, OneTimeLink], LinkPage]
    """Raises a ``DomainError`` if the link cannot act any more."""
    act: Callable[[DbSession, Actor, OneTimeLink, Mapping[str, str]], LinkDone]
    """Does it for the link's person; raises a ``DomainError`` if it cannot, and then the link stays unused."""
    needs_account: bool = False
    """Whether it acts for whoever is signed in rather than for the link's person, as an invitation does."""


LINK_PURPOSES: dict[str, LinkPurpose] = {}
"""Purpose of a ``OneTimeLink`` -> what it does. Each area adds its own when the application is made."""
