"""Challenges as files: the rows that the public page says, and nothing that it does not say."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests.challenges import Contest, make_contest
from tests.visiting import Visit
from webapp.models import Challenge, ChallengeState, PublicationState
from webapp.services.data_set import publish_data_set
from webapp.services.network import get_network
from webapp.web.marks import today

Maker = Callable[..., Any]

ADDRESS = "/en/challenges"


@pytest.fixture
def contest(session: Session, make_startup: Maker, make_partner: Maker) -> Contest:
    return make_contest(session, make_startup, make_partner)


@pytest.fixture
def several(contest: Contest, session: Session) -> dict[str, Challenge]:
    """One challenge in every state, and one of a partner that was withdrawn."""
    found = {}
    for state in ChallengeState:
        found[state.value] = Challenge(
            partner=contest.partner,
            slug=f"c-{state}",
            state=state,
            title={"en": f"=Title {state}"},
            problem={"en": "Water is lost."},
            deadline=today() + timedelta(days=5),
            note="Staff wrote this.",
        )
    session.add_all(found.values())
    session.delete(contest.challenge)
    session.commit()
    return found


def rows_of(visit: Visit, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(visit(f"{ADDRESS}.csv{query}").html)))


def test_the_file_has_the_rows_of_the_page(visit: Visit, several: dict[str, Challenge]) -> None:
    assert [row["slug"] for row in rows_of(visit)] == ["c-open"]
    assert "1 open challenge" in visit(ADDRESS).text
    assert [row["slug"] for row in rows_of(visit, "?closed=1")] == ["c-open", "c-closed"]
    page = visit(f"{ADDRESS}?closed=1")
    for form in ("csv", "xlsx", "jsonl"):
        assert f"{ADDRESS}.{form}?closed=1" in page.links


def test_all_formats_say_the_same_and_no_cell_is_calculated(visit: Visit, several: dict[str, Challenge]) -> None:
    (row,) = rows_of(visit)
    assert row["title"] == "'=Title open"
    assert row["url"].endswith("/en/challenges/c-open")
    (line,) = visit(f"{ADDRESS}.jsonl").html.splitlines()
    assert json.loads(line)["title"] == "=Title open"
    response = visit(f"{ADDRESS}.xlsx").response
    book = load_workbook(io.BytesIO(response.data))
    response.close()
    assert book.active is not None
    assert book.active.max_row == 2
    assert "Staff wrote this." not in visit(f"{ADDRESS}.csv").html


def test_the_whole_data_set_has_open_and_closed_ones(
    several: dict[str, Challenge], session: Session, tmp_path: Path
) -> None:
    assert slugs_in(session, tmp_path) == ["c-open", "c-closed"]
    partner = several["open"].partner
    partner.state = PublicationState.WITHDRAWN
    session.commit()
    assert slugs_in(session, tmp_path) == []


def test_a_challenge_that_opens_makes_the_data_set_anew(
    several: dict[str, Challenge], session: Session, tmp_path: Path
) -> None:
    slugs_in(session, tmp_path)
    several["submitted"].state = ChallengeState.OPEN
    session.commit()
    assert slugs_in(session, tmp_path) == ["c-submitted", "c-open", "c-closed"]


def slugs_in(session: Session, folder: Path) -> list[str]:
    network = get_network(session)
    assert network is not None
    path = publish_data_set(session, folder, network, today())
    assert path is not None
    with ZipFile(path) as archive:
        return [row["slug"] for row in csv.DictReader(io.TextIOWrapper(archive.open("challenges.csv"), "utf-8"))]
