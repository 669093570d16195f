"""How the register says what is told of a table, and the reasons for which columns are kept back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.models import Base


@dataclass(frozen=True)
class Told:
    """What is told of a table."""

    model: type[Base]
    columns: Sequence[str]
    kept_back: Mapping[str, str]
    """Column -> why it is not told."""


SECRET = "would let somebody in"  # noqa: S105 - a reason, not a secret
OURS = "a number of the program, without a meaning outside it"
THEIRS = "is about somebody else"
SELF = "the person themselves"
STAFF = "a note of the staff for themselves"
NAMED = "told by name"

NOT_OF_PERSON = {"id": OURS, "startup_id": NAMED, "partner_id": NAMED}
ORGANISATION = NOT_OF_PERSON | {"person_id": SELF}
