"""Small invented corpora for hypothesis: trilingual documents, and commits that leave several segments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from tests.search.conftest import document
from webapp.language import analyze
from webapp.search import Document, SearchIndex

WORDS = (
    "solar",
    "solarium",
    "water",
    "pumps",
    "énergie",
    "eau",
    "agriculture",
    "agricole",
    "ماء",
    "الطاقة",
    "مزرعة",
    "شمسي",
    "2030",
)
TERMS = tuple(dict.fromkeys(term for word in WORDS for term in analyze(word)))
"""What the words become."""

terms = st.sampled_from((*TERMS, "nowhere"))

_text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
_texts = st.lists(_text, max_size=2).map(tuple)
_long_text = st.tuples(_text, st.sampled_from((1, 1, 1, 30, 150))).map(lambda pair: " ".join([pair[0]] * pair[1]))
_codes = st.lists(st.sampled_from(("agritech", "energy", "fintech")), unique=True, max_size=2).map(tuple)


@st.composite
def _documents(draw: st.DrawFn, ids: st.SearchStrategy[int]) -> Document:
    return document(
        draw(ids),
        draw(_text),
        facets={"sector": draw(_codes)},
        published=draw(st.integers(0, 3)),
        residency=draw(st.integers(0, 1)),
        pitch=draw(_texts),
        terms=draw(_texts),
        needs=draw(_texts),
        places=draw(_texts),
        description=draw(_long_text) if draw(st.booleans()) else (),
    )


@dataclass(frozen=True)
class History:
    """How an index came to be: what it was built of, and commits of documents added and ids deleted."""

    built: list[Document]
    commits: list[tuple[list[Document], list[int]]]


_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

_ids = st.integers(1, 12)
corpora = st.lists(_documents(_ids), max_size=12, unique_by=lambda found: found.id)
"""Documents with different ids."""

histories = st.builds(
    History,
    corpora,
    st.lists(st.tuples(st.lists(_documents(_ids), max_size=3), st.lists(_ids, max_size=3)), max_size=3),
)


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder that vanishes, in memory if the system can: each commit is forced to disk, which is slow."""
    with TemporaryDirectory(dir=_MEMORY) as folder:
        yield Path(folder)


@contextmanager
def built(documents: Iterable[Document]) -> Iterator[SearchIndex]:
    """An index of these documents in a folder of its own, for tests that need many."""
    with in_memory() as folder:
        index = SearchIndex(folder, "startup", "pack")
        index.rebuild(documents)
        yield index


@contextmanager
def lived(history: History) -> Iterator[SearchIndex]:
    """An index with this history."""
    with built(history.built) as index:
        for added, deleted in history.commits:
            index.update(added, delete=deleted)
        yield index


def whoosh_folder(index: SearchIndex) -> Path:
    """Where the Whoosh index of the current state lies."""
    manifest = index._storage.read_manifest()
    return index._storage.root / manifest.folder
