from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webapp.errors import NotAllowed, NotFound
from webapp.models import NetworkRole, PartnerKind
from webapp.permissions import VISITOR, Actor
from webapp.services.duplicate_pairs import MOST_TOGETHER, Card, compare_cards, find_pairs, load_pairs, tell_apart
from webapp.services.likeness import marks_of

Maker = Callable[..., Any]
STAFF = Actor("person", account_id=1, network_roles=frozenset({NetworkRole.STAFF}))


def card(row_id: int, *names: str, website: str = "", number: str = "", **values: Any) -> Card:
    marks = marks_of(names, website, number, frozenset({"sarl"}))
    return Card(row_id, marks, values.get("region"), values.get("founded"), values.get("kind", ""))


@pytest.mark.parametrize(
    ("one", "two", "sign"),
    [
        ("Atlas Solar", "Atlas Solar SARL", "same-name"),
        ("Solar Atlas", "Atlas Solar", "same-name"),
        ("Atlas Solaire", "Atlas Solairre", "close-name"),
        ("Atlas Solar", "أطلس سولار", "same-sound"),
        ("Dar al-Fikr", "دار الفكر", "same-sound"),
    ],
)
def test_names_that_are_one_are_found_in_both_scripts(one: str, two: str, sign: str) -> None:
    [pair] = compare_cards([card(1, one), card(2, two)])
    assert sign in pair.signs


@pytest.mark.parametrize(
    ("one", "two"), [("Studio 1 Casablanca", "Studio 2 Casablanca"), ("Tazrii", "Yomken"), ("Noor", "Nour Health")]
)
def test_names_that_are_two_are_not(one: str, two: str) -> None:
    assert list(compare_cards([card(1, one), card(2, two)])) == []


def test_a_number_makes_surer_than_a_website_and_several_signs_surer_than_one() -> None:
    def sureness(**both: Any) -> float:
        [pair] = compare_cards([card(1, "Tazrii", **both), card(2, "Yomken", **both)])
        return pair.sureness

    number, website = sureness(number="001"), sureness(website="https://a.example")
    assert number > website
    assert sureness(website="https://a.example", region=3) > website


def test_another_company_number_speaks_against_it() -> None:
    assert list(compare_cards([card(1, "Atlas Solar", number="001"), card(2, "Atlas Solar", number="002")])) == []
    both = {"website": "https://a.example"}
    [doubted] = compare_cards([card(1, "Atlas Solar", number="1", **both), card(2, "Atlas Solar", number="2", **both)])
    [sure] = compare_cards([card(1, "Atlas Solar", **both), card(2, "Atlas Solar", **both)])
    assert doubted.sureness < sure.sureness
    assert doubted.doubts == ("other-number",)


def test_a_region_and_a_year_alone_are_no_sign() -> None:
    assert (
        list(compare_cards([card(1, "Tazrii", region=1, founded=2020), card(2, "Yomken", region=1, founded=2020)]))
        == []
    )


def test_a_website_that_many_share_says_nothing() -> None:
    cards = [
        card(number, f"{chr(97 + number) * 8}", website="https://hub.example") for number in range(MOST_TOGETHER + 1)
    ]
    assert list(compare_cards(cards)) == []
    assert len(list(compare_cards(cards[:3]))) == 3


def test_pairs_come_with_their_profiles_the_surest_first(session: Session, make_startup: Maker) -> None:
    one = make_startup("Atlas Solar", website="https://atlas.example")
    two = make_startup("Atlas Solar SARL", website="https://www.atlas.example/fr")
    three = make_startup("Atlas Solarr")
    pairs = find_pairs(session, STAFF, "startup")
    assert (pairs[0].first_id, pairs[0].second_id) == (one.id, two.id)
    assert pairs[0].grade == "very-likely"
    assert {each.second_id for each in pairs[1:]} == {three.id}
    shown = load_pairs(session, "startup", pairs[:1])[0]
    assert (shown.first, shown.second) == (one, two)


def test_the_number_of_queries_does_not_depend_on_how_many_there_are(
    session: Session, make_startup: Maker, count_queries: Callable[[], int]
) -> None:
    for _ in range(2):
        make_startup("Atlas Solar")
    session.commit()
    count_queries()
    load_pairs(session, "startup", find_pairs(session, STAFF, "startup"))
    few = count_queries()
    for _ in range(4):
        make_startup("Atlas Solar")
    session.commit()
    count_queries()
    load_pairs(session, "startup", find_pairs(session, STAFF, "startup"))
    assert count_queries() == few


def test_what_staff_told_apart_does_not_come_back(session: Session, make_partner: Maker) -> None:
    one, two = make_partner("Sahel Fund"), make_partner("Sahel Fund", kind=PartnerKind.MENTOR)
    [pair] = find_pairs(session, STAFF, "partner")
    assert "other-kind" in pair.doubts
    for _ in range(2):
        tell_apart(session, STAFF, "partner", two.id, one.id)
    assert find_pairs(session, STAFF, "partner") == []


def test_only_staff_look_for_duplicates(session: Session) -> None:
    with pytest.raises(NotAllowed):
        find_pairs(session, VISITOR, "startup")
    with pytest.raises(NotAllowed):
        tell_apart(session, VISITOR, "startup", 1, 2)
    with pytest.raises(NotFound):
        find_pairs(session, STAFF, "park")


def test_many_profiles_are_not_compared_with_one_another() -> None:
    """Each with each would be two million comparisons; blocks make it some ten thousand."""
    cards = [card(number, f"{number * 7919 % 99991:05d} venture {chr(97 + number % 26)}") for number in range(2000)]
    begun = time.perf_counter()
    list(compare_cards(cards))
    assert time.perf_counter() - begun < 5
