"""What a text asks for. Anything may be typed; what makes no sense as syntax is read as words.

solar pumps           both words
"solar pumps"         the phrase
-consulting           not this word; also -"a phrase"
name:atlas            the word in one zone; also sector:, need:, city:, and these in French and Arabic
agri*                 words that begin so; the last word of all may be unfinished without the asterisk
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from webapp.language import Word, fold, words
from webapp.language.concepts import ConceptVocabulary
from webapp.search.terms import kept

MAX_CHARACTERS = 300
MAX_TERMS = 24
"""A query's words beyond these are ignored."""
MIN_PREFIX = 3
"""How many letters a word needs to stand for longer ones without an asterisk."""

ZONE_NAMES: Mapping[str, str] = {
    fold(word): zone
    for zone, names in {
        "name": "name nom الاسم اسم",
        "terms": "sector secteur القطاع قطاع technology technologie tech التقنية تقنية stage stade المرحلة",
        "needs": "need needs besoin besoins الحاجة حاجة الحاجيات offer offre العرض",
        "places": "city ville المدينة مدينة site region région الجهة جهة place lieu",
        "pitch": "pitch",
    }.items()
    for word in names.split()
}
"""What may stand before a colon, and the zone it means."""

_TOKEN = re.compile(
    r"""(?P<minus>(?<!\S)-)?
        (?:(?P<zone>[^\W\d_]+):(?=\S))?
        (?:["“”„«»](?P<quoted>[^"“”„«»]*)["“”„«»]|(?P<bare>[^\s"“”„«»]+))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Clause:
    """One thing that a query asks for: a word, or a phrase of several."""

    terms: tuple[str, ...]
    """Stems; a phrase has two or more."""
    typed: str = ""
    """The word as it was typed; empty for phrases."""
    surface: str | None = None
    """The accented form, where the word was typed with accents."""
    zone: str | None = None
    """Where it must stand; anywhere if absent."""
    excluded: bool = False
    is_prefix: bool = False
    """Whether words that begin with it will do; never of a phrase."""


@dataclass(frozen=True)
class ConceptAsked:
    """A concept that some clauses of a query name."""

    code: str
    start: int
    """The first of the clauses."""
    end: int
    """The clause after the last."""


@dataclass(frozen=True)
class Parsed:
    """What a text asks for."""

    clauses: tuple[Clause, ...] = ()
    """What must be found."""
    excluded: tuple[Clause, ...] = ()
    """What must not."""
    concepts: tuple[ConceptAsked, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.clauses or self.excluded)


def _word_clauses(text: str, zone: str | None, excluded: bool) -> Iterator[Clause]:
    found: Iterable[Word] = kept(words(text))
    for word in found:
        yield Clause((word.term,), text[word.start : word.end], word.surface, zone, excluded)


def _phrase(text: str, zone: str | None, excluded: bool) -> Iterator[Clause]:
    terms = tuple(word.term for word in kept(words(text)))
    if len(terms) == 1:
        yield from _word_clauses(text, zone, excluded)
    elif terms:
        yield Clause(terms, "", None, zone, excluded)


def _clauses(text: str) -> Iterator[Clause]:
    """The clauses of a text. Plain words that follow one another are analysed together, for the sake of stop words."""
    plain: list[str] = []
    for match in _TOKEN.finditer(text):
        zone = ZONE_NAMES.get(fold(match["zone"])) if match["zone"] else None
        bare, excluded = match["bare"], match["minus"] is not None
        if bare is not None and zone is None and match["zone"]:
            bare = f"{match['zone']}:{bare}"
        if bare is not None and bare.endswith(":") and fold(bare[:-1]) in ZONE_NAMES:
            continue  # Somebody is about to type what should stand there.
        is_plain = bare is not None and zone is None and not excluded and not bare.endswith("*")
        if is_plain and bare is not None:
            plain.append(bare)
            continue
        yield from _word_clauses(" ".join(plain), None, False)
        plain = []
        if bare is None:
            yield from _phrase(match["quoted"], zone, excluded)
        elif excluded:
            # A hyphenated word is one thing to exclude, not several.
            yield from _phrase(bare, zone, excluded)
        else:
            found = list(_word_clauses(bare, zone, excluded))
            yield from found[:-1]
            yield from (replace(last, is_prefix=bare.endswith("*")) for last in found[-1:])
    yield from _word_clauses(" ".join(plain), None, False)


def _ends_unfinished(text: str, clauses: list[Clause]) -> bool:
    """Whether the last clause is the very last word of the text, and long enough to stand for longer ones."""
    if not clauses or clauses[-1].excluded or len(clauses[-1].terms) > 1:
        return False
    typed = clauses[-1].typed
    return text.endswith(typed) and len(typed) >= MIN_PREFIX and len(clauses[-1].terms[0]) >= MIN_PREFIX


def parse(text: str, vocabulary: ConceptVocabulary, *, prefix: bool = True) -> Parsed:
    """What a text asks for: at most 24 words of its first 300 characters, each word or phrase once.

    Args:
        text: anything.
        vocabulary: the concepts to recognise.
        prefix: whether the last word may be unfinished.
    """
    text = text[:MAX_CHARACTERS]
    found = list(_clauses(text))
    if prefix and _ends_unfinished(text, found):
        found[-1] = replace(found[-1], is_prefix=True)
    wanted: dict[tuple[tuple[str, ...], str | None], Clause] = {}
    unwanted: dict[tuple[tuple[str, ...], str | None], Clause] = {}
    room = MAX_TERMS
    for clause in found:
        room -= len(clause.terms)
        if room < 0:
            break
        (unwanted if clause.excluded else wanted)[clause.terms, clause.zone] = clause
    clauses = tuple(wanted.values())
    return Parsed(clauses, tuple(unwanted.values()), tuple(_concepts(clauses, vocabulary)))


def _concepts(clauses: tuple[Clause, ...], vocabulary: ConceptVocabulary) -> Iterator[ConceptAsked]:
    """The concepts that clauses name: plain words next to each other, or a phrase alone."""
    start = 0
    while start < len(clauses):
        clause = clauses[start]
        end = start + 1
        if clause.zone is None and len(clause.terms) == 1:
            while end < len(clauses) and clauses[end].zone is None and len(clauses[end].terms) == 1:
                end += 1
            terms = [part.terms[0] for part in clauses[start:end]]
            for span in vocabulary.find_asked(terms):
                yield ConceptAsked(span.code, start + span.start, start + span.end)
        elif clause.zone is None:
            spans = vocabulary.find_asked(clause.terms)
            if len(spans) == 1 and (spans[0].start, spans[0].end) == (0, len(clause.terms)):
                yield ConceptAsked(spans[0].code, start, end)
        start = end
