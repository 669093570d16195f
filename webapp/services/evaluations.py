"""Scores of applications: weighted means, and how far the evaluators are apart. Pure, but for ``save_evaluation``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.errors import Invalid
from webapp.models import Application, DbSession, Evaluation, utc_now
from webapp.permissions import Actor, Permission, require
from webapp.services.application_moves import Move, check_move, take, written
from webapp.services.network_schema import Criterion

LOWEST, HIGHEST = 1, 5
FAR_APART = 2.0
"""From which distance on between two evaluators their scores should be talked about."""
COMMENT_LENGTH = 2000


@dataclass(frozen=True)
class Score:
    """What several evaluators give together."""

    mean: float
    lowest: float
    highest: float
    count: int

    @property
    def spread(self) -> float:
        """How far the two that are furthest apart are."""
        return self.highest - self.lowest

    @property
    def is_far_apart(self) -> bool:
        """Whether they should talk about it."""
        return self.spread >= FAR_APART


def weighted_mean(scores: Mapping[str, Any], criteria: Sequence[Criterion]) -> float | None:
    """The mean of one evaluator's scores by the criteria's weights; criteria without a score do not count."""
    given = [(each.weight, float(scores[each.code])) for each in criteria if each.code in scores]
    total = sum(weight for weight, _ in given)
    return sum(weight * score for weight, score in given) / total if total else None


def summary(evaluations: Iterable[Evaluation], criteria: Sequence[Criterion]) -> Score | None:
    """The mean of the evaluators' weighted means, and their spread; nothing without any."""
    return _together(weighted_mean(each.scores, criteria) for each in evaluations)


def summary_of(criterion: Criterion, evaluations: Iterable[Evaluation]) -> Score | None:
    """The same of one criterion."""
    return _together(each.scores.get(criterion.code) for each in evaluations)


def _together(scores: Iterable[float | None]) -> Score | None:
    given = [float(score) for score in scores if score is not None]
    return Score(sum(given) / len(given), min(given), max(given), len(given)) if given else None


def counting(application: Application) -> list[Evaluation]:
    """The evaluations of what the application says now: those given since it was sent last."""
    since: datetime | None = application.submitted_at
    return [each for each in application.evaluations if since is None or each.at >= since]


def own_evaluation(application: Application, actor: Actor) -> Evaluation | None:
    """What an actor gave."""
    mine = (each for each in application.evaluations if actor.person_id and each.person_id == actor.person_id)
    return next(mine, None)


def save_evaluation(
    session: DbSession,
    actor: Actor,
    application: Application,
    *,
    scores: Mapping[str, int],
    criteria: Sequence[Criterion],
    recommends: bool | None,
    comment: str,
) -> Evaluation:
    """Give one's scores, or give others than before.

    Raises:
        NotAllowed: the actor is not staff.
        Invalid: ``scores``: one of a criterion is missing or none (``code``).
        Conflict: ``application-changed``: it does not wait for evaluations any more.
    """
    require(actor, Permission.STAFF)
    for criterion in criteria:
        if scores.get(criterion.code) not in range(LOWEST, HIGHEST + 1):
            raise Invalid("scores", code=criterion.code)
    take(session, application)
    application.state = check_move(application, Move.EVALUATE).target
    evaluation = own_evaluation(application, actor)
    if evaluation is None:
        evaluation = Evaluation(person_id=actor.person_id)
        application.evaluations.append(evaluation)
    evaluation.scores = {criterion.code: scores[criterion.code] for criterion in criteria}
    evaluation.recommends, evaluation.comment = recommends, comment.strip()[:COMMENT_LENGTH]
    # Whoever is about to decide must hear of it, so that the application's version moves.
    evaluation.at = application.updated_at = utc_now()
    written(session)
    return evaluation
