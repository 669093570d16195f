"""One's matches as rows of a file: what the page says, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import url_for

from webapp.models import Partner, Startup
from webapp.services.matches import MatchView
from webapp.web.formats import name_of, other_name_of
from webapp.web.reasons import reason_text
from webapp.web.site import site_url

COLUMNS = ("name", "other_name", "kind", "strength", "steps", "reasons", "against", "address")


def match_rows(own: Startup | Partner, matches: Iterable[MatchView]) -> Iterator[Mapping[str, Any]]:
    """A row each, the best first."""
    for match in matches:
        other = match.partner if isinstance(own, Startup) else match.startup
        endpoint = "partners.partner" if isinstance(other, Partner) else "directory.startup"
        yield {
            "name": name_of(other),
            "other_name": other_name_of(other),
            "kind": str(other.kind) if isinstance(other, Partner) else Startup.noun,
            "strength": match.strength,
            "steps": match.steps,
            "reasons": [text for reason in match.reasons if (text := reason_text(reason))],
            "against": reason_text(match.counter) if match.counter else None,
            "address": site_url() + url_for(endpoint, slug=other.slug),
        }
