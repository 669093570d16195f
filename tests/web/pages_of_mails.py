"""The page that mails about introductions lead to, for tests of mails alone."""

from __future__ import annotations

from flask import Flask

from webapp.permissions import Permission
from webapp.web.access import allow

ENDPOINT = "introductions.introduction"


@allow(Permission.USE_ACCOUNT)
def _page(reference: str) -> str:
    return reference


def add_page(app: Flask) -> None:
    """See to it that the page has an address."""
    if ENDPOINT not in app.view_functions:
        app.add_url_rule("/<lang>/introductions/<reference>", ENDPOINT, _page)
