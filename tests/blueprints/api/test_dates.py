"""Last-Modified: since when an answer is as it is, and that what changed is never told to be the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.blueprints.api.conftest import Ask
from webapp.matching import Matcher
from webapp.models import Change, PublicationState, Startup, utc_now
from webapp.services import last_change
from webapp.services.matching import rebuild_matches

DATED = (
    "startups?sector=agritech",
    "startups/farm-1",
    "startups/farm-1/matches",
    "startups/farm-1/similar",
    "partners",
    "partners/sahel-fund",
    "partners/sahel-fund/matches",
    "regions",
    "sectors/agritech/clusters",
    "suggest?q=far",
    "network",
)
LISTS = [path for path in DATED if path.partition("?")[0] in ("startups", "partners", "suggest", "network")]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second is over since the last change, so that its date can be told."""
    monkeypatch.setattr(last_change, "utc_now", lambda: utc_now() + timedelta(seconds=2))


@pytest.fixture
def settled(released: Session, matched: Session, later: None) -> Session:
    """A network with matches and figures, of which the worker has handled every change."""
    matched.query(Change).delete()
    matched.commit()
    return matched


def test_every_public_answer_has_a_date_by_which_it_is_known_again(settled: Session, ask: Ask) -> None:
    for path in DATED:
        first = ask(f"/v1/{path}")
        date = first.header("Last-Modified") or ""
        assert (first.status, bool(date)) == (200, True), path
        again = ask(f"/v1/{path}", If_Modified_Since=date)
        assert (again.status, again.response.data) == (304, b""), path
        for name in ("ETag", "Vary", "Cache-Control"):
            assert again.header(name) == first.header(name), (path, name)


def test_the_tag_counts_more_than_the_date(settled: Session, ask: Ask) -> None:
    first = ask("/v1/partners")
    date, tag = first.header("Last-Modified") or "", first.header("ETag") or ""
    assert ask("/v1/partners", If_None_Match='W/"another"', If_Modified_Since=date).status == 200
    early = "Sat, 01 Jan 2000 00:00:00 GMT"
    assert ask("/v1/partners", If_None_Match=tag, If_Modified_Since=early).status == 304
    assert ask("/v1/partners", If_Modified_Since=early).status == 200


@pytest.mark.parametrize("how", ["withdrawn", "deleted"])
def test_what_goes_away_is_noticed_before_and_after_the_worker_has_handled_it(
    settled: Session, ask: Ask, reindex: Callable[[], None], how: str
) -> None:
    dates = {path: ask(f"/v1/{path}").header("Last-Modified") or "" for path in LISTS}
    startup = settled.query(Startup).filter_by(slug="farm-1").one()
    if how == "deleted":
        settled.delete(startup)
    else:
        startup.state = PublicationState.WITHDRAWN
    settled.commit()
    for path, date in dates.items():
        told = ask(f"/v1/{path}", If_Modified_Since=date)
        assert (told.status, told.header("Last-Modified")) == (200, None), path
    time.sleep(1.1)  # really: indexes are dated by their files
    reindex()
    settled.query(Change).delete()
    settled.commit()
    for path, date in dates.items():
        told = ask(f"/v1/{path}", If_Modified_Since=date)
        assert told.status == 200, path
        assert told.header("Last-Modified") not in (None, date), path


def test_new_matches_are_new_dates(settled: Session, ask: Ask) -> None:
    path = "/v1/startups/farm-1/matches"
    date = ask(path).header("Last-Modified") or ""
    time.sleep(1.1)  # really: indexes are dated by their files
    rebuild_matches(settled, Matcher(per_profile=1, pack_digest=""))
    settled.commit()
    assert ask(path, If_Modified_Since=date).status == 200


def test_a_date_waits_until_its_second_is_over(
    settled: Session, ask: Ask, reindex: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    reindex()
    monkeypatch.setattr(last_change, "utc_now", lambda: utc_now() - timedelta(seconds=1))
    assert ask("/v1/startups").header("Last-Modified") is None
    assert ask("/v1/startups").header("ETag")


def test_without_an_index_there_is_no_date(make_startup: Callable[..., Any], session: Session, ask: Ask) -> None:
    make_startup("Farm")
    session.commit()
    told = ask("/v1/startups")
    assert (told.status, told.header("Last-Modified")) == (200, None)
