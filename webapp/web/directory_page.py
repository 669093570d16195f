"""A public directory as its page shows it: the answer to a query string, what was selected, what to tell of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from webapp.extensions import db
from webapp.models import DbSession
from webapp.search import Query, Search
from webapp.services.directory import Listing, answering_ids
from webapp.services.vocabulary import Vocabulary
from webapp.web.entries import Entry, entries_of
from webapp.web.facets import Chip, Facet, FacetView, chips, facet_views, sectors_to_browse
from webapp.web.highlights import Highlighter
from webapp.web.links import keep_parameters
from webapp.web.listing_form import ListingForm, form_with
from webapp.web.locale import current_language
from webapp.web.notices import Notice, notices
from webapp.web.paging import page_numbers
from webapp.web.selection import Selection
from webapp.web.site import current_search, current_settings, current_vocabulary


@dataclass(frozen=True)
class DirectoryPage:
    """One page of a directory as it is shown."""

    listing: Listing[Any]
    entries: Sequence[Entry]
    selection: Selection
    """What was selected, without codes that nobody knows."""
    facets: Sequence[FacetView]
    chips: Sequence[Chip]
    notices: Sequence[Notice]
    """What could not be done as asked, or was done beyond it, in the reader's words."""
    highlighter: Highlighter
    """Marks in the entries what answers the search."""
    is_empty: bool
    """Whether nobody is in the directory at all, whatever was asked."""
    sectors: Sequence[tuple[str, str]]
    """Codes and names of sectors to go on with, for readers who found nothing."""

    def drawn(self, entry: Entry, draw: Callable[[Entry, Highlighter | None], Markup]) -> Markup:
        """The markup of one of the entries, made by the template that ``draw`` comes from."""
        if not any(map(self.highlighter.may_mark, entry.texts)):
            return entry.drawn(lambda each: draw(each, None))
        return draw(entry, self.highlighter)

    @property
    def pages(self) -> list[int | None]:
        """The pages that the pager names, ``None`` standing for a gap."""
        return page_numbers(self.listing.page, self.listing.pages)


@dataclass(frozen=True)
class Directory:
    """One of the public directories: its address, its facets, and the service that answers."""

    noun: str
    endpoint: str
    facets: tuple[Facet, ...]
    list_entries: Callable[[DbSession, Search, Query, Vocabulary], Listing[Any]]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The facets' names, in the order of addresses."""
        return tuple(facet.name for facet in self.facets)

    @cached_property
    def form(self) -> type[ListingForm]:
        """What a reader may ask of this directory."""
        return form_with(self.names)

    def page(self, parameters: MultiDict[str, str]) -> DirectoryPage:
        """The answer to a query string.

        Raises:
            NotFound: ``page``, for a page beyond the last.
        """
        form = self.form(parameters)
        selection = Selection.from_form(form, self.endpoint, self.names)
        keep_parameters(selection.parameters())
        listing = self._answer(selection.query(current_settings().page_size, current_language().code))
        selection = selection.without_unknown(listing.unknown)
        keep_parameters(selection.parameters())
        # Who found nothing is told whether there is anybody, and led to sectors that have somebody.
        whole = listing if listing.total or not selection.is_narrowed else self._answer(Query(per_page=1))
        return DirectoryPage(
            listing,
            entries_of(listing),
            selection,
            list(facet_views(self.facets, listing.facets, selection)),
            chips(self.facets, selection),
            notices(listing, selection, text_was_cut=form.q.was_cut),
            Highlighter.of(listing),
            is_empty=not whole.total,
            sectors=[] if listing.total else sectors_to_browse(whole.facets.get("sector", {})),
        )

    def ids(self, parameters: MultiDict[str, str]) -> list[int]:
        """The ids on all pages of the answer to a query string, in their order."""
        selection = Selection.from_form(self.form(parameters), self.endpoint, self.names)
        query = selection.query(current_settings().page_size, current_language().code)
        return answering_ids(db.session(), current_search(), self.noun, query, current_vocabulary())

    def _answer(self, query: Query) -> Listing[Any]:
        return self.list_entries(db.session(), current_search(), query, current_vocabulary())
