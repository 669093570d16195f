"""Mails that did not arrive as rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webapp.models import OutgoingMail

COLUMNS = ("kind", "ordered_on", "name", "address", "state", "attempts", "error")


def mail_rows(mails: Iterable[OutgoingMail]) -> Iterator[Mapping[str, Any]]:
    """A row each, with what the page shows."""
    for mail in mails:
        yield {
            "kind": mail.kind,
            "ordered_on": mail.created_at.date(),
            "name": mail.person.name if mail.person else None,
            "address": mail.address,
            "state": mail.state,
            "attempts": mail.attempts,
            "error": mail.error,
        }
