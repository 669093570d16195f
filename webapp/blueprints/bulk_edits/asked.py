"""What the query string asks for: which profiles are to be changed, and what is to be done to them.

All of it stands in the address, so that a preview can be paged through, sent to a colleague and gone back to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request

from webapp.errors import Invalid
from webapp.extensions import db
from webapp.services.bulk_edits import Chosen, Plan, ids_of_slugs, plan_edit, select_ids
from webapp.services.bulk_fields import CLEAR, Operation, actions_of, bulk_fields
from webapp.web.access import current_actor
from webapp.web.directories import DIRECTORIES
from webapp.web.listing_form import printable
from webapp.web.locale import current_language
from webapp.web.marks import today
from webapp.web.selection import Selection
from webapp.web.site import current_search

MOST_NAMED = 200
"""How many profiles can be named one by one: what an address has room for."""


@dataclass(frozen=True)
class Asked:
    """A bulk edit as far as it was filled in."""

    noun: str
    selection: Selection
    slugs: tuple[str, ...]
    field: str
    action: str
    value: str

    @cached_property
    def chosen(self) -> Chosen:
        """Which profiles are meant."""
        return Chosen(self.noun, {} if self.slugs else self.selection.parameters(), self.slugs)

    @cached_property
    def ids(self) -> Sequence[int]:
        """The profiles that are meant.

        Raises:
            Invalid: ``too-many``.
        """
        if self.slugs:
            return ids_of_slugs(db.session, self.noun, self.slugs)[0]
        query = self.selection.query(1, current_language().code)
        return select_ids(db.session(), current_search(), self.noun, query)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Slugs that no profile has."""
        return ids_of_slugs(db.session, self.noun, self.slugs)[1] if self.slugs else ()

    @property
    def operation(self) -> Operation:
        """What is to be done."""
        return Operation(self.field, self.action, "" if self.action == CLEAR else self.value)

    def plan(self) -> Plan:
        """What would be done.

        Raises:
            Invalid: see ``plan_edit``.
        """
        if self.action not in actions_of(self.noun, self.field):
            raise Invalid("action")
        return plan_edit(
            db.session, current_actor(), self.chosen, self.ids, self.operation, today=today(), unknown=self.unknown
        )

    def parameters(self) -> dict[str, Any]:
        """The same as a query string."""
        which = {"only": " ".join(self.slugs)} if self.slugs else self.selection.parameters()
        what = {"field": self.field, "action": self.action, "value": self.value}
        return which | {name: text for name, text in what.items() if text}


def asked(noun: str) -> Asked:
    """What the query string of this request asks for."""
    directory = DIRECTORIES[noun]
    form = directory.form(request.args)
    selection = Selection.from_form(form, directory.endpoint, directory.names).kept()
    field, action, value = (printable(request.args.get(name, ""))[:60] for name in ("field", "action", "value"))
    slugs = tuple(dict.fromkeys(_slugs(request.args.get("only", ""))))[:MOST_NAMED]
    return Asked(noun, selection, slugs, field if field in bulk_fields(noun) else "", action, value)


def _slugs(text: str) -> list[str]:
    """Slugs as they are typed: bare, or as whole addresses, one a line or with commas or spaces between them."""
    parts = [part.split("?")[0].rstrip("/") for part in re.split(r"[\s,;]+", text)]
    return [part.rsplit("/", 1)[-1][:80] for part in parts if part]
