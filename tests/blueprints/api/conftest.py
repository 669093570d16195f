"""A small network behind the interface for programs, and a program that asks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts import Browser, make_account
from webapp.matching import Matcher
from webapp.models import Account, utc_now
from webapp.services.actors import actor_of
from webapp.services.api_tokens import Scope, make_token
from webapp.services.cluster_release import release_current
from webapp.services.indexing import rebuild_index
from webapp.services.matching import rebuild_matches
from webapp.web.marks import today
from webapp.web.site import current_search

Maker = Callable[..., Any]


class Told(NamedTuple):
    """An answer, with its content."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def content(self) -> Any:
        return self.response.get_json(force=True)

    def header(self, name: str) -> str | None:
        return self.response.headers.get(name)


Ask = Callable[..., Told]


@pytest.fixture
def ask(app: Flask) -> Ask:
    """Asks for an address below ``/api``, with headers."""
    client = Browser(app, app.response_class)

    def open_(path: str, *, method: str = "GET", **headers: str) -> Told:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Told(client.open(f"/api{path}", method=method, headers=named))

    return open_


@pytest.fixture
def reindex(session: Session) -> Callable[[], None]:
    """Brings the index in step with the database."""

    def rebuild() -> None:
        session.commit()
        rebuild_index(session, current_search().startups)
        rebuild_index(session, current_search().partners)

    return rebuild


@pytest.fixture
def network(session: Session, make_startup: Maker, make_partner: Maker, reindex: Callable[[], None]) -> Session:
    """Nine startups in three parks, three partners, all in the index."""
    for number in range(9):
        make_startup(
            f"Farm {number}",
            slug=f"farm-{number}",
            sectors=["agritech" if number % 2 else "fintech"],
            technologies=["ai"] if number % 3 else [],
            needs=["pilot-customer"],
            maturities=["mvp"],
            site=("agadir", "rabat", None)[number % 3],
            pitch={"fr": f"Ferme {number} arrose les oliviers.", "ar": f"مزرعة {number} تسقي أشجار الزيتون."},
            description={"en": "Water for olives, measured by drones."},
            verified_on=date(2026, 1, 1 + number),
        )
    make_partner("Sahel Fund", slug="sahel-fund", sectors=["agritech"], maturities=["mvp"])
    make_partner("Amina", slug="amina", kind="mentor", sectors=["agritech"])
    make_partner("Water Works", slug="water-works", kind="corporate", sectors=["agritech"], offers=["pilot-project"])
    reindex()
    return session


@pytest.fixture
def matched(network: Session) -> Session:
    """The same with matches."""
    rebuild_matches(network, Matcher(per_profile=5, pack_digest=""))
    network.commit()
    return network


@pytest.fixture
def released(network: Session) -> Session:
    """The same with figures."""
    release_current(network, today())
    network.commit()
    return network


@pytest.fixture
def token_of(session: Session) -> Callable[..., str]:
    """Makes a token of an account."""

    def make(account: Account | None = None, scopes: Sequence[str] = tuple(Scope), days: int = 30) -> str:
        account = account or make_account()
        actor = actor_of(session, account)
        _, text = make_token(session, actor, name="Test", scopes=scopes, days=days, now=utc_now())
        session.commit()
        return text

    return make
