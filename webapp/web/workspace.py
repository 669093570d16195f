"""The places of those who signed in: what stands beside each of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask import Flask, current_app, request, url_for
from flask_babel import gettext

from webapp.permissions import Permission
from webapp.web.access import may


class Place(NamedTuple):
    """A page that one can go to."""

    url: str
    name: str
    is_current: bool


def _place(endpoint: str, name: str) -> Iterator[Place]:
    if has_page(endpoint):
        current = request.endpoint == endpoint or (request.blueprint or "") == endpoint.partition(".")[0]
        yield Place(url_for(endpoint), name, current)


def own_places() -> list[Place]:
    """What everybody has who signed in."""
    return [
        *_place("organisations.overview", gettext("Overview")),
        *_place("introductions.introductions", gettext("Introductions")),
        *_place("own_challenges.challenges", gettext("Challenges")),
        *_place("timetables.timetables", gettext("Matchmaking days")),
        *_place("saved_searches.searches", gettext("Saved searches")),
        *_place("shortlists.shortlists", gettext("Shortlists")),
        *_place("account.settings", gettext("Settings")),
    ]


def staff_places() -> list[tuple[str, list[Place]]]:
    """What those have who work for the network: by kind of work, its name and its places."""
    if not may(Permission.STAFF):
        return []
    daily = [
        *_place("desk.desk", gettext("Desk")),
        *_place("admissions.applications", gettext("Applications")),
        *_place("triage.queue", gettext("Introductions to check")),
        *_place("reviews.reviews", gettext("Changes of profiles")),
        *_place("claims.claims", gettext("Claims")),
        *_place("challenge_reviews.challenges", gettext("Challenges to check")),
        *_place("mailroom.mails", gettext("Mail that was not delivered")),
    ]
    network = [
        *_place("residents.residents", gettext("Residency")),
        *_place("cohorts.cohorts", gettext("Cohorts")),
        *_place("matchmaking.days", gettext("Matchmaking days")),
    ]
    records = [
        *_place("duplicates.duplicates", gettext("Duplicates")),
        *_place("bulk_edits.edits", gettext("Change many profiles")),
        *_place("imports.imports", gettext("Imports")),
        *_place("stale_profiles.profiles", gettext("Stale profiles")),
    ]
    oversight = [
        *_place("quality.report", gettext("Quality")),
        *_place("audit.entries", gettext("Audit trail")),
        *_place("pack.pack", gettext("Network pack")),
        *(_place("administration.accounts", gettext("Accounts")) if may(Permission.ADMINISTER) else ()),
    ]
    groups = (
        (gettext("For the park"), daily),
        (gettext("Parks and days"), network),
        (gettext("Records"), records),
        (gettext("Oversight"), oversight),
    )
    return [(name, places) for name, places in groups if places]


def has_page(endpoint: str) -> bool:
    """Whether this site has a page."""
    return endpoint in current_app.view_functions


def init_app(app: Flask) -> None:
    """Give templates the places."""
    app.add_template_global(has_page)
    app.add_template_global(own_places)
    app.add_template_global(staff_places)
