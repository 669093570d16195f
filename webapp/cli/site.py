"""``flask site``: get everything ready that a start of the site needs. Quick when there is nothing to do."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import delete

from webapp.cli.index import rebuild_with_progress
from webapp.cli.network import load_or_stop, read_or_stop
from webapp.extensions import db
from webapp.models import Change
from webapp.web.preparation import (
    has_figures,
    has_matches,
    lacks_accounts,
    lacks_days,
    lacks_demonstration,
    missing_indexes,
    pack_is_loaded,
)
from webapp.web.readiness import migrations_are_current
from webapp.web.translations import compile_catalogues


@click.group()
def group() -> None:
    """Get the site ready to start."""


@group.command()
@click.option(
    "--demo/--no-demo", default=None, help="Fill an empty directory with demonstration data (not in production)."
)
@click.pass_context
@with_appcontext
def prepare(ctx: click.Context, demo: bool | None) -> None:
    """Compile catalogues, migrate, load the network pack, fill an empty directory, build index, matches and figures."""
    compile_catalogues()
    if not migrations_are_current():
        click.echo("Bringing the database up to date ...")
        upgrade()
    if not pack_is_loaded():
        load_or_stop(read_or_stop(None))
    if lacks_demonstration(demo):
        _run(ctx, "data", "demo")
    elif lacks_accounts(demo):
        _run(ctx, "accounts", "make-demo")
    missing, unmatched = missing_indexes(), not has_matches()
    if unmatched and len(missing) == 2:
        # Everything is built from the database now, so nothing need be done again for what changed before.
        db.session.execute(delete(Change))
        db.session.commit()
    for index in missing:
        rebuild_with_progress(index)
    if unmatched:
        _run(ctx, "matches", "rebuild")
    if lacks_days(demo):
        _run(ctx, "data", "demo-days")
    if not has_figures():
        _run(ctx, "work", "figures")


def _run(ctx: click.Context, group_name: str, command_name: str) -> None:
    """Run a command of another group, whose module (and its heavy libraries) is loaded only now."""
    lazy = current_app.cli.commands[group_name]
    command = lazy.get_command(ctx, command_name) if isinstance(lazy, click.Group) else None
    if command is not None:
        ctx.invoke(command)
