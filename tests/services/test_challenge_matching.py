"""Which startups fit a challenge is told with reasons, and each is invited once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from tests.challenges import LAST, TODAY, Contest, make_contest
from webapp.errors import Conflict, Invalid, NotAllowed
from webapp.models import ChallengeInvitation, OutgoingMail, PublicationState, Startup, Term
from webapp.search import Search
from webapp.services import challenge_matching
from webapp.services.challenge_lists import own_invitations
from webapp.services.challenge_matching import Fit, fitting_startups, invite_startups
from webapp.services.challenge_moves import Move
from webapp.services.indexing import rebuild_index

Maker = Callable[..., Any]


@pytest.fixture
def contest(session: Session, make_startup: Maker, make_partner: Maker, terms: Callable[..., list[Term]]) -> Contest:
    return make_contest(
        session,
        make_startup,
        make_partner,
        problem={"fr": "Nous perdons un tiers de l’eau d’irrigation de nos 240 serres."},
        subjects=[*terms("sectors", "agritech"), *terms("technologies", "iot")],
    ).opened()


@pytest.fixture
def near(make_startup: Maker) -> Startup:
    startup: Startup = make_startup(
        "Anzar",
        sectors=["agritech"],
        technologies=["iot"],
        pitch={"en": "Irrigation of greenhouses, steered by probes."},
    )
    return startup


@pytest.fixture
def far(make_startup: Maker) -> Startup:
    startup: Startup = make_startup("Flouss", sectors=["fintech"], pitch={"en": "Loans for grocers."})
    return startup


def ranked(contest: Contest, folder: Path, who: str = "company", *, build: bool = True) -> list[Fit]:
    search = Search(folder, "test")
    if build:
        rebuild_index(contest.session, search.startups)
    return fitting_startups(contest.session, search, contest.actor(who), contest.challenge)


def test_the_best_share_subjects_and_speak_of_the_same_in_another_language(
    contest: Contest, near: Startup, far: Startup, tmp_path: Path
) -> None:
    fits = ranked(contest, tmp_path)
    assert fits[0].startup is near
    assert [term.code for term in fits[0].subjects] == ["agritech", "iot"]
    assert "irrigation" in " ".join(fits[0].concepts)
    assert fits[0].is_suggested
    scores = {fit.startup.name_latin: fit.score for fit in fits}
    assert scores["Anzar"] > scores["Tazrii"] > scores.get("Flouss", 0.0)
    assert all(0 <= fit.score <= 1 for fit in fits)


def test_without_an_index_subjects_and_concepts_still_rank(contest: Contest, near: Startup, tmp_path: Path) -> None:
    fits = ranked(contest, tmp_path, build=False)
    assert fits[0].startup is near
    assert not any(fit.reads_alike for fit in fits)


def test_nobody_sees_unpublished_startups_and_outsiders_see_none(
    contest: Contest, near: Startup, tmp_path: Path
) -> None:
    near.state = PublicationState.WITHDRAWN
    contest.session.flush()
    assert near not in [fit.startup for fit in ranked(contest, tmp_path, "staff")]
    for who in ("founder", "stranger"):
        with pytest.raises(NotAllowed):
            ranked(contest, tmp_path, who, build=False)


def test_the_number_of_queries_does_not_grow_with_what_fits(
    contest: Contest, make_startup: Maker, tmp_path: Path, count_queries: Callable[[], int]
) -> None:
    def counted() -> int:
        contest.session.expire_all()
        count_queries()
        ranked(contest, tmp_path, build=False)
        return count_queries()

    few = counted()
    for number in range(8):
        make_startup(f"Farm {number}", sectors=["agritech"])
    assert counted() == few


def test_each_startup_is_told_once_and_sees_it_among_its_invitations(contest: Contest, near: Startup) -> None:
    session, company = contest.session, contest.actor("company")
    account = make_account()
    join(account, near)
    assert invite_startups(session, company, contest.challenge, {near.id: 0.8123456}, today=TODAY) == 1
    assert invite_startups(session, contest.actor("staff"), contest.challenge, {near.id: 0.8}, today=TODAY) == 0
    assert session.scalars(select(ChallengeInvitation.score)).all() == [0.812]
    told = select(OutgoingMail.person_id).filter_by(kind="challenge-invitation")
    assert session.scalars(told).all() == [account.person_id]
    join(contest.accounts["founder"], near)
    (invitation,) = own_invitations(session, contest.actor("founder"), TODAY)
    assert invitation.challenge is contest.challenge
    assert own_invitations(session, contest.actor("founder"), LAST + timedelta(days=1)) == []


def test_who_has_answered_is_not_invited(contest: Contest) -> None:
    contest.answered()
    chosen = {contest.startup.id: 0.9}
    assert invite_startups(contest.session, contest.actor("company"), contest.challenge, chosen, today=TODAY) == 0


def test_invitations_end_with_the_challenge_and_have_a_limit(
    contest: Contest, near: Startup, far: Startup, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, company, chosen = contest.session, contest.actor("company"), {near.id: 0.8, far.id: 0.1}
    with pytest.raises(NotAllowed):
        invite_startups(session, contest.actor("founder"), contest.challenge, chosen, today=TODAY)
    monkeypatch.setattr(challenge_matching, "MOST_INVITED", 1)
    with pytest.raises(Invalid) as caught:
        invite_startups(session, company, contest.challenge, chosen, today=TODAY)
    assert caught.value.values == {"most": 1, "left": 1}
    with pytest.raises(Conflict):
        invite_startups(session, company, contest.challenge, chosen, today=LAST + timedelta(days=1))
    contest.move("company", Move.CLOSE)
    with pytest.raises(Conflict):
        invite_startups(session, company, contest.challenge, chosen, today=TODAY)
