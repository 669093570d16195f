"""``flask index``: build the search index, and check it against the database."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from webapp.cli.index_evaluation import evaluate
from webapp.extensions import db
from webapp.search import IndexBusy, IndexUnavailable, SearchIndex
from webapp.services.indexing import MODELS, check_index, rebuild_index, update_index
from webapp.web.site import current_search

BUSY = "Another process is writing this index. Try again in a moment."


@click.group()
def group() -> None:
    """The search index: build it, check it against the database, measure its answers."""


group.add_command(evaluate)


def _indexes() -> tuple[SearchIndex, SearchIndex]:
    search = current_search()
    return search.startups, search.partners


def rebuild_with_progress(index: SearchIndex) -> int:
    """Build an index, showing how far it is; gives the number of documents."""
    published = MODELS[index.noun].published().subquery()
    total = db.session.scalar(select(func.count()).select_from(published)) or 0
    with click.progressbar(length=total, label=f"Index of {index.noun}s") as bar:
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            bar.update(count - done)
            done = count

        try:
            return rebuild_index(db.session, index, advance)
        except IndexBusy:
            raise click.ClickException(BUSY) from None


@group.command()
@with_appcontext
def rebuild() -> None:
    """Build the indexes anew from the database. Readers keep the former ones until the new ones are complete."""
    for index in _indexes():
        click.echo(f"{rebuild_with_progress(index)} {index.noun}s indexed.")


@group.command()
@click.option("--repair", is_flag=True, help="Bring what differs in step, or rebuild an index that cannot be read.")
@with_appcontext
def check(repair: bool) -> None:
    """Compare the indexes with the database. The exit code is 1 if they differ and were not repaired."""
    healthy = [_check(index, repair) for index in _indexes()]
    if not all(healthy):
        raise click.exceptions.Exit(1)


def _check(index: SearchIndex, repair: bool) -> bool:
    try:
        drift = check_index(db.session, index)
    except IndexUnavailable as error:
        click.echo(f"{index.noun}s: {error}")
        if repair:
            rebuild_with_progress(index)
        return repair
    counts = f"{len(drift.missing)} missing, {len(drift.stale)} stale, {len(drift.surplus)} surplus"
    click.echo(f"{index.noun}s: {counts if drift else 'in step with the database'}")
    if drift and repair:
        update_index(db.session, index, (*drift.missing, *drift.stale, *drift.surplus))
        click.echo(f"{index.noun}s: repaired")
    return repair or not drift
