"""Marking in an entry's texts what answers a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.i18n import LANGUAGES, Language
from webapp.models import Localized
from webapp.search import Piece, marked, passage
from webapp.services.directory import Listing
from webapp.web.locale import current_language
from webapp.web.site import current_search


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

    def marked(self, text: str) -> list[Piece]:
        """A text in pieces; one piece where nothing was searched for."""
        if self.is_idle:
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
            for texts in others:
                pieces = passage(texts.get(code, ""), self.terms, self.concepts, vocabulary)
                if pieces:
                    return Passage(pieces, LANGUAGES[code])
        return None
