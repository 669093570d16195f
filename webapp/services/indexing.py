"""Bringing an index in line with the database: building it, updating it, and comparing the two.

When this happens is decided by whoever drains the change log (``webapp.work``) and by operators' commands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from webapp.models import DbSession, Partner, PublicationState, Startup, Term, TermKind
from webapp.search import Document, Drift, SearchIndex, partner_document, startup_document
from webapp.search.documents import microseconds
from webapp.search.writing import Progress

BATCH = 500
"""How many rows are in memory at a time."""

MODELS: Mapping[str, type[Startup] | type[Partner]] = {Startup.noun: Startup, Partner.noun: Partner}


def _document(row: Startup | Partner, sectors: Collection[str]) -> Document:
    return startup_document(row) if isinstance(row, Startup) else partner_document(row, sectors)


def _sectors(session: DbSession, noun: str) -> Collection[str]:
    """The codes of all sectors, which only partners' documents need to know."""
    if noun == Startup.noun:
        return ()
    return session.scalars(sa.select(Term.code).where(Term.kind == TermKind.SECTOR).order_by(Term.code)).all()


def _batches(session: DbSession, noun: str, ids: Iterable[int] | None) -> Iterator[sa.Select[Any]]:
    """Selects of at most 500 published rows each: of these ids, or of all."""
    model = MODELS[noun]
    published = model.published().order_by(model.id)
    if ids is not None:
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), BATCH):
            yield published.where(model.id.in_(wanted[start : start + BATCH]))
        return
    last = session.scalar(sa.select(sa.func.max(model.id))) or 0
    after = 0
    while after < last:
        # The last id of this batch is asked for first, so that a batch is one range of the primary key.
        window = published.with_only_columns(model.id).where(model.id > after).limit(BATCH).subquery()
        until = session.scalar(sa.select(sa.func.max(window.c.id)))
        if until is None:
            return
        yield published.where(model.id > after, model.id <= until)
        after = until


def index_documents(session: DbSession, noun: str, ids: Iterable[int] | None = None) -> Iterator[Document]:
    """The documents of all published rows of a noun, or of those with these ids, in the order of their ids.

    Takes a fixed number of queries for every 500 rows, and takes those rows out of the session again, unless the
    session held them before. Ids that are unknown or not published give no document.
    """
    model = MODELS[noun]
    sectors = _sectors(session, noun)
    for statement in _batches(session, noun, ids):
        before = set(session.identity_map.keys())
        rows = session.scalars(model.with_listing(statement)).all()
        yield from [_document(row, sectors) for row in rows]
        for row in rows:
            if sa.inspect(row).identity_key not in before:
                session.expunge(row)


def rebuild_index(session: DbSession, index: SearchIndex, progress: Progress | None = None) -> int:
    """Build an index anew from the database; gives the number of documents. Readers keep the former one until the end.

    Raises:
        webapp.search.IndexBusy: another process is writing.
    """
    return index.rebuild(index_documents(session, index.noun), progress)


def update_index(session: DbSession, index: SearchIndex, ids: Iterable[int]) -> None:
    """Bring these ids up to date in an index: what is published is written, everything else is deleted, in one commit.

    Raises:
        webapp.search.IndexUnavailable: there is no index to update; rebuild it.
        webapp.search.IndexBusy: another process is writing; try again.
    """
    wanted = set(ids)
    documents = list(index_documents(session, index.noun, wanted))
    index.update(documents, delete=wanted - {document.id for document in documents})


def check_index(session: DbSession, index: SearchIndex) -> Drift:
    """Compare an index with the published rows of the database, by id and by when each last changed.

    A change of a row's parts alone (its terms, say) moves ``updated_at`` too (``webapp.models.change``).

    Raises:
        webapp.search.IndexUnavailable: there is no index to compare.
    """
    model = MODELS[index.noun]
    statement = sa.select(model.id, model.updated_at).where(model.state == PublicationState.PUBLISHED)
    return index.check({row_id: microseconds(updated_at) for row_id, updated_at in session.execute(statement)})
