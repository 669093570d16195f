"""The pages and files of shortlists."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts import make_account, signed_in
from tests.pages import opened, said, sent
from webapp.models import PublicationState, Shortlist, ShortlistEntry

Maker = Callable[..., Any]
LANGUAGES = ("ar", "fr", "en")
HOME = "/en/my/shortlists"


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return signed_in(app, make_account())


def lists_in(session: Session) -> list[Shortlist]:
    session.expire_all()
    return list(session.scalars(sa.select(Shortlist).order_by(Shortlist.id)))


def test_a_profile_is_put_on_a_new_list_from_its_page_then_on_that_one_and_taken_off(
    browser: FlaskClient, session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    startup, partner = make_startup("Tazrii", slug="tazrii"), make_partner("Sahel Fund", slug="sahel")
    session.commit()
    for page, address in (("startups/tazrii", "startup/tazrii"), ("partners/sahel", "partner/sahel")):
        assert f"/en/my/shortlists/add/{address}" in opened(browser, f"/en/{page}").text
    add = f"{HOME}/add/startup/tazrii"
    assert sent(browser, add, shortlist="new", name="", note="Kept").status_code == 422
    assert "Kept" in sent(browser, add, shortlist="new", name="", note="Kept").text
    assert sent(browser, add, shortlist="new", name="January", note="Figures?").status_code == 303
    (shortlist,) = lists_in(session)
    at = f"{HOME}/{shortlist.id}"
    assert sent(browser, f"{HOME}/add/partner/sahel", shortlist=str(shortlist.id)).status_code == 303
    page = opened(browser, at)
    assert said(page).index("Tazrii") < said(page).index("Figures?") < said(page).rindex("Sahel Fund")
    assert "It is on these already" in said(opened(browser, add))
    entry = lists_in(session)[0].entries[0]
    assert (entry.startup_id, lists_in(session)[0].entries[1].partner_id) == (startup.id, partner.id)
    note = f"{at}/{entry.id}/note"
    assert sent(browser, note, note="x" * 2001).status_code == 422
    assert sent(browser, note, note="Met them.").status_code == 303
    assert "Met them." in said(opened(browser, at))
    assert sent(browser, f"{at}/{entry.id}/remove", page=at).status_code == 303
    assert "Tazrii is off the list." in said(opened(browser, at))


def test_visitors_are_led_to_sign_in_and_come_back(client: FlaskClient, session: Session, make_startup: Maker) -> None:
    make_startup("Tazrii", slug="tazrii")
    session.commit()
    answer = opened(client, "/fr/my/shortlists/add/startup/tazrii")
    assert answer.status_code == 303
    assert "next=/fr/my/shortlists/add/startup/tazrii" in answer.headers["Location"]


def test_lists_are_made_renamed_and_deleted(browser: FlaskClient, session: Session) -> None:
    assert sent(browser, HOME, name=" ").status_code == 422
    assert sent(browser, HOME, name="January").status_code == 303
    at = f"{HOME}/{lists_in(session)[0].id}"
    assert sent(browser, f"{at}/rename", name="").status_code == 422
    assert sent(browser, f"{at}/rename", name="February").status_code == 303
    assert "February" in said(opened(browser, HOME))
    assert sent(browser, f"{at}/delete").status_code == 303
    assert lists_in(session) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_read_well_in_every_language_and_hide_what_is_withdrawn(
    app: Flask, session: Session, make_startup: Maker, language: str
) -> None:
    account, gone = make_account(), make_startup("Mersa Secret", state=PublicationState.WITHDRAWN)
    shortlist = Shortlist(person=account.person, name="January")
    shortlist.entries = [
        ShortlistEntry(startup_id=gone.id, note="My words"),
        *(ShortlistEntry(startup_id=make_startup(name).id) for name in ("Tazrii", "Nabd")),
    ]
    session.add(shortlist)
    browser = signed_in(app, account)
    at = f"/{language}/my/shortlists"
    for path in (at, f"{at}/{shortlist.id}", f"{at}/{shortlist.id}/rename", f"{at}/{shortlist.id}/delete"):
        page = opened(browser, path)
        assert page.status_code == 200
        assert "Secret" not in page.text
        assert not re.search(r"\b(None|undefined)\b|%\(\w+\)|\{\{", said(page))
    page = opened(browser, f"{at}/{shortlist.id}")
    assert "My words" in page.text
    assert page.text.count('name="startup"') == 2, "those that can be compared"
    entry = shortlist.entries[0]
    assert "Secret" not in opened(browser, f"{at}/{shortlist.id}/{entry.id}/note").text
    answer = sent(browser, f"{at}/{shortlist.id}/{entry.id}/remove", page=f"{at}/{shortlist.id}")
    assert "Secret" not in opened(browser, answer.headers["Location"]).text


@pytest.fixture
def kept(app: Flask, session: Session, make_startup: Maker, make_partner: Maker) -> tuple[FlaskClient, str]:
    """A browser, and where its shortlist is: two startups, of which one is withdrawn, and a partner."""
    account = make_account()
    startup = make_startup(
        "=HYPERLINK(1)", slug="tazrii", sectors=["agritech", "software"], site="agadir", founded=2021,
        pitch={"en": "Water for olives.", "fr": "De l’eau pour les oliviers."}, company_number="123456789012345",
    )  # fmt: skip
    gone = make_startup("Mersa Secret", state=PublicationState.WITHDRAWN)
    partner = make_partner("Sahel Fund", sectors=["agritech"], ticket_min=1_000_000, currency="MAD")
    shortlist = Shortlist(person=account.person, name="Comité d’été")
    shortlist.entries = [
        ShortlistEntry(startup_id=startup.id, note="+1 for them"),
        ShortlistEntry(startup_id=gone.id, note="Gone"),
        ShortlistEntry(partner_id=partner.id, note=""),
    ]
    session.add(shortlist)
    return signed_in(app, account), f"/en/my/shortlists/{shortlist.id}"


def test_csv_has_what_the_pages_show_and_ones_notes_with_formulas_disarmed(kept: tuple[FlaskClient, str]) -> None:
    browser, at = kept
    answer = opened(browser, f"{at}.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="comite-dete.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == ["'=HYPERLINK(1)", "Sahel Fund"]
    assert rows[0]["Your note"] == "'+1 for them"
    assert rows[0]["Sectors"] == "Agritech; Software development"
    assert rows[0]["Founded"] == "2021"
    assert rows[0]["Address"].endswith("/en/startups/tazrii")
    assert rows[1]["Usual ticket"] == "from 1 million MAD"
    assert rows[1]["Founded"] == ""


def test_a_workbook_has_the_same_and_no_formulas(kept: tuple[FlaskClient, str]) -> None:
    browser, at = kept
    with opened(browser, f"{at.replace('/en/', '/fr/')}.xlsx") as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    cells = list(sheet.iter_rows())
    assert [cell.data_type for cell in cells[1]].count("f") == 0
    assert cells[1][0].value == "=HYPERLINK(1)"
    assert "De l’eau pour les oliviers." in [cell.value for cell in cells[1]]
    assert len(cells) == 3


def test_json_names_columns_by_codes_and_leaves_out_what_is_not_known(kept: tuple[FlaskClient, str]) -> None:
    browser, at = kept
    document = json.loads(opened(browser, f"{at}.json").data)
    first, second = document["entries"]
    assert document["language"] == "en"
    assert first["sectors"] == ["Agritech", "Software development"]
    assert first["note"] == "+1 for them"
    assert (second["noun"], second["note"]) == ("partner", "")
    assert "founded" not in second
    assert "Secret" not in json.dumps(document)
    assert opened(browser, f"{at}.pdf").status_code == 404
