"""What introductions teach the matcher, and that no reason ever tells of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.introductions import TODAY, Pair, make_pair
from webapp.matching import Matcher, PartnerFeatures, StartupFeatures, exclusions
from webapp.models import Introduction, IntroductionState, Partner, Side, Startup
from webapp.services.introductions import Move
from webapp.services.matching_features import read_partners, read_startups
from webapp.services.outcomes import answer_outcome

State = IntroductionState


@pytest.fixture
def pair(session: Session, make_startup: Callable[..., Startup], make_partner: Callable[..., Partner]) -> Pair:
    return make_pair(session, make_startup, make_partner, kind="mentor", capacity=1)


def features(pair: Pair) -> PartnerFeatures:
    return next(read_partners(pair.session, [pair.partner.id]))


def codes(pair: Pair) -> set[str]:
    startup = next(read_startups(pair.session, [pair.startup.id]))
    return {found["code"] for found in exclusions(startup, features(pair))}


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.SENT, State.NOT_NOW, State.EXPIRED])
def test_a_request_without_an_answer_teaches_nothing(pair: Pair, state: State) -> None:
    pair.at(state)
    found = features(pair)
    assert (found.accepted, found.declined, found.met, found.engaged) == ((), (), (), 0)
    assert codes(pair) == set()


@pytest.mark.parametrize("asked_by", [Side.STARTUP, Side.PARTNER])
def test_who_is_introduced_needs_no_proposal(pair: Pair, asked_by: Side) -> None:
    pair.at(State.INTRODUCED, asked_by=asked_by)
    found = features(pair)
    assert (found.accepted, found.met, found.declined) == ((pair.startup.id,), (pair.startup.id,), ())
    assert codes(pair) == {"already-introduced", "capacity-used-up"}


def test_whom_the_partner_declined_it_did_not_like(pair: Pair) -> None:
    pair.at(State.DECLINED)
    found = features(pair)
    assert (found.accepted, found.declined, found.met) == ((), (pair.startup.id,), ())
    assert codes(pair) == {"already-introduced"}


def test_a_startup_that_declined_says_nothing_of_the_partners_taste(pair: Pair) -> None:
    pair.at(State.DECLINED, asked_by=Side.PARTNER)
    found = features(pair)
    assert (found.accepted, found.declined, found.met) == ((), (), (pair.startup.id,))


def test_a_mentor_is_free_again_unless_mentoring_came_of_it(pair: Pair, session: Session) -> None:
    introduction = pair.at(State.FOLLOWED_UP)
    assert features(pair).engaged == 0
    actor = pair.actor("founder")
    answer_outcome(session, actor, introduction, Side.STARTUP, 14, True, True, "mentoring", today=TODAY)
    assert features(pair).engaged == 1
    pair.make(introduction, "founder", Move.CLOSE)
    assert features(pair).engaged == 0


def test_introductions_are_no_public_history(pair: Pair) -> None:
    pair.at(State.INTRODUCED)
    assert features(pair).history == ()


def test_reading_takes_as_many_queries_for_many_introductions_as_for_one(
    pair: Pair, session: Session, make_startup: Callable[..., Startup], count_queries: Callable[[], int]
) -> None:
    def queries() -> int:
        session.flush()
        count_queries()
        list(read_partners(session))
        return count_queries()

    pair.at(State.INTRODUCED)
    one = queries()
    for _ in range(3):
        startup = make_startup()
        session.add(
            Introduction(
                reference=f"r{startup.id}",
                startup=startup,
                partner=pair.partner,
                asked_by=Side.STARTUP,
                language="en",
                state=State.DECLINED,
            )
        )
    assert queries() == one


def test_what_was_accepted_in_private_moves_weights_and_is_never_named() -> None:
    texts = ["drip irrigation for farms", "payments by telephone", "robots that weld", "maps of the sea"]
    startups = [
        StartupFeatures(
            number + 1, texts={"en": texts[number % 4]}, terms={"sectors": (("agritech", "fintech")[number % 2],)}
        )
        for number in range(24)
    ]
    # Each of two partners takes those that share its words, whatever their sector.
    wanted = {number: tuple(one.id for one in startups if one.texts["en"] == texts[number]) for number in (0, 1)}

    def partner(number: int, accepted: tuple[int, ...]) -> PartnerFeatures:
        terms = {"sectors": ("fintech", "agritech")[number : number + 1]}
        said = {"en": texts[number]}
        return PartnerFeatures(number + 1, "investor", texts=said, terms=terms, accepted=accepted, met=accepted)

    weights = []
    for told in (False, True):
        matcher = Matcher(per_profile=10, pack_digest="pack")
        matcher.fit(startups, [partner(number, wanted[number] if told else ()) for number in (0, 1)])
        weights.append(matcher.weights)
        ranking = matcher.rank()
        assert all(part["code"] != "near-history" for found in matcher.explain(ranking) for part in found)
        if told:
            assert all(row[0] not in wanted[row[1] - 1] for row in ranking.rows())
    assert weights[1].words > weights[0].words
    assert weights[1].sector < weights[0].sector
