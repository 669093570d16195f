"""Facets as a page shows them: titles, named and counted options, which of them stand in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask_babel.speaklater import LazyString

from webapp.web.formats import label
from webapp.web.selection import Selection
from webapp.web.site import current_vocabulary

SHOWN_AT_ONCE = 8


@dataclass(frozen=True)
class Facet:
    """A facet of a directory."""

    name: str
    """In the query string."""
    title: LazyString
    name_of: Callable[[str], str]
    """From a code to its name in the reader's language."""
    in_order: Callable[[], Sequence[str]] | None = None
    """The codes in an order that has a meaning, such as stages; without it the most frequent come first."""
    is_open: bool = True
    """Whether its options are in view before anything of it is chosen."""


def vocabulary_facet(name: str, title: LazyString, kind: str, *, in_order: bool = False, is_open: bool = True) -> Facet:
    """A facet of codes that the vocabulary names; ``in_order`` if the pack's order of them has a meaning."""
    order = (lambda: current_vocabulary().codes(kind)) if in_order else None
    return Facet(name, title, partial(label, kind), order, is_open)


@dataclass(frozen=True)
class Option:
    """A code that can be chosen."""

    code: str
    name: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class FacetView:
    """A facet with its options, those in front and those behind "Show all"."""

    name: str
    title: LazyString
    first: Sequence[Option]
    rest: Sequence[Option]
    is_open: bool
    chosen: int


@dataclass(frozen=True)
class Chip:
    """A chosen filter that can be taken away."""

    title: LazyString
    name: str
    url: str


def facet_views(
    facets: Sequence[Facet], counts: Mapping[str, Mapping[str, int]], selection: Selection
) -> Iterator[FacetView]:
    """The facets that have something to choose."""
    for facet in facets:
        chosen = selection.filters.get(facet.name, ())
        options = list(_options(facet, counts.get(facet.name, {}), chosen))
        if not options:
            continue
        front = set(sorted(options, key=lambda option: -option.count)[:SHOWN_AT_ONCE])
        front |= {option for option in options if option.is_chosen}
        if len(options) - len(front) < 2:
            front = set(options)  # "Show all" for a single option would be longer than the option
        yield FacetView(
            facet.name,
            facet.title,
            [option for option in options if option in front],
            [option for option in options if option not in front],
            facet.is_open or bool(chosen),
            len(chosen),
        )


def _options(facet: Facet, counts: Mapping[str, int], chosen: Sequence[str]) -> Iterator[Option]:
    codes = {code for code, count in counts.items() if count} | set(chosen)
    options = [Option(code, facet.name_of(code), counts.get(code, 0), code in chosen) for code in codes]
    if facet.in_order:
        places = {code: place for place, code in enumerate(facet.in_order())}
        yield from sorted(options, key=lambda option: (places.get(option.code, len(places)), option.code))
    else:
        yield from sorted(options, key=lambda option: (-option.count, option.name))


def chips(facets: Sequence[Facet], selection: Selection) -> list[Chip]:
    """What is chosen, each with the address that takes it away."""
    known = {facet.name: facet for facet in facets}
    return [
        Chip(known[name].title, known[name].name_of(code), selection.without(name, code).url)
        for name, code in selection.chosen
    ]


def sectors_to_browse(counts: Mapping[str, int], most: int = 12) -> list[tuple[str, str]]:
    """Codes and names of the first sectors that have somebody."""
    codes = [code for code in current_vocabulary().codes("sectors") if counts.get(code)]
    return [(code, label("sectors", code)) for code in codes[:most]]
