"""``flask matches``: prepare the matches between startups and partners, and look at them."""

from __future__ import annotations

import json
import time
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from webapp import work
from webapp.cli.match_evaluation import evaluate
from webapp.cli.work import new_matcher, workplace
from webapp.extensions import db
from webapp.matching import exclusions
from webapp.models import Match, Partner, Startup
from webapp.services.matches import steps_of, strength_of
from webapp.services.matching_features import read_partners, read_startups


@click.group()
def group() -> None:
    """The matches between startups and partners."""


group.add_command(evaluate)


@group.command()
@with_appcontext
def rebuild() -> None:
    """Fit the matcher to everything published and prepare all matches anew."""
    began = time.perf_counter()
    with click.progressbar(length=0, label="Matches", show_pos=True) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        run = work.refit(workplace(new_matcher()), advance)
    seconds = time.perf_counter() - began
    click.echo(f"{run.matches} matches of {run.startups} startups and {run.partners} partners in {seconds:.1f} s.")


@group.command()
@click.argument("slug")
@with_appcontext
def show(slug: str) -> None:
    """Print the matches of the startup or partner SLUG, with every part of every score."""
    profile = _find(slug)
    if profile is None:
        raise click.ClickException(f"There is no startup or partner {slug}.")
    is_startup = isinstance(profile, Startup)
    owner, rank = (Match.startup_id, Match.startup_rank) if is_startup else (Match.partner_id, Match.partner_rank)
    statement = select(Match).where(owner == profile.id, rank.is_not(None)).join(Match.partner)
    matches = db.session.scalars(statement.order_by(Partner.kind, rank)).all()
    if not matches:
        click.echo("No matches.")
    for match in matches:
        place = match.startup_rank if is_startup else match.partner_rank
        _print(match, place or 0, match.partner if is_startup else match.startup)


@group.command()
@click.argument("startup")
@click.argument("partner")
@with_appcontext
def why_not(startup: str, partner: str) -> None:
    """Print what rules out that the startup STARTUP and the partner PARTNER are proposed to each other."""
    one, other = _find(startup), _find(partner)
    if not isinstance(one, Startup) or not isinstance(other, Partner):
        raise click.ClickException(f"There is no startup {startup} or no partner {partner}.")
    found = [*read_startups(db.session, [one.id])], [*read_partners(db.session, [other.id])]
    if not all(found):
        raise click.ClickException("One of them is not published.")
    reasons = exclusions(found[0][0], found[1][0])
    for reason in reasons:
        click.echo(f"{reason['code']}  {json.dumps(reason['values'], ensure_ascii=False)}")
    if not reasons:
        click.echo("Nothing rules them out.")


def _find(slug: str) -> Startup | Partner | None:
    startup = db.session.scalar(select(Startup).where(Startup.slug == slug))
    return startup or db.session.scalar(select(Partner).where(Partner.slug == slug))


def _print(match: Match, place: int, other: Startup | Partner) -> None:
    kind = f" ({other.kind})" if isinstance(other, Partner) else ""
    strength = f"{strength_of(match.score)}, {steps_of(match.score)} of 5"
    click.echo(f"{place:>3}. {other.slug}{kind}: {match.score:.3f}, {strength}")
    for part in match.explanation:
        click.echo(f"     {_weight(part)}  {part['code']}  {json.dumps(part['values'], ensure_ascii=False)}")


def _weight(part: dict[str, Any]) -> str:
    aside = part.get("cost", part.get("gain"))
    return f"{part['weight']:+.3f} " if aside is None else f"({aside:.3f})"
