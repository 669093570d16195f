"""The kinds of mail: whether one may refuse them, and whether several may be gathered into a digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class MailKind:
    """How a kind of mail is treated."""

    can_be_refused: bool = False
    """Whether there is an "unsubscribe" for it; what somebody must know or asked for has none."""
    can_be_gathered: bool = False
    """Whether several that are due to one person may come as one digest."""


_NECESSARY = MailKind()
_NEWS = MailKind(can_be_refused=True, can_be_gathered=True)
_REMINDER = MailKind(can_be_refused=True)

MAIL_KINDS: Mapping[str, MailKind] = {
    "digest": _NECESSARY,
}
