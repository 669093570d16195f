"""Text as the product compares it: folding, sorting names, words, stems. Used by search and matching, imports neither.

What a reader sees is never folded or stemmed; results of this package are for comparing only.
"""

from webapp.language.normalize import fold, sort_key
from webapp.language.tokens import ANALYZER_VERSION, analyze, stem, tokenize

__all__ = ["ANALYZER_VERSION", "analyze", "fold", "sort_key", "stem", "tokenize"]
