"""Imports in the browser, from the file to the last row, and the pages of the network pack."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts import make_account, signed_in
from tests.pages import opened, said, sent
from webapp.models import ImportRun, NetworkRole, Startup, UnknownTerm

Maker = Callable[..., Any]
PAGES = "/en/staff/imports"
LIST = "Nom,Secteur\nTazrii,plumbing\n,fintech\nNabd,fintech\n"
SOURCE = {"name": "list", "attribution": "An incubator", "licence": "CC0", "key": "Nom"}


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    return signed_in(app, make_account(NetworkRole.STAFF))


def posted(client: FlaskClient, path: str, values: dict[str, Any], page: str | None = None) -> TestResponse:
    """What comes of sending a form whose fields are no names of Python."""
    return sent(client, path, page, **values)


def upload(client: FlaskClient, text: str = LIST, **more: Any) -> str:
    """Upload a list; gives its reference."""
    data = {"file": (io.BytesIO(text.encode()), "list.csv"), **more}
    answer = posted(client, f"{PAGES}/new", data)
    assert answer.status_code == 303, said(answer)
    return answer.location.partition("/runs/")[2].partition("/")[0]


def chosen(session: Session, reference: str) -> dict[str, str]:
    session.rollback()
    run = session.scalars(sa.select(ImportRun).filter_by(reference=reference)).one()
    return {**SOURCE, "version": str(run.version), "column-0": "name_latin", "column-1": "sectors"}


def version(session: Session, reference: str) -> dict[str, str]:
    return {"version": chosen(session, reference)["version"]}


def test_a_list_goes_from_the_file_to_the_last_row(staff: FlaskClient, session: Session) -> None:
    reference = upload(staff)
    run = f"{PAGES}/runs/{reference}"
    page = opened(staff, f"{run}/columns")
    assert '<option selected value="name_latin">' in page.text
    assert '<option selected value="sectors">' in page.text
    assert posted(staff, f"{run}/columns", chosen(session, reference)).status_code == 303
    text = said(opened(staff, run))
    assert "Nothing has been written yet" in text
    assert "unknown Sectors: “plumbing”" in text
    assert "nothing stands in “Nom”, by which a row is known again" in text
    assert session.scalar(sa.select(sa.func.count(Startup.id))) == 0
    assert (
        posted(staff, f"{run}/import", version(session, reference) | {"visibility": "draft"}, page=run).status_code
        == 303
    )
    text = said(opened(staff, run))
    assert "1 row needs somebody" in text
    session.rollback()
    assert session.scalars(sa.select(Startup.name_latin).order_by(Startup.id)).all() == ["Tazrii", "Nabd"]
    row = session.scalars(sa.select(ImportRun)).one().rows[0]
    seen = version(session, reference)
    page_of_row = f"{run}/rows/{row.id}"
    refused = posted(staff, page_of_row, seen | {"deed": "drop", "reason": "", "cell-0": "", "cell-1": "fintech"})
    assert refused.status_code == 422
    assert "Write why" in said(refused)
    done = posted(staff, page_of_row, seen | {"deed": "import", "cell-0": "Mersa", "cell-1": "fintech"})
    assert done.status_code == 303
    assert "The file was forgotten." in said(opened(staff, run))


def test_the_second_of_two_is_told_and_keeps_what_was_chosen(staff: FlaskClient, session: Session) -> None:
    reference = upload(staff)
    stale = chosen(session, reference) | {"version": "99", "attribution": "Somebody else"}
    answer = posted(staff, f"{PAGES}/runs/{reference}/columns", stale)
    assert answer.status_code == 409
    assert "A colleague changed this import meanwhile" in said(answer)
    assert 'value="Somebody else"' in answer.text


def test_what_is_missing_is_said_beside_its_field(staff: FlaskClient, session: Session) -> None:
    reference = upload(staff)
    nameless = chosen(session, reference) | {"column-0": "", "name": "Not A Slug", "licence": ""}
    answer = posted(staff, f"{PAGES}/runs/{reference}/columns", nameless)
    assert answer.status_code == 422
    text = said(answer)
    assert "Small Latin letters" in text
    assert "Please fill this in." in text


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("list.pdf", "%PDF", "Files of this kind cannot be read"),
        ("list.csv", "Nom\n", "has column names, but no rows"),
    ],
)
def test_a_file_that_holds_no_list_is_refused_in_words(staff: FlaskClient, name: str, text: str, words: str) -> None:
    answer = posted(staff, f"{PAGES}/new", {"file": (io.BytesIO(text.encode()), name)})
    assert answer.status_code == 422
    assert words in said(answer)


def test_a_mapping_that_comes_with_the_list_is_tried_at_once(staff: FlaskClient) -> None:
    mapping = (
        '[source]\nname = "list"\nlicence = "CC0"\nattribution = "nobody"\nkey = ["Nom"]\n\n'
        '[columns.name_latin]\ncolumn = "Nom"\n'
    )
    reference = upload(staff, mapping=(io.BytesIO(mapping.encode()), "list.toml"))
    assert "Tried, not imported" in said(opened(staff, f"{PAGES}/runs/{reference}"))
    wrong = {"file": (io.BytesIO(LIST.encode()), "list.csv"), "mapping": (io.BytesIO(b"x = 1"), "list.toml")}
    answer = posted(staff, f"{PAGES}/new", wrong)
    assert answer.status_code == 422
    assert "list.toml: x: there is no such key" in said(answer)


def test_the_report_is_a_file_in_the_readers_language(staff: FlaskClient, session: Session) -> None:
    reference = upload(staff)
    posted(staff, f"{PAGES}/runs/{reference}/columns", chosen(session, reference))
    text = opened(staff, f"/fr/staff/imports/runs/{reference}/report.csv").text
    assert "qui sert à reconnaître la ligne" in text
    assert "Secteurs, inconnu" in text


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_word_is_shown_with_what_to_write_into_the_pack(staff: FlaskClient, session: Session, language: str) -> None:
    word = UnknownTerm(kind="sectors", text="Plumbing", source="list")
    session.add(word)
    session.commit()
    pages = f"/{language}/staff/imports/unknown"
    assert "Plumbing" in opened(staff, pages).text
    assert "aliases: " in opened(staff, f"{pages}/{word.id}?as=fintech").text
    assert "code: plumbing" in opened(staff, f"{pages}/{word.id}").text
    assert posted(staff, f"{pages}/{word.id}/ignore", {}, page=pages).status_code == 303
    assert "Plumbing" in opened(staff, f"{pages}?ignored=yes").text


def test_the_pack_is_shown_to_staff_and_loaded_by_administrators(app: Flask, staff: FlaskClient) -> None:
    text = said(opened(staff, "/en/staff/pack"))
    assert "What the files say is loaded." in text
    assert posted(staff, "/en/staff/pack/reload", {"digest": "x"}, page=PAGES + "/new").status_code == 403
    administrator = signed_in(app, make_account(NetworkRole.ADMINISTRATOR))
    answer = posted(administrator, "/en/staff/pack/reload", {"digest": "x"}, page=PAGES + "/new")
    assert answer.status_code == 303
    assert "The files changed since you looked at them" in said(opened(administrator, "/en/staff/pack"))
