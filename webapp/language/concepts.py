"""The concept vocabulary: what startups write about, with names and synonyms in Arabic, French and English.

A concept has one code whatever the language, so a query for "irrigation intelligente" meets a profile that says
"الري الذكي". The data are the YAML files of ``webapp/language/vocabulary/``, a theme a file. The application reads
``concepts.json``, which ``python -m webapp.language.concept_files`` writes from them, phrases analysed: doing that work
anew would cost every process a good part of a second. Run it when a theme or the analyzer has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from webapp.language.tokens import ANALYZER_VERSION, analyze, tokenize

LANGUAGES = ("ar", "fr", "en")
"""The languages in which every concept of the product has a name."""

UNDETERMINED = "und"
"""The key of synonyms of which nobody said the language (BCP 47): recognised, but not offered for completion."""

FOLDER = Path(__file__).parent / "vocabulary"
CONCEPTS_FILE = FOLDER / "concepts.json"

_DIGEST_LENGTH = 16

Term: TypeAlias = tuple[str, Mapping[str, str], Iterable[str]]
"""What ``with_terms`` takes: code, names by language, aliases in whatever language."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that texts are about: its names and synonyms by language, and the codes of the concepts above it."""

    code: str
    names: Mapping[str, str]
    also: Mapping[str, tuple[str, ...]]
    broader: tuple[str, ...] = ()

    def phrases(self) -> Iterable[str]:
        """All phrases that stand for the concept, names first."""
        yield from self.names.values()
        for synonyms in self.also.values():
            yield from synonyms


class ConceptSpan(NamedTuple):
    """A concept recognised in a list of terms: ``terms[start:end]`` stand for it."""

    code: str
    start: int
    end: int


class _PhraseTable:
    """Analysed phrases and the codes that they stand for, with the lengths to try at each first term."""

    def __init__(self, codes: Mapping[tuple[str, ...], str]) -> None:
        self.codes = dict(codes)
        lengths: dict[str, set[int]] = {}
        for terms in self.codes:
            lengths.setdefault(terms[0], set()).add(len(terms))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def longest_at(self, terms: Sequence[str], start: int) -> ConceptSpan | None:
        for length in self._lengths.get(terms[start], ()):
            code = self.codes.get(tuple(terms[start : start + length]))
            if code is not None:
                return ConceptSpan(code, start, min(start + length, len(terms)))
        return None


class ConceptVocabulary:
    """Concepts by code, and the concepts of texts. It never changes: ``with_terms`` gives a new one."""

    def __init__(
        self,
        concepts: Iterable[Concept],
        version: str,
        table: _PhraseTable | None = None,
        asked: _PhraseTable | None = None,
    ) -> None:
        self._concepts = {concept.code: concept for concept in concepts}
        self._table = table or _PhraseTable(codes_of_phrases(self._concepts.values()))
        self._asked = asked or self._table
        self._above: dict[str, tuple[str, ...]] = {}
        self.version = version
        """A digest of the data: what was indexed with another version is out of date."""

    def __len__(self) -> int:
        return len(self._concepts)

    def __contains__(self, code: object) -> bool:
        return code in self._concepts

    def __getitem__(self, code: str) -> Concept:
        return self._concepts[code]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all concepts."""
        return tuple(self._concepts)

    def find(self, terms: Sequence[str]) -> list[ConceptSpan]:
        """The concepts in a list of terms from ``analyze``: leftmost first, the longest there, never overlapping.

        Takes time in proportion to the number of terms: at each of them as many look-ups as phrases that begin with
        it have lengths.
        """
        return self._find(self._table, terms)

    def find_asked(self, terms: Sequence[str]) -> list[ConceptSpan]:
        """The same in what somebody asks for, where a single word is more likely to stand for a term of the pack."""
        return self._find(self._asked, terms)

    def _find(self, table: _PhraseTable, terms: Sequence[str]) -> list[ConceptSpan]:
        found = []
        position = 0
        while position < len(terms):
            span = table.longest_at(terms, position)
            if span is not None:
                found.append(span)
            position = span.end if span is not None else position + 1
        return found

    def codes_of_text(self, text: str) -> list[str]:
        """The concepts that a text names, each once, in the order in which they first appear."""
        return list(dict.fromkeys(span.code for span in self.find(analyze(text))))

    def name(self, code: str, language: str) -> str:
        """The name of a concept in a language, or else in the first language that has one. KeyError: no such code."""
        names = self._concepts[code].names
        return names.get(language) or next(iter(names.values()))

    def phrases(self, language: str) -> list[tuple[str, str]]:
        """Phrase and code of all that a language calls the concepts, each name before its synonyms: for completion."""
        offered = []
        for concept in self._concepts.values():
            name = (concept.names[language],) if language in concept.names else ()
            offered += [(phrase, concept.code) for phrase in (*name, *concept.also.get(language, ()))]
        return offered

    def broader(self, code: str) -> tuple[str, ...]:
        """All concepts above one, the nearest first, without itself. KeyError: no such code."""
        known = self._above.get(code)
        if known is not None:
            return known
        above: dict[str, None] = {}
        waiting = list(self._concepts[code].broader)
        while waiting:
            nearest = waiting.pop(0)
            if nearest not in above and nearest != code:
                above[nearest] = None
                waiting += self._concepts[nearest].broader
        self._above[code] = tuple(above)
        return self._above[code]

    def with_terms(self, terms: Iterable[Term]) -> ConceptVocabulary:
        """A new vocabulary with the terms of a network pack: (code, names by language, aliases).

        A term with the code of a concept is merged into it: its names replace the concept's, which stay as synonyms.
        A phrase of a term that stands for another concept is the term's from now on, except an alias that stands for
        a narrower concept: "smart irrigation" stays precision irrigation, which lies below agritech anyway. Among
        terms, names win over aliases and then the first wins; two terms of one code are one.

        Aliases of one word are not found in texts. They serve to read cells of spreadsheets; within a text, "prix" is
        mostly no grant and "machines" are no access to equipment. Who asks for nothing but "tourism" means it, though:
        ``find_asked`` knows them.
        """
        added = _gathered(terms)
        concepts = dict(self._concepts)
        codes: dict[tuple[str, ...], str] = {}
        for code, (names, aliases) in added.items():
            concepts[code] = _merged(concepts.get(code), code, names, aliases)
            _claim(codes, code, names.values())
        for code, (_, aliases) in added.items():
            _claim(codes, code, filter(partial(self._takes, code), aliases))
        version = _digest(json.dumps([self.version, added], ensure_ascii=False, sort_keys=True).encode())
        table = {**self._table.codes, **codes}
        words: dict[tuple[str, ...], str] = {}
        for code, (_, aliases) in added.items():
            _claim(words, code, (alias for alias in aliases if len(terms_of(alias)) == 1))
        return ConceptVocabulary(concepts.values(), version, _PhraseTable(table), _PhraseTable(words | table))

    def _takes(self, code: str, alias: str) -> bool:
        terms = terms_of(alias)
        owner = self._table.codes.get(terms)
        return len(terms) > 1 and (owner is None or code not in self.broader(owner))


def _gathered(terms: Iterable[Term]) -> dict[str, tuple[dict[str, str], tuple[str, ...]]]:
    """Names and aliases by code. The names of a second term with the same code become aliases."""
    gathered: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {}
    for code, names, aliases in terms:
        first_names, first_aliases = gathered.get(code, ({}, ()))
        further = tuple(name for language, name in names.items() if first_names.get(language, name) != name)
        gathered[code] = ({**names, **first_names}, (*first_aliases, *further, *aliases))
    return gathered


def terms_of(phrase: str) -> tuple[str, ...]:
    """The terms by which a phrase is recognised; none if stop words leave one word of several.

    "IT training" would else be found wherever somebody writes "training".
    """
    terms = tuple(analyze(phrase))
    return terms if len(terms) > 1 or len(tokenize(phrase)) == 1 else ()


def _claim(codes: dict[tuple[str, ...], str], code: str, phrases: Iterable[str]) -> None:
    for phrase in phrases:
        if terms := terms_of(phrase):
            codes.setdefault(terms, code)


def codes_of_phrases(concepts: Iterable[Concept]) -> dict[tuple[str, ...], str]:
    """What each analysed phrase stands for. Were it to stand for two, which a test rules out, the first would win."""
    codes: dict[tuple[str, ...], str] = {}
    for concept in concepts:
        _claim(codes, concept.code, concept.phrases())
    return codes


def _merged(concept: Concept | None, code: str, names: Mapping[str, str], aliases: tuple[str, ...]) -> Concept:
    if concept is None:
        return Concept(code, names, {UNDETERMINED: aliases})
    also = {UNDETERMINED: (*concept.also.get(UNDETERMINED, ()), *aliases)}
    for language in {**concept.names, **concept.also}:
        former = concept.names.get(language)
        replaced = (former,) if former and language in names and names[language] != former else ()
        if language != UNDETERMINED:
            also[language] = (*replaced, *concept.also.get(language, ()))
    return Concept(code, {**concept.names, **names}, also, concept.broader)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:_DIGEST_LENGTH]


VOCABULARY_VERSION = _digest(CONCEPTS_FILE.read_bytes()) if CONCEPTS_FILE.exists() else ""
"""A digest of the product's concepts, without those of a network pack (``ConceptVocabulary.version`` has them)."""


def concept_of(entry: Mapping[str, Any]) -> Concept:
    """A concept from the mapping that stands for it in the files."""
    also = {language: tuple(phrases) for language, phrases in entry.get("also", {}).items()}
    return Concept(entry["code"], entry["names"], also, tuple(entry.get("broader", ())))


@lru_cache(maxsize=1)
def concept_vocabulary() -> ConceptVocabulary:
    """The product's vocabulary, read once a process; phrases analysed by another analyzer are analysed again."""
    data = json.loads(CONCEPTS_FILE.read_bytes())
    table = None
    if data["analyzer"] == ANALYZER_VERSION:
        table = _PhraseTable({tuple(terms.split()): code for terms, code in data["phrases"].items()})
    return ConceptVocabulary(map(concept_of, data["concepts"]), VOCABULARY_VERSION, table)
