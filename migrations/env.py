"""Alembic's environment: migrations run inside the application, on its database, with its logging."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from webapp.models.base import UtcDateTime

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write our own column types as what the database sees, so that old migrations do not depend on today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "JSON" and item._variant_mapping:
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def drop_empty(context_: Any, revision: Any, directives: list[Any]) -> None:
    """Write no migration when nothing changed."""
    autogenerate = getattr(context_.config.cmd_opts, "autogenerate", False)
    if autogenerate and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run_migrations() -> None:
    """Run the migrations in one transaction (SQLite and PostgreSQL both roll back schema changes)."""
    arguments = {
        **current_app.extensions["migrate"].configure_args,
        "process_revision_directives": drop_empty,
        "render_item": render_item,
    }
    if context.is_offline_mode():
        url = database.engine.url.render_as_string(hide_password=False)
        context.configure(url=url, target_metadata=database.metadata, literal_binds=True, **arguments)
        with context.begin_transaction():
            context.run_migrations()
        return
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
