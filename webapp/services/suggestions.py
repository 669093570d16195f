"""What a reader can go on to while typing: profiles by name, and sectors, technologies, places and concepts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from webapp.language.concepts import ConceptVocabulary
from webapp.models import DbSession, Partner, Startup
from webapp.search import (
    IndexUnavailable,
    Phrase,
    PhraseTable,
    Query,
    Search,
    SearchIndex,
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
OTHER_NAMES = 2
"""How many names of the other directory are offered."""
PHRASES = 5


@dataclass(frozen=True)
class Suggested:
    """One thing to go on to."""

    kind: str
    """``startup``, ``partner``, a facet, or ``concept``."""
    text: str
    code: str
    """The profile's slug, the facet's code or the concept's."""
    count: int
    """How many profiles it leads to."""


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


def suggest(
    session: DbSession, search: Search, table: PhraseTable, text: str, script: str, noun: str = Startup.noun
) -> list[Suggested]:
    """What a beginning can be completed to: names of profiles first, then phrases; nothing while there is no index.

    Args:
        session: where names and slugs of profiles come from (a query for each noun that is offered).
        search: the indexes.
        table: the phrases that are offered.
        text: what was typed so far.
        script: the script in which names are shown; see ``Listed.name_for``.
        noun: in which directory somebody searches: its phrases and names are offered, and in the startups' directory,
            which is everybody's first, some names of partners.
    """
    index = search.partners if noun == Partner.noun else search.startups
    try:
        names = (
            _named(session, search.partners, Partner, text, NAMES, script)
            if noun == Partner.noun
            else [
                *_named(session, search.startups, Startup, text, NAMES, script),
                *_named(session, search.partners, Partner, text, OTHER_NAMES, script),
            ]
        )
        return [*names, *_phrased(index, table, text)]
    except IndexUnavailable:
        return []


def _named(
    session: DbSession, index: SearchIndex, model: type[Startup] | type[Partner], text: str, limit: int, script: str
) -> list[Suggested]:
    ids = suggest_names(index, text, limit)
    rows = {row.id: row for row in session.scalars(model.published().where(model.id.in_(ids)))} if ids else {}
    profiles = [rows[row_id] for row_id in ids if row_id in rows]
    return [Suggested(model.noun, profile.name_for(script), profile.slug, 1) for profile in profiles]


def _phrased(index: SearchIndex, table: PhraseTable, text: str) -> list[Suggested]:
    found = []
    for each in suggest_phrases(index, table, text, PHRASES):
        # A concept leads to a search for its phrase, which finds what has only its words as well.
        count = run(index, Query(each.text, per_page=1)).total if each.kind == CONCEPT else each.count
        found.append(Suggested(each.kind, each.text, each.code, count))
    return [each for each in found if each.count]
