from __future__ import annotations

from random import Random

import pytest

from tests.services.demonstration.conftest import PACK, TODAY
from webapp.services.demonstration.content import Content, read_content
from webapp.services.demonstration.profiles import BrandPool, CompanyNumberPool, IdeaPool


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(PACK / "demo")


def test_there_are_enough_ideas_for_everybody(content: Content) -> None:
    wanted = content.figures.residents + content.figures.former_residents + content.figures.supported
    assert sum(len(idea.segments) for idea in content.ideas) >= wanted


def test_each_idea_is_drawn_for_each_of_its_segments_once(content: Content) -> None:
    pool = IdeaPool(Random(1), content.ideas, {})
    drawn = [pool.draw("") for _ in range(sum(len(idea.segments) for idea in content.ideas))]
    assert len({(idea.key, idea.sectors[0], segment) for idea, segment in drawn}) == len(drawn)
    with pytest.raises(IndexError):
        pool.draw("")


def test_a_sector_is_drawn_more_often_at_a_site_that_it_likes(content: Content) -> None:
    def share(site: str) -> float:
        pool = IdeaPool(Random(1), content.ideas, content.figures.affinities)
        return sum(pool.draw(site)[0].sectors[0] == "agritech" for _ in range(300)) / 300

    assert share("agadir") > 2 * share("casablanca")


def test_a_name_is_drawn_once(content: Content) -> None:
    pool = BrandPool(Random(1), content)
    brands = [pool.draw("fintech") for _ in range(300)]
    assert len({brand.latin.casefold() for brand in brands}) == 300
    assert len({brand.arabic for brand in brands}) == 300


def test_company_numbers_pass_the_check_and_come_once() -> None:
    pool = CompanyNumberPool(Random(1), "7#0##", lambda number: int(number) % 97 == 0)
    numbers = [pool.draw() for _ in range(9)]
    assert all(number and int(number) % 97 == 0 and number[0] == "7" and number[2] == "0" for number in numbers)
    assert len(set(numbers)) == 9


def test_without_a_valid_number_there_is_none() -> None:
    assert CompanyNumberPool(Random(1), "7##", lambda number: False).draw() is None
    assert CompanyNumberPool(Random(1), "700", lambda number: True).draw() == "700"


def test_today_lies_after_the_first_day_of_every_site(content: Content) -> None:
    assert all(site.since <= TODAY.year for site in content.figures.sites.values())
