from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.visiting import Visit
from webapp.models import PublicationState

LANGUAGES = ("ar", "fr", "en")
Maker = Callable[..., Any]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_directory_shows_startups_in_every_language(visit: Visit, make_startup: Maker, language: str) -> None:
    make_startup("Tazrii", name_arabic="تزريع")
    page = visit(f"/{language}/startups")
    assert page.status == 200
    assert page.entries == 1
    assert "Tazrii" in page.text
    assert "تزريع" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["page=x", "page=0", "page=-3", "page=", "page=1.5", "page=²"])
def test_what_is_no_page_number_means_the_first_page(
    visit: Visit, make_startup: Maker, language: str, query: str
) -> None:
    make_startup()
    page = visit(f"/{language}/startups?{query}")
    assert page.status == 200
    assert page.entries == 1
    assert page.canonical().endswith(f"/{language}/startups")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [3, 99, 10**18, 10**40])
def test_a_page_beyond_the_last_is_an_error_with_a_way_to_the_last(
    visit: Visit, make_startup: Maker, language: str, number: int
) -> None:
    for _ in range(8):
        make_startup(sectors=["fintech"])
    page = visit(f"/{language}/startups?page={number}&sector=fintech")
    assert page.status == 404
    assert f"/{language}/startups?sector=fintech&page=2" in page.links


@pytest.mark.parametrize("language", LANGUAGES)
def test_unknown_orders_and_densities_fall_back_to_the_defaults(
    visit: Visit, make_startup: Maker, language: str
) -> None:
    make_startup()
    page = visit(f"/{language}/startups?sort=bribe&view=spiral")
    assert page.status == 200
    assert page.canonical().endswith(f"/{language}/startups")


@pytest.mark.parametrize("language", LANGUAGES)
def test_unknown_codes_are_named_and_nothing_else_is_lost(visit: Visit, make_startup: Maker, language: str) -> None:
    make_startup("Wanted", sectors=["fintech"])
    make_startup("Other", sectors=["edtech"])
    page = visit(f"/{language}/startups?q=Wanted&sector=fintech&sector=alchemy&site=atlantis")
    assert page.status == 200
    assert page.entries == 1
    assert "sector=alchemy" in page.text
    assert "site=atlantis" in page.text
    assert page.canonical().endswith("/startups?q=Wanted&sector=fintech")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_too_long_is_cut_with_a_notice(visit: Visit, make_startup: Maker, language: str) -> None:
    make_startup()
    page = visit(f"/{language}/startups?q={'a' * 900}")
    assert page.status == 200
    assert "300" in page.text
    assert "a" * 301 not in page.html


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%01%1b",
        "q=%E2%80%AEabc",
        "q=%22%22%22",
        "q=*%3F%5B",
        "sector=%00",
        "sector=",
        "sector=" + "x" * 5000,
        "q=%FF%FE",
        "lang=xx&slug=y&endpoint=z&_external=1&_scheme=q&_anchor=a",
        "&".join(f"sector=s{number}" for number in range(300)),
    ],
)
def test_hostile_addresses_get_an_ordinary_page(visit: Visit, make_startup: Maker, query: str) -> None:
    make_startup()
    assert visit(f"/en/startups?{query}").status == 200


def test_addresses_are_canonical_in_order_and_without_defaults(visit: Visit, make_startup: Maker) -> None:
    make_startup("Wanted", sectors=["fintech"], site="agadir")
    page = visit(
        "/en/startups?page=1&sort=relevance&view=list&site=agadir&sector=fintech&region=MA-09&q=+Wanted+&utm=1"
    )
    assert page.canonical().endswith("/en/startups?q=Wanted&region=MA-09&site=agadir&sector=fintech")


@pytest.mark.parametrize("language", LANGUAGES)
def test_filters_survive_the_language_switch(visit: Visit, make_startup: Maker, language: str) -> None:
    for _ in range(7):
        make_startup(sectors=["fintech"])
    page = visit("/en/startups?sector=fintech&sort=name&view=cards&page=2")
    expected = f"/{language}/startups?sector=fintech&sort=name&view=cards&page=2"
    assert page.alternates()[language].endswith(expected)
    assert language == "en" or expected in page.links


def test_chosen_filters_can_be_taken_away_one_by_one(visit: Visit, make_startup: Maker) -> None:
    make_startup(sectors=["fintech"], site="agadir")
    page = visit("/en/startups?sector=fintech&site=agadir")
    assert "/en/startups?sector=fintech" in page.links
    assert "/en/startups?site=agadir" in page.links
    assert "/en/startups" in page.links


def test_an_empty_answer_offers_ways_on(visit: Visit, make_startup: Maker) -> None:
    make_startup(sectors=["edtech"])
    page = visit("/en/startups?q=xyzzy&sector=fintech")
    assert page.entries == 0
    assert "/en/startups?q=xyzzy" in page.links
    assert "/en/startups?sector=fintech" in page.links
    assert "/en/startups?sector=edtech" in page.links


def test_filtered_lists_are_not_for_search_engines(visit: Visit, make_startup: Maker) -> None:
    make_startup()
    assert 'content="noindex, follow"' in visit("/en/startups?sector=software").html
    assert "noindex" not in visit("/en/startups").html


def test_the_number_of_queries_does_not_grow_with_the_entries(
    visit: Visit, make_startup: Maker, count_queries: Callable[[], int], session: Session, app: Any
) -> None:
    app.extensions["settings"].page_size = 30
    visit("/en/startups")  # reads the names of codes, which are kept
    counts = []
    for number in (3, 27):
        for _ in range(number):
            make_startup(site="agadir", technologies=["iot", "data"])
        session.commit()
        session.expunge_all()
        count_queries()
        page = visit("/en/startups?sector=software")
        counts.append(count_queries())
    assert page.entries == 30
    assert counts[0] == counts[1]


def test_a_name_is_never_markup(visit: Visit, make_startup: Maker) -> None:
    startup = make_startup(
        "<script>alert(1)</script>", pitch={"en": "<img src=x onerror=alert(1)>"}, description={"en": "<b>bold</b>"}
    )
    for path in ("/en/startups", f"/en/startups/{startup.slug}", "/en/startups?q=<script>alert(2)</script>"):
        html = visit(path).html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<b>bold</b>" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_profile_shows_what_is_known(visit: Visit, make_startup: Maker, language: str) -> None:
    startup = make_startup(
        "Tazrii",
        name_arabic="تزريع",
        site="agadir",
        needs=["equity"],
        sdgs=[2],
        founded=2022,
        raising_min=2_000_000,
        raising_max=5_000_000,
        currency="MAD",
        export_markets=["SN"],
        description={"ar": "وصف", "fr": "Une description", "en": "A description"},
        verified_on=date(2026, 10, 3),
    )
    page = visit(f"/{language}/startups/{startup.slug}")
    assert page.status == 200
    assert len(page.headings) == 1
    assert ("تزريع" if language == "ar" else "Tazrii") in page.title
    assert "2022" in page.text


def test_a_text_in_another_language_says_which_one(visit: Visit, make_startup: Maker) -> None:
    startup = make_startup(pitch={"fr": "Des sondes"}, description={"fr": "Une description"})
    page = visit(f"/ar/startups/{startup.slug}")
    assert 'lang="fr"' in page.html
    assert "Français" in page.text


@pytest.mark.parametrize("state", [PublicationState.DRAFT, PublicationState.WITHDRAWN])
def test_what_is_not_published_does_not_exist_for_visitors(
    visit: Visit, make_startup: Maker, state: PublicationState
) -> None:
    startup = make_startup("Hidden", state=state)
    assert visit(f"/en/startups/{startup.slug}").status == 404
    assert "Hidden" not in visit("/en/startups").text


def test_a_withdrawn_startup_is_gone_at_once(visit: Visit, make_startup: Maker, session: Session) -> None:
    startup = make_startup("Leaving")
    assert visit(f"/en/startups/{startup.slug}").status == 200
    startup.state = PublicationState.WITHDRAWN
    session.flush()
    assert visit(f"/en/startups/{startup.slug}").status == 404
    assert visit("/en/startups").entries == 0
