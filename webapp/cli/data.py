"""``flask data``: demonstration data, imports and exports. The words of an import are in ``import_words``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from webapp.cli.accounts import make_demo
from webapp.cli.import_words import summary_lines, word_stop, write_report
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.permissions import SYSTEM
from webapp.services.demonstration import (
    make_demonstration,
    make_demonstration_applications,
    make_demonstration_challenges,
    make_demonstration_days,
    make_demonstration_introductions,
    make_demonstration_kept,
    make_demonstration_moderation,
    make_demonstration_pulse,
)
from webapp.services.demonstration_accounts import lacks_demonstration_accounts
from webapp.services.exports import Export, count_imported, export_source, export_startups
from webapp.services.formula_guard import neutralise
from webapp.services.imports.files import read_table
from webapp.services.imports.importer import import_startups
from webapp.services.imports.mapping import Mapping, MappingError, read_mapping
from webapp.services.imports.remarks import ImportReport
from webapp.services.tables import WRITERS
from webapp.services.unknown_terms import note_unknown
from webapp.web.marks import today
from webapp.web.site import current_settings

NEXT_STEP = "The worker brings index and matches in step; without one, run “flask work drain”."

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def group() -> None:
    """Demonstration data, imports and exports."""


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, as the function that services call with how much is done and how much there is."""
    with click.progressbar(length=0, label=label) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield advance


@group.command("import")
@click.argument("file", type=_FILE)
@click.option("--mapping", "mapping_file", type=_FILE, required=True, help="TOML file that says which column is what.")
@click.option("--dry-run", is_flag=True, help="Do everything, report it, and keep nothing.")
@click.option("--report", "report_file", type=_OUT, help="Write what became of each row to this CSV file.")
@click.option("--publish/--draft", default=False, help="Whether the public sees what is created (default: draft).")
@with_appcontext
def import_(file: Path, mapping_file: Path, dry_run: bool, report_file: Path | None, publish: bool) -> None:
    """Import the startups in FILE (CSV, XLSX or JSON lines); the same file again changes nothing."""
    mapping = _mapping_or_stop(mapping_file)
    try:
        report = _import(file, mapping, publish)
        if report_file:
            write_report(report_file, report)
    except BaseException:
        db.session.rollback()
        raise
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    source = mapping.source
    click.echo(f"Source {source.name}: {source.attribution}, {source.licence}")
    for line in summary_lines(report):
        click.echo(line)
    click.echo("This was a dry run; nothing was kept." if dry_run else NEXT_STEP)


def _import(file: Path, mapping: Mapping, publish: bool) -> ImportReport:
    try:
        table = read_table(file, mapping.file)
        with _progress("Importing") as advance:
            report = import_startups(
                db.session, SYSTEM, table, mapping, publish=publish, today=today(), progress=advance
            )
        note_unknown(db.session, report, mapping.source.name)
        return report
    except Invalid as error:
        raise click.ClickException(f"{file.name}: {word_stop(error.code, error.values)}") from None


def _mapping_or_stop(file: Path) -> Mapping:
    try:
        return read_mapping(file)
    except MappingError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        raise click.ClickException("The mapping cannot be used; nothing was imported.") from None


@group.command()
@click.argument("out", type=_OUT)
@click.option("--format", "file_format", type=click.Choice(list(WRITERS)), help="Default: as the name of OUT ends.")
@click.option("--source", help="Give back the rows imported from this source, in their own columns and order.")
@click.option("--all", "imported", is_flag=True, help="Include the startups that came from a source.")
@click.option("--for-spreadsheets", is_flag=True, help="In CSV, disarm cells that spreadsheets would calculate.")
@with_appcontext
def export(out: Path, file_format: str | None, source: str | None, imported: bool, for_spreadsheets: bool) -> None:
    """Write startups to OUT: without --source those that came from no source, in the directory's own columns."""
    file_format = file_format or out.suffix.lower().removeprefix(".")
    if file_format not in WRITERS:
        raise click.UsageError(f"OUT must end in {', '.join('.' + name for name in WRITERS)}, or give --format.")
    if source and imported:
        raise click.UsageError("Give either --source or --all.")
    export_ = _export_or_stop(source) if source else export_startups(db.session, imported=imported)
    rows = export_.rows
    if for_spreadsheets and file_format == "csv":
        rows = ({column: neutralise(text) for column, text in cells.items()} for cells in rows)
    count = WRITERS[file_format](out, export_.columns, rows)
    click.echo(f"{count} rows written to {out}.")
    left_out = 0 if source or imported else count_imported(db.session)
    if left_out:
        click.echo(f"{left_out} startups that came from a source are not among them; see --all and --source.")


def _export_or_stop(source: str) -> Export:
    try:
        return export_source(db.session, source)
    except NotFound as error:
        known = ", ".join(error.values["sources"]) or "none"
        raise click.ClickException(f"Nothing was imported from {source}. Sources: {known}.") from None


@group.command()
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same directory on the same day.")
@click.pass_context
@with_appcontext
def demo(ctx: click.Context, seed: int) -> None:
    """Fill the directory with the network pack's demonstration data and its accounts (not in production)."""
    settings = current_settings()
    if settings.environment == "production":
        raise click.ClickException("There is no demonstration data in production.")
    folder = settings.network / "demo"
    if not folder.is_dir():
        raise click.ClickException("This network pack has no demonstration data.")
    try:
        with _progress("Demonstration data") as advance:
            report = make_demonstration(db.session, folder, seed=seed, today=today(), progress=advance)
    except Conflict:
        db.session.rollback()
        if lacks_demonstration_accounts(db.session):
            ctx.invoke(make_demo)
            return
        raise click.ClickException("There is demonstration data already.") from None
    db.session.commit()
    click.echo(
        f"{report.startups} startups ({report.residents} residents, {report.alumni} alumni) "
        f"and {report.partners} partners made."
    )
    ctx.invoke(make_demo)
    applications = make_demonstration_applications(db.session, folder, seed=seed, today=today())
    made = make_demonstration_introductions(db.session, folder, seed=seed, today=today())
    make_demonstration_kept(db.session, folder, today=today())
    make_demonstration_moderation(db.session, folder, today=today())
    make_demonstration_pulse(db.session, today=today())
    answers = make_demonstration_challenges(db.session, folder, seed=seed, today=today())
    db.session.commit()
    click.echo(f"{made} introductions of the last year and {applications} applications for a place made.")
    click.echo(f"{answers} answers to challenges made.")
    click.echo(NEXT_STEP)


@group.command("demo-days")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same days on the same day.")
@with_appcontext
def demo_days(seed: int) -> None:
    """Plan the demonstration's matchmaking days from its matches (not in production)."""
    settings = current_settings()
    if settings.environment == "production":
        raise click.ClickException("There is no demonstration data in production.")
    made = make_demonstration_days(db.session, settings.network / "demo", seed=seed, today=today())
    db.session.commit()
    click.echo(f"{made} matchmaking days made.")
