"""The engines that ours is compared with, each in its best honest settings.

All of them take a query as alternatives (OR) and rank by their own formula; none sees the judgements. An engine with
several settings takes part once for each, and the best of all on a set is what ours has to beat.
"""

from __future__ import annotations

from webapp.search.evaluation.engines import EngineKind
from webapp.search.evaluation.peers.postgresql import postgresql_kinds
from webapp.search.evaluation.peers.sqlite import sqlite_kinds
from webapp.search.evaluation.peers.texts import PeerMissingError
from webapp.search.evaluation.peers.whoosh import whoosh_kinds

__all__ = ["PeerMissingError", "peers"]


def peers(language: str, postgresql_url: str) -> tuple[list[EngineKind], dict[str, str]]:
    """The peers for documents in a language (empty: several), and why others are left out, by name.

    Args:
        postgresql_url: SQLAlchemy URL of a server on which temporary tables may be made; empty if there is none.
    """
    kinds = whoosh_kinds(language)
    skipped = {}
    try:
        kinds += sqlite_kinds(language)
    except PeerMissingError as error:
        skipped["sqlite fts5"] = str(error)
    try:
        kinds += postgresql_kinds(postgresql_url)
    except PeerMissingError as error:
        skipped["postgresql"] = str(error)
    return kinds, skipped
