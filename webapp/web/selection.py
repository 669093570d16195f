"""What a reader selected in a directory, and the addresses that lead on from there.

Addresses are canonical: parameters in one order, codes only, defaults left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import url_for

from webapp.search import Query
from webapp.search.columns import SORTS
from webapp.web.listing_form import VIEWS, ListingForm


@dataclass(frozen=True)
class Selection:
    """A state of a directory page."""

    endpoint: str
    facets: tuple[str, ...]
    """All facets of the page, in the order of its addresses."""
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = SORTS[0]
    page: int = 1
    view: str = VIEWS[0]
    is_exact: bool = False
    """Whether only the words as typed are looked for, without close words and related concepts."""
    explains: bool = False
    """Whether each entry says how its score came about."""

    @classmethod
    def from_form(cls, form: ListingForm, endpoint: str, facets: tuple[str, ...]) -> Selection:
        """What the query string asks for."""
        return cls(
            endpoint,
            facets,
            text=form.q.data,
            filters=form.filters(facets),
            sort=form.sort.data,
            page=form.page.data,
            view=form.view.data,
            is_exact=bool(form.exact.data),
            explains=bool(form.explain.data),
        )

    def query(self, per_page: int, language: str = "") -> Query:
        """The same as a question to the directory's service."""
        return Query(
            self.text,
            self.filters,
            self.sort,
            self.page,
            per_page,
            language=language,
            fuzzy=not self.is_exact,
            concepts=not self.is_exact,
            explain=self.explains,
        )

    def parameters(self) -> dict[str, Any]:
        """The canonical query string."""
        found: dict[str, Any] = {"q": self.text}
        found |= {facet: list(self.filters.get(facet, ())) for facet in self.facets}
        found["sort"] = self.sort if self.sort != SORTS[0] else ""
        found["view"] = self.view if self.view != VIEWS[0] else ""
        found["exact"] = 1 if self.is_exact and self.text else ""
        found["explain"] = 1 if self.explains and self.text else ""
        found["page"] = self.page if self.page > 1 else ""
        return {name: value for name, value in found.items() if value}

    @property
    def url(self) -> str:
        """The address of this state."""
        return url_for(self.endpoint, **self.parameters())

    @property
    def is_narrowed(self) -> bool:
        """Whether anything narrows the directory down."""
        return bool(self.text or self.filters)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Facet and code of every filter, in canonical order."""
        return [(facet, code) for facet in self.facets for code in self.filters.get(facet, ())]

    def kept(self) -> Selection:
        """What is worth keeping of it: what is asked and in which order, not how and how far it was looked at."""
        return replace(self, page=1, view=VIEWS[0], explains=False)

    def on_page(self, page: int) -> Selection:
        """The same on another page."""
        return replace(self, page=page)

    def sorted_by(self, sort: str) -> Selection:
        """The same in another order."""
        return replace(self, sort=sort, page=1)

    def viewed_as(self, view: str) -> Selection:
        """The same in another density."""
        return replace(self, view=view)

    def exactly(self, is_exact: bool) -> Selection:
        """The same for the words as typed alone, or for what is close to them too."""
        return replace(self, is_exact=is_exact, page=1)

    def without(self, facet: str, code: str) -> Selection:
        """The same without one filter."""
        codes = tuple(each for each in self.filters.get(facet, ()) if each != code)
        return replace(self, filters={**self.filters, facet: codes}, page=1)

    def without_unknown(self, unknown: Mapping[str, tuple[str, ...]]) -> Selection:
        """The same without codes that the network does not have."""
        known = {
            facet: tuple(c for c in codes if c not in unknown.get(facet, ())) for facet, codes in self.filters.items()
        }
        return replace(self, filters={facet: codes for facet, codes in known.items() if codes})

    def without_text(self) -> Selection:
        """The same without the search text."""
        return replace(self, text="", page=1)

    def only(self, facet: str, code: str) -> Selection:
        """Nothing but one filter."""
        return replace(self, text="", filters={facet: (code,)}, sort=SORTS[0], page=1)

    def cleared(self) -> Selection:
        """Nothing selected; the density stays."""
        return replace(self, text="", filters={}, sort=SORTS[0], page=1)
