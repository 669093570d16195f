"""Errors that services raise. They carry codes and values; the edge puts them into the reader's words.

Nothing here knows about HTTP or about languages.
"""

# ruff: noqa: N818 - the names say what happened; that these are errors, their base class says

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule of the product was broken.

    ``code`` is a stable kebab-case name of the rule; ``values`` are what a message about it needs.
    """

    def __init__(self, code: str, /, **values: Any) -> None:
        self.code = code
        self.values = values
        super().__init__(f"{code} {values}" if values else code)


class NotAllowed(DomainError):
    """The actor may not do this."""


class NotFound(DomainError):
    """The thing asked for does not exist, or the actor may not know that it does."""


class Conflict(DomainError):
    """The thing changed meanwhile, or another thing stands in the way."""


class Invalid(DomainError):
    """A value breaks a rule that its form could not check."""
