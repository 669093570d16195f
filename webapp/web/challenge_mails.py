"""Mails about challenges: what they tell of, unless it is no longer true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from webapp.models import AnswerState, Challenge, ChallengeAnswer, ChallengeState, DbSession, Startup
from webapp.services.challenges import takes_answers
from webapp.services.network import day_of, get_network
from webapp.web.formats import localized, name_of
from webapp.web.mail_subjects import SUBJECTS, Loader, Values

TRUE_WHILE: Mapping[str, ChallengeState] = {
    "challenge-opened": ChallengeState.OPEN,
    "challenge-returned": ChallengeState.RETURNED,
    "challenge-deadline": ChallengeState.OPEN,
}
"""Kind of a mail to a challenge's partner -> in which state of the challenge it is true."""

ANSWER_TRUE_WHILE: Mapping[str, AnswerState] = {
    "challenge-answer": AnswerState.SENT,
    "challenge-shortlisted": AnswerState.SHORTLISTED,
    "challenge-chosen": AnswerState.CHOSEN,
    "challenge-declined": AnswerState.DECLINED,
}
"""The same of mails about an answer."""


def invitation_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """An open challenge and the startup that it was told to."""
    challenge, startup = session.get(Challenge, values["challenge_id"]), session.get(Startup, values["startup_id"])
    if challenge is None or startup is None or not startup.is_published or not challenge.partner.is_published:
        return None
    if not takes_answers(challenge, day_of(get_network(session))):
        return None
    return _named(challenge) | {"startup": startup, "startup_name": f"\u2068{name_of(startup)}\u2069"}


def _loader(state: ChallengeState) -> Loader:
    def load(session: DbSession, values: Values) -> dict[str, Any] | None:
        challenge = session.get(Challenge, values["challenge_id"])
        return _named(challenge) if challenge is not None and challenge.state == state else None

    return load


def _answer_loader(state: AnswerState) -> Loader:
    def load(session: DbSession, values: Values) -> dict[str, Any] | None:
        answer = session.get(ChallengeAnswer, values["answer_id"])
        if answer is None or answer.state != state:
            return None
        startup = answer.startup
        return _named(answer.challenge) | {
            "answer": answer,
            "startup": startup,
            "startup_name": f"\u2068{name_of(startup)}\u2069",
        }

    return load


def _named(challenge: Challenge) -> dict[str, Any]:
    return {
        "challenge": challenge,
        "challenge_title": f"\u2068{localized(challenge.title).text}\u2069",
        "partner_name": f"\u2068{name_of(challenge.partner)}\u2069",
    }


def init_app(app: Flask) -> None:
    """Say what these mails are about."""
    SUBJECTS["challenge-invitation"] = invitation_subjects
    for kind, state in TRUE_WHILE.items():
        SUBJECTS[kind] = _loader(state)
    for kind, answer_state in ANSWER_TRUE_WHILE.items():
        SUBJECTS[kind] = _answer_loader(answer_state)
