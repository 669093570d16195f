"""A corpus of invented startups for benchmarks: three languages, word frequencies as in real text, always the same.

Words are drawn by their real frequency (the package ``wordfreq``, an extra of the benchmark), so posting lists are as
long and as unequal as those of real profiles; names, sectors and noise of spelling are made up. Rows are made in blocks
with a seed each: the first n rows are the same for every n.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.writing import Writer

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "var" / "bench"
VERSION = 1
"""Changes whenever the same number of rows would come out otherwise."""

LANGUAGES = ("ar", "fr", "en")
FACETS = ("sector", "region", "stage", "site")
SIZES = (450, 18_000, 180_000)
"""A network of today, a country, a continent."""

REGIONS = {
    "MA-06": ("الدار البيضاء-سطات", "Casablanca-Settat"),
    "MA-04": ("الرباط-سلا-القنيطرة", "Rabat-Salé-Kénitra"),
    "MA-01": ("طنجة-تطوان-الحسيمة", "Tanger-Tétouan-Al Hoceima"),
    "MA-07": ("مراكش-آسفي", "Marrakech-Safi"),
    "MA-09": ("سوس-ماسة", "Souss-Massa"),
    "MA-03": ("فاس-مكناس", "Fès-Meknès"),
    "MA-05": ("بني ملال-خنيفرة", "Béni Mellal-Khénifra"),
    "MA-02": ("الشرق", "Oriental"),
    "MA-08": ("درعة-تافيلالت", "Drâa-Tafilalet"),
    "MA-10": ("كلميم-واد نون", "Guelmim-Oued Noun"),
    "MA-11": ("العيون-الساقية الحمراء", "Laâyoune-Sakia El Hamra"),
    "MA-12": ("الداخلة-وادي الذهب", "Dakhla-Oued Ed-Dahab"),
}
"""Code -> names, most frequent first."""
STAGES = ("mvp", "prototype", "idea", "first-revenue", "growth", "scale")
FEW_SITES, MANY_SITES = 8, 400
MANY_FROM = 100_000
"""From so many rows on, the facet ``site`` has 400 codes."""

VOCABULARY_SIZE = 60_000
BLOCK = 2_000
PITCH_WORDS = 4

_SEED = 20261124
_ARABIC = re.compile(r"[\u0621-\u064a]{2,}")
_LATIN = re.compile(r"[a-zàâäçéèêëîïôöùûüÿœæ]{2,}")


@dataclass(frozen=True, slots=True)
class Row:
    """One startup."""

    id: int
    """Counted from 1."""
    name: str
    pitch: dict[str, str]
    """Language code -> text."""
    description: dict[str, str]
    sector: str
    region: str
    stage: str
    site: str
    """One of 8."""
    park: str
    """One of 400."""
    tags: tuple[str, ...]
    founded: int
    """Year."""

    def facets(self, documents: int) -> dict[str, str]:
        """Facet -> code, in a corpus of so many rows."""
        site = self.park if documents >= MANY_FROM else self.site
        return {"sector": self.sector, "region": self.region, "stage": self.stage, "site": site}


@dataclass(frozen=True)
class Sector:
    """What startups of a sector speak of."""

    code: str
    phrases: Mapping[str, tuple[str, ...]]
    """Language code -> words and phrases; the first names the sector."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of a language, and the share of each in running text."""

    words: Sequence[str]
    shares: NDArray[np.float64]
    """One a word; they add up to 1."""

    def drawn(self, draw: np.random.Generator, count: int) -> Iterator[str]:
        """So many words of running text."""
        return (self.words[index] for index in draw.choice(len(self.words), count, p=self.shares))


Vocabularies = Mapping[str, Vocabulary]


def sectors() -> tuple[Sector, ...]:
    """The 30 sectors, most frequent first."""
    with Path(__file__).with_name("sectors.toml").open("rb") as file:
        entries = tomllib.load(file)["sector"]
    return tuple(Sector(entry["code"], {code: tuple(entry[code]) for code in LANGUAGES}) for entry in entries)


def vocabularies(size: int = VOCABULARY_SIZE) -> dict[str, Vocabulary]:
    """The most frequent words of each language with their frequencies.

    Raises:
        ModuleNotFoundError: ``wordfreq`` is not installed.
    """
    from wordfreq import top_n_list, word_frequency

    found = {}
    for language in LANGUAGES:
        pattern = _ARABIC if language == "ar" else _LATIN
        words = [word for word in top_n_list(language, 2 * size) if pattern.fullmatch(word)][:size]
        shares = np.array([word_frequency(word, language) for word in words])
        found[language] = Vocabulary(words, shares / shares.sum())
    return found


def _falling(count: int, exponent: float) -> NDArray[np.float64]:
    """Shares that fall with the rank (Zipf)."""
    shares = 1 / np.arange(1, count + 1) ** exponent
    return shares / shares.sum()


@dataclass(frozen=True)
class _Draws:
    """What is drawn for a whole block at once; one value a row."""

    sector: list[int]
    region: list[int]
    stage: list[int]
    site: list[int]
    park: list[int]
    founded: list[int]
    lengths: Mapping[str, list[int]]
    """Language -> number of words of the description."""
    words: Mapping[str, Iterator[str]]

    @classmethod
    def of_block(cls, number: int, vocabularies: Vocabularies, sector_count: int) -> _Draws:
        """What depends on the block's number alone."""
        draw = np.random.default_rng([_SEED, number])
        lengths = {language: draw.integers(30, 121, BLOCK) for language in LANGUAGES}
        return cls(
            sector=draw.choice(sector_count, BLOCK, p=_falling(sector_count, 0.7)).tolist(),
            region=draw.choice(len(REGIONS), BLOCK, p=_falling(len(REGIONS), 0.6)).tolist(),
            stage=draw.choice(len(STAGES), BLOCK, p=(0.22, 0.22, 0.18, 0.18, 0.13, 0.07)).tolist(),
            site=draw.integers(0, FEW_SITES, BLOCK).tolist(),
            park=draw.integers(0, MANY_SITES, BLOCK).tolist(),
            founded=(2005 + 22 * draw.beta(4, 1.6, BLOCK)).astype(int).clip(max=2026).tolist(),
            lengths={language: sizes.tolist() for language, sizes in lengths.items()},
            words={
                language: vocabularies[language].drawn(draw, int(sizes.sum()) + PITCH_WORDS * BLOCK)
                for language, sizes in lengths.items()
            },
        )


def _block(number: int, vocabularies: Vocabularies, known: Sequence[Sector]) -> Iterator[Row]:
    """The rows of one block."""
    draws = _Draws.of_block(number, vocabularies, len(known))
    chance = random.Random(f"{_SEED}-{number}")
    writer = Writer(chance)
    tags = [phrase.replace(" ", "-") for sector in known for phrase in sector.phrases["en"]]
    regions = tuple(REGIONS)
    for place in range(BLOCK):
        own, other = known[draws.sector[place]], chance.choice(known)
        pitch, description = {}, {}
        for language in LANGUAGES:
            words = list(islice(draws.words[language], PITCH_WORDS + draws.lengths[language][place]))
            phrases, foreign = own.phrases[language], chance.choice(other.phrases[language])
            pitch[language] = writer.pitch(words[:PITCH_WORDS], phrases)
            description[language] = writer.description(language, words[PITCH_WORDS:], phrases, foreign)
        yield Row(
            id=number * BLOCK + place + 1,
            name=writer.name(),
            pitch=pitch,
            description=description,
            sector=own.code,
            region=regions[draws.region[place]],
            stage=STAGES[draws.stage[place]],
            site=f"site-{draws.site[place] + 1}",
            park=f"park-{draws.park[place] + 1:03d}",
            tags=tuple(sorted({chance.choice(tags) for _ in range(chance.randint(1, 3))})),
            founded=draws.founded[place],
        )


def generate(documents: int, words: Vocabularies) -> Iterator[Row]:
    """The first rows of the corpus, made anew from these vocabularies."""
    known = sectors()
    blocks = range(-(-documents // BLOCK))
    return islice((row for number in blocks for row in _block(number, words, known)), documents)


def corpus_file(documents: int) -> Path:
    """The file of so many rows, JSON lines; made if it is not there.

    Raises:
        ModuleNotFoundError: it has to be made, and ``wordfreq`` is not installed.
    """
    file = CACHE / f"corpus-{VERSION}-{documents}.jsonl"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8") as out:
            for row in generate(documents, vocabularies()):
                out.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
        temporary.replace(file)
    return file


def rows(documents: int) -> Iterator[Row]:
    """The first rows of the corpus, from the cache or made now. Raises as ``corpus_file`` does."""
    with corpus_file(documents).open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            yield Row(**{**entry, "tags": tuple(entry["tags"])})
