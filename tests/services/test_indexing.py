from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webapp.models import PublicationState, Startup, utc_now
from webapp.search import Drift, IndexUnavailable, Query, Search, run
from webapp.services import indexing
from webapp.services.indexing import check_index, index_documents, rebuild_index, update_index

Maker = Callable[..., Any]


@pytest.fixture
def search(tmp_path: Path) -> Search:
    return Search(tmp_path / "index", "pack")


def test_only_published_rows_have_documents(session: Session, make_startup: Maker) -> None:
    first, second, third = (make_startup() for _ in range(3))
    second.state = PublicationState.DRAFT
    assert [document.id for document in index_documents(session, "startup")] == [first.id, third.id]
    assert [document.id for document in index_documents(session, "startup", [third.id, second.id, 0])] == [third.id]


def test_a_document_knows_names_terms_and_places_in_all_languages(session: Session, make_startup: Maker) -> None:
    startup = make_startup("Tazrii", name_arabic="تزريع", sectors=["agritech", "greentech"], site="agadir")
    (document,) = index_documents(session, "startup", [startup.id])
    assert document.texts["name"] == ("Tazrii", "تزريع")
    assert document.facets["sector"] == ("agritech", "greentech")
    assert document.facets["site"] == ("agadir",)
    assert document.facets["region"] == (startup.sites[0].region.code,)
    assert document.facets["residency"] == ("resident",)
    assert set(startup.sites[0].names.values()) <= set(document.texts["places"])
    assert {name for term in startup.terms("sectors") for name in term.names.values()} <= set(document.texts["terms"])


def test_what_a_partner_rules_out_is_neither_facet_nor_text(session: Session, make_partner: Maker) -> None:
    partner = make_partner(sectors=["agritech"], excluded_sectors=("gaming",), languages=["fr", "ar"])
    (document,) = index_documents(session, "partner", [partner.id])
    assert document.facets["sector"] == ("agritech",)
    assert document.facets["language"] == ("fr", "ar")
    assert not set(partner.excluded("sectors")[0].names.values()) & set(document.texts["terms"])


def test_batches_cover_every_row_once(session: Session, make_startup: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 2)
    expected = [make_startup().id for _ in range(5)]
    assert [document.id for document in index_documents(session, "startup")] == expected
    assert [document.id for document in index_documents(session, "startup", expected)] == expected


def test_a_batch_takes_a_fixed_number_of_queries_and_leaves_no_rows_behind(
    session: Session, make_startup: Maker, count_queries: Callable[[], int]
) -> None:
    numbers = []
    for _ in range(2):
        for _ in range(5):
            make_startup(site="rabat")
        session.commit()
        session.expunge_all()
        count_queries()
        assert list(index_documents(session, "startup"))
        numbers.append(count_queries())
        assert not any(isinstance(row, Startup) for row in session)
    assert numbers[0] == numbers[1] <= 10


def test_rows_that_the_caller_holds_stay_in_the_session(session: Session, make_startup: Maker) -> None:
    startup = make_startup()
    list(index_documents(session, "startup"))
    assert startup in session


def test_rebuilding_and_updating_bring_the_index_in_line(session: Session, make_startup: Maker, search: Search) -> None:
    with pytest.raises(IndexUnavailable):
        update_index(session, search.startups, [1])
    first, second = make_startup("Tazrii"), make_startup("Naqla")
    assert rebuild_index(session, search.startups) == 2
    assert not check_index(session, search.startups)

    third = make_startup("Daftari")
    first.state = PublicationState.WITHDRAWN
    second.pitch = {"fr": "Livraison"}
    second.updated_at = utc_now()
    session.flush()
    assert check_index(session, search.startups) == Drift((third.id,), (second.id,), (first.id,))

    update_index(session, search.startups, [first.id, second.id, third.id])
    assert not check_index(session, search.startups)
    assert run(search.startups, Query("livraison")).ids == (second.id,)
    assert run(search.startups, Query("tazrii")).total == 0


def test_a_deleted_row_leaves_the_index(session: Session, make_partner: Maker, search: Search) -> None:
    partner = make_partner("Sahel Fund")
    rebuild_index(session, search.partners)
    gone = partner.id
    session.delete(partner)
    session.flush()
    update_index(session, search.partners, [gone])
    assert run(search.partners, Query()).ids == ()
