"""Full-text and faceted search over what is published. The only package that imports Whoosh.

The index is derived: it can be thrown away and rebuilt from the database at any time. It answers with ids; whoever asks
loads the rows, through ``published()``. Nothing here reads the database or knows of requests.
"""

from webapp.search.columns import Position
from webapp.search.documents import Document, partner_document, startup_document
from webapp.search.errors import IndexBusy, IndexUnavailable
from webapp.search.highlight import Piece, marked, passage
from webapp.search.index import Drift, IndexState, Search, SearchIndex
from webapp.search.query import Answer, Query, Reason, run, run_similar
from webapp.search.suggest import Phrase, PhraseTable, suggest_names, suggest_phrases

__all__ = [
    "Answer",
    "Document",
    "Drift",
    "IndexBusy",
    "IndexState",
    "IndexUnavailable",
    "Phrase",
    "PhraseTable",
    "Piece",
    "Position",
    "Query",
    "Reason",
    "Search",
    "SearchIndex",
    "marked",
    "partner_document",
    "passage",
    "run",
    "run_similar",
    "startup_document",
    "suggest_names",
    "suggest_phrases",
]
