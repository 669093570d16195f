"""Whoosh as its documentation has it: an analyzer, a parser over several fields with OrGroup, BM25F as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh import scoring
from whoosh.analysis import Analyzer, LanguageAnalyzer, StandardAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.qparser import MultifieldParser, OrGroup

from webapp.search.documents import Document
from webapp.search.evaluation.engines import EngineKind
from webapp.search.evaluation.judged import LANGUAGES
from webapp.search.evaluation.peers.texts import FIELDS, field_texts, plain_words

_MEMORY_MB = 256
_COORDINATION = 0.9
"""How much OrGroup rewards answers to more of the words, the value of Whoosh's documentation."""


class WhooshEngine:
    """One Whoosh index; every text is indexed once with each analyzer."""

    def __init__(
        self,
        documents: Sequence[Document],
        language: str,
        folder: Path,
        *,
        analyzers: dict[str, Analyzer],
        coordination: float,
    ) -> None:
        names = {f"{field}_{name}": field for field in FIELDS for name in analyzers}
        fields = {f"{field}_{name}": TEXT(analyzer=analyzers[name]) for field in FIELDS for name in analyzers}
        self._index = whoosh_index.create_in(str(folder), Schema(id=ID(stored=True), **fields))
        writer = self._index.writer(limitmb=_MEMORY_MB)
        for document in documents:
            texts = field_texts(document)
            writer.add_document(id=str(document.id), **{name: texts[field] for name, field in names.items()})
        writer.commit()
        self._searcher = self._index.searcher(weighting=scoring.BM25F())
        group = OrGroup.factory(coordination) if coordination else OrGroup
        self._parser = MultifieldParser(list(names), self._index.schema, group=group)

    def search(self, text: str, k: int) -> Sequence[int]:
        # Punctuation would be read as wildcards and field names, which nobody who asks a question means.
        query = self._parser.parse(" ".join(plain_words(text)))
        return [int(hit["id"]) for hit in self._searcher.search(query, limit=k)]

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


def whoosh_kinds(language: str) -> list[EngineKind]:
    """Whoosh with the analyzer for any language and with those for the language or languages of the documents."""
    languages = (language,) if language else LANGUAGES
    settings: dict[str, dict[str, Analyzer]] = {
        "whoosh standard": {"standard": StandardAnalyzer()},
        "whoosh language": {code: LanguageAnalyzer(code) for code in languages},
    }
    return [
        EngineKind(f"{name}{label}", partial(WhooshEngine, analyzers=analyzers, coordination=coordination))
        for name, analyzers in settings.items()
        for label, coordination in (("", 0.0), (", all first", _COORDINATION))
    ]
