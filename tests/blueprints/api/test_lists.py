"""Reading a list page by page, and as it was on another day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.blueprints.api.conftest import Ask
from webapp.models import PublicationState, Residency, ResidencyEventKind, Site, Startup
from webapp.permissions import SYSTEM
from webapp.services.residency import EventDraft, record_residency

Maker = Callable[..., Any]
SORTS = ("relevance", "name", "newest", "verified")


def path_of(address: str) -> str:
    return address.partition("/api")[2]


def walk(ask: Ask, path: str, between: Callable[[], None] = lambda: None) -> list[str]:
    """The slugs of all pages, following ``next``."""
    found: list[str] = []
    following: str | None = path
    while following:
        told = ask(following).content
        found += [each["slug"] for each in told["items"]]
        following = told["next"] and path_of(told["next"])
        if following:
            between()
    return found


def test_following_next_gives_what_one_long_page_gives(network: Session, ask: Ask) -> None:
    for sort in SORTS:
        whole = [each["slug"] for each in ask(f"/v1/startups?sort={sort}").content["items"]]
        assert walk(ask, f"/v1/startups?sort={sort}&per_page=2") == whole
    assert len(walk(ask, "/v1/startups?q=olives&per_page=4")) == 9, "by numbers of pages"


def test_what_comes_and_goes_between_pages_neither_repeats_nor_hides_anything(
    network: Session, ask: Ask, make_startup: Maker, reindex: Callable[[], None]
) -> None:
    before = [each["slug"] for each in ask("/v1/startups?sort=newest").content["items"]]

    def change() -> None:
        make_startup()
        startups = network.scalars(select(Startup).where(Startup.slug == before[0])).one()
        startups.state = PublicationState.WITHDRAWN
        reindex()

    assert walk(ask, "/v1/startups?sort=newest&per_page=4", change) == before


def test_a_cursor_is_good_for_its_own_list_alone(network: Session, ask: Ask) -> None:
    cursor = ask("/v1/startups?sort=name&per_page=2").content["next_cursor"]
    assert ask(f"/v1/startups?sort=name&per_page=5&cursor={cursor}").status == 200
    for other in ("startups?sort=newest", "startups?sort=name&sector=fintech", "partners?sort=name"):
        assert ask(f"/v1/{other}&cursor={cursor}").content["code"] == "cursor"
    assert ask(f"/v1/startups?sort=name&cursor={cursor}x").content["code"] == "cursor"
    assert ask(f"/v1/startups?sort=name&cursor={cursor}", Accept_Language="ar").content["code"] == "cursor"


def test_an_order_by_scores_has_no_cursor(network: Session, ask: Ask) -> None:
    told = ask("/v1/startups?q=olives&per_page=2").content
    assert told["next_cursor"] is None
    assert told["next"].endswith("q=olives&per_page=2&page=2")


def test_today_is_as_without_a_day(network: Session, ask: Ask) -> None:
    day = date.today().isoformat()  # noqa: DTZ011
    for query in ("sort=name", "site=agadir&sort=name", "residency=resident&region=MA-09&q=olives"):
        now, then = ask(f"/v1/startups?{query}").content, ask(f"/v1/startups?{query}&as_of={day}").content
        assert then["as_of"] == day
        for part in ("total", "items", "facets"):
            assert then[part] == now[part], part


def test_a_day_of_the_past_has_its_own_residents_parks_and_counts(
    network: Session, ask: Ask, reindex: Callable[[], None]
) -> None:
    startup = network.scalars(select(Startup).where(Startup.slug == "farm-0")).one()
    sites = {site.code: site for site in network.scalars(select(Site))}
    moved = EventDraft(date(2025, 5, 1), ResidencyEventKind.MOVED, sites["casablanca"], sites["agadir"])
    record_residency(network, SYSTEM, startup, moved, today=date(2026, 11, 1))
    left = EventDraft(date(2026, 2, 1), ResidencyEventKind.LEFT, sites["casablanca"])
    record_residency(network, SYSTEM, startup, left, today=date(2026, 11, 1))
    reindex()

    def standing(day: str) -> tuple[str, list[str]]:
        items = ask(f"/v1/startups?as_of={day}").content["items"]
        found = next(each for each in items if each["slug"] == "farm-0")
        return found["residency"], [site["code"] for site in found["sites"]]

    assert standing("2023-12-31") == (Residency.SUPPORTED, [])
    assert standing("2024-01-01") == (Residency.RESIDENT, ["agadir"])
    assert standing("2025-05-01") == (Residency.RESIDENT, ["casablanca"])
    assert standing("2026-02-01") == (Residency.ALUMNI, ["casablanca"])
    facets = ask("/v1/startups?as_of=2024-06-01&sector=fintech").content["facets"]
    assert facets["site"]["agadir"] == 2
    assert "casablanca" not in facets["site"]
    assert ask("/v1/startups?as_of=2023-06-01").content["facets"]["residency"] == {"supported": 9}
    assert ask("/v1/startups?as_of=2024-06-01&site=agadir&sort=name").content["total"] == 3


def test_lists_are_read_in_a_fixed_number_of_queries(
    network: Session, ask: Ask, count_queries: Callable[[], int]
) -> None:
    ask("/v1/startups")

    def queries(path: str) -> int:
        count_queries()
        assert ask(path).status == 200
        return count_queries()

    for path in ("startups?", "startups?as_of=2024-06-01", "partners?"):
        few, many = queries(f"/v1/{path}&per_page=1"), queries(f"/v1/{path}&per_page=50")
        assert few == many, path
