"""Entries of lists: what an entry shows as plain values, and keeping entries from one page to the next.

Reading a startup with its terms and sites and drawing it costs a hundred times more than asking whether it is still as
it was. So every process keeps entries, with their markup where nothing in them is highlighted. The contract:

- An entry is kept under everything that it depends on: the listed thing and its stamp (``updated_at``, which moves with
  every change of it or its parts), the pack's digest, the language, the day, and where the site is mounted.
- Which ones a page shows and their stamps are read from the database for each page. So an entry that was withdrawn is
  gone, and a change is seen, on the very next page. There is nothing to invalidate.
- What is kept belongs to no database session, and holds nothing of who asked and for what.
- Memory is bounded: entries that nobody saw for longest are forgotten.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from flask import Flask, current_app, request, url_for
from flask_babel import gettext
from markupsafe import Markup

from webapp.models import Localized, Partner, Startup, Term, TermKind
from webapp.services.directory import Listing
from webapp.web.assets import logo_url
from webapp.web.formats import LocalizedText, country_name, localized, money_range, name_of, other_name_of
from webapp.web.locale import current_language
from webapp.web.marks import Mark, marks_of, monogram, partner_kind, today, tone
from webapp.web.site import current_network

KEPT_CHARACTERS = 20_000_000
"""How much text the entries that a process keeps may hold together: some ten thousand entries."""

_MARKUP = 2_000
"""About how many characters the markup and the small parts of an entry have."""
_SECTORS_OF_A_PARTNER = 3


@dataclass
class Entry:
    """What an entry of a list shows, in one language."""

    id: int
    url: str
    name: str
    other_name: str | None
    other_language: str
    """Of the other name, as BCP 47 code."""
    tone: int
    monogram: str
    logo: str | None
    marks: tuple[Mark, ...]
    text: LocalizedText
    """The pitch or summary, as shown."""
    others: tuple[Localized, ...]
    """In which passages are looked for where the text has nothing to highlight."""
    tags: tuple[str, ...]
    _markup: tuple[str | None, Markup] | None = field(default=None, compare=False, repr=False)

    @property
    def texts(self) -> Iterator[str]:
        """All in which something can be highlighted."""
        yield self.name
        for texts in self.others:
            yield from texts.values()

    @property
    def logo_url(self) -> str | None:
        """The address of its logo, whose name changes with the picture."""
        return logo_url(self.logo) if self.logo else None

    @cached_property
    def size(self) -> int:
        """Roughly how many characters it holds, its markup included."""
        return _MARKUP + sum(len(text) for texts in self.others for text in texts.values())

    def drawn(self, draw: Callable[[Entry], Markup]) -> Markup:
        """Its markup with nothing highlighted: drawn once, and again when the file of its logo was replaced."""
        logo_url = self.logo_url
        if self._markup is None or self._markup[0] != logo_url:
            self._markup = logo_url, draw(self)
        return self._markup[1]


def entry_of(listed: Startup | Partner | Entry) -> Entry:
    """The entry of a startup or partner that was loaded with ``with_listing``; an entry stays what it is."""
    if isinstance(listed, Entry):
        return listed
    is_startup = isinstance(listed, Startup)
    texts = listed.pitch if isinstance(listed, Startup) else listed.summary
    other = other_name_of(listed)
    return Entry(
        id=listed.id,
        url=url_for("directory.startup" if is_startup else "partners.partner", slug=listed.slug),
        name=name_of(listed),
        other_name=other,
        other_language="ar" if other == listed.name_arabic else "und-Latn",
        tone=tone(listed),
        monogram=monogram(listed),
        logo=listed.logo,
        marks=marks_of(listed),
        text=localized(texts),
        others=(listed.description, texts),
        tags=tuple(_startup_tags(listed) if isinstance(listed, Startup) else _partner_tags(listed)),
    )


def _startup_tags(startup: Startup) -> Iterator[str]:
    yield from _names(startup.term(TermKind.SECTOR))
    if startup.sites:
        for site in startup.sites:
            yield localized(site.names).text
    elif startup.city:
        yield localized(startup.city).text
    yield from _names(startup.term(TermKind.MATURITY), startup.term(TermKind.FUNDING_STAGE))


def _partner_tags(partner: Partner) -> Iterator[str]:
    yield partner_kind(partner.kind)
    if partner.city:
        country = partner.country if not partner.region else None
        yield localized(partner.city).text + (gettext(", ") + country_name(country) if country else "")
    yield from _names(*partner.terms(TermKind.SECTOR)[:_SECTORS_OF_A_PARTNER])
    if partner.ticket_min or partner.ticket_max:
        yield money_range(partner.ticket_min, partner.ticket_max, partner.currency)


def _names(*terms: Term | None) -> Iterator[str]:
    return (localized(term.names).text for term in terms if term)


class Key(NamedTuple):
    """All that an entry depends on."""

    noun: str
    id: int
    stamp: datetime
    surroundings: Hashable


class EntryCache:
    """The entries that a process keeps. Safe for threads; two that miss the same entry both make it."""

    def __init__(self, limit: int = KEPT_CHARACTERS) -> None:
        """Keep entries of so many characters together, at most."""
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, Entry] = OrderedDict()
        self.size = 0
        """How many characters are kept."""

    def get(self, key: Key) -> Entry | None:
        """The entry that is kept under a key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an entry, and forget those that nobody saw for longest while there is too much."""
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = entry
            self.size += entry.size
            while self.size > self._limit:
                self.size -= self._kept.popitem(last=False)[1].size


def entries_of(listing: Listing[Any]) -> list[Entry]:
    """The entries of a page of a directory; only those that are not kept are read and made."""
    cache: EntryCache = current_app.extensions["entries"]
    network = current_network()
    surroundings = network.digest if network else "", current_language().code, today(), request.script_root
    found: dict[int, Entry] = {}
    for row_id, stamp in listing.stamps.items():
        entry = cache.get(Key(listing.noun, row_id, stamp, surroundings))
        if entry is not None:
            found[row_id] = entry
    for row_id, row in listing.load(listing.stamps.keys() - found.keys()).items():
        found[row_id] = entry_of(row)
        # Under the stamp of the row that was read: it may have changed since the page asked for stamps.
        cache.put(Key(listing.noun, row_id, row.updated_at, surroundings), found[row_id])
    return [found[row_id] for row_id in listing.stamps if row_id in found]


def init_app(app: Flask) -> None:
    """Let the application keep entries, and give templates ``entry_of``."""
    app.extensions["entries"] = EntryCache()
    app.add_template_global(entry_of)
