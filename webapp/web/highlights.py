"""Marking in an entry's texts what answers a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from webapp.i18n import LANGUAGES, Language
from webapp.language import words
from webapp.language.concepts import ConceptVocabulary
from webapp.models import Localized
from webapp.search import Piece, marked, passage
from webapp.services.directory import Listing
from webapp.web.locale import current_language
from webapp.web.site import current_search

SIGNATURE_BITS = 4096
_KEPT_SIGNATURES = 16_384
_LONGEST_KEPT = 3_000
"""Longer texts have no signatures, for the texts are kept with them."""


def signature(signs: Iterable[str]) -> int:
    """A number with a bit for each of these signs: where two numbers share no bit, two sets share no sign."""
    bits = 0
    for sign in signs:
        bits |= 1 << (hash(sign) % SIGNATURE_BITS)
    return bits


def _concept_sign(code: str) -> str:
    return f"#{code}"


@lru_cache(maxsize=_KEPT_SIGNATURES)
def _text_signature(text: str, vocabulary: ConceptVocabulary) -> int:
    """The signature of all that can be marked in a text. Terms have no "#"."""
    terms = [word.term for word in words(text) if not word.is_stop]
    return signature(terms) | signature(_concept_sign(span.code) for span in vocabulary.find(terms))


@dataclass(frozen=True)
class Passage:
    """The part of a text that answers best."""

    pieces: Sequence[Piece]
    language: Language

    @property
    def is_foreign(self) -> bool:
        """Whether it is in another language than the page."""
        return self.language != current_language()


@dataclass(frozen=True)
class Highlighter:
    """Marks the terms and concepts of one answer."""

    terms: frozenset[str]
    concepts: frozenset[str]

    @classmethod
    def of(cls, listing: Listing[object]) -> Highlighter:  # type: ignore[type-var]
        """What the answer of a directory has to mark."""
        return cls(listing.terms, listing.concepts)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to mark, whatever the text."""
        return not (self.terms or self.concepts)

    @cached_property
    def _signature(self) -> int:
        return signature(self.terms) | signature(map(_concept_sign, self.concepts))

    def may_mark(self, text: str) -> bool:
        """Whether a text may have something to mark. A no is certain, and quick for a text that was seen before."""
        if self.is_idle or not text:
            return False
        if len(text) > _LONGEST_KEPT:
            return True
        return bool(self._signature & _text_signature(text, current_search().startups.vocabulary))

    def marked(self, text: str) -> list[Piece]:
        """A text in pieces; one piece where it has nothing to mark."""
        if not self.may_mark(text):
            return [Piece(text, False)]
        return marked(text, self.terms, self.concepts, current_search().startups.vocabulary)

    def passage(self, shown: str, *others: Localized) -> Passage | None:
        """The passage to show beside a text that has no hit: in the page's language if it can be.

        Args:
            shown: the text that the entry shows anyway.
            others: further texts of the entry, in the order in which they are looked through.
        """
        if self.is_idle or any(piece.is_hit for piece in self.marked(shown)):
            return None
        vocabulary = current_search().startups.vocabulary
        for code in dict.fromkeys((current_language().code, *LANGUAGES)):
            for text in (texts.get(code, "") for texts in others):
                pieces = passage(text, self.terms, self.concepts, vocabulary) if self.may_mark(text) else []
                if pieces:
                    return Passage(pieces, LANGUAGES[code])
        return None
