"""Saved searches as rows of a file: what their page says of each, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webapp.models import SavedSearch
from webapp.services.search_news import MATCHES, News
from webapp.web.formats import name_of
from webapp.web.saved_search_words import asked_by_saved, owner_of, saved_search_url
from webapp.web.site import site_url

COLUMNS = ("name", "of", "organisation", "asked", "new", "mails", "paused", "last_told", "address")


def search_rows(searches: Iterable[SavedSearch], news: Mapping[int, News]) -> Iterator[Mapping[str, Any]]:
    """A row each, in their order; how many are new is left empty while it is not known."""
    for saved in searches:
        fresh = news[saved.id]
        yield {
            "name": saved.name,
            "of": saved.noun,
            "organisation": name_of(owner_of(saved)) if saved.noun == MATCHES else None,
            "asked": [f"{each.title}: {each.name}" for each in asked_by_saved(saved)],
            "new": len(fresh.ids) if fresh.is_known else None,
            "mails": str(saved.frequency),
            "paused": saved.paused_at.date().isoformat() if saved.paused_at else None,
            "last_told": saved.told_at.date().isoformat() if saved.told_at else None,
            "address": site_url() + saved_search_url(saved),
        }
