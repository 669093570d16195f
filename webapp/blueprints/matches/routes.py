"""The views of one's matches."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.matches.files import COLUMNS, match_rows
from webapp.blueprints.matches.forms import REASON_NAMES, SetAsideForm
from webapp.extensions import db
from webapp.models import MatchChoice, Partner, PartnerKind, Startup, TermKind
from webapp.permissions import Permission
from webapp.services import match_choices
from webapp.services.matches import MatchView, own_matches
from webapp.services.organisations import get_organisation
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.formats import localized, name_of
from webapp.web.locale import current_language
from webapp.web.marks import today


def _own(noun: str, slug: str) -> Startup | Partner:
    return get_organisation(db.session, current_actor(), noun, slug, Permission.ASK)


def _other_side(own: Startup | Partner, match: MatchView) -> Startup | Partner:
    return match.partner if isinstance(own, Startup) else match.startup


@allow(Permission.ASK)
def matches(noun: str, slug: str) -> str:
    """The matches: of a startup in a tab for each kind of partner, of a partner narrowed by sector and region."""
    own = _own(noun, slug)
    choices, found = _found(own)
    return render_template(
        "matches/matches.html",
        own=own,
        found=found,
        shown=_shown(own, found),
        kinds=list(PartnerKind) if isinstance(own, Startup) else [],
        kind=_kind(),
        form=SetAsideForm(),
        hidden=[(choice, choice.partner if isinstance(own, Startup) else choice.startup) for choice in choices],
        reason_names=REASON_NAMES,
        sectors=_sectors(found),
        regions=_regions(found),
    )


@allow(Permission.ASK)
def matches_file(noun: str, slug: str, form: str) -> Response:
    """What the page shows as a file."""
    own = _own(noun, slug)
    rows = match_rows(own, _shown(own, _found(own)[1]))
    response = download(f"matches-{own.slug}", COLUMNS, rows, form)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _found(own: Startup | Partner) -> tuple[Sequence[MatchChoice], list[MatchView]]:
    """What is hidden from an organisation's list, and what stands on it."""
    choices = match_choices.hidden_from(db.session, own, today())
    hidden = [choice.partner_id if isinstance(own, Startup) else choice.startup_id for choice in choices]
    return choices, own_matches(db.session, own, current_language().code, hidden)


def _shown(own: Startup | Partner, found: list[MatchView]) -> list[MatchView]:
    return _of_kind(found) if isinstance(own, Startup) else _narrowed(found)


def _kind() -> PartnerKind:
    wanted = request.args.get("kind", "")
    return PartnerKind(wanted) if wanted in PartnerKind._value2member_map_ else PartnerKind.INVESTOR


def _of_kind(found: list[MatchView]) -> list[MatchView]:
    return [match for match in found if match.partner.kind == _kind()]


def _narrowed(found: list[MatchView]) -> list[MatchView]:
    """A partner's startups with the sector and in the region that the query string asks for."""
    sector, region = request.args.get("sector", ""), request.args.get("region", "")
    return [
        match
        for match in found
        if (not sector or sector in {term.code for term in match.startup.terms(TermKind.SECTOR)})
        and (not region or region in {each.code for each in match.startup.regions})
    ]


def _sectors(found: list[MatchView]) -> list[tuple[str, str]]:
    """Code and name of the sectors among a partner's matches, by name."""
    codes = {term.code: localized(term.names).text for match in found for term in match.startup.terms(TermKind.SECTOR)}
    return sorted(codes.items(), key=lambda pair: pair[1])


def _regions(found: list[MatchView]) -> list[tuple[str, str]]:
    """Code and name of the regions among a partner's matches, by name."""
    codes = {region.code: localized(region.names).text for match in found for region in match.startup.regions}
    return sorted(codes.items(), key=lambda pair: pair[1])


def _back(own: Startup | Partner, other: Startup | Partner) -> ResponseReturnValue:
    kind = other.kind if isinstance(other, Partner) else None
    return redirect(url_for("matches.matches", noun=own.noun, slug=own.slug, kind=kind), 303)


@allow(Permission.ASK)
def set_aside(noun: str, slug: str, other: str) -> ResponseReturnValue:
    """Take a match off the list for good."""
    own = _own(noun, slug)
    found = match_choices.find_other(db.session, own, other)
    match_choices.set_aside(db.session, current_actor(), own, found, request.form.get("reason", ""))
    db.session.commit()
    flash(gettext("%(name)s will not be proposed to you any more.", name=name_of(found)), "success")
    return _back(own, found)


@allow(Permission.ASK)
def put_off(noun: str, slug: str, other: str) -> ResponseReturnValue:
    """Hide a match for some months."""
    own = _own(noun, slug)
    found = match_choices.find_other(db.session, own, other)
    match_choices.put_off(db.session, current_actor(), own, found, today())
    db.session.commit()
    flash(gettext("%(name)s comes back to your list in three months.", name=name_of(found)), "success")
    return _back(own, found)


@allow(Permission.ASK)
def take_back(noun: str, slug: str, other: str) -> ResponseReturnValue:
    """Show a match again."""
    own = _own(noun, slug)
    found = match_choices.find_other(db.session, own, other)
    match_choices.take_back(db.session, current_actor(), own, found)
    db.session.commit()
    flash(gettext("%(name)s is on your list again, if it still matches.", name=name_of(found)), "success")
    return _back(own, found)
