"""What a directory tells of its answer: what could not be done as asked, and what was done beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from webapp.search.columns import SORTS
from webapp.services.directory import Listing
from webapp.web.formats import number
from webapp.web.listing_form import LONGEST_TEXT
from webapp.web.locale import current_language
from webapp.web.reasons import listing as joined
from webapp.web.selection import Selection
from webapp.web.site import current_search


@dataclass(frozen=True)
class Notice:
    """A sentence, and perhaps something to do about it."""

    text: str
    action: str = ""
    url: str = ""


def notices(listing: Listing[Any], selection: Selection, *, text_was_cut: bool) -> list[Notice]:
    """The notices of a page of a directory."""
    return [*_shortcomings(listing, text_was_cut), *_beyond(listing, selection)]


def _shortcomings(listing: Listing[Any], text_was_cut: bool) -> Iterator[Notice]:
    for facet, codes in listing.unknown.items():
        for code in codes:
            yield Notice(gettext("Unknown filter: %(name)s", name=f"\u2068{facet}={code}\u2069"))
    if text_was_cut:
        yield Notice(gettext("The search was cut after %(count)s characters.", count=LONGEST_TEXT))
    if listing.degraded:
        yield Notice(gettext("The search index is being prepared. Meanwhile only names and pitches are searched."))
    if listing.relaxed:
        yield Notice(gettext("Nothing matches all of these words. These entries match some of them."))


def _followers(complete: int) -> str:
    return ngettext(
        "The first entry matches all words; those after it match some of them.",
        "The first %(count)s entries match all words; those after them match some of them.",
        complete,
        count=number(complete),
    )


def _beyond(listing: Listing[Any], selection: Selection) -> Iterator[Notice]:
    """What was looked for beyond the words as typed, and the way to look for these alone, and back."""
    exactly = selection.exactly(True).url
    if listing.complete and selection.sort == SORTS[0]:
        yield Notice(_followers(listing.complete))
    if listing.corrections:
        pairs = [
            gettext("%(found)s instead of %(typed)s", found=f"\u2068{found}\u2069", typed=f"\u2068{typed}\u2069")
            for typed, found in listing.corrections.items()
        ]
        yield Notice(gettext("Looked for %(words)s.", words=joined(pairs)), gettext("Only as typed"), exactly)
    if listing.also_found:
        concepts, language = current_search().startups.vocabulary, current_language().code
        names = [f"\u2068{concepts.name(code, language)}\u2069" for code in listing.also_found if code in concepts]
        text = gettext("Also found, in other words or languages: %(names)s.", names=joined(names))
        yield Notice(text, gettext("Only these words"), exactly)
    if selection.is_exact and selection.text:
        yield Notice(
            gettext("Only the words as typed are looked for."),
            gettext("Look for related words too"),
            selection.exactly(False).url,
        )
