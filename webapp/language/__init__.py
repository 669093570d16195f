"""Text as the product compares it: folding, sorting names, words, stems. Used by search and matching, imports neither.

What a reader sees is never folded or stemmed; results of this package are for comparing only.
"""

from webapp.language.concepts import concept_vocabulary
from webapp.language.normalize import fold, sort_key
from webapp.language.tokens import ANALYZER_VERSION, Word, analyze, places_of, stem, surface, telling, tokenize, words
from webapp.language.transliteration import sound_key

__all__ = [
    "ANALYZER_VERSION",
    "Word",
    "analyze",
    "concept_vocabulary",
    "fold",
    "places_of",
    "sort_key",
    "sound_key",
    "stem",
    "surface",
    "telling",
    "tokenize",
    "words",
]
