"""What the messages of mails tell of, loaded when they are put into words: one function for each family of kinds.

A function gets the values of the mail's row and gives what its template needs; nothing if the mail is no longer true,
and then it is not sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from webapp.models import DbSession, OutgoingMail

Values = Mapping[str, Any]
Loader = Callable[[DbSession, Values], "dict[str, Any] | None"]


class Attachment(NamedTuple):
    """A file that goes with a mail."""

    content: bytes
    mimetype: str
    """With its parameters: ``text/calendar; method=REQUEST``."""
    filename: str


Attacher = Callable[[DbSession, OutgoingMail], "Attachment | None"]

SUBJECTS: dict[str, Loader] = {}
"""Beginning of a kind -> what loads its subjects; the longest beginning counts."""

ATTACHMENTS: dict[str, Attacher] = {}
"""Kind -> what makes the file that goes with it."""


def subjects_of(session: DbSession, mail: OutgoingMail) -> dict[str, Any] | None:
    """What a mail tells of; nothing if it is not true any more."""
    found = [beginning for beginning in SUBJECTS if mail.kind.startswith(beginning)]
    if not found:
        return {}
    return SUBJECTS[max(found, key=len)](session, mail.values)


def attachment_of(session: DbSession, mail: OutgoingMail) -> Attachment | None:
    """The file that goes with a mail, if any does."""
    attach = ATTACHMENTS.get(mail.kind)
    return attach(session, mail) if attach else None
