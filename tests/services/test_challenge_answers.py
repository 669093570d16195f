"""Answers to challenges: sent in time by members, decided by the partner, contact details only after both agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.challenges import LAST, TODAY, Contest, make_contest
from webapp.errors import Conflict, Invalid, NotAllowed
from webapp.models import AnswerState, ChallengeAnswer, OutgoingMail, PublicationState
from webapp.permissions import SYSTEM
from webapp.services.challenge_answers import (
    contact_for_partner,
    contact_for_startup,
    send_answer,
)
from webapp.services.challenge_forgetting import forget_old_answers
from webapp.services.challenge_moves import AnswerMove, Move
from webapp.services.erasure import erase_person

Maker = Callable[..., Any]


@pytest.fixture
def contest(session: Session, make_startup: Maker, make_partner: Maker) -> Contest:
    return make_contest(session, make_startup, make_partner).opened()


def mails_of(session: Session, who: str, contest: Contest) -> list[str]:
    person_id = contest.accounts[who].person_id
    statement = select(OutgoingMail.kind).filter_by(person_id=person_id, state="waiting").order_by(OutgoingMail.id)
    return list(session.scalars(statement))


def again(contest: Contest, answer: ChallengeAnswer | None, text: str, today: date = TODAY) -> ChallengeAnswer:
    version = answer.version if answer else None
    return send_answer(
        contest.session,
        contest.actor("founder"),
        contest.challenge,
        contest.startup,
        text,
        language="fr",
        today=today,
        version=version,
    )


def test_a_member_answers_until_the_last_day_that_day_included(contest: Contest) -> None:
    with pytest.raises(Conflict) as caught:
        contest.answered(today=LAST + timedelta(days=1))
    assert caught.value.code == "no-answers"
    answer = contest.answered(today=LAST)
    assert (answer.state, answer.person_id) == (AnswerState.SENT, contest.accounts["founder"].person_id)
    assert mails_of(contest.session, "company", contest) == ["challenge-opened", "challenge-answer"]


def test_nobody_answers_for_another_startup_nor_for_one_that_nobody_sees(contest: Contest) -> None:
    for who in ("stranger", "company", "staff"):
        with pytest.raises(NotAllowed):
            send_answer(
                contest.session,
                contest.actor(who),
                contest.challenge,
                contest.startup,
                "Us!",
                language="en",
                today=TODAY,
            )
    contest.startup.state = PublicationState.DRAFT
    contest.session.flush()
    with pytest.raises(Conflict) as caught:
        contest.answered()
    assert caught.value.code == "startup-not-published"


@pytest.mark.parametrize(("text", "code"), [("  ", "missing"), ("x" * 3001, "too-long")])
def test_an_answer_says_something_but_not_a_novel(contest: Contest, text: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        contest.answered(text)
    assert caught.value.code == code


def test_an_answer_can_be_changed_until_it_is_decided_and_the_company_is_told_once(contest: Contest) -> None:
    answer = contest.answered()
    seen = answer.version
    again(contest, answer, "We would measure the soil.")
    assert answer.text == "We would measure the soil."
    assert answer.language == "fr"
    with pytest.raises(Conflict):  # a page that was opened before
        send_answer(
            contest.session, contest.actor("founder"), contest.challenge, contest.startup, "Old",
            language="en", today=TODAY, version=seen,
        )  # fmt: skip
    contest.decide("company", answer, AnswerMove.SHORTLIST)
    with pytest.raises(Conflict):
        again(contest, answer, "Too late")
    assert mails_of(contest.session, "company", contest).count("challenge-answer") == 1


def test_a_second_answer_from_a_page_that_shows_none_is_a_conflict(contest: Contest) -> None:
    contest.answered()
    with pytest.raises(Conflict):
        again(contest, None, "Again")


def test_what_was_taken_back_can_be_sent_anew(contest: Contest) -> None:
    answer = contest.answered()
    contest.decide("founder", answer, AnswerMove.WITHDRAW)
    assert "challenge-answer" not in mails_of(contest.session, "company", contest)
    assert again(contest, answer, "Now for good") is answer
    assert answer.state == AnswerState.SENT
    assert mails_of(contest.session, "company", contest).count("challenge-answer") == 1


def test_contact_details_are_shown_to_both_once_the_company_shortlists_and_to_nobody_before(contest: Contest) -> None:
    session, answer = contest.session, contest.answered()

    def seen(who: str) -> list[str | None]:
        contacts = (
            contact(session, contest.actor(who), answer) for contact in (contact_for_partner, contact_for_startup)
        )
        return [contact.phone if contact else None for contact in contacts]

    everybody = ("company", "founder", "stranger", "staff")
    assert {who: seen(who) for who in everybody} == {who: [None, None] for who in everybody}
    contest.decide("company", answer, AnswerMove.SHORTLIST, note="Let us talk.")
    assert seen("company") == ["+212 222", None]
    assert seen("founder") == [None, "+212 111"]
    assert seen("stranger") == seen("staff") == [None, None]
    contest.decide("company", answer, AnswerMove.CHOOSE)
    assert seen("company") == ["+212 222", None]
    assert mails_of(session, "founder", contest) == ["challenge-chosen"]


@pytest.mark.parametrize(("who", "move"), [("company", AnswerMove.DECLINE), ("founder", AnswerMove.WITHDRAW)])
def test_they_end_with_what_they_were_shown_for(contest: Contest, who: str, move: AnswerMove) -> None:
    answer = contest.answered()
    contest.decide("company", answer, AnswerMove.SHORTLIST)
    contest.decide(who, answer, move)
    assert contact_for_partner(contest.session, contest.actor("company"), answer) is None
    assert contact_for_startup(contest.session, contest.actor("founder"), answer) is None


def test_each_side_decides_its_own(contest: Contest) -> None:
    answer = contest.answered()
    for who in ("founder", "stranger"):
        for move in (AnswerMove.SHORTLIST, AnswerMove.CHOOSE, AnswerMove.DECLINE):
            with pytest.raises(NotAllowed):
                contest.decide(who, answer, move)
    with pytest.raises(NotAllowed):
        contest.decide("company", answer, AnswerMove.WITHDRAW)
    seen = answer.version
    contest.decide("company", answer, AnswerMove.DECLINE, note="Not for us.")
    with pytest.raises(Conflict):
        contest.decide("company", answer, AnswerMove.CHOOSE, version=seen)
    assert (answer.state, answer.note) == (AnswerState.DECLINED, "Not for us.")


def test_who_leaves_alone_takes_the_answer_along_and_old_texts_go(contest: Contest) -> None:
    session, answer = contest.session, contest.answered()
    erase_person(session, SYSTEM, contest.accounts["founder"].person, today=TODAY)
    assert (answer.state, answer.text, answer.person_id) == (AnswerState.WITHDRAWN, "", None)


def test_texts_go_after_their_time(contest: Contest) -> None:
    answer = contest.answered()
    contest.decide("company", answer, AnswerMove.DECLINE, note="Not for us.")
    closed = contest.move("company", Move.CLOSE).closed_at
    assert closed is not None
    assert forget_old_answers(contest.session, closed - timedelta(days=1)) == 0
    assert forget_old_answers(contest.session, closed + timedelta(days=1)) == 1
    assert (answer.text, answer.note) == ("", "")
