"""What all compared engines have in common, and ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from webapp.language.concepts import ConceptVocabulary
from webapp.search.documents import Document
from webapp.search.index import SearchIndex
from webapp.search.query import Query, run

OURS = "multaqa"
"""Name of our own engine."""


class Engine(Protocol):
    """An engine that holds the documents of one part of a set."""

    def search(self, text: str, k: int) -> Sequence[int]:
        """The ids of the k best documents, best first, each once; fewer if fewer answer."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


@dataclass(frozen=True)
class EngineKind:
    """An engine in one setting, and how it is built."""

    name: str
    build: Callable[[Sequence[Document], str, Path], Engine]
    """Called with the documents, their language (empty: several) and an empty folder for files."""


class OurEngine:
    """Ours, asked as the directory asks it."""

    def __init__(self, documents: Sequence[Document], vocabulary: ConceptVocabulary, folder: Path) -> None:
        self._index = SearchIndex(folder, "startup", "evaluation", vocabulary=lambda: vocabulary)
        self._index.rebuild(documents)

    def search(self, text: str, k: int) -> Sequence[int]:
        return run(self._index, Query(text=text, per_page=k)).ids

    def close(self) -> None:
        pass


def our_kind(vocabulary: ConceptVocabulary) -> EngineKind:
    """Ours, with these concepts."""
    return EngineKind(OURS, lambda documents, _, folder: OurEngine(documents, vocabulary, folder))
