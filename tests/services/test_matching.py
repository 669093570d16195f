from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.matching import BadFit, Matcher, Money
from webapp.models import Match, MatchingRun, Partner, PortfolioCompany, PublicationState, Startup, TermKind
from webapp.services.matching import is_outdated, rebuild_matches, rescore
from webapp.services.matching_features import read_partners, read_startups

Maker = Callable[..., Any]
Row = tuple[int, int, float, int | None, int | None]

SECTORS = ["fintech", "agritech", "edtech", "healthtech"]
WORDS = [
    "irrigation",
    "orchards",
    "invoices",
    "payments",
    "clinics",
    "patients",
    "lessons",
    "teachers",
    "ports",
    "lorries",
]


@pytest.fixture
def matcher() -> Matcher:
    return Matcher(per_profile=3, pack_digest="pack")


@pytest.fixture
def directory(make_startup: Maker, make_partner: Maker) -> Random:
    """Thirty startups and twelve partners, chosen by a fixed seed."""
    random = Random(7)
    for _ in range(30):
        make_startup(
            pitch={"en": text(random)}, sectors=random.sample(SECTORS, 2), needs=random.sample(["equity", "loan"], 1)
        )
    for number in range(12):
        kind = ("investor", "mentor", "corporate")[number % 3]
        make_partner(kind=kind, description={"en": text(random)}, sectors=random.sample(SECTORS, 2))
    return random


def text(random: Random) -> str:
    return " ".join(random.sample(WORDS, 4))


def rows(session: Session) -> list[Row]:
    columns = (Match.startup_id, Match.partner_id, Match.score, Match.startup_rank, Match.partner_rank)
    return [tuple(row) for row in session.execute(select(*columns).order_by(Match.startup_id, Match.partner_id))]


def ranked(matcher: Matcher) -> list[Row]:
    """What ranking everything with the present fit gives."""
    return [(*row[:3], row[3] or None, row[4] or None) for row in matcher.rank().rows()]


def explanations(session: Session) -> dict[tuple[int, int], Any]:
    session.expire_all()
    return {(match.startup_id, match.partner_id): match.explanation for match in session.scalars(select(Match))}


def test_features_are_what_the_profile_says(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    startup = make_startup(
        pitch={"fr": "Des serres", "en": "Greenhouses"},
        description={"fr": "Sans eau"},
        sectors=["agritech", "greentech"],
        needs=["equity"],
        site="agadir",
        raising_max=500,
        currency="MAD",
        country="FR",
    )
    partner = make_partner(
        kind="mentor", sectors=["agritech"], excluded_sectors=("gaming",), skills=["hr", "sales"], geography=["MA"]
    )
    (seen,) = read_startups(session)
    assert seen.id == startup.id
    assert seen.texts == {"en": "Greenhouses", "fr": "Des serres\nSans eau"}
    assert seen.codes("sectors") == ("agritech", "greentech")
    assert (seen.sites, seen.regions, seen.places) == (("agadir",), ("MA-09",), ("MA-09", "FR"))
    assert seen.raising == Money(None, 500, "MAD")
    (found,) = read_partners(session)
    assert (found.id, found.kind, found.meets_in_person) == (partner.id, "mentor", True)
    assert found.codes("sectors") == ("agritech",)
    assert found.excluded == {"sectors": ("gaming",)}
    assert set(found.answered) == {"hr-advice", "recruitment", "sales-advice"}
    assert found.geography == ("MA",)


def test_others_write_while_matches_are_prepared_and_who_withdraws_meanwhile_has_none(
    session: Session, matcher: Matcher, directory: Random
) -> None:
    session.commit()
    gone: list[int] = []

    def withdraw_one(_done: int, _total: int) -> None:
        with Session(session.get_bind()) as other:
            startup = other.scalars(select(Startup).where(Startup.state == PublicationState.PUBLISHED)).first()
            assert startup is not None
            startup.state = PublicationState.WITHDRAWN
            other.commit()
            gone.append(startup.id)

    run = rebuild_matches(session, matcher, withdraw_one)
    found = rows(session)
    assert gone
    assert run.matches == len(found)
    assert {row[0] for row in found} == {row[0] for row in ranked(matcher)} - set(gone)


def test_only_published_profiles_are_read(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    make_startup(state=PublicationState.DRAFT)
    make_partner(state=PublicationState.WITHDRAWN)
    assert not list(read_startups(session))
    assert not list(read_partners(session))


def test_reading_takes_the_same_number_of_queries_for_one_as_for_many(
    session: Session, make_startup: Maker, count_queries: Callable[[], int]
) -> None:
    make_startup()
    count_queries()
    list(read_startups(session))
    one = count_queries()
    for _ in range(20):
        make_startup(sectors=["fintech"], site="agadir")
    count_queries()
    assert len(list(read_startups(session))) == 21
    assert count_queries() == one


def test_a_rebuild_writes_what_the_matcher_ranks_and_says_so(
    session: Session, matcher: Matcher, directory: Random
) -> None:
    assert is_outdated(session, matcher)
    run = rebuild_matches(session, matcher)
    assert rows(session) == ranked(matcher)
    assert (run.startups, run.partners, run.matches) == (30, 12, len(rows(session)))
    assert not is_outdated(session, matcher)
    assert is_outdated(session, Matcher(per_profile=4, pack_digest="pack"))


def test_rebuilding_twice_gives_the_same_matches(session: Session, matcher: Matcher, directory: Random) -> None:
    rebuild_matches(session, matcher)
    before = rows(session), explanations(session)
    rebuild_matches(session, Matcher(per_profile=3, pack_digest="pack"))
    assert (rows(session), explanations(session)) == before


def test_a_rebuild_tells_how_far_it_is(session: Session, matcher: Matcher, directory: Random) -> None:
    told: list[tuple[int, int]] = []
    run = rebuild_matches(session, matcher, lambda done, total: told.append((done, total)))
    assert told[-1] == (run.matches, run.matches)


def change(random: Random, session: Session, terms: Maker, make_startup: Maker, make_partner: Maker) -> tuple[str, int]:
    """Change, add, withdraw or delete a startup or partner."""
    noun, model = random.choice([("startup", Startup), ("partner", Partner)])
    row: Any = random.choice(session.scalars(select(model).order_by(model.id)).all())
    action = random.choice(["text", "sectors", "state", "delete", "add"])
    if action == "text":
        row.description = {"en": text(random)}
    elif action == "sectors":
        row.set_terms(TermKind.SECTOR, terms("sectors", *random.sample(SECTORS, 2)))
    elif action == "state":
        row.state = random.choice([PublicationState.WITHDRAWN, PublicationState.PUBLISHED])
    elif action == "delete":
        session.delete(row)
    else:
        make = make_startup if noun == "startup" else make_partner
        row = make(sectors=random.sample(SECTORS, 2), description={"en": text(random)})
    id_ = row.id
    session.flush()
    return noun, id_


@pytest.mark.parametrize("seed", range(6))
def test_rescoring_changes_gives_what_ranking_everything_would(
    seed: int,
    session: Session,
    matcher: Matcher,
    directory: Random,
    terms: Maker,
    make_startup: Maker,
    make_partner: Maker,
) -> None:
    rebuild_matches(session, matcher)
    random = Random(seed)
    for _ in range(6):
        changed = [change(random, session, terms, make_startup, make_partner) for _ in range(random.randint(1, 3))]
        ids: dict[str, set[int]] = {"startup": set(), "partner": set()}
        for noun, id_ in changed:
            ids[noun].add(id_)
        assert not rescore(session, matcher, startup_ids=ids["startup"], partner_ids=ids["partner"]).rebuilt
        assert rows(session) == ranked(matcher)
    wanted = {(row[0], row[1]) for row in matcher.rank().rows()}
    parts = dict(zip(sorted(wanted), matcher.explain(matcher.rank()), strict=True))
    assert explanations(session) == parts


def test_one_changed_startup_is_rescored_alone(session: Session, matcher: Matcher, directory: Random) -> None:
    run = rebuild_matches(session, matcher)
    startup = session.scalars(Startup.published().limit(1)).one()
    startup.pitch = {"en": "Lessons for teachers"}
    session.flush()
    rescored = rescore(session, matcher, startup_ids=[startup.id])
    assert rescored.startups == 1
    assert not rescored.rebuilt
    assert session.scalars(select(MatchingRun.id)).all() == [run.id]


def test_a_matcher_that_did_not_make_the_matches_makes_them_anew(
    session: Session, matcher: Matcher, directory: Random
) -> None:
    rebuild_matches(session, matcher)
    rebuild_matches(session, Matcher(per_profile=3, pack_digest="pack"))
    startup_id = session.scalars(select(Startup.id).limit(1)).one()
    assert rescore(session, matcher, startup_ids=[startup_id]).rebuilt
    assert not rescore(session, matcher, startup_ids=[startup_id]).rebuilt


def test_a_fit_that_matches_nobody_never_replaces_one_that_did(
    session: Session, matcher: Matcher, directory: Random
) -> None:
    rebuild_matches(session, matcher)
    before = rows(session)
    assert before
    session.commit()
    for partner in session.scalars(select(Partner)):
        partner.summary = partner.description = {}
        partner.set_terms(TermKind.SECTOR, [])
    with pytest.raises(BadFit):
        rebuild_matches(session, matcher)
    session.rollback()
    assert rows(session) == before


def test_portfolios_are_histories_and_stages_are_known_by_their_order(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    backed, hidden = make_startup(maturities=["growth"]), make_startup(state=PublicationState.DRAFT)
    partner = make_partner(maturities=["idea", "mvp"])
    session.add_all(
        PortfolioCompany(partner_id=partner.id, name="Backed", startup_id=one.id) for one in (backed, hidden)
    )
    session.flush()
    (found,) = read_partners(session)
    (startup,) = read_startups(session)
    assert found.history == (backed.id,)
    assert (startup.steps, found.steps) == ((4,), (0, 2))


def test_a_change_of_much_of_the_directory_makes_everything_anew(
    session: Session, matcher: Matcher, directory: Random
) -> None:
    rebuild_matches(session, matcher)
    assert rescore(session, matcher, startup_ids=session.scalars(select(Startup.id)).all()).rebuilt
