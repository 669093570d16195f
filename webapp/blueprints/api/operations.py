"""An operation of the interface: its address, what it understands and answers, and the view that does it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Response
from pydantic import BaseModel

from webapp.blueprints.api.answering import Answer, respond
from webapp.blueprints.api.asking import Asked, asked
from webapp.blueprints.api.dates import directory_date
from webapp.blueprints.api.texts import speak
from webapp.errors import NotFound
from webapp.permissions import Permission
from webapp.services.api_tokens import Scope
from webapp.web.access import allow
from webapp.web.problems import BadParameters
from webapp.web.programs import current_program


@dataclass(frozen=True)
class PathParameter:
    """A part of an address."""

    description: str
    pattern: str
    example: str


SLUG = PathParameter("The last part of the profile's address on the site.", "^[a-z0-9-]{1,80}$", "tazrii")
REGION = PathParameter("ISO 3166-2 code.", "^[A-Z]{2}-[A-Z0-9]{1,3}$", "MA-01")
SECTOR = PathParameter("Code of a sector.", "^[a-z0-9-]{1,60}$", "agritech")


@dataclass(frozen=True)
class Operation:
    """What programs can ask."""

    path: str
    """With parameters in braces."""
    name: str
    """Of the endpoint and, in the document, of the operation."""
    answers: Callable[..., Answer[Any]]
    """Takes the query and the parameters of the path."""
    model: type[BaseModel]
    """Of the answer."""
    query: type[Asked]
    title: str
    description: str = ""
    tag: str = "Directory"
    parameters: Mapping[str, PathParameter] = field(default_factory=dict)
    scope: Scope | None = None
    """Which scope a token needs; nothing needs no token."""
    changed: Callable[[], datetime | None] = directory_date
    """When what it answers last changed; asked before it is read."""

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return self.path.replace("{", "<").replace("}", ">")

    @property
    def view(self) -> Callable[..., Response]:
        """The view that does it."""

        @allow(Permission.USE_ACCOUNT if self.scope else Permission.BROWSE)
        def view(**arguments: str) -> Response:
            if self.scope:
                current_program().require(self.scope)
            try:
                query = asked(self.query)
            except BadParameters:
                speak(None)
                raise
            speak(query.lang)
            self._check(arguments)
            changed = None if self.scope else self.changed()
            answer = self.answers(query, **arguments)
            return respond(answer, answer.changed_at if answer.changed_at else changed)

        view.__doc__ = self.title
        return view

    def _check(self, arguments: Mapping[str, str]) -> None:
        """What cannot be a slug or a code is not even looked for: no database likes every character.

        Raises:
            NotFound: with the noun of the path.
        """
        for name, value in arguments.items():
            if not re.fullmatch(self.parameters[name].pattern, value):
                raise NotFound(self.path.split("/")[1].removesuffix("s"))
