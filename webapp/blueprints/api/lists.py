"""Pages of the directories: the same services as the pages of the site, asked in the same way."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from flask import request, url_for
from pydantic import BaseModel, Field

from webapp.blueprints.api.asking import AskedOfList
from webapp.blueprints.api.cursors import from_cursor, list_key, to_cursor
from webapp.extensions import db
from webapp.search import Query
from webapp.search.columns import Carried
from webapp.services.directory import Listing
from webapp.web.directory_page import Directory
from webapp.web.listing_form import printable
from webapp.web.locale import current_language
from webapp.web.site import current_search, current_vocabulary, site_url

E = TypeVar("E", bound=BaseModel)


class Page(BaseModel, Generic[E]):
    """A page of a directory."""

    total: int = Field(description="How many entries there are on all pages.")
    page: int | None = Field(description="The page; nothing with a cursor.")
    pages: int
    per_page: int
    next: str | None = Field(description="Address of the next page, by cursor where there is one.", examples=[None])
    next_cursor: str | None = Field(examples=[None])
    items: list[E]
    facets: dict[str, dict[str, int]] = Field(
        examples=[{"sector": {"agritech": 42, "fintech": 17}, "site": {"agadir": 12}}],
        description="Facet, code, and how many entries choosing it would show. Names of codes are in `/network`.",
    )
    unknown: dict[str, list[str]] = Field(description="Codes that the network does not have; they were ignored.")
    corrections: dict[str, str] = Field(description="Words that are nowhere, and what was looked for instead.")
    is_partial: bool = Field(description="Whether nothing has all of the words, so that entries with some are listed.")
    is_degraded: bool = Field(description="Whether the search index is away; only names and pitches were searched.")


def look_up(
    directory: Directory, query: AskedOfList, carried: Carried | None = None
) -> tuple[Listing[Any], dict[str, Any]]:
    """The listing that answers a query, and all of the page but its entries.

    Raises:
        NotFound: ``page`` or ``cursor``.
        IndexUnavailable: see ``services.directory.list_startups``.
    """
    filters = {facet: tuple(code for code in getattr(query, facet) if code) for facet in directory.names}
    key = _key(directory, query, filters)
    asked = _query(query, filters, key, carried)
    listing = directory.list_entries(db.session(), current_search(), asked, current_vocabulary())
    cursor = to_cursor(listing.end, key) if listing.end else None
    return listing, {
        "total": listing.total,
        "page": None if query.cursor else listing.page,
        "pages": listing.pages,
        "per_page": query.per_page,
        "next": _next(listing, query, cursor),
        "next_cursor": cursor,
        "facets": {facet: dict(listing.facets.get(facet, {})) for facet in directory.names},
        "unknown": {facet: list(codes) for facet, codes in listing.unknown.items()},
        "corrections": dict(listing.corrections),
        "is_partial": listing.relaxed,
        "is_degraded": listing.degraded,
    }


def _query(query: AskedOfList, filters: dict[str, tuple[str, ...]], key: str, carried: Carried | None) -> Query:
    return Query(
        " ".join(printable(query.q).split()),
        {facet: codes for facet, codes in filters.items() if codes},
        query.sort,
        1 if query.cursor else query.page,
        query.per_page,
        language=current_language().code,
        fuzzy=not query.exact,
        concepts=not query.exact,
        after=from_cursor(query.cursor, key) if query.cursor else None,
        carried=carried or {},
    )


def _key(directory: Directory, query: AskedOfList, filters: dict[str, tuple[str, ...]]) -> str:
    asked = {facet: sorted(codes) for facet, codes in filters.items()}
    asked |= {"of": [directory.endpoint, current_language().code, query.sort, query.q, str(query.exact)]}
    return list_key(asked | {"day": getattr(query, "as_of", None)})


def _next(listing: Listing[Any], query: AskedOfList, cursor: str | None) -> str | None:
    """By cursor, or else by number. What was asked stays as it was written."""
    more = {"cursor": [cursor]} if cursor else {"page": [str(listing.page + 1)]}
    if not cursor and (query.cursor or listing.page >= listing.pages):
        return None
    kept: dict[str, Any] = {name: values for name, values in request.args.lists() if name not in ("cursor", "page")}
    return site_url() + url_for(request.endpoint or "", **(request.view_args or {}), **kept | more)
