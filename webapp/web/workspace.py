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
    if endpoint in current_app.view_functions:
        current = request.endpoint == endpoint or (request.blueprint or "") == endpoint.partition(".")[0]
        yield Place(url_for(endpoint), name, current)


def own_places() -> list[Place]:
    """What everybody has who signed in."""
    return [
        *_place("organisations.overview", gettext("Overview")),
        *_place("introductions.introductions", gettext("Introductions")),
        *_place("account.settings", gettext("Settings")),
    ]


def staff_places() -> list[Place]:
    """What those have who work for the network."""
    if not may(Permission.STAFF):
        return []
    return [
        *_place("desk.desk", gettext("Desk")),
        *_place("triage.queue", gettext("Introductions to check")),
        *_place("claims.claims", gettext("Claims")),
        *_place("mailroom.mails", gettext("Mail that was not sent")),
        *_place("reviews.reviews", gettext("Changes of profiles")),
        *(_place("administration.accounts", gettext("Accounts")) if may(Permission.ADMINISTER) else ()),
    ]


def init_app(app: Flask) -> None:
    """Give templates the places."""
    app.add_template_global(own_places)
    app.add_template_global(staff_places)
