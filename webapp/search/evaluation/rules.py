"""The directory's own judged set: queries whose answers are found by rules over the records, not by their words.

A line of ``queries.jsonl`` is ``{"id", "query", "language", "kind", "relevant": {rule}}``. The keys of a rule:

    names     startups of exactly these Latin names
    words     startups whose Latin name has one of these words
    ideas     startups made from one of these ideas of the demonstration
    sectors   startups of one of these sectors
    city      startups in this city (its French name)
    segment   those whose English pitch names this segment; the others of the rule get the lower grade
    related   ideas whose startups get the lower grade

Keys apply all at once. What a rule asks for has grade 2; the lower grade is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.language.concepts import ConceptVocabulary, concept_vocabulary
from webapp.search.documents import Document
from webapp.search.evaluation.judged import LANGUAGES, JudgedQuery, JudgedSet, JudgementError, Part, read_lines, text_of

MEANT, NEAR = 2, 1
"""The grades."""

CROSSING_KIND = "cross"
"""The kind of query that is also asked of profiles without texts in its language."""


@dataclass(frozen=True)
class Profile:
    """What rules see of a startup, and its documents."""

    document: Document
    foreign: Mapping[str, Document]
    """Language -> the same document, without pitch and description in that language."""
    name: str
    """In Latin letters."""
    idea: str
    sectors: tuple[str, ...]
    cities: tuple[str, ...]
    """French names."""
    pitch: str
    """In English."""


Test = Callable[[Profile, Any], bool]

_TESTS: Mapping[str, Test] = {
    "names": lambda profile, names: profile.name in names,
    "words": lambda profile, words: bool(set(words) & set(profile.name.split())),
    "ideas": lambda profile, ideas: profile.idea in ideas,
    "sectors": lambda profile, sectors: bool(set(sectors) & set(profile.sectors)),
    "city": lambda profile, city: city in profile.cities,
}
_LISTS = ("names", "words", "ideas", "sectors", "related")
_TEXTS = ("city", "segment")


@dataclass(frozen=True)
class RuledQuery:
    """A query with the rule that says what answers it."""

    id: str
    text: str
    language: str
    kind: str
    rule: Mapping[str, Any]
    where: str
    """File and line."""


def read_ruled_queries(folder: Path) -> list[RuledQuery]:
    """Read the queries of the directory's set.

    Raises:
        JudgementError: the file is missing or damaged, an id occurs twice, or a rule has an unknown or ill-formed key.
    """
    queries: dict[str, RuledQuery] = {}
    for where, entry in read_lines(folder, "queries"):
        key = text_of(entry, "id", where)
        if key in queries:
            raise JudgementError(f"{where}: the query “{key}” occurs twice")
        language = text_of(entry, "language", where)
        if language not in LANGUAGES:
            raise JudgementError(f"{where}: “{language}” is not one of {', '.join(LANGUAGES)}")
        rule = _checked(entry.get("relevant"), where)
        kind = text_of(entry, "kind", where)
        queries[key] = RuledQuery(key, text_of(entry, "query", where), language, kind, rule, where)
    return list(queries.values())


def _checked(rule: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(rule, dict) or not _TESTS.keys() & rule.keys():
        raise JudgementError(f"{where}: “relevant” must be a rule with at least one of {', '.join(_TESTS)}")
    for key, value in rule.items():
        if key in _TEXTS:
            text_of(rule, key, where)
        elif key not in _LISTS:
            raise JudgementError(f"{where}: a rule has no key “{key}”")
        elif not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            raise JudgementError(f"{where}: “{key}” must be a list of texts")
    return rule


def judge(query: RuledQuery, profiles: Sequence[Profile]) -> JudgedQuery:
    """Apply a query's rule.

    Raises:
        JudgementError: a name, word, idea or sector of the rule belongs to nobody, or nobody is meant.
    """
    rule = query.rule
    for key in _LISTS:
        test = _TESTS["ideas" if key == "related" else key]
        for value in rule.get(key, ()):
            if not any(test(profile, [value]) for profile in profiles):
                raise JudgementError(f"{query.where}: “{key}” has “{value}”, which no startup has")
    grades = {profile.document.id: grade for profile in profiles if (grade := _grade(rule, profile))}
    if MEANT not in grades.values():
        raise JudgementError(f"{query.where}: no startup answers “{query.text}”")
    return JudgedQuery(query.id, query.text, grades, query.language, query.kind)


def _grade(rule: Mapping[str, Any], profile: Profile) -> int:
    if all(test(profile, rule[key]) for key, test in _TESTS.items() if key in rule):
        segment = rule.get("segment", "")
        return MEANT if segment.casefold() in profile.pitch.casefold() else NEAR
    return NEAR if profile.idea in rule.get("related", ()) else 0


def directory_sets(
    queries: Sequence[RuledQuery], profiles: Sequence[Profile], vocabulary: ConceptVocabulary | None = None
) -> list[JudgedSet]:
    """The set ``directory``, and ``crossing``: concepts asked of profiles that are silent in the query's language.

    The set ``crossing`` has a part for each language; names, terms and places keep all their languages in it, because
    they come from the network pack and not from the profile. Raises as ``judge``.
    """
    judged = [judge(query, profiles) for query in queries]
    whole = Part([profile.document for profile in profiles], judged)
    parts = []
    for language in LANGUAGES:
        asked = [query for query in judged if query.kind == CROSSING_KIND and query.language == language]
        if asked:
            parts.append(Part([profile.foreign[language] for profile in profiles], asked))
    concepts = vocabulary or concept_vocabulary()
    sets = [JudgedSet("directory", "", (whole,), concepts)]
    return [*sets, JudgedSet("crossing", "", parts, concepts)] if parts else sets
