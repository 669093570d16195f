"""The names of codes, in every language: what facets, facts and reasons show instead of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.i18n import in_language
from webapp.language.concepts import ConceptVocabulary, concept_vocabulary
from webapp.models import DbSession, Localized, TermKind
from webapp.services.network import list_regions, list_sites, list_terms

CONCEPT_KINDS = (
    TermKind.SECTOR,
    TermKind.TECHNOLOGY,
    TermKind.MATURITY,
    TermKind.FUNDING_STAGE,
    TermKind.NEED,
    TermKind.OFFER,
    TermKind.BUSINESS_MODEL,
    TermKind.SKILL,
    TermKind.INSTRUMENT,
)
"""The kinds of terms that texts are about."""


@dataclass(frozen=True)
class Vocabulary:
    """Names by kind and code, each kind in the pack's order. Kinds are the names of the pack's files."""

    digest: str
    """Of the pack that it was read from."""
    names: Mapping[str, Mapping[str, Localized]]

    def label(self, kind: str, code: str, language: str) -> str:
        """The name of a code in a language; the code itself if nobody knows it."""
        return in_language(self.names.get(kind, {}).get(code), language)[0] or code

    def codes(self, kind: str) -> list[str]:
        """All codes of a kind, in the pack's order."""
        return list(self.names.get(kind, {}))


def read_vocabulary(session: DbSession, digest: str) -> Vocabulary:
    """Read the names of all regions, sites and terms (three queries)."""
    names: dict[str, dict[str, Localized]] = {kind.value: {} for kind in TermKind}
    names["regions"] = {region.code: region.names for region in list_regions(session)}
    names["sites"] = {site.code: site.names for site in list_sites(session)}
    for term in list_terms(session):
        names[term.kind][term.code] = term.names
    return Vocabulary(digest, names)


def read_concepts(session: DbSession) -> ConceptVocabulary:
    """The product's concepts, and with them the terms of the network's pack (one query)."""
    terms = [term for term in list_terms(session) if term.kind in CONCEPT_KINDS]
    return concept_vocabulary().with_terms((term.code, term.names, term.aliases) for term in terms)
