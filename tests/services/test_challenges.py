"""Challenges move as their table says, and nobody else moves them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from tests.challenges import LAST, TODAY, Contest, make_contest, said
from webapp.config import ROOT
from webapp.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from webapp.models import (
    AnswerState,
    Challenge,
    ChallengeState,
    OutgoingMail,
    PublicationState,
    Revision,
    RevisionState,
    Term,
)
from webapp.search import partner_document
from webapp.services.actors import actor_of
from webapp.services.challenge_answers import answerers, get_answer, send_answer
from webapp.services.challenge_lists import (
    answers_to,
    closed_challenges,
    count_answers,
    open_challenges,
    own_answers,
    own_invitations,
    posted_by,
    running_challenges,
    subjects_of_open,
    waiting_challenges,
)
from webapp.services.challenge_moves import ANSWER_MOVES, ENDED, MOVES, UNDECIDED, AnswerMove, Move, answer_allowed
from webapp.services.challenge_time import remind_of_deadlines
from webapp.services.challenges import (
    allowed_moves,
    delete_draft,
    draft_challenge,
    get_challenge,
    get_public_challenge,
    save_challenge,
    takes_answers,
)
from webapp.services.profile_review import differences_of
from webapp.services.profile_values import only_changed, proposed_values, write_values

Maker = Callable[..., Any]


@pytest.fixture
def contest(session: Session, make_startup: Maker, make_partner: Maker) -> Contest:
    return make_contest(session, make_startup, make_partner)


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)))


def test_a_draft_becomes_public_only_through_staff(contest: Contest) -> None:
    challenge = contest.challenge
    assert challenge.slug == "less-water-for-tomatoes"
    with pytest.raises(NotFound):
        get_public_challenge(contest.session, challenge.slug)
    contest.move("company", Move.SUBMIT)
    assert [row.slug for row in waiting_challenges(contest.session, contest.actor("staff"))] == [challenge.slug]
    with pytest.raises(NotAllowed):
        contest.move("company", Move.OPEN)
    contest.move("staff", Move.OPEN)
    assert get_public_challenge(contest.session, challenge.slug) is challenge
    assert takes_answers(challenge, LAST)
    assert not takes_answers(challenge, LAST + timedelta(days=1))
    assert kinds(contest.session) == ["challenge-opened"]


def test_what_is_returned_says_why_and_can_be_changed_and_sent_again(contest: Contest) -> None:
    contest.move("company", Move.SUBMIT)
    with pytest.raises(Invalid) as caught:
        contest.move("staff", Move.RETURN)
    assert caught.value.code == "missing"
    contest.move("staff", Move.RETURN, note="Which valves?")
    challenge = contest.challenge
    assert challenge.note == "Which valves?"
    assert kinds(contest.session) == ["challenge-returned"]
    values = said(title={"en": "Less water", "fr": ""}, budget_min=10, budget_max=20, currency="MAD")
    save_challenge(contest.session, contest.actor("company"), challenge, values, version=challenge.version, today=TODAY)
    assert challenge.title == {"en": "Less water"}
    assert (challenge.budget_min, challenge.currency) == (10, "MAD")
    assert contest.move("company", Move.SUBMIT).note == ""


def test_a_stale_page_changes_nothing(contest: Contest) -> None:
    seen = contest.challenge.version
    contest.move("company", Move.SUBMIT)
    with pytest.raises(Conflict):
        contest.move("company", Move.WITHDRAW, version=seen)
    with pytest.raises(Conflict):
        save_challenge(contest.session, contest.actor("company"), contest.challenge, said(), version=seen, today=TODAY)
    with pytest.raises(Conflict):  # also with the version of now: it is with the park
        save_challenge(
            contest.session,
            contest.actor("company"),
            contest.challenge,
            said(),
            version=contest.challenge.version,
            today=TODAY,
        )
    assert contest.challenge.state == ChallengeState.SUBMITTED


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": {"en": ""}}, "missing"),
        ({"problem": {}}, "missing"),
        ({"title": {"en": "x" * 121}}, "too-long"),
        ({"deadline": TODAY - timedelta(days=1)}, "deadline-passed"),
        ({"deadline": TODAY + timedelta(days=400)}, "deadline-far"),
        ({"budget_min": 5, "budget_max": 4}, "budget-reversed"),
    ],
)
def test_what_cannot_be_a_challenge_is_refused(contest: Contest, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        draft_challenge(contest.session, contest.actor("company"), contest.partner, said(**values), today=TODAY)
    assert caught.value.code == code


def test_only_corporate_partners_post(contest: Contest, make_partner: Maker) -> None:
    fund = make_partner("Fund", kind="investor")
    account = make_account()
    join(account, fund)
    with pytest.raises(NotAllowed):
        draft_challenge(contest.session, actor_of(contest.session, account), fund, said(), today=TODAY)
    with pytest.raises(Invalid):
        draft_challenge(contest.session, contest.actor("staff"), fund, said(), today=TODAY)
    for who in ("founder", "stranger"):
        with pytest.raises(NotAllowed):
            draft_challenge(contest.session, contest.actor(who), contest.partner, said(), today=TODAY)
        with pytest.raises(NotFound):
            get_challenge(contest.session, contest.actor(who), contest.challenge.slug)
        assert allowed_moves(contest.actor(who), contest.challenge) == []


def test_nothing_opens_after_its_deadline_nor_for_a_partner_that_nobody_sees(contest: Contest) -> None:
    with pytest.raises(Conflict) as caught:
        contest.move("company", Move.SUBMIT, today=LAST + timedelta(days=1))
    assert caught.value.code == "deadline-passed"
    contest.move("company", Move.SUBMIT)
    contest.partner.state = PublicationState.WITHDRAWN
    with pytest.raises(Conflict) as caught:
        contest.move("staff", Move.OPEN)
    assert caught.value.code == "partner-not-published"


def test_a_draft_can_be_deleted_and_what_was_submitted_cannot(contest: Contest) -> None:
    other = draft_challenge(contest.session, contest.actor("company"), contest.partner, said(), today=TODAY)
    assert other.slug == "less-water-for-tomatoes-2"
    delete_draft(contest.session, contest.actor("company"), other, version=other.version)
    assert contest.session.scalars(select(Challenge.slug)).all() == [contest.challenge.slug]
    contest.move("company", Move.SUBMIT)
    with pytest.raises(Conflict):
        delete_draft(contest.session, contest.actor("company"), contest.challenge, version=contest.challenge.version)


def test_closing_leaves_nobody_waiting(contest: Contest) -> None:
    answer = contest.opened().answered()
    contest.move("company", Move.CLOSE)
    assert answer.state == AnswerState.DECLINED
    assert kinds(contest.session)[-1] == "challenge-declined"
    assert [row.slug for row in closed_challenges(contest.session, TODAY)] == [contest.challenge.slug]
    assert open_challenges(contest.session, TODAY) == []


def test_the_list_is_what_one_can_answer_now_the_next_deadline_first_and_narrows(
    contest: Contest, make_startup: Maker, terms: Callable[..., list[Term]]
) -> None:
    session = contest.session
    contest.opened()
    (agritech,) = terms("sectors", "agritech")
    sooner = said(title={"en": "Sooner"}, deadline=LAST - timedelta(days=1), subjects=[agritech])
    contest.challenge = draft_challenge(session, contest.actor("company"), contest.partner, sooner, today=TODAY)
    contest.opened()
    assert [row.title["en"] for row in open_challenges(session, TODAY)] == ["Sooner", "Less water for tomatoes"]
    assert [row.title["en"] for row in open_challenges(session, TODAY, ["agritech"])] == ["Sooner"]
    assert [row.title["en"] for row in open_challenges(session, LAST)] == ["Less water for tomatoes"]
    assert [row.title["en"] for row in closed_challenges(session, LAST)] == ["Sooner"]
    assert subjects_of_open(session, TODAY) == [agritech]
    assert subjects_of_open(session, LAST) == []
    assert len(running_challenges(session, contest.actor("staff"))) == 2
    contest.partner.state = PublicationState.WITHDRAWN
    session.flush()
    assert open_challenges(session, TODAY) == []


def test_the_lists_of_members_take_a_fixed_number_of_queries(
    contest: Contest, count_queries: Callable[[], int]
) -> None:
    session, company = contest.session, contest.actor("company")
    for number in range(4):
        draft_challenge(session, company, contest.partner, said(title={"en": f"No {number}"}), today=TODAY)
    contest.opened().answered()
    founder = contest.actor("founder")
    session.expire_all()
    count_queries()
    (posted,) = posted_by(session, company)
    assert len(posted.challenges) == 5
    assert count_queries() == 2
    assert count_answers(session, posted.challenges) == {contest.challenge.id: {AnswerState.SENT: 1}}
    assert count_queries() == 1
    (answer,) = own_answers(session, founder)
    assert answer.challenge.partner.slug == contest.partner.slug
    assert own_invitations(session, founder, TODAY) == []
    assert own_answers(session, contest.actor("stranger")) == []


def test_a_partner_is_reminded_once_of_a_deadline_that_passed(contest: Contest) -> None:
    contest.opened()
    assert remind_of_deadlines(contest.session, LAST) == 0
    assert remind_of_deadlines(contest.session, LAST + timedelta(days=1)) == 1
    assert remind_of_deadlines(contest.session, LAST + timedelta(days=2)) == 0
    assert kinds(contest.session) == ["challenge-opened", "challenge-deadline"]
    assert contest.challenge.state == ChallengeState.OPEN


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["company", "founder", "stranger", "staff"]), st.sampled_from([*Move, *AnswerMove, "send"])
    ),
    max_size=14,
)


@given(steps=STEPS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_whatever_anybody_tries_the_tables_hold(contest: Contest, steps: list[tuple[str, Any]]) -> None:
    session = contest.session
    with session.begin_nested() as undone:
        challenge = contest.challenge
        for who, step in steps:
            answer = next(iter(challenge.answers), None)
            before, was = ChallengeState(challenge.state), answer and AnswerState(answer.state)
            try:
                _try(contest, who, step, answer)
            except DomainError:
                assert (challenge.state, answer and answer.state) == (before, was)
                continue
            if isinstance(step, Move):
                assert (before in MOVES[step].sources, challenge.state) == (True, MOVES[step].target)
                assert (who == "staff") or (who == "company" and step not in (Move.OPEN, Move.RETURN))
            elif isinstance(step, AnswerMove):
                assert answer is not None
                assert (was in ANSWER_MOVES[step].sources, answer.state) == (True, ANSWER_MOVES[step].target)
            assert not (challenge.state in ENDED and any(each.state in UNDECIDED for each in challenge.answers))
        undone.rollback()
    session.expire_all()


def _try(contest: Contest, who: str, step: Any, answer: Any) -> None:
    if isinstance(step, Move):
        contest.move(who, step, note="Why?")
    elif isinstance(step, AnswerMove):
        if answer is None:
            raise NotFound("answer")
        assert answer_allowed(answer, step) in (True, False)
        contest.decide(who, answer, step)
    else:
        version = answer.version if answer else None
        actor, challenge = contest.actor(who), contest.challenge
        words: dict[str, Any] = {"language": "en", "today": TODAY, "version": version}
        send_answer(contest.session, actor, challenge, contest.startup, "We would measure it.", **words)
        contest.session.refresh(challenge, ["answers"])


def test_the_tables_in_the_document_are_those_of_the_code() -> None:
    text = (ROOT / "docs" / "challenges.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| ([^|]+) \| `([\w-]+)` \| ([\w-]+) \| ([^|]*) \|$", text, re.MULTILINE)
    written = {
        (move, frozenset(re.findall(r"`([\w-]+)`", sources)), target, party, mail.strip().strip("`"))
        for move, sources, target, party, mail in rows
    }
    tables: list[tuple[Any, Any]] = [*MOVES.items(), *ANSWER_MOVES.items()]
    assert written == {
        (move.value, frozenset(state.value for state in line.sources), line.target.value, line.party.value, line.mail)
        for move, line in tables
    }


def test_answers_are_read_by_their_two_sides_and_staff_alone(contest: Contest) -> None:
    answer = contest.opened().answered()
    session, challenge, slug = contest.session, contest.challenge, contest.startup.slug
    for who in ("company", "founder", "staff"):
        assert get_answer(session, contest.actor(who), challenge, slug) is answer
    with pytest.raises(NotFound):
        get_answer(session, contest.actor("stranger"), challenge, slug)
    with pytest.raises(NotAllowed):
        answers_to(session, contest.actor("founder"), challenge)
    contest.decide("founder", answer, AnswerMove.WITHDRAW)
    with pytest.raises(NotFound):
        get_answer(session, contest.actor("company"), challenge, slug)
    assert answers_to(session, contest.actor("company"), challenge) == []
    (own,) = answerers(session, contest.actor("founder"), challenge)
    assert not own.has_answered


def test_revisions_from_when_challenges_stood_in_the_profile_change_nothing(contest: Contest) -> None:
    old = [{"title": {"en": "Old"}, "problem": {"en": "…"}, "deadline": "2027-01-01"}]
    changes = {"challenges": old, "pilot_process": {"en": "Twelve weeks."}}
    assert "challenges" not in proposed_values(contest.partner, changes)
    assert only_changed(contest.partner, changes) == {"pilot_process": {"en": "Twelve weeks."}}
    before = contest.challenge.version
    write_values(contest.session, contest.partner, changes, today=TODAY)
    contest.session.flush()
    assert contest.partner.pilot_process == {"en": "Twelve weeks."}
    assert contest.partner.challenges == [contest.challenge]
    assert contest.challenge.version == before
    revision = Revision(
        state=RevisionState.SUBMITTED, changes=changes, before={}, **Revision.columns_for(contest.partner)
    )
    contest.session.add(revision)
    contest.session.flush()
    assert "challenges" not in [change.field.name for change in differences_of(revision)]


def test_the_index_and_the_matcher_know_open_challenges_only(contest: Contest) -> None:
    def told() -> bool:
        return any("water greenhouses" in text for text in partner_document(contest.partner).texts["description"])

    assert not told()
    contest.opened()
    assert told()
    contest.move("company", Move.CLOSE)
    assert not told()
