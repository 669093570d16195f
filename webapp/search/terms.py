"""The one pass of analysis that feeds an index: from the texts of a document to terms with positions.

Beside the stems of words there are three kinds of terms, told apart by their first character, which no stem has:

    #agritech     a concept of the vocabulary that a phrase of the text names, in whichever language
    ~tls          how a word of the name sounds, whichever script it is written in
    =prêt         a word as it was typed, where folding took an accent off it
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from webapp.language import Word, sound_key, telling, words
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

    def add_text(self, text: str, start: int, last: int) -> int:
        """Add the terms of a text from a position on; gives the position after its last word."""
        found = telling(text)
        terms = [term for term, _ in found]
        self.terms += terms
        self.positions.extend([min(position, last) for position in range(start, start + len(terms))])
        for number, (_, accented) in enumerate(found):
            if accented is not None:
                self._add(SURFACE + accented, min(start + number, last))
        for span in self._vocabulary.find(terms):
            # Who looks for health means telemedicine too.
            for code in (span.code, *self._vocabulary.broader(span.code)):
                self._add(CONCEPT + code, min(start + span.start, last))
        return start + len(terms)

    def add_sounds(self, text: str, start: int, last: int) -> None:
        """Add how the words of a name sound, from the position on at which the name was added."""
        for number, word in enumerate(kept(words(text))):
            if key := sound_key(text[word.start : word.end]):
                self._add(SOUND + key, min(start + number, last))

    def _add(self, term: str, position: int) -> None:
        self.terms.append(term)
        self.positions.append(position)

    def drop_repetitions(self) -> None:
        """Keep each term once a position: an inverted index counts at most 65,535 positions of a term in a document."""
        pairs = dict.fromkeys(zip(self.terms, self.positions, strict=True))
        self.terms = [term for term, _ in pairs]
        self.positions = array("H", [position for _, position in pairs])

    def joined(self) -> str:
        """The form that Whoosh's analyzer takes; see ``PreparedAnalyzer``."""
        return " ".join(f"{term} {position}" for term, position in zip(self.terms, self.positions, strict=True))


def document_terms(document: Document, vocabulary: ConceptVocabulary) -> TermList:
    """All terms of a document. What lies beyond the last position of a zone is found, but not as part of a phrase."""
    result = TermList(vocabulary)
    is_overfull = False
    for number, zone in enumerate(ZONES):
        last = ZONES[number + 1].start - 1 if number + 1 < len(ZONES) else MAX_POSITION
        position = zone.start
        for text in document.texts.get(zone.name, ()):
            if zone.name == "name":
                result.add_sounds(text, position, last)
            position = result.add_text(text, position, last) + ZONE_GAP
        is_overfull |= position > last
    if is_overfull:
        result.drop_repetitions()
    return result
