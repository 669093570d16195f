"""What a reader can go on to while typing: profiles by name, and sectors, technologies, places and concepts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from webapp.language.concepts import ConceptVocabulary
from webapp.models import DbSession, Startup
from webapp.search import (
    IndexUnavailable,
    Phrase,
    PhraseTable,
    Query,
    Search,
    run,
    suggest_names,
    suggest_phrases,
)
from webapp.services.vocabulary import Vocabulary

FACET_KINDS: Mapping[str, str] = {
    "sector": "sectors",
    "technology": "technologies",
    "site": "sites",
    "region": "regions",
    "stage": "maturities",
}
"""The facets whose codes are offered, and the kinds of their names."""

CONCEPT = "concept"
NAMES = 5
PHRASES = 5


@dataclass(frozen=True)
class Suggested:
    """One thing to go on to."""

    kind: str
    """``startup``, a facet, or ``concept``."""
    text: str
    code: str
    """The profile's slug, the facet's code or the concept's."""
    count: int
    """How many startups it leads to."""


def phrase_table(vocabulary: Vocabulary, concepts: ConceptVocabulary, languages: Iterable[str]) -> PhraseTable:
    """All phrases that are offered, in all these languages: one types names in whichever language comes to mind.

    What several phrases stand for is offered by the first language's phrase, if that has what was typed. A concept that
    has the code of a facet's term is offered as that term, with all that it is called.
    """
    return PhraseTable(_phrases(vocabulary, concepts, tuple(languages)))


def _phrases(vocabulary: Vocabulary, concepts: ConceptVocabulary, languages: tuple[str, ...]) -> Iterator[Phrase]:
    facet_of: dict[str, str] = {}
    for facet, kind in FACET_KINDS.items():
        for code in vocabulary.codes(kind):
            facet_of.setdefault(code, facet)
    for language in languages:
        for facet, kind in FACET_KINDS.items():
            for code, names in vocabulary.names[kind].items():
                if language in names:
                    yield Phrase(names[language], facet, code)
        for text, code in concepts.phrases(language):
            yield Phrase(text, facet_of.get(code, CONCEPT), code)


def suggest(session: DbSession, search: Search, table: PhraseTable, text: str, script: str) -> list[Suggested]:
    """What a beginning can be completed to: names of startups first, then phrases; nothing while there is no index.

    Args:
        session: where names and slugs of profiles come from (one query).
        search: the indexes.
        table: the phrases that are offered.
        text: what was typed so far.
        script: the script in which names are shown; see ``Listed.name_for``.
    """
    try:
        ids = suggest_names(search.startups, text, NAMES)
        found = suggest_phrases(search.startups, table, text, PHRASES)
        # A concept leads to a search for its phrase, which finds what has only its words as well.
        phrases = [
            replace(each, count=run(search.startups, Query(each.text, per_page=1)).total)
            if each.kind == CONCEPT
            else each
            for each in found
        ]
    except IndexUnavailable:
        return []
    rows = {row.id: row for row in session.scalars(Startup.published().where(Startup.id.in_(ids)))} if ids else {}
    profiles = [rows[row_id] for row_id in ids if row_id in rows]
    return [
        *(Suggested(Startup.noun, profile.name_for(script), profile.slug, 1) for profile in profiles),
        *(Suggested(each.kind, each.text, each.code, each.count) for each in phrases if each.count),
    ]
