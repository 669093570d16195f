"""Everything that can be reached by links on the site of a second network, in each role and language.

Nothing of the first network may stand there, no link may be dead, and no page may show what was meant for the machine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.accounts import join, make_account, signed_in
from tests.challenges import make_answered
from tests.days import make_day
from tests.harbour import harbour_site, settle
from tests.visiting import Visited
from webapp.extensions import db
from webapp.models import Account, NetworkRole, Partner, PartnerKind, PublicationState, Startup
from webapp.services.actors import actor_of
from webapp.services.cluster_release import release_current
from webapp.services.introductions import Move, draft_introduction, move
from webapp.web.marks import today

OF_THE_FIRST = re.compile(
    r"technopark|morocc|\bmaroc|marocain|المغرب|casablanca|\brabat\b|dirham|\bMAD\b|souss", re.IGNORECASE
)
FOR_THE_MACHINE = re.compile(r"%\(\w+\)|\{\{|\bundefined\b|\bnan\b")
MOST_OF_ONE_KIND = 3
"""How many pages of one endpoint are opened: lists differ in what they hold, not in how they say it."""


class Harbour(NamedTuple):
    """The site, and who uses it."""

    app: Flask
    accounts: dict[str, Account | None]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    with harbour_site(tmp_path_factory.mktemp("harbour")) as app:
        settle()
        yield Harbour(app, _people())


def _partner() -> Partner:
    texts = {"summary": {"en": "Cranes."}, "description": {}, "city": {}, "pilot_process": {}}
    names = {"slug": "quayside", "name_latin": "Quayside", "sort_name": "quayside"}
    lists = {"languages": ["en"], "geography": []}
    return Partner(kind=PartnerKind.CORPORATE, state=PublicationState.PUBLISHED, **names, **texts, **lists)


def _people() -> dict[str, Account | None]:
    session = db.session()
    startup = session.scalars(sa.select(Startup).order_by(Startup.id)).first()
    assert startup is not None
    partner = _partner()
    session.add(partner)
    accounts = {"founder": make_account(), "company": make_account()}
    accounts |= {str(role): make_account(role) for role in NetworkRole}
    join(accounts["founder"], startup)
    join(accounts["company"], partner)
    session.flush()
    make_day(session, startup, partner)
    make_answered(session, startup, partner)
    founder = actor_of(session, accounts["founder"])
    asked = draft_introduction(session, founder, startup, partner, language="en", today=today())
    asked.reason, asked.message = "Cranes", "We measure cranes."
    move(session, founder, asked, Move.SUBMIT, today=today())
    release_current(session, today())
    session.commit()
    return {"visitor": None, **accounts}


def walk(app: Flask, client: FlaskClient, start: str) -> dict[str, Visited]:
    """Follow all links from a page on, a few to each endpoint."""
    routes, seen, found = app.url_map.bind("localhost"), Counter[str](), dict[str, Visited]()
    waiting = [start]
    while waiting:
        address = waiting.pop(0)
        parts = urlsplit(address)
        try:
            endpoint = routes.match(parts.path, "GET", return_rule=True)[0].endpoint
        except HTTPException:
            endpoint = "nothing"
        if address in found or seen[endpoint] >= MOST_OF_ONE_KIND or endpoint.startswith(("security.logout", "static")):
            continue
        seen[endpoint] += 1
        g.pop("_login_user", None)
        found[address] = page = Visited(client.get(address, buffered=True))
        if page.response.mimetype == "text/html":
            links = (urljoin(f"http://localhost{address}", link).partition("#")[0] for link in page.links)
            waiting += [link.removeprefix("http://localhost") for link in links if link.startswith("http://localhost/")]
    return found


@pytest.mark.parametrize(
    ("role", "language"),
    [
        ("visitor", "en"),
        ("visitor", "fr"),
        ("founder", "fr"),
        ("company", "en"),
        (str(NetworkRole.AUTHORITY), "fr"),
        (str(NetworkRole.STAFF), "en"),
        (str(NetworkRole.ADMINISTRATOR), "fr"),
    ],
)
def test_every_page_of_a_second_network_is_its_own(harbour: Harbour, role: str, language: str) -> None:
    account = harbour.accounts[role]
    client = signed_in(harbour.app, account) if account else harbour.app.test_client()
    pages = walk(harbour.app, client, f"/{language}/my" if account else f"/{language}/")
    assert len(pages) > 50
    for address, page in pages.items():
        assert page.status < 400, f"{address} answers {page.status}"
        if page.response.mimetype == "text/html":
            assert "العربية" not in page.text, f"{address} offers a language that the network does not have"
            foreign = OF_THE_FIRST.search(page.text)
            assert not foreign, f"{address} says {page.text[foreign.start() - 60 : foreign.end() + 60]}"
            machine = FOR_THE_MACHINE.search(page.text)
            assert not machine, f"{address} shows {page.text[machine.start() - 60 : machine.end() + 60]}"
