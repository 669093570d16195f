"""``flask index evaluate``: how good the answers of the search are, beside those of other engines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from webapp.config import ROOT
from webapp.language.concepts import ConceptVocabulary
from webapp.models import Base, Localized, Startup
from webapp.search import Document, startup_document
from webapp.search.evaluation import (
    JudgedSet,
    JudgementError,
    Profile,
    as_object,
    compare,
    directory_sets,
    read_judged_set,
    read_ruled_queries,
    set_names,
    table,
)
from webapp.search.evaluation.judged import LANGUAGES
from webapp.services.demonstration import make_demonstration
from webapp.services.demonstration.content import read_content
from webapp.services.network import load_pack
from webapp.services.network_pack import read_pack
from webapp.services.vocabulary import read_concepts
from webapp.web.site import current_settings

PACK = ROOT / "networks" / "technopark"
"""The pack whose demonstration the directory's queries ask about, whichever pack the site serves."""
SEED, DAY = 1, date(2026, 11, 24)
"""The demonstration that they were written for."""

DIRECTORY_FOLDER = "directory"
"""Where the queries lie that are judged by rules."""
DIRECTORY_SETS = ("directory", "crossing")
"""The sets that are made of them."""

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--data", type=_FOLDER, help="Folder of the judged sets.  [default: bench/data beside the code]")
@click.option("--set", "names", multiple=True, metavar="NAME", help="Only this set; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--postgresql", "url", metavar="URL", help="Compare with this server too.  [default: the site's own]")
@click.option("--worst", type=click.IntRange(min=0), default=0, help="List so many of the queries answered worst.")
@with_appcontext
def evaluate(data: Path | None, names: Sequence[str], as_json: bool, url: str | None, worst: int) -> None:
    """Measure the search on judged sets and compare it with Whoosh, SQLite FTS5 and PostgreSQL.

    Everything is built in temporary places; the site's own index and database are not touched.
    """
    data = data or ROOT / "bench" / "data"
    server = server_url(current_settings().database_url if url is None else url)
    results = {}
    try:
        for judged in judged_sets(data, names):
            comparison = compare(judged, server, lambda words: click.echo(words, err=True))
            results[judged.name] = as_object(comparison, worst)
            if not as_json:
                click.echo("\n".join(table(comparison, worst)))
    except JudgementError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps({"sets": results}, ensure_ascii=False))


def server_url(url: str) -> str:
    """A URL of a PostgreSQL server with the driver that we have; empty for other databases."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme.split("+")[0] in ("postgres", "postgresql") else ""


def judged_sets(data: Path, names: Sequence[str] = ()) -> Iterator[JudgedSet]:
    """The sets of these names, or all, in the order: passages by name, directory, crossing.

    Raises:
        JudgementError: there is no set of a name or none at all, or a set cannot be used.
    """
    passages = set_names(data / "search")
    ruled = DIRECTORY_SETS if DIRECTORY_FOLDER in set_names(data) else ()
    known = [*passages, *ruled]
    unknown = ", ".join(name for name in names if name not in known)
    if unknown or not known:
        raise JudgementError(f"{data}: there is no set {unknown}; there are: {', '.join(known) or 'none'}")
    wanted = set(names or known)
    for name in passages:
        if name in wanted:
            yield read_judged_set(data / "search" / name)
    if wanted & set(ruled):
        profiles, concepts = demonstration()
        sets = directory_sets(read_ruled_queries(data / DIRECTORY_FOLDER), profiles, concepts)
        yield from (judged for judged in sets if judged.name in wanted)


def demonstration() -> tuple[list[Profile], ConceptVocabulary]:
    """The startups of the demonstration, made anew in a database in memory, always the same; and its concepts.

    Raises:
        JudgementError: a profile does not show which idea it was made from.
    """
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    try:
        with Session(engine) as session:
            load_pack(session, read_pack(PACK))
            make_demonstration(session, PACK / "demo", seed=SEED, today=DAY)
            rows = session.scalars(Startup.with_listing(Startup.published().order_by(Startup.id))).all()
            concepts = read_concepts(session)
            session.expunge_all()
    finally:
        engine.dispose()
    # A text about an idea's strengths has no gaps to fill, so a profile repeats it letter by letter.
    ideas = {idea.edge["en"]: idea.key for idea in read_content(PACK / "demo").ideas}
    return [_profile(row, _idea(row, ideas)) for row in rows], concepts


def _idea(row: Startup, ideas: dict[str, str]) -> str:
    found = {key for edge, key in ideas.items() if edge in row.description["en"]}
    if len(found) != 1:
        raise JudgementError(f"the profile {row.slug} is made from {len(found)} ideas of the demonstration, not 1")
    return found.pop()


def _profile(row: Startup, idea: str) -> Profile:
    document = startup_document(row)
    cities = [row.city, *(site.city for site in row.sites)]
    return Profile(
        document=document,
        foreign={language: _silent(row, language) for language in LANGUAGES},
        name=row.name_latin or "",
        idea=idea,
        sectors=document.facets["sector"],
        cities=tuple(dict.fromkeys(city["fr"] for city in cities if city)),
        pitch=row.pitch["en"],
    )


def _silent(row: Startup, language: str) -> Document:
    """The document of a startup that says nothing in a language; the row, which no session holds, stays as it was."""
    pitch, description = row.pitch, row.description
    row.pitch, row.description = _without(pitch, language), _without(description, language)
    document = startup_document(row)
    row.pitch, row.description = pitch, description
    return document


def _without(text: Localized, language: str) -> Localized:
    return {code: words for code, words in text.items() if code != language}
