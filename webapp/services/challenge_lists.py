"""Lists of challenges: for everybody, for a partner, for staff; each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from webapp.models import (
    AnswerState,
    Challenge,
    ChallengeAnswer,
    ChallengeInvitation,
    ChallengeState,
    ChallengeTerm,
    DbSession,
    Partner,
    PartnerKind,
    PublicationState,
    Startup,
    Term,
)
from webapp.permissions import Actor, Permission, require
from webapp.services.challenge_moves import PUBLIC

MOST_CLOSED = 30
ANSWER_COLUMNS = ("startup", "name_latin", "name_arabic", "state", "answered", "language", "text")
"""Of files."""


@dataclass(frozen=True)
class Posted:
    """What a corporate partner has posted."""

    partner: Partner
    challenges: Sequence[Challenge]


def open_challenges(session: DbSession, today: date, subjects: Collection[str] = ()) -> Sequence[Challenge]:
    """Those that one can still answer, the next deadline first.

    Args:
        subjects: codes of sectors and technologies, of which a challenge must be about one; of any if there are none.
    """
    still = _public().where(Challenge.state == ChallengeState.OPEN, Challenge.deadline >= today)
    if subjects:
        about = sa.select(ChallengeTerm.challenge_id).join(Term, Term.id == ChallengeTerm.term_id)
        still = still.where(Challenge.id.in_(about.where(Term.code.in_(subjects))))
    return session.scalars(still.order_by(Challenge.deadline, Challenge.id)).all()


def closed_challenges(session: DbSession, today: date) -> Sequence[Challenge]:
    """Those that one cannot answer any more, the latest first; no more than a page of them."""
    over = sa.or_(Challenge.state == ChallengeState.CLOSED, Challenge.deadline < today)
    statement = _public().where(Challenge.state.in_(PUBLIC), over)
    return session.scalars(statement.order_by(Challenge.deadline.desc(), Challenge.id.desc()).limit(MOST_CLOSED)).all()


def public_challenges() -> sa.Select[Challenge]:
    """Selects all that everybody reads, open and closed, in the order in which they were made."""
    return _public().where(Challenge.state.in_(PUBLIC)).order_by(Challenge.id)


def subjects_of_open(session: DbSession, today: date) -> Sequence[Term]:
    """What the open challenges are about, in the order of the pack: what the list can be narrowed to."""
    still = (
        sa.select(ChallengeTerm.term_id)
        .join(Challenge, Challenge.id == ChallengeTerm.challenge_id)
        .join(Partner, Partner.id == Challenge.partner_id)
        .where(
            Challenge.state == ChallengeState.OPEN,
            Challenge.deadline >= today,
            Partner.state == PublicationState.PUBLISHED,
        )
    )
    return session.scalars(sa.select(Term).where(Term.id.in_(still)).order_by(Term.kind, Term.position)).all()


def posted_by(session: DbSession, actor: Actor) -> list[Posted]:
    """The challenges of each corporate partner that an actor acts for; two queries."""
    ids = [row_id for noun, row_id in actor.memberships if noun == Partner.noun]
    if not ids:
        return []
    own = sa.select(Partner).where(Partner.id.in_(ids), Partner.kind == PartnerKind.CORPORATE)
    partners = session.scalars(own.order_by(Partner.sort_name, Partner.id)).all()
    challenges: dict[int, list[Challenge]] = {partner.id: [] for partner in partners}
    statement = sa.select(Challenge).where(Challenge.partner_id.in_(challenges))
    for challenge in session.scalars(statement.order_by(Challenge.created_at.desc(), Challenge.id.desc())):
        challenges[challenge.partner_id].append(challenge)
    return [Posted(partner, challenges[partner.id]) for partner in partners]


def own_answers(session: DbSession, actor: Actor) -> Sequence[ChallengeAnswer]:
    """What the startups that an actor acts for have answered, the latest first; one query."""
    ids = [row_id for noun, row_id in actor.memberships if noun == Startup.noun]
    if not ids:
        return []
    statement = sa.select(ChallengeAnswer).where(ChallengeAnswer.startup_id.in_(ids))
    with_all = statement.options(
        joinedload(ChallengeAnswer.challenge).joinedload(Challenge.partner), joinedload(ChallengeAnswer.startup)
    )
    return session.scalars(with_all.order_by(ChallengeAnswer.at.desc(), ChallengeAnswer.id.desc())).all()


def own_invitations(session: DbSession, actor: Actor, today: date) -> Sequence[ChallengeInvitation]:
    """Open challenges to which those startups were invited and that they have not answered; one query."""
    ids = [row_id for noun, row_id in actor.memberships if noun == Startup.noun]
    if not ids:
        return []
    answered = sa.exists().where(
        ChallengeAnswer.challenge_id == ChallengeInvitation.challenge_id,
        ChallengeAnswer.startup_id == ChallengeInvitation.startup_id,
    )
    statement = (
        sa.select(ChallengeInvitation)
        .join(Challenge, Challenge.id == ChallengeInvitation.challenge_id)
        .join(Partner, Partner.id == Challenge.partner_id)
        .where(
            ChallengeInvitation.startup_id.in_(ids),
            Challenge.state == ChallengeState.OPEN,
            Challenge.deadline >= today,
            Partner.state == PublicationState.PUBLISHED,
            ~answered,
        )
        .options(
            joinedload(ChallengeInvitation.challenge).joinedload(Challenge.partner),
            joinedload(ChallengeInvitation.startup),
        )
    )
    return session.scalars(statement.order_by(Challenge.deadline, Challenge.id, ChallengeInvitation.startup_id)).all()


def answers_to(session: DbSession, actor: Actor, challenge: Challenge) -> Sequence[ChallengeAnswer]:
    """The answers that stand, in the order in which they came; one query.

    Raises:
        NotAllowed: the actor does not decide on them.
    """
    require(actor, Permission.POST_CHALLENGE, challenge.partner)
    statement = sa.select(ChallengeAnswer).where(
        ChallengeAnswer.challenge_id == challenge.id, ChallengeAnswer.state != AnswerState.WITHDRAWN
    )
    with_startup = statement.options(joinedload(ChallengeAnswer.startup))
    return session.scalars(with_startup.order_by(ChallengeAnswer.at, ChallengeAnswer.id)).all()


def answer_rows(answers: Iterable[ChallengeAnswer]) -> Iterator[Mapping[str, Any]]:
    """The same for a file. Contact details, which only the page of a shortlisted answer has, are not in it."""
    for each in answers:
        yield {
            "startup": each.startup.slug,
            "name_latin": each.startup.name_latin,
            "name_arabic": each.startup.name_arabic,
            "state": str(each.state),
            "answered": each.at.date().isoformat(),
            "language": each.language,
            "text": each.text,
        }


def count_answers(session: DbSession, challenges: Sequence[Challenge]) -> Mapping[int, Mapping[AnswerState, int]]:
    """Challenge -> state -> number of answers that stand; one query."""
    found: dict[int, dict[AnswerState, int]] = {}
    statement = sa.select(ChallengeAnswer.challenge_id, ChallengeAnswer.state, sa.func.count())
    wanted = ChallengeAnswer.challenge_id.in_([each.id for each in challenges])
    standing = statement.where(wanted, ChallengeAnswer.state != AnswerState.WITHDRAWN)
    for challenge_id, state, count in session.execute(
        standing.group_by(ChallengeAnswer.challenge_id, ChallengeAnswer.state)
    ):
        found.setdefault(challenge_id, {})[AnswerState(state)] = count
    return found


def waiting_challenges(session: DbSession, actor: Actor) -> Sequence[Challenge]:
    """Those that staff have to check, the one that waits longest first.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    statement = _whole().where(Challenge.state == ChallengeState.SUBMITTED)
    return session.scalars(statement.order_by(Challenge.submitted_at, Challenge.id)).all()


def running_challenges(session: DbSession, actor: Actor) -> Sequence[Challenge]:
    """Those that are open, also after their deadline, the next deadline first.

    Raises:
        NotAllowed: the actor is not staff.
    """
    require(actor, Permission.STAFF)
    statement = _whole().where(Challenge.state == ChallengeState.OPEN)
    return session.scalars(statement.order_by(Challenge.deadline, Challenge.id)).all()


def _whole() -> sa.Select[Challenge]:
    return sa.select(Challenge).options(joinedload(Challenge.partner), selectinload(Challenge.subjects))


def _public() -> sa.Select[Challenge]:
    shown = _whole().join(Challenge.partner)
    return shown.where(Partner.state == PublicationState.PUBLISHED)
