"""Queries of a benchmark: eleven classes of forty queries each, chosen by frequency, always the same."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice, pairwise, product

from bench import corpus
from bench.corpus import CACHE, REGIONS, STAGES, Row, sectors
from bench.documents import EDITION, texts
from bench.rows import PER_PAGE
from webapp.language import analyze, fold

QUERIES_VERSION = 1
"""Changes whenever the same corpus would give other queries."""

PER_CLASS = 40
SAMPLE = 18_000
"""Frequencies are those of the first rows, at most so many; they are the same rows in every corpus."""
FAR_PAGE = 50

EXACT = ("hottest", "common", "two_terms", "rare", "phrase", "arabic", "filtered", "browse_first", "browse_far")
"""Classes of which all engines must find the same number."""
CLASSES = (*EXACT[:5], "prefix", "fuzzy", *EXACT[5:])

_SEED = 20261124
_ARABIC = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآئؤ")


@dataclass(frozen=True)
class BenchQuery:
    """One query, as a reader types and clicks it."""

    kind: str
    """One of ``CLASSES``."""
    text: str = ""
    """Words as typed; empty for browsing in the order of names."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Facet -> code."""
    page: int = 1

    @property
    def terms(self) -> list[str]:
        """The stems of the text; engines look for these."""
        return analyze(self.text)

    @property
    def highlights(self) -> frozenset[str]:
        """What is marked in the rows that are shown, the same for all engines."""
        return (Beginnings if self.kind == "prefix" else frozenset)(self.terms)


class Beginnings(frozenset[str]):
    """Holds every word that begins with one of its own, for highlighting what a beginning found."""

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and word.startswith(tuple(self))


class Statistics:
    """How often what occurs in a sample of the corpus.

    Attributes:
        frequencies: stem -> number of rows with it.
        forms: stem -> how it is written most often.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.frequencies: Counter[str] = Counter()
        written: dict[str, Counter[str]] = {}
        for row in rows:
            values = [text for group in texts(row).values() for text in group]
            self.frequencies.update({term for text in values for term in analyze(text)})
            for text in values:
                for word, term in _single_words(text):
                    written.setdefault(term, Counter())[word] += 1
        self.forms = {
            term: max(forms, key=lambda word: (forms[word], word))
            for term, forms in written.items()
            if term in self.frequencies
        }

    def between(self, low: float, high: float) -> list[str]:
        """The terms in at least ``low`` and at most ``high`` of the rows, in a fixed order."""
        count = len(self.rows)
        return sorted(term for term in self.forms if low * count <= self.frequencies[term] <= high * count)


def _single_words(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text that give one stem of letters, with it."""
    for part in text.split():
        word = part.strip(".,;:!?").lower()
        terms = analyze(word)
        if len(terms) == 1 and len(word) > 1 and terms[0].isalpha():
            yield word, terms[0]


Maker = Callable[[Statistics, random.Random], Iterator[BenchQuery]]


def _hottest(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
    ranked = sorted(found.forms, key=lambda term: (-found.frequencies[term], term))
    return (BenchQuery("hottest", found.forms[term]) for term in ranked)


def _sampled(kind: str, low: float, high: float) -> Maker:
    """Queries of one word whose share of rows lies between two bounds."""

    def make(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
        terms = found.between(low, high)
        chance.shuffle(terms)
        return (BenchQuery(kind, found.forms[term]) for term in terms)

    return make


def _rare(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
    return _sampled("rare", 1 / len(found.rows), 5 / len(found.rows))(found, chance)


def _two_terms(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
    frequent = set(found.between(0.01, 1))
    while True:
        row = chance.choice(found.rows)
        terms = sorted({term for text in row.description.values() for term in analyze(text)} & frequent)
        if len(terms) >= 2:
            yield BenchQuery("two_terms", " ".join(found.forms[term] for term in chance.sample(terms, 2)))


def _phrase(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
    """Half of them are phrases that sectors are known by, half any two words that stand side by side somewhere."""
    known = [phrase for sector in sectors() for group in sector.phrases.values() for phrase in group]
    known = sorted({phrase for phrase in known if len(analyze(phrase)) == len(phrase.split()) == 2})
    chance.shuffle(known)
    for phrase in known:
        yield BenchQuery("phrase", phrase)
        while True:
            row = chance.choice(found.rows)
            words = chance.choice(list(row.description.values())).split()
            pairs = [pair for pair in pairwise(words) if all(word.isalpha() for word in pair)]
            pairs = [
                " ".join(pair) for pair in pairs if sum(map(found.forms.__contains__, analyze(" ".join(pair)))) == 2
            ]
            if pairs:
                yield BenchQuery("phrase", chance.choice(pairs).lower())
                break


def _prefix(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
    terms = [term for term in found.between(0.002, 0.2) if len(term) >= 5]
    chance.shuffle(terms)
    for term in terms:
        start = term[: chance.randint(3, 4)]
        if analyze(start) == [start]:
            yield BenchQuery("prefix", start)


def _fuzzy(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
    """Words with one slip of the pen, which nobody writes so."""
    terms = [term for term in found.between(0.002, 0.2) if len(term) >= 6]
    chance.shuffle(terms)
    for term in terms:
        place = chance.randrange(2, len(term) - 1)
        slips = (
            term[:place] + term[place + 1 :],
            term[: place - 1] + term[place] + term[place - 1] + term[place + 1 :],
            term[:place] + ("ض" if term[0] in _ARABIC else "w") + term[place:],
        )
        slip = chance.choice(slips)
        if slip not in found.frequencies and analyze(slip) == [slip]:
            yield BenchQuery("fuzzy", slip)


_VARIANTS: Sequence[Callable[[str], str]] = (
    lambda word: word.removeprefix("ال"),
    lambda word: word if word.startswith("ال") else f"ال{word}",
    lambda word: f"{word[:2]}\u0640\u0640{word[2:]}",
    lambda word: "\u064e".join(word),
    fold,
    lambda word: f"و{word}" if word.startswith("ال") else word,
)
"""Without and with the article, stretched, vocalised, without hamza and ta marbuta, with ``and`` before it."""


def _arabic(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
    terms = [term for term in found.between(0.002, 0.5) if set(term) <= _ARABIC and len(term) >= 3]
    chance.shuffle(terms)
    for number, term in enumerate(terms):
        form = found.forms[term]
        variant = _VARIANTS[number % len(_VARIANTS)](form)
        if variant != form and analyze(variant) == [term]:
            yield BenchQuery("arabic", variant)


def _filtered(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
    frequent = set(found.between(0.02, 1))
    while True:
        row = chance.choice(found.rows)
        terms = sorted({term for text in row.description.values() for term in analyze(text)} & frequent)
        facets = chance.sample(("sector", "region", "stage"), chance.randint(1, 2))
        if terms:
            codes = {facet: getattr(row, facet) for facet in sorted(facets)}
            yield BenchQuery("filtered", found.forms[chance.choice(terms)], codes)


def _selections() -> Iterator[dict[str, str]]:
    """What readers browse: everything, then by one facet, then by two."""
    yield {}
    yield from ({"stage": stage} for stage in STAGES)
    yield from ({"region": region} for region in REGIONS)
    yield from ({"sector": sector.code} for sector in sectors()[:15])
    yield from ({"region": region, "stage": stage} for region, stage in product(list(REGIONS)[:4], STAGES))


def _browsing(kind: str, documents: int) -> Maker:
    def make(found: Statistics, chance: random.Random) -> Iterator[BenchQuery]:
        for filters in _selections():
            share = sum(all(getattr(row, facet) == code for facet, code in filters.items()) for row in found.rows)
            # A few rows may be missing on the last page, never all: the estimate is from the same rows or from many.
            last = max(1, int(0.9 * share * documents / len(found.rows) / PER_PAGE))
            yield BenchQuery(kind, filters=filters, page=min(FAR_PAGE, last) if kind == "browse_far" else 1)

    return make


def _makers(documents: int) -> dict[str, Maker]:
    return {
        "hottest": _hottest,
        "common": _sampled("common", 0.03, 0.3),
        "two_terms": _two_terms,
        "rare": _rare,
        "phrase": _phrase,
        "prefix": _prefix,
        "fuzzy": _fuzzy,
        "arabic": _arabic,
        "filtered": _filtered,
        "browse_first": _browsing("browse_first", documents),
        "browse_far": _browsing("browse_far", documents),
    }


def make_queries(rows: Sequence[Row], documents: int) -> list[BenchQuery]:
    """The queries of all classes for a corpus of so many documents that begins with these rows."""
    found = Statistics(rows)
    return [query for kind, maker in _makers(documents).items() for query in _distinct(maker, found, kind)]


def _distinct(maker: Maker, found: Statistics, kind: str) -> Iterator[BenchQuery]:
    """The first 40 that differ."""
    seen: set[tuple[object, ...]] = set()
    for query in maker(found, random.Random(f"{_SEED}-{kind}")):
        key = (query.text, *query.filters.items())
        if key not in seen:
            seen.add(key)
            yield query
        if len(seen) == PER_CLASS:
            return


def queries(documents: int, kinds: Collection[str] = CLASSES) -> list[BenchQuery]:
    """The queries for a corpus of so many documents, from the cache or made now."""
    file = CACHE / f"queries-{EDITION}.{QUERIES_VERSION}-{documents}.json"
    if not file.exists():
        made = make_queries(list(islice(corpus.rows(documents), SAMPLE)), documents)
        file.write_text(json.dumps([asdict(query) for query in made], ensure_ascii=False, indent=0), "utf-8")
    found = (BenchQuery(**entry) for entry in json.loads(file.read_text("utf-8")))
    return [query for query in found if query.kind in kinds]
