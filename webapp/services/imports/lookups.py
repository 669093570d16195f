"""Finding terms, regions and sites by what people write for them: codes, names in any language, aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from webapp.errors import Invalid
from webapp.models import DbSession, Region, Site, Term, TermKind
from webapp.services.imports.values import key_of
from webapp.services.network import list_regions, list_sites, list_terms

Entry = TypeVar("Entry", Region, Site, Term)
_BAND = re.compile(r"(\d+)(?:-(\d+)|-plus)?")


def _by_words(entries: Iterable[Entry]) -> dict[str, Entry]:
    """By everything that stands for an entry; codes win over names, names over aliases, the first entry over others."""
    entries = list(entries)
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(key_of(entry.code), entry)
    for entry in entries:
        for name in entry.names.values():
            found.setdefault(key_of(name), entry)
    for entry in entries:
        for alias in entry.aliases:
            found.setdefault(key_of(alias), entry)
    return found


class Lookups:
    """The whole vocabulary of the network, by what people write; read once for an import."""

    def __init__(self, session: DbSession) -> None:
        self.regions = _by_words(list_regions(session))
        self.sites = _by_words(list_sites(session))
        terms: dict[TermKind, list[Term]] = {kind: [] for kind in TermKind}
        for term in list_terms(session):
            terms[term.kind].append(term)
        self.terms: Mapping[TermKind, dict[str, Term]] = {kind: _by_words(rows) for kind, rows in terms.items()}
        self._bands = [(_band(term.code), term) for term in terms[TermKind.HEADCOUNT]]

    def term(self, kind: TermKind, text: str) -> Term | None:
        """The term of a kind that a text stands for; a number of people stands for the band that it lies in."""
        found = self.terms[kind].get(key_of(text))
        if found is None and kind == TermKind.HEADCOUNT and text.isdecimal():
            number = int(text)
            return next((term for (least, most), term in self._bands if least <= number <= most), None)
        return found

    def require_codes(self, kind: TermKind, codes: Iterable[str]) -> None:
        """Check what a mapping's aliases point at.

        Raises:
            Invalid: ``alias-unknown``: there is no term of this kind with this code (``field``, ``code``).
        """
        for code in codes:
            if code and self.term(kind, code) is None:
                raise Invalid("alias-unknown", field=kind.value, code=code)


def _band(code: str) -> tuple[int, float]:
    """The least and most that a band of headcounts holds, where its code says so (``11-50``, ``251-plus``)."""
    found = _BAND.fullmatch(code)
    if not found:
        return 1, 0
    least = int(found[1])
    return least, float("inf") if code.endswith("-plus") else float(found[2] or least)
