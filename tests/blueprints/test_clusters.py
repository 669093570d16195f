from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.populations import REGIONS, TOTAL, settle
from tests.visiting import Visit, Visited
from webapp.services.cluster_release import release_current, release_past
from webapp.services.clusters import region_page, regions_page
from webapp.web.downloads import FORMATS
from webapp.web.marks import today

Maker = Callable[..., Any]

LANGUAGES = ("ar", "fr", "en")
PATHS = (
    "regions",
    "regions?measure=growth",
    "regions/MA-09",
    "regions/MA-12",
    "sectors/software",
    "sectors/software?measure=quotient",
    "sectors/esport",
    "regions/compare",
    "regions/compare?r=MA-09&r=MA-06",
    "network",
)
FILES = ("regions", "regions/MA-09", "sectors/software", "regions/compare", "network")


@pytest.fixture
def released(session: Session, make_startup: Maker) -> Session:
    """The small network with its figures of today."""
    settle(make_startup)
    release_current(session, today())
    session.commit()
    return session


def rows_of(page: Visited) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page.html.removeprefix("\ufeff"))))


def table_numbers(page: Visited) -> dict[str, str]:
    """Of the first table: the text of the first number by the address in the row's heading."""
    table = page.html.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    found = {}
    for row in table.split("<tr>")[1:]:
        address = re.findall(r'<a href="([^"]*)"', row.split("</th>", 1)[0])[-1]
        number = re.split(r'<td class="number">', row)[1].split("</td>", 1)[0]
        number = re.sub(r"<span class=\"visually-hidden\">.*?</span>", "", number)
        found[address.rsplit("/", 1)[1]] = re.sub(r"<[^>]+>", "", number).strip()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_reads_well_and_holds_nothing_inline(visit: Visit, released: Session, language: str) -> None:
    for path in PATHS:
        page = visit(f"/{language}/{path}")
        assert page.status == 200, path
        assert len(page.headings) == 1
        assert page.title
        assert not page.has_placeholders, path
        assert "%%" not in page.text
        assert " style=" not in page.html
        assert "<style" not in page.html
        assert not re.search(r"<script(?![^>]*(\bsrc=|application/ld))", page.html)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_network_with_nobody_or_one_resident_read_well(
    visit: Visit, session: Session, make_startup: Maker, language: str, number: int
) -> None:
    for _ in range(number):
        make_startup("Tazrii", site="agadir", sectors=["agritech"])
    release_current(session, today())
    session.commit()
    for path in PATHS:
        page = visit(f"/{language}/{path}")
        assert page.status == 200, path
        assert not page.has_placeholders, path
        assert "Tazrii" not in page.text
    if language == "en" and number:
        assert "too few for figures by region" in visit("/en/regions").text


def test_before_the_first_release_pages_ask_to_come_back(visit: Visit) -> None:
    page = visit("/en/regions")
    assert page.status == 503
    assert page.response.headers["Retry-After"] == "60"
    assert "being prepared" in page.text


def test_page_csv_and_json_count_the_same(visit: Visit, released: Session) -> None:
    for path in ("regions", "regions/MA-06", "sectors/software"):
        shown = table_numbers(visit(f"/en/{path}"))
        rows = rows_of(visit(f"/en/{path}.csv"))
        records = json.loads(visit(f"/en/{path}.json").html)
        key = "sector" if path == "regions/MA-06" else "region"
        counts = {row[key]: row["residents"] for row in rows if row["residents"] not in ("", "0")}
        assert shown
        assert counts == shown
        main = records["sectors" if key == "sector" else "regions"]
        assert {row[key]: str(row["residents"]) for row in main if row["residents"]} == counts
        assert records["residents"] == TOTAL


def test_no_page_and_no_file_gives_a_withheld_number(visit: Visit, released: Session) -> None:
    page = visit("/en/regions/MA-09")
    assert "edtech" not in table_numbers(page)
    assert re.search(r"Withheld, so that [^.]*Edtech", page.text)
    rows = {row["sector"]: row for row in rows_of(visit("/en/regions/MA-09.csv"))}
    assert rows["edtech"]["status"] == "withheld"
    filled = {name for name, value in rows["edtech"].items() if value}
    assert filled == {"as_of", "region", "sector", "status"}
    records = json.loads(visit("/en/regions/MA-09.json").html)["sectors"]
    (record,) = (row for row in records if row["sector"] == "edtech")
    assert {name for name, value in record.items() if value} == {"region", "sector", "status"}
    assert "edtech" not in visit("/en/regions/compare.csv?r=MA-09").html.replace("MA-09,edtech,withheld,,", "")


def test_every_number_leads_to_its_definition_and_to_the_firms_behind_it(visit: Visit, released: Session) -> None:
    page = visit("/en/regions/MA-09")
    anchors = {link.removeprefix("#") for link in page.links if link.startswith("#def-")}
    assert {"def-lq", "def-residents", "def-growth", "def-survival", "def-turnover"} <= anchors
    assert all(f'id="{anchor}"' in page.html for anchor in anchors)
    shown = table_numbers(page)
    assert shown
    for sector, number in shown.items():
        firms = next(link for link in page.links if f"sector={sector}" in link and "region=MA-09" in link)
        assert f"{number} startups" in visit(firms).text


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("yesterday", 400, "This is no day"),
        ("2026-13-40", 400, "This is no day"),
        ("0000-00-00", 400, "This is no day"),
        ((date.today() + timedelta(days=3)).isoformat(), 400, "This day has not come yet"),  # noqa: DTZ011
        ("1999-12-31", 404, "There are no figures so early"),
    ],
)
def test_days_without_figures_are_told_clearly(
    visit: Visit, released: Session, asked: str, status: int, words: str
) -> None:
    for path in ("regions", "regions/MA-09", "network", "regions.csv"):
        page = visit(f"/en/{path}?as_of={asked}")
        assert page.status == status
        assert words in page.text
        assert asked in page.text


def test_the_past_is_kept_from_page_to_page(visit: Visit, released: Session) -> None:
    list(release_past(released, today()))
    released.commit()
    page = visit("/en/regions?as_of=2024-08-15")
    assert "As of 30 June 2024" in page.text
    assert "the last figures released before the day that you asked for" in page.text
    assert "/en/regions/MA-09?as_of=2024-08-15" in page.links
    assert "/fr/regions?as_of=2024-08-15" in page.links
    assert 'content="noindex"' in page.html
    assert rows_of(visit("/en/regions/MA-09.csv?as_of=2024-08-15"))[0]["as_of"] == "2024-06-30"


def test_unknown_places_are_not_found(visit: Visit, released: Session) -> None:
    for path in ("regions/MA-99", "regions/MA-99.csv", "sectors/alchemy", "regions/compare?r=MA-99", "regions.xml"):
        assert visit(f"/en/{path}").status == 404


def test_a_fifth_region_is_left_out_and_that_is_said(visit: Visit, released: Session) -> None:
    chosen = "&".join(f"r=MA-0{number}" for number in range(1, 6))
    page = visit(f"/en/regions/compare?{chosen}")
    assert "Four regions fit beside one another" in page.text
    assert "Four regions" not in visit("/en/regions/compare?r=MA-04&r=MA-06").text


def test_pages_take_the_same_few_queries_however_many_startups(
    visit: Visit, released: Session, make_startup: Maker, count_queries: Callable[[], int]
) -> None:
    counts = []
    for _ in range(2):
        visit("/en/regions/MA-06")
        released.expunge_all()
        count_queries()
        visit("/en/regions/MA-06")
        counts.append(count_queries())
        for _ in range(20):
            make_startup(site="casablanca")
        release_current(released, today())
        released.commit()
    assert counts[0] == counts[1] <= 6


def test_what_pages_show_is_what_services_give(visit: Visit, released: Session) -> None:
    page = region_page(released, "MA-06", today())
    assert page.place.residents == 20
    text = visit("/en/regions/MA-06").text
    assert "Casablanca-Settat hosts 20 resident startups, 38% of the network’s." in text
    rows = {row.region.code: row.place.residents for row in regions_page(released, today()).rows}
    assert {rows[code] for code in REGIONS.values()} == {20, 12}


def test_files_say_what_they_are(visit: Visit, released: Session) -> None:
    for path in FILES:
        for form, mimetype in (
            ("csv", "text/csv"),
            ("xlsx", FORMATS["xlsx"]),
            ("jsonl", "application/jsonl"),
            ("json", "application/json"),
        ):
            page = visit(f"/fr/{path}.{form}?r=MA-06")
            assert page.status == 200
            assert page.response.mimetype == mimetype
            assert re.search(rf'filename="?[\w-]+-{today()}\.{form}\b', page.response.headers["Content-Disposition"])
            page.response.close()


def test_what_profiles_say_is_told_of_today_and_not_of_the_past(
    visit: Visit, session: Session, make_startup: Maker
) -> None:
    for startup in settle(make_startup):
        startup.women_founders = startup.id % 2 == 0
    release_current(session, today())
    list(release_past(session, today()))
    session.commit()
    for path in ("regions/MA-06", "network"):
        page = visit(f"/en/{path}")
        assert "At least one woman among the founders" in page.text
        assert "who names no market may still have one" in page.text
        assert "No introduction has been asked for yet" in page.text
        past = visit(f"/en/{path}?as_of=2025-12-31")
        assert "At least one woman" not in past.text
        assert "shown as of today only" in past.text
        assert "counted as of today only" in past.text
    assert "At least one woman" in visit("/en/regions/compare?r=MA-06&r=MA-04").text


def test_a_region_says_what_could_come_next_and_a_sector_what_is_near(
    visit: Visit, session: Session, make_startup: Maker
) -> None:
    for site, sectors, number in (
        ("agadir", ["agritech", "biotech"], 6),
        ("agadir", ["agritech"], 8),
        ("agadir", ["software"], 5),
        ("rabat", ["software"], 20),
        ("rabat", ["biotech"], 9),
    ):
        for _ in range(number):
            make_startup(site=site, sectors=sectors)
    release_current(session, today())
    session.commit()
    region, sector = visit("/en/regions/MA-09"), visit("/en/sectors/biotech")
    assert "/en/sectors/biotech" in region.links
    assert "A hint at what is near, not a forecast" in region.text
    assert "from 48 startups of the directory" in sector.text
    assert "/en/sectors/agritech" in sector.links
    assert "Nearest sectors" in sector.text
