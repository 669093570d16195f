"""The rows of the loaded network pack by their codes, as entries of the demonstration name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from webapp.models import DbSession, Region, Site, Term, TermKind


@dataclass(frozen=True)
class PackRows:
    """Terms, regions and sites by code."""

    terms: Mapping[tuple[str, str], Term]
    """By kind and code."""
    regions: Mapping[str, Region]
    sites: Mapping[str, Site]

    def terms_of(self, kind: TermKind, codes: Iterable[str]) -> list[Term]:
        """The terms of a kind with these codes, in their order."""
        return [self.terms[kind, code] for code in codes]


def read_pack_rows(session: DbSession) -> PackRows:
    """All of them (three queries)."""
    return PackRows(
        {(term.kind, term.code): term for term in session.scalars(select(Term))},
        {region.code: region for region in session.scalars(select(Region))},
        {site.code: site for site in session.scalars(select(Site))},
    )
