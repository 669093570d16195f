"""What the template of a directory needs to know: the answer, what was selected, and what to tell about both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from webapp.services.directory import Listing
from webapp.web.facets import Chip, Facet, FacetView, chips, facet_views
from webapp.web.listing_form import LONGEST_TEXT
from webapp.web.paging import page_numbers
from webapp.web.selection import Selection


@dataclass(frozen=True)
class DirectoryPage:
    """One page of a directory as it is shown."""

    listing: Listing[Any]
    selection: Selection
    """What was selected, without codes that nobody knows."""
    facets: Sequence[FacetView]
    chips: Sequence[Chip]
    notices: Sequence[str]
    """What could not be done as asked, in the reader's words."""

    @classmethod
    def of(
        cls, listing: Listing[Any], selection: Selection, facets: Sequence[Facet], *, text_was_cut: bool
    ) -> DirectoryPage:
        """Prepare an answer for its template."""
        selection = selection.without_unknown(listing.unknown)
        return cls(
            listing,
            selection,
            list(facet_views(facets, listing.facets, selection)),
            chips(facets, selection),
            _notices(listing, text_was_cut),
        )

    @property
    def pages(self) -> list[int | None]:
        """The pages that the pager names, ``None`` standing for a gap."""
        return page_numbers(self.listing.page, self.listing.pages)


def _notices(listing: Listing[Any], text_was_cut: bool) -> list[str]:
    notices = [
        gettext("Unknown filter: %(name)s", name=f"\u2068{facet}={code}\u2069")
        for facet, codes in listing.unknown.items()
        for code in codes
    ]
    if text_was_cut:
        notices.append(gettext("The search was cut after %(count)s characters.", count=LONGEST_TEXT))
    if listing.degraded:
        notices.append(gettext("The search index is being prepared. Meanwhile only names and pitches are searched."))
    if listing.relaxed:
        notices.append(gettext("Nothing matches all of these words. These entries match some of them."))
    return notices
