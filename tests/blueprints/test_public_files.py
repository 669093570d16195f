from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests.pages import forget_request, opened
from tests.visiting import Visit
from webapp.extensions import limiter
from webapp.models import Network, PublicationState
from webapp.services.indexing import rebuild_index
from webapp.services.network import get_network
from webapp.web.directories import DIRECTORIES
from webapp.web.site import current_search

Maker = Callable[..., Any]


@pytest.fixture
def filled(session: Session, app: Flask, make_startup: Maker, make_partner: Maker) -> None:
    """More than a page of startups, some of them alike, and a few partners, all in the index."""
    for number in range(9):
        make_startup(
            f"Farm {number}",
            sectors=["agritech"],
            site="agadir" if number % 2 else None,
            pitch={"en": "Water for olives.", "fr": "De l’eau pour les oliviers."},
        )
    make_startup("=SUM(A1)", sectors=["fintech"], pitch={"en": "Payments for shops."})
    make_startup("Hidden farm", state=PublicationState.DRAFT, sectors=["agritech"])
    make_partner("Sahel Fund", sectors=["agritech"])
    make_partner("@risk", kind="mentor")
    session.commit()
    search = current_search()
    for index in (search.startups, search.partners):
        rebuild_index(session, index)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def whole(client: FlaskClient, path: str) -> bytes:
    with opened(client, path) as response:
        return response.data


QUERIES: list[dict[str, Any]] = [
    {},
    {"q": "water"},
    {"q": "watr olives", "sort": "relevance"},
    {"sector": "agritech", "site": "agadir"},
    {"sector": ["agritech", "fintech"], "sort": "newest"},
    {"sort": "name", "page": 2, "view": "cards"},
    {"q": "nothing at all like this"},
    {"sector": "unknown-code", "q": "water"},
]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_file_has_the_rows_of_all_pages_in_their_order_and_as_many_as_the_page_says(
    app: Flask, client: FlaskClient, query: dict[str, Any]
) -> None:
    for noun, path in (("startup", "startups"), ("partner", "partners")):
        encoded = urlencode(query, doseq=True)
        listed: list[str] = []
        total = 0
        asked = {name: value for name, value in query.items() if name != "page"}
        for number in range(1, 10):
            forget_request()
            with app.test_request_context(f"/en/{path}?{urlencode(asked | {'page': number}, doseq=True)}") as context:
                page = DIRECTORIES[noun].page(context.request.args)
                total = page.listing.total
                listed += [row.slug for row in page.listing.rows]
                if number >= page.listing.pages:
                    break
        rows = rows_of(opened(client, f"/en/{path}.csv?{encoded}").get_data(as_text=True))
        assert [row["slug"] for row in rows] == listed
        assert len(rows) == total


@pytest.mark.usefixtures("filled")
def test_without_an_index_a_file_has_what_the_page_has(client: FlaskClient, app: Flask) -> None:
    import shutil

    shutil.rmtree(app.extensions["settings"].index_dir)
    rows = rows_of(opened(client, "/en/startups.csv?sector=agritech").get_data(as_text=True))
    assert len(rows) == 9


@pytest.mark.usefixtures("filled")
def test_the_three_formats_say_the_same(client: FlaskClient) -> None:
    table = rows_of(opened(client, "/fr/startups.csv?sector=agritech").get_data(as_text=True))
    lines = opened(client, "/fr/startups.jsonl?sector=agritech").get_data(as_text=True).splitlines()
    records = [json.loads(line) for line in lines]
    sheet = load_workbook(io.BytesIO(whole(client, "/fr/startups.xlsx?sector=agritech")), read_only=True).active
    grid = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert grid[0] == list(table[0])
    assert [dict(zip(grid[0], row, strict=True)) for row in grid[1:]] == table
    assert [record["slug"] for record in records] == [row["slug"] for row in table]
    assert records[0]["sectors"] == ["agritech"]
    assert records[0]["pitch"] == "De l’eau pour les oliviers."
    assert table[0]["url"] == f"http://localhost/fr/startups/{table[0]['slug']}"


@pytest.mark.usefixtures("filled")
def test_what_a_spreadsheet_would_calculate_is_disarmed(client: FlaskClient) -> None:
    names = {row["name_latin"] for row in rows_of(opened(client, "/en/startups.csv").get_data(as_text=True))}
    assert "'=SUM(A1)" in names
    assert {row["name_latin"] for row in rows_of(opened(client, "/en/partners.csv").get_data(as_text=True))} >= {
        "'@risk"
    }
    sheet = load_workbook(io.BytesIO(whole(client, "/en/startups.xlsx?sector=fintech"))).active
    assert [cell.data_type for cell in sheet[2] if cell.value == "=SUM(A1)"] == ["s"]


@pytest.mark.usefixtures("filled")
def test_a_mark_for_spreadsheet_programs_is_there_if_it_is_asked_for(client: FlaskClient) -> None:
    assert opened(client, "/en/startups.csv?bom=1").data.startswith(b"\xef\xbb\xbfurl,")
    assert opened(client, "/en/startups.csv").data.startswith(b"url,")


@pytest.mark.usefixtures("filled")
def test_a_file_is_named_and_says_its_licence_and_where_it_is_described(client: FlaskClient) -> None:
    response = opened(client, "/ar/partners.jsonl")
    assert response.headers["Content-Disposition"] == 'attachment; filename="partners-ar.jsonl"'
    assert response.content_type == "application/jsonl; charset=utf-8"
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in response.headers["Link"]
    assert '<http://localhost/ar/data>; rel="describedby"' in response.headers["Link"]


def test_where_the_network_grants_no_licence_none_is_said(client: FlaskClient, app: Flask, session: Session) -> None:
    network = get_network(session)
    assert isinstance(network, Network)
    granted, digest = network.data_licence, network.digest
    network.data_licence, network.digest = {}, "another"
    session.commit()
    try:
        assert "license" not in opened(client, "/en/startups.csv").headers["Link"]
        assert "No licence is granted" in opened(client, "/en/data").get_data(as_text=True)
    finally:
        network.data_licence, network.digest = granted, digest
        session.commit()


@pytest.mark.usefixtures("filled")
def test_the_lists_lead_to_their_files_with_what_was_asked(visit: Visit) -> None:
    found = visit("/en/startups?sector=agritech&q=water&view=cards&page=2")
    files = [f"/en/startups.{form}?q=water&sector=agritech" for form in ("csv", "xlsx", "jsonl")]
    assert {*files, "/en/data"} <= set(found.links)


def test_whole_directories_are_given_out_gently(app: Flask, client: FlaskClient) -> None:
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)
    try:
        answers = [opened(client, "/en/startups.csv").status_code for _ in range(61)]
    finally:
        limiter.enabled = False
    assert answers == [200] * 60 + [429]
