"""What every page knows of the site: its network, its search indexes, its settings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy.exc import SQLAlchemyError

from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Network
from webapp.search import Search
from webapp.services.vocabulary import Vocabulary, read_concepts, read_vocabulary


def current_settings() -> Settings:
    """The settings of this process."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def current_network() -> Network | None:
    """The network of this site; nothing before a pack was loaded or while the database is away.

    Error pages ask for it too, so a database that is away must not break them.
    """
    if "network" not in g:
        try:
            g.network = _read_network()
        except SQLAlchemyError:
            db.session.rollback()
            g.network = None
    network: Network | None = g.network
    return network


def _read_network() -> Network | None:
    """The network; all its columns are read once for each state of the pack, after that its digest alone.

    What is kept belongs to no session and must not be changed.
    """
    digest = db.session.scalar(sa.select(Network.__table__.c.digest))
    kept: Network | None = current_app.extensions.get("network")
    if digest is not None and (kept is None or kept.digest != digest):
        row = db.session.execute(sa.select(Network.__table__)).mappings().first()
        kept = current_app.extensions["network"] = Network(**row) if row else None
    return kept if digest is not None else None


def current_vocabulary() -> Vocabulary:
    """The names of all codes; read once for each state of the pack, not once a request."""
    network = current_network()
    digest = network.digest if network else ""
    cached: Vocabulary | None = current_app.extensions.get("vocabulary")
    if cached is None or cached.digest != digest:
        cached = read_vocabulary(db.session, digest)
        current_app.extensions["vocabulary"] = cached
    return cached


def current_search() -> Search:
    """The search indexes, opened once a process and whenever the pack changes."""
    network = current_network()
    digest = network.digest if network else ""
    cached: tuple[str, Search] | None = current_app.extensions.get("search")
    if cached is None or cached[0] != digest:
        cached = digest, Search(current_settings().index_dir, digest, vocabulary=lambda: read_concepts(db.session))
        current_app.extensions["search"] = cached
    return cached[1]


def site_url() -> str:
    """The address of the site without a final slash, as its readers see it."""
    configured = current_settings().site_url.rstrip("/")
    if configured or not has_request_context():
        return configured
    return request.host_url.rstrip("/")


def _template_context() -> dict[str, Any]:
    return {"network": current_network(), "site_url": site_url}


def init_app(app: Flask) -> None:
    """Let templates see the network."""
    app.context_processor(_template_context)
