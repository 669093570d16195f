from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webapp.config import ROOT
from webapp.matching import Matcher
from webapp.models import Match, PartnerKind, PublicationState
from webapp.services.matches import Reason, matches_for_partner, matches_for_startup, steps_of, strength_of, words_in
from webapp.services.matching import rebuild_matches

Maker = Callable[..., Any]

WORDS = {
    "code": "shared-words",
    "weight": 0.2,
    "values": {"words": ["eau", "water", "verger"], "languages": ["fr", "en", "fr"]},
}
SECTOR = {"code": "same-sector", "weight": 0.3, "values": {"codes": ["agritech"]}}
NEEDS = {"code": "needs-answered", "weight": 0.1, "values": {"codes": ["equity"]}}
REGION = {"code": "same-region", "weight": 0.05, "values": {"codes": ["MA-09"]}}
STAGE = {"code": "stage-differs", "weight": 0.0, "cost": 0.1, "values": {"codes": ["idea"]}}
FAR = {"code": "region-outside", "weight": 0.0, "cost": 0.07, "values": {"codes": ["MA-01"]}}


@pytest.fixture
def make_match(session: Session) -> Maker:
    def make(startup: Any, partner: Any, *parts: dict[str, Any], rank: int = 1, score: float = 0.5) -> Match:
        match = Match(
            startup_id=startup.id,
            partner_id=partner.id,
            score=score,
            startup_rank=rank,
            partner_rank=rank,
            explanation=list(parts),
        )
        session.add(match)
        session.flush()
        return match

    return make


def test_a_startup_sees_the_best_partners_of_each_kind(
    session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    startup = make_startup()
    investors = [make_partner(kind="investor") for _ in range(4)]
    mentor = make_partner(kind="mentor")
    for rank, partner in enumerate(reversed(investors), start=1):
        make_match(startup, partner, SECTOR, rank=rank)
    make_match(startup, mentor, SECTOR)
    matches = matches_for_startup(session, startup, "en")
    assert list(matches) == list(PartnerKind)
    assert [view.partner for view in matches[PartnerKind.INVESTOR]] == investors[:0:-1]
    assert [view.partner for view in matches[PartnerKind.MENTOR]] == [mentor]
    assert matches[PartnerKind.CORPORATE] == []
    assert all(view.startup is startup for views in matches.values() for view in views)


def test_the_three_weightiest_reasons_and_the_worst_counter_reason_are_told(
    session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    startup = make_startup()
    make_match(startup, make_partner(), SECTOR, WORDS, NEEDS, REGION, STAGE, FAR)
    (view,) = matches_for_startup(session, startup, "fr")[PartnerKind.INVESTOR]
    assert [reason.code for reason in view.reasons] == ["same-sector", "shared-words", "needs-answered"]
    assert view.counter == Reason("stage-differs", {"codes": ["idea"]})


@pytest.mark.parametrize("language", ["en", "ar"])
def test_fewer_than_two_words_in_the_readers_language_give_way_to_the_next_reason(
    language: str, session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    startup, partner = make_startup(), make_partner()
    make_match(startup, partner, SECTOR, WORDS, NEEDS, REGION)
    (by_startup,) = matches_for_startup(session, startup, language)[PartnerKind.INVESTOR]
    (by_partner,) = matches_for_partner(session, partner, language)
    assert [reason.code for reason in by_startup.reasons] == ["same-sector", "needs-answered", "same-region"]
    assert by_partner.reasons == by_startup.reasons


def test_words_are_told_only_if_there_are_some_and_trifles_not_at_all(
    session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    startup = make_startup()
    nameless = WORDS | {"values": {"words": [], "languages": []}}
    make_match(startup, make_partner(), nameless, SECTOR | {"weight": 0.01}, FAR | {"cost": 0.01})
    (view,) = matches_for_startup(session, startup, "en")[PartnerKind.INVESTOR]
    assert view.reasons == []
    assert view.counter is None


def test_a_withdrawn_profile_is_gone_at_once_and_the_next_moves_up(
    session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    startup, other = make_startup(), make_startup()
    partners = [make_partner() for _ in range(4)]
    for rank, partner in enumerate(partners, start=1):
        make_match(startup, partner, SECTOR, rank=rank)
    make_match(other, partners[1], SECTOR, rank=2)
    partners[0].state = PublicationState.WITHDRAWN
    session.flush()
    assert [view.partner for view in matches_for_startup(session, startup, "en")[PartnerKind.INVESTOR]] == partners[1:]
    assert matches_for_partner(session, partners[0], "en") == []
    startup.state = PublicationState.DRAFT
    session.flush()
    assert not any(matches_for_startup(session, startup, "en").values())
    assert [view.startup for view in matches_for_partner(session, partners[1], "en")] == [other]


def test_a_partner_sees_no_more_startups_than_asked_for(
    session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    partner = make_partner()
    startups = [make_startup() for _ in range(3)]
    for rank, startup in enumerate(startups, start=1):
        make_match(startup, partner, SECTOR, rank=rank)
    assert [view.startup for view in matches_for_partner(session, partner, "en", limit=2)] == startups[:2]


@pytest.mark.parametrize("number", [1, 8])
def test_reading_takes_a_fixed_number_of_queries(
    number: int,
    session: Session,
    make_startup: Maker,
    make_partner: Maker,
    make_match: Maker,
    count_queries: Callable[[], int],
) -> None:
    startups, partners = [make_startup() for _ in range(number)], [make_partner() for _ in range(number)]
    for place in range(number):
        make_match(startups[0], partners[place], SECTOR, rank=place + 1)
        if place:
            make_match(startups[place], partners[0], SECTOR, rank=place + 1)
    session.commit()
    startup, partner = startups[0], partners[0]
    assert startup.is_published
    assert partner.is_published
    session.expunge_all()
    count_queries()
    views = matches_for_startup(session, startup, "en", per_kind=number)[PartnerKind.INVESTOR]
    assert len([view.partner.terms(kind="sectors") for view in views]) == number
    assert count_queries() <= 7
    assert len(matches_for_partner(session, partner, "en", limit=number)) == number
    assert count_queries() <= 6


RELATED = {
    "code": "related-texts",
    "weight": 0.1,
    "values": {
        "words": ["verger", "orchard"],
        "languages": ["fr", "en"],
        "partner_words": ["olives"],
        "partner_languages": ["en"],
    },
}


def test_related_words_are_not_told_where_there_is_enough_else_to_say(
    session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    others = [{"code": code, "weight": 0.1, "values": {"codes": ["x"]}} for code in ("same-sector", "same-region")]
    partner = make_partner()
    make_match(make_startup(), partner, {**RELATED, "weight": 0.3}, *others)
    (view,) = matches_for_partner(session, partner, "en")
    assert [reason.code for reason in view.reasons] == ["same-sector", "same-region"]


@pytest.mark.parametrize(("language", "told"), [("en", ["related-texts"]), ("fr", []), ("ar", [])])
def test_related_words_are_told_if_both_sides_have_some_in_the_readers_language(
    language: str, told: list[str], session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    startup = make_startup()
    make_match(startup, make_partner(), RELATED)
    (view,) = matches_for_startup(session, startup, language)[PartnerKind.INVESTOR]
    assert [reason.code for reason in view.reasons] == told


def test_a_startup_accepted_before_is_named_only_as_long_as_it_is_public(
    session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    startup, near, partner = make_startup(), make_startup(), make_partner()
    make_match(startup, partner, {"code": "near-history", "weight": 0.1, "values": {"ids": [near.id]}})
    (view,) = matches_for_startup(session, startup, "en")[PartnerKind.INVESTOR]
    assert view.reasons == [Reason("near-history", {"startups": [near]})]
    near.state = PublicationState.WITHDRAWN
    session.flush()
    assert matches_for_partner(session, partner, "en")[0].reasons == []


def test_what_a_startup_could_add_is_told_apart_from_the_reasons(
    session: Session, make_startup: Maker, make_partner: Maker, make_match: Maker
) -> None:
    startup = make_startup()
    make_match(startup, make_partner(), SECTOR, {"code": "add-needs", "weight": 0.0, "gain": 0.1, "values": {}})
    (view,) = matches_for_startup(session, startup, "en")[PartnerKind.INVESTOR]
    assert view.hint == Reason("add-needs", {})
    assert [reason.code for reason in view.reasons] == ["same-sector"]


def test_words_come_in_the_readers_language_only() -> None:
    reason = Reason("shared-words", WORDS["values"])
    assert words_in(reason, "fr") == ["eau", "verger"]
    assert words_in(reason, "ar") == []


def test_strength_and_steps_grow_with_the_score() -> None:
    scores = [0.25, 0.33, 0.39, 0.45, 0.5, 0.6, 1.0]
    assert [steps_of(score) for score in scores] == [1, 1, 2, 3, 4, 5, 5]
    assert [strength_of(score) for score in scores] == ["possible"] * 3 + ["good"] + ["strong"] * 3


def test_prepared_matches_can_be_read(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    startup = make_startup(sectors=["agritech"], pitch={"en": "Irrigation for orchards"}, maturities=["growth"])
    partner = make_partner(sectors=["agritech"], summary={"en": "Money for irrigation of orchards"}, maturities=["mvp"])
    rebuild_matches(session, Matcher(per_profile=3, pack_digest=""))
    (view,) = matches_for_startup(session, startup, "en")[PartnerKind.INVESTOR]
    assert {reason.code for reason in view.reasons} == {"same-sector", "shared-concepts", "shared-words"}
    assert view.counter == Reason("stage-differs", {"codes": ["mvp"]})
    assert [view.startup for view in matches_for_partner(session, partner, "en")] == [startup]


def test_the_web_process_never_loads_scikit_learn(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from webapp.app import create_app\n"
        "from webapp.config import Settings\n"
        "create_app(Settings(_env_file=None, environment='test', data_dir=sys.argv[1]))\n"
        "heavy = {'sklearn', 'scipy'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
