"""The one pass of analysis that feeds an index: from the texts of a document to terms with positions.

Beside the stems of words there are three kinds of terms, told apart by their first character, which no stem has:

    #agritech     a concept of the vocabulary that a phrase of the text names, in whichever language
    ~tls          how a word of the name sounds, whichever script it is written in
    =prêt         a word as it was typed, where folding took an accent off it
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from webapp.language import Word, sound_key, words
from webapp.language.concepts import ConceptVocabulary
from webapp.search.documents import Document
from webapp.search.schema import MAX_POSITION, ZONE_GAP, ZONES

CONCEPT = "#"
SOUND = "~"
SURFACE = "="
MARKS = (CONCEPT, SOUND, SURFACE)


def kept(found: Sequence[Word]) -> list[Word]:
    """The words that count: all but stop words, or all where there are none but stop words."""
    return [word for word in found if not word.is_stop] or list(found)


class TermList:
    """The terms of one document in the order of their positions."""

    __slots__ = ("_vocabulary", "positions", "terms")

    def __init__(self, vocabulary: ConceptVocabulary) -> None:
        self._vocabulary = vocabulary
        self.terms: list[str] = []
        self.positions = array("H")

    def add_text(self, text: str, start: int, last: int, *, is_name: bool) -> int:
        """Add the terms of a text from a position on; gives the position after its last word."""
        found = kept(words(text))
        concepts = {span.start: span.code for span in self._vocabulary.find([word.term for word in found])}
        terms, positions = self.terms, self.positions
        for number, word in enumerate(found):
            position = min(start + number, last)
            terms.append(word.term)
            positions.append(position)
            if word.surface is not None:
                terms.append(SURFACE + word.surface)
                positions.append(position)
            if number in concepts:
                terms.append(CONCEPT + concepts[number])
                positions.append(position)
            if is_name and (key := sound_key(text[word.start : word.end])):
                terms.append(SOUND + key)
                positions.append(position)
        return start + len(found)

    def joined(self) -> str:
        """The form that Whoosh's analyzer takes; see ``PreparedAnalyzer``."""
        return " ".join(f"{term} {position}" for term, position in zip(self.terms, self.positions, strict=True))


def document_terms(document: Document, vocabulary: ConceptVocabulary) -> TermList:
    """All terms of a document. What lies beyond the last position of a zone is found, but not as part of a phrase."""
    result = TermList(vocabulary)
    for number, zone in enumerate(ZONES):
        last = ZONES[number + 1].start - 1 if number + 1 < len(ZONES) else MAX_POSITION
        position = zone.start
        for text in document.texts.get(zone.name, ()):
            position = result.add_text(text, position, last, is_name=zone.name == "name") + ZONE_GAP
    return result
