"""``flask network``: check a network pack and load it into the database."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from webapp.errors import Conflict
from webapp.extensions import db
from webapp.services.network import LoadReport, load_pack
from webapp.services.network_pack import Pack, PackError, read_pack
from webapp.services.unknown_terms import settle_adopted
from webapp.web.site import current_settings


@click.group()
def group() -> None:
    """Check a network pack and load it."""


def read_or_stop(folder: Path | None) -> Pack:
    """The pack in a folder (of the settings, if none is given); stops with every problem if it has any."""
    try:
        return read_pack(folder or current_settings().network)
    except PackError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise click.ClickException(f"Problems: {len(error.problems)}. Nothing was loaded.") from None


def load_or_stop(pack: Pack) -> LoadReport:
    """Load a pack and commit; stops, changing nothing, if codes in use would vanish."""
    try:
        report = load_pack(db.session, pack)
    except Conflict as error:
        db.session.rollback()
        if error.code == "codes-in-use":
            codes = ", ".join(error.values["codes"])
            raise click.ClickException(f"These codes are still in use and cannot vanish: {codes}") from None
        raise click.ClickException(
            "This database holds the network {loaded}, not {pack}.".format(**error.values)
        ) from None
    settle_adopted(db.session)
    db.session.commit()
    return report


_FOLDER = click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))


@group.command()
@_FOLDER
@with_appcontext
def validate(folder: Path | None) -> None:
    """Check the pack in FOLDER (or of the settings) without loading it."""
    pack = read_or_stop(folder)
    terms = sum(len(entries) for entries in pack.terms.values())
    click.echo(
        f"{pack.network.code}: {len(pack.regions)} regions, {len(pack.sites)} sites, {terms} terms. No problems."
    )


@group.command()
@_FOLDER
@with_appcontext
def load(folder: Path | None) -> None:
    """Bring the database in step with the pack in FOLDER (or of the settings)."""
    report = load_or_stop(read_or_stop(folder))
    if not report.anything:
        click.echo("Nothing has changed.")
        return
    click.echo(f"Rows added: {report.added}, changed: {report.changed}, removed: {len(report.removed)}.")
    for label in report.removed:
        click.echo(f"  removed {label}")
