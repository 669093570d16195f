"""Two people who review, decide on or answer the same thing in the same second: profiles, challenges, the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from tests.challenges import TODAY, Contest, make_contest
from tests.profiles import save
from tests.races import together
from webapp.models import (
    AnswerState,
    Challenge,
    ChallengeAnswer,
    ChallengeState,
    NetworkRole,
    Nonconformity,
    OutgoingMail,
    Revision,
    RevisionState,
    Startup,
)
from webapp.permissions import Actor
from webapp.services.actors import actor_of
from webapp.services.challenge_answers import move_answer, send_answer
from webapp.services.challenge_moves import AnswerMove, Move
from webapp.services.challenges import move_challenge
from webapp.services.nonconformities import (
    NonconformityDraft,
    close_nonconformity,
    edit_nonconformity,
    open_nonconformity,
)
from webapp.services.profile_review import give_back, publish
from webapp.services.revisions import submit

Maker = Callable[..., Any]


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


@pytest.fixture
def contest(session: Session, make_startup: Maker, make_partner: Maker) -> Contest:
    return make_contest(session, make_startup, make_partner)


def reading(row: Any, *shown: str) -> Any:
    """Reads a row with what a page shows of it."""
    model, row_id = type(row), row.id

    def read(own: Session) -> Any:
        found = own.get_one(model, row_id)
        for name in shown:
            assert getattr(found, name) is not None
        return found

    return read


def mails(session: Session) -> list[str]:
    return list(session.scalars(sa.select(OutgoingMail.kind)))


def test_a_profile_is_published_or_returned_and_its_members_hear_one_of_it(
    session: Session, staff: Actor, make_startup: Maker
) -> None:
    startup = make_startup("Nour", pitch={"en": "Solar lamps."})
    account = make_account()
    join(account, startup)
    member = actor_of(session, account)
    save(session, member, startup, "texts", pitch={"en": "Solar lamps for farms."})
    version = submit(session, member, startup).version
    revision = session.scalars(sa.select(Revision)).one()

    def publishing(own: Session, found: Revision) -> None:
        publish(own, staff, found, version=version, today=TODAY)

    def returning(own: Session, found: Revision) -> None:
        give_back(own, staff, found, version=version, note="Which farms?")

    results = together(session, reading(revision, "organisation"), publishing, returning, publishing)
    assert sorted(results) == ["done", "revision-changed", "revision-changed"]
    is_out = revision.state == RevisionState.PUBLISHED
    assert session.scalars(sa.select(Startup.pitch).filter_by(id=startup.id)).one() == {
        "en": "Solar lamps for farms." if is_out else "Solar lamps."
    }
    assert mails(session) == ["profile-published" if is_out else "profile-returned"]


def test_a_challenge_is_published_or_returned(session: Session, contest: Contest) -> None:
    contest.move("company", Move.SUBMIT)
    staff, version = contest.actor("staff"), contest.challenge.version

    def moving(move: Move, note: str = "") -> Any:
        return lambda own, found: move_challenge(own, staff, found, move, version=version, today=TODAY, note=note)

    read = reading(contest.challenge, "partner")
    results = together(session, read, moving(Move.OPEN), moving(Move.RETURN, "For whom?"))
    assert sorted(results) == ["challenge-changed", "done"]
    assert contest.challenge.state == (ChallengeState.OPEN if results[0] == "done" else ChallengeState.RETURNED)
    assert contest.challenge.note == ("" if results[0] == "done" else "For whom?")


def test_a_startup_answers_a_challenge_once_however_often_it_presses(session: Session, contest: Contest) -> None:
    contest.opened()
    founder, startup_id = contest.actor("founder"), contest.startup.id

    def answering(text: str) -> Any:
        def act(own: Session, found: Challenge) -> None:
            send_answer(own, founder, found, own.get_one(Startup, startup_id), text, language="en", today=TODAY)

        return act

    acts = [answering(text) for text in ("One.", "One.", "Two.")]
    results = together(session, reading(contest.challenge, "partner", "answers"), *acts)
    assert sorted(results) == ["answer-changed", "answer-changed", "done"]
    assert session.scalars(sa.select(ChallengeAnswer)).one().text in ("One.", "Two.")
    assert mails(session).count("challenge-answer") == 1


def test_an_answer_is_decided_on_once(session: Session, contest: Contest) -> None:
    answer = contest.opened().answered()
    company, founder, version = contest.actor("company"), contest.actor("founder"), answer.version

    def deciding(actor: Actor, move: AnswerMove) -> Any:
        return lambda own, found: move_answer(own, actor, found, move, version=version)

    acts = [deciding(company, AnswerMove.CHOOSE), deciding(company, AnswerMove.DECLINE)]
    acts.append(deciding(founder, AnswerMove.WITHDRAW))
    results = together(session, reading(answer, "challenge", "startup"), *acts)
    assert sorted(results) == ["answer-changed", "answer-changed", "done"]
    states = [AnswerState.CHOSEN, AnswerState.DECLINED, AnswerState.WITHDRAWN]
    assert answer.state == states[results.index("done")]


def test_closing_a_challenge_declines_what_nobody_chose_in_that_second(session: Session, contest: Contest) -> None:
    answer = contest.opened().answered()
    company, seen, version = contest.actor("company"), answer.version, contest.challenge.version

    def choosing(own: Session, found: ChallengeAnswer) -> None:
        move_answer(own, company, found, AnswerMove.CHOOSE, version=seen)

    def closing(own: Session, found: ChallengeAnswer) -> None:
        move_challenge(own, company, found.challenge, Move.CLOSE, version=version, today=TODAY)

    results = together(session, reading(answer, "challenge", "startup"), choosing, closing)
    assert results in (["done", "done"], ["answer-changed", "done"])
    assert answer.state == (AnswerState.CHOSEN if results[0] == "done" else AnswerState.DECLINED)


def test_a_nonconformity_keeps_what_was_written_first(session: Session, staff: Actor) -> None:
    day = date(2026, 11, 27)
    draft = NonconformityDraft("Late", "Claims waited.", day, cause="Holidays", action="A rota")
    row = open_nonconformity(session, staff, draft, today=day)
    version = row.version

    def editing(own: Session, found: Nonconformity) -> None:
        changed = NonconformityDraft("Late", "Claims waited for weeks.", day, cause="Holidays", action="A rota")
        edit_nonconformity(own, staff, found, changed, version=version, today=day)

    def closing(own: Session, found: Nonconformity) -> None:
        close_nonconformity(own, staff, found, version=version)

    results = together(session, reading(row), editing, closing, closing)
    assert sorted(results) == ["changed-meanwhile", "changed-meanwhile", "done"]
    assert (row.closed_at is None) == (results[0] == "done")
