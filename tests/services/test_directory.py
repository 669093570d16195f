from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webapp.errors import NotFound
from webapp.models import Partner, PublicationState, Startup
from webapp.search import Query, Search
from webapp.services import directory_sql
from webapp.services.directory import Listing, list_partners, list_startups, similar_startups
from webapp.services.indexing import rebuild_index

Maker = Callable[..., Any]
SECTORS = ("software", "agritech", "fintech", "edtech")


@pytest.fixture
def search(tmp_path: Path) -> Search:
    return Search(tmp_path / "index", "pack")


@pytest.fixture
def no_search(tmp_path: Path) -> Search:
    return Search(tmp_path / "nothing", "pack")


def built(session: Session, search: Search) -> Search:
    session.flush()
    rebuild_index(session, search.startups)
    rebuild_index(session, search.partners)
    return search


def names(listing: Listing[Any]) -> list[str]:
    return [row.name_latin for row in listing.rows]


@pytest.fixture
def many_startups(session: Session, make_startup: Maker) -> list[Startup]:
    chance = random.Random(7)
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    return [
        make_startup(
            chance.choice(("Écolo", "al-Baraka", "Zanbil", "atlas", "B2B", "دفتري")),
            sectors=chance.sample(SECTORS, chance.randint(1, 3)),
            maturities=chance.sample(("idea", "mvp"), chance.randint(0, 1)),
            needs=chance.sample(("equity", "loan", "grant"), chance.randint(0, 3)),
            site=chance.choice((None, None, "agadir", "rabat", "casablanca")),
            published_at=start + timedelta(days=chance.randint(0, 5), microseconds=chance.randint(0, 2)),
            verified_on=chance.choice((None, date(2026, 3, 1), date(2026, 4, 1))),
        )
        for _ in range(40)
    ]


@pytest.fixture
def many_partners(session: Session, make_partner: Maker) -> list[Partner]:
    chance = random.Random(8)
    return [
        make_partner(
            chance.choice(("Sahel", "El-Amal", "Zénith")),
            kind=chance.choice(("investor", "mentor", "corporate")),
            sectors=chance.sample(SECTORS[:3], chance.randint(0, 2)),
            excluded_sectors=("edtech",),
            instruments=chance.sample(("equity", "loan"), chance.randint(0, 2)),
            skills=chance.sample(("legal", "sales"), chance.randint(0, 1)),
            languages=chance.sample(("ar", "fr", "en"), chance.randint(1, 3)),
        )
        for _ in range(30)
    ]


STARTUP_FILTERS: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"sector": ("agritech",)},
    {"sector": ("agritech", "fintech"), "need": ("equity",)},
    {"site": ("agadir", "rabat"), "residency": ("resident",)},
    {"region": ("MA-09",), "stage": ("mvp", "idea")},
    {"sector": ("gaming",)},
)
PARTNER_FILTERS: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"kind": ("investor", "mentor")},
    {"language": ("ar",), "sector": ("agritech", "software")},
    {"instrument": ("equity",), "language": ("en", "fr"), "kind": ("investor",)},
    {"sector": ("edtech",)},
)


def same(indexed: Listing[Any], degraded: Listing[Any]) -> bool:
    assert (indexed.degraded, degraded.degraded) == (False, True)
    assert [row.id for row in indexed.rows] == [row.id for row in degraded.rows]
    assert (indexed.total, indexed.pages) == (degraded.total, degraded.pages)
    assert indexed.facets == degraded.facets
    return True


@pytest.mark.usefixtures("many_startups")
def test_without_an_index_browsing_startups_is_the_same(session: Session, search: Search, no_search: Search) -> None:
    built(session, search)
    for filters, sort in itertools.product(STARTUP_FILTERS, ("relevance", "name", "newest", "verified")):
        query = Query(filters=filters, sort=sort, per_page=7)
        assert same(list_startups(session, search, query), list_startups(session, no_search, query))


@pytest.mark.usefixtures("many_partners")
def test_without_an_index_browsing_partners_is_the_same(session: Session, search: Search, no_search: Search) -> None:
    built(session, search)
    for filters, sort in itertools.product(PARTNER_FILTERS, ("relevance", "name", "newest", "verified")):
        query = Query(filters=filters, sort=sort, per_page=7)
        assert same(list_partners(session, search, query), list_partners(session, no_search, query))


def test_a_facet_counts_what_choosing_another_code_would_show(
    session: Session, make_startup: Maker, search: Search, no_search: Search
) -> None:
    make_startup(sectors=["agritech"], needs=["equity"])
    make_startup(sectors=["fintech"], needs=["loan"])
    make_startup(sectors=["agritech", "fintech"], needs=["loan"])
    built(session, search)
    for source in (search, no_search):
        listing = list_startups(session, source, Query(filters={"sector": ("agritech",)}))
        assert listing.total == 2
        assert listing.facets["sector"] == {"agritech": 2, "fintech": 2}
        assert listing.facets["need"] == {"equity": 1, "loan": 1}


def test_a_withdrawn_startup_is_gone_at_once(session: Session, make_startup: Maker, search: Search) -> None:
    tazrii = make_startup("Tazrii")
    make_startup("Naqla")
    built(session, search)
    tazrii.state = PublicationState.WITHDRAWN
    assert names(list_startups(session, search, Query())) == ["Naqla"]


@pytest.mark.parametrize("text", ["naq", "NAQLA", "colis", "الطُّرود", "énergie", 'nasty " % _ \\ \x00 \u202e'])
def test_without_an_index_text_is_looked_for_in_names_and_pitches(
    session: Session, make_startup: Maker, no_search: Search, text: str
) -> None:
    make_startup("Tazrii", pitch={"fr": "Irrigation"})
    make_startup("Naqla", pitch={"fr": "Livraison de colis, énergie", "ar": "توصيل الطُّرود"})
    found = names(list_startups(session, no_search, Query(text)))
    assert found == ([] if "nasty" in text else ["Naqla"])


@pytest.mark.parametrize("most", [0, 1, 2])
def test_without_an_index_a_text_counts_the_same_whether_it_finds_few_or_many(
    session: Session, make_startup: Maker, no_search: Search, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(directory_sql, "MOST_IDS", most)
    make_startup("Naqla Nord", sectors=["agritech"])
    make_startup("Naqla Sud", sectors=["fintech"])
    make_startup("Tazrii", sectors=["fintech"])
    listing = list_startups(session, no_search, Query("naqla", {"sector": ("fintech",)}))
    assert names(listing) == ["Naqla Sud"]
    assert listing.facets["sector"] == {"agritech": 1, "fintech": 1}


def test_a_damaged_index_degrades_and_a_rebuild_heals(
    session: Session, make_startup: Maker, search: Search, tmp_path: Path
) -> None:
    make_startup("Tazrii", description={"fr": "irrigation"})
    built(session, search)
    for path in (tmp_path / "index").glob("startup-*/*.pst"):
        path.write_bytes(b"")
    reopened = Search(tmp_path / "index", "pack")
    assert list_startups(session, reopened, Query("tazrii")).degraded
    rebuild_index(session, reopened.startups)
    listing = list_startups(session, reopened, Query("irrigation"))
    assert (names(listing), listing.degraded) == (["Tazrii"], False)


def test_a_page_beyond_the_last_is_not_found(
    session: Session, make_startup: Maker, search: Search, no_search: Search
) -> None:
    for _ in range(3):
        make_startup()
    built(session, search)
    for source in (search, no_search):
        assert len(list_startups(session, source, Query(page=2, per_page=2)).rows) == 1
        with pytest.raises(NotFound) as caught:
            list_startups(session, source, Query(page=3, per_page=2))
        assert (caught.value.code, caught.value.values) == ("page", {"pages": 2})
    assert list_startups(session, search, Query("zzyzx")).rows == []


def test_codes_that_the_network_does_not_have_are_named_and_ignored(
    session: Session, make_startup: Maker, search: Search, no_search: Search
) -> None:
    make_startup(sectors=["agritech"])
    make_startup(sectors=["gaming"])
    built(session, search)
    filters = {"sector": ("agritech", "alchemy"), "site": ("atlantis",), "colour": ("red",), "residency": ("guest",)}
    for source in (search, no_search):
        listing = list_startups(session, source, Query(filters=filters))
        assert listing.total == 1
        assert listing.unknown == {
            "sector": ("alchemy",),
            "site": ("atlantis",),
            "colour": ("red",),
            "residency": ("guest",),
        }


def test_a_listing_takes_a_fixed_number_of_queries(
    session: Session, make_startup: Maker, search: Search, no_search: Search, count_queries: Callable[[], int]
) -> None:
    numbers = []
    for _ in range(2):
        for _ in range(4):
            make_startup(site="rabat", sectors=["agritech", "fintech"])
        session.commit()
        built(session, search)
        for source in (search, no_search):
            session.expunge_all()
            count_queries()
            listing = list_startups(session, source, Query(filters={"sector": ("fintech",), "site": ("rabat",)}))
            assert [row.terms("sectors")[0].names and row.regions for row in listing.rows]
            numbers.append(count_queries())
    assert numbers[:2] == numbers[2:]
    assert numbers[0] <= 6


def test_similar_startups_share_the_primary_sector_and_words(
    session: Session, make_startup: Maker, search: Search, no_search: Search
) -> None:
    tazrii = make_startup("Tazrii", sectors=["agritech"], pitch={"fr": "Irrigation des vergers", "ar": "ري البساتين"})
    close = make_startup("Saqya", sectors=["agritech"], pitch={"ar": "ري الحقول والبساتين"})
    secondary = make_startup("Shams", sectors=["greentech", "agritech"], pitch={"fr": "Irrigation des vergers"})
    make_startup("Naqla", sectors=["elogistics"], pitch={"fr": "Irrigation des vergers"})
    withdrawn = make_startup("Gone", sectors=["agritech"], pitch={"fr": "Irrigation des vergers"})
    built(session, search)
    withdrawn.state = PublicationState.WITHDRAWN
    assert similar_startups(session, search, tazrii) == [close, secondary]
    assert similar_startups(session, no_search, tazrii) == [close]
    assert len(similar_startups(session, search, tazrii, limit=1)) == 1


def test_similar_startups_that_read_alike_come_last(
    session: Session, make_startup: Maker, search: Search, no_search: Search
) -> None:
    opening = "Irrigation des vergers au goutte à goutte"
    tazrii = make_startup("Tazrii", sectors=["agritech"], pitch={"fr": f"{opening} pour les oliviers"})
    like_it = make_startup("Saqya", sectors=["agritech"], pitch={"fr": f"{opening} pour les agrumes"})
    other = make_startup("Shams", sectors=["agritech"], pitch={"fr": "Pompage solaire pour les vergers isolés"})
    like_other = make_startup("Nour", sectors=["agritech"], pitch={"fr": "Pompage solaire pour les vergers irrigués"})
    built(session, search)
    for index in (search, no_search):
        varied = similar_startups(session, index, tazrii)
        assert len({row.id for row in varied[:1]} & {other.id, like_other.id}) == 1
        assert {row.id for row in varied} == {like_it.id, other.id, like_other.id}
        (only,) = similar_startups(session, index, tazrii, limit=1)
        assert only in (other, like_other)


def test_a_partner_that_names_no_sector_is_open_to_all_but_those_that_it_rules_out(
    session: Session, search: Search, no_search: Search, make_partner: Maker
) -> None:
    make_partner("Open to all", excluded_sectors=("edtech",))
    make_partner("Fintech only", sectors=("fintech",))
    built(session, search)
    for source in (search, no_search):
        found = {
            sector: set(names(list_partners(session, source, Query(filters={"sector": (sector,)}))))
            for sector in ("fintech", "agritech", "edtech")
        }
        assert found["fintech"] == {"Open to all", "Fintech only"}
        assert found["agritech"] == {"Open to all"}
        assert found["edtech"] == set()
