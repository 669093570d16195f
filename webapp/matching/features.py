"""What the matcher knows of a startup and of a partner, and the tokens and readable words of their texts.

Codes are those of the network pack, kinds of terms the names of its files (``sectors``, ``needs`` ...).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from webapp.language import analyze, stem, tokenize
from webapp.language.concepts import ConceptVocabulary

Codes = tuple[str, ...]
Texts = Mapping[str, str]
"""Language -> everything that a profile says in it."""

TOKEN_KINDS = ("sectors", "technologies")
"""The kinds of terms by which a startup is compared with the companies that a partner accepted before.

There, unlike in the structural parts of the score, a rare sector that two share counts for more than a common one.
"""


@dataclass(frozen=True, slots=True)
class Money:
    """A range of money; a bound that nobody stated is open."""

    least: int | None = None
    most: int | None = None
    currency: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether it can be compared with another range."""
        return self.currency is not None and (self.least is not None or self.most is not None)


@dataclass(frozen=True, slots=True)
class StartupFeatures:
    """A startup as the matcher sees it."""

    id: int
    texts: Texts = field(default_factory=dict)
    terms: Mapping[str, Codes] = field(default_factory=dict)
    """Kind -> codes; the first sector is the primary one."""
    sites: Codes = ()
    regions: Codes = ()
    """ISO 3166-2 codes of the regions that it counts in."""
    places: Codes = ()
    """ISO codes of all that is known of where it is: regions, the region of its seat, countries."""
    raising: Money = Money()
    steps: tuple[int, ...] = ()
    """Place of its maturity in the network's order of maturities."""

    def codes(self, kind: str) -> Codes:
        """Its codes of a kind."""
        return self.terms.get(kind, ())


@dataclass(frozen=True, slots=True)
class PartnerFeatures:
    """A partner as the matcher sees it."""

    id: int
    kind: str
    texts: Texts = field(default_factory=dict)
    terms: Mapping[str, Codes] = field(default_factory=dict)
    """Kind -> codes that it has or seeks."""
    excluded: Mapping[str, Codes] = field(default_factory=dict)
    """Kind -> codes that it rules out."""
    answered: Codes = ()
    """Codes of the needs that its offers, instruments and skills answer."""
    sites: Codes = ()
    regions: Codes = ()
    """ISO 3166-2 codes of its seat and of its sites."""
    geography: Codes = ()
    """ISO codes of the countries and regions outside of which it does not act; empty: it acts anywhere."""
    meets_in_person: bool = True
    """Whether being far away counts against a startup; it does not for those who only send money."""
    ticket: Money = Money()
    steps: tuple[int, ...] = ()
    """Places of the maturities sought in the network's order."""
    history: tuple[int, ...] = ()
    """Ids of the startups that it accepted before, such as its portfolio; public ones only."""
    accepted: tuple[int, ...] = ()
    """Ids of the startups that it agreed to meet: learned from, and never named to anybody, unlike its history."""
    declined: tuple[int, ...] = ()
    """Ids of the startups that it was introduced to and declined."""
    met: tuple[int, ...] = ()
    """Ids of the startups that it is or was introduced to: they need no proposal any more, nor does its history."""
    conflicts: tuple[int, ...] = ()
    """Ids of the startups that it must not be proposed for a conflict of interest, such as its own."""
    capacity: int | None = None
    """How many startups it takes at a time, if it says so."""
    engaged: int = 0
    """How many it has taken at present."""

    def codes(self, kind: str) -> Codes:
        """The codes of a kind that it has or seeks."""
        return self.terms.get(kind, ())


Features = StartupFeatures | PartnerFeatures


def country_of(place: str) -> str:
    """The country of an ISO 3166 code: of ``MA-09`` and of ``MA`` it is ``MA``."""
    return place.partition("-")[0]


def languages(features: Features) -> Codes:
    """The languages in which a profile says something."""
    return tuple(language for language, text in features.texts.items() if text.strip())


def words(text: str) -> list[str]:
    """The stems of a text that say what it is about: bare numbers and single letters do not."""
    return [token for token in analyze(text) if len(token) > 1 and not token.isdigit()]


def term_tokens(features: Features) -> list[str]:
    """The tokens that stand for terms, such as ``sectors:fintech``."""
    return [f"{kind}:{code}" for kind in TOKEN_KINDS for code in features.codes(kind)]


Said = Mapping[str, list[str]]
"""Language -> the stems of what a profile says in it."""


def said(features: Features) -> Said:
    """The stems of a profile: texts are analysed once for all spaces."""
    return {language: words(text) for language, text in features.texts.items()}


def word_tokens(found: list[str]) -> list[str]:
    """Stems and each pair of neighbours: what a text puts into the space of words."""
    return found + [f"{one} {other}" for one, other in pairwise(found)]


CONCEPT_COUNT = 4
"""A concept that a text names counts as much as four that lie above one: ``irrigation`` more than ``agritech``."""


def concept_tokens(stems: Said, vocabulary: ConceptVocabulary) -> list[str]:
    """The concepts that a profile names in any language, and once each, those above them."""
    named: dict[str, None] = {}
    for found in stems.values():
        named.update(dict.fromkeys(span.code for span in vocabulary.find(found)))
    tokens: list[str] = []
    for code in named:
        tokens += [f"#{code}"] * CONCEPT_COUNT
        tokens += [f"#{broader}" for broader in vocabulary.broader(code)]
    return tokens


_MARKS = "\u0610-\u061a\u0640\u064b-\u065f\u0670"
_SURFACE = re.compile(rf"(?:\b[A-Za-z]-(?=[^\W\d_]{{3}}))?[^\W_](?:[^\W_]|[{_MARKS}])*")


@lru_cache(maxsize=200_000)
def _stem_of(written: str) -> str | None:
    found = tokenize(written)
    return stem(found[0]) if len(found) == 1 else None


def _written(text: str) -> Iterator[tuple[str, str]]:
    for written in _SURFACE.findall(text):
        stemmed = _stem_of(written)
        if stemmed is not None:
            yield stemmed, written


def surfaces(text: str) -> dict[str, str]:
    """Stem -> the form in which the text writes it most often, for a person to read.

    Among equals a form without capitals comes first, then a shorter one, then the alphabet.
    """
    counts = Counter(_written(text))
    best: dict[str, tuple[tuple[int, bool, int, str], str]] = {}
    for (stemmed, written), count in counts.items():
        key = (-count, written != written.lower(), len(written), written)
        if stemmed not in best or key < best[stemmed][0]:
            best[stemmed] = (key, written)
    return {stemmed: written for stemmed, (_, written) in best.items()}
