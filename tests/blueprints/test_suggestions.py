"""What a search box offers while somebody types, as a browser receives it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from tests.visiting import Visit
from webapp.models import PublicationState
from webapp.services.indexing import rebuild_index
from webapp.services.suggestions import NAMES, PHRASES
from webapp.web.site import current_search

LANGUAGES = ("ar", "fr", "en")
Maker = Callable[..., Any]

OPTION = re.compile(
    r'<li role="option" id="([^"]+)" aria-selected="false" data-url="([^"]*)">\s*'
    r'<bdi class="text">(.*?)</bdi>\s*<span class="kind">(.*?)</span>',
    re.DOTALL,
)


class Option(NamedTuple):
    """An option as it is shown."""

    id: str
    url: str
    text: str
    kind: str

    @property
    def total(self) -> int:
        return int(self.kind.rpartition("·")[2])


@pytest.fixture
def index(session: Session) -> Callable[[], None]:
    """Brings the index in step with the database."""

    def rebuild() -> None:
        session.commit()
        rebuild_index(session, current_search().startups)
        rebuild_index(session, current_search().partners)

    return rebuild


@pytest.fixture
def offered(visit: Visit) -> Callable[..., list[Option]]:
    """What is offered for a text, in a language of the site."""

    def ask(text: str, language: str = "en", of: str = "startup") -> list[Option]:
        page = visit(f"/{language}/suggestions?q={quote(text)}&of={of}")
        assert page.status == 200
        assert page.html.count('role="option"') == len(OPTION.findall(page.html))
        return [Option(*(unescape(part).strip() for part in each)) for each in OPTION.findall(page.html)]

    return ask


Offered = Callable[..., list[Option]]
Index = Callable[[], None]


def test_a_beginning_is_completed_to_names_of_startups(make_startup: Maker, index: Index, offered: Offered) -> None:
    make_startup("Tazrii Nord", slug="tazrii-nord", name_arabic="تزريع الشمال")
    make_startup("Naqla")
    index()
    (latin,) = offered("taz")
    (arabic,) = offered("تزر", "ar")
    assert (latin.text, latin.kind, latin.url) == ("Tazrii Nord", "Startup", "/en/startups/tazrii-nord")
    assert (arabic.text, arabic.url) == ("تزريع الشمال", "/ar/startups/tazrii-nord")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_offered_leads_to_as_many_startups_as_it_says(
    visit: Visit, make_startup: Maker, index: Index, offered: Offered, language: str
) -> None:
    make_startup("One", sectors=["agritech"], site="rabat", pitch={"fr": "Agriculture et santé publique"})
    make_startup(
        "Two", sectors=["agritech"], technologies=["ai"], pitch={"fr": "Santé animale", "ar": "التعليم عن بعد"}
    )
    make_startup("Three", sectors=["edtech"], site="agadir", maturities=["prototype"], pitch={"en": "public health"})
    index()
    for text in ("agri", "sant", "Technopark Ra", "souss", "intel", "التع", "prot"):
        options = offered(text, language)
        assert options, text
        for option in options:
            assert visit(option.url).entries == option.total, option


def test_names_of_sectors_places_stages_and_topics_are_offered_each_as_what_it_is(
    make_startup: Maker, index: Index, offered: Offered
) -> None:
    make_startup("One", sectors=["agritech"], site="rabat", maturities=["prototype"], pitch={"en": "Irrigation"})
    index()
    kinds = {
        "Agritech": "Sector",
        "Technopark Rabat": "Park",
        "Rabat-Sale-Kenitra": "Region",
        "Prototype": "Stage",
        "irrigation": "Topic",
    }
    for name, kind in kinds.items():
        found = {option.text.lower(): option.kind for option in offered(name[:8])}
        assert found.get(name.lower()) == f"{kind} · 1"


def test_a_reader_is_offered_the_words_of_the_page_before_those_of_other_languages(
    make_startup: Maker, index: Index, offered: Offered
) -> None:
    make_startup("One", sectors=["agritech"], pitch={"en": "Farmers"})
    index()
    for language, name in (("fr", "agriculteurs"), ("en", "agricultural producer")):
        topics = [option.text for option in offered("agric", language)]
        assert name in topics
    assert "farmers" in [option.text for option in offered("farm", "fr")]


def test_a_profile_that_is_not_published_is_never_offered(
    session: Session, make_startup: Maker, index: Index, offered: Offered
) -> None:
    make_startup("Tazrii Draft", state=PublicationState.DRAFT)
    withdrawn = make_startup("Tazrii Gone")
    make_startup("Tazrii Nord")
    index()
    withdrawn.state = PublicationState.WITHDRAWN
    session.commit()
    assert [option.text for option in offered("tazrii")] == ["Tazrii Nord"]


def test_names_of_partners_follow_those_of_startups(
    make_startup: Maker, make_partner: Maker, index: Index, offered: Offered
) -> None:
    make_startup("Sahel Robotics")
    make_partner("Sahel Green Fund", slug="sahel-green-fund")
    index()
    robotics, fund = offered("sahel")
    assert (robotics.text, robotics.kind) == ("Sahel Robotics", "Startup")
    assert (fund.text, fund.kind, fund.url) == ("Sahel Green Fund", "Partner", "/en/partners/sahel-green-fund")


def test_in_the_partners_directory_only_what_leads_to_partners_is_offered(
    visit: Visit, make_startup: Maker, make_partner: Maker, index: Index, offered: Offered
) -> None:
    make_startup("Agri Pompe", sectors=["agritech"])
    make_partner("Agri Capital", sectors=["agritech"])
    index()
    options = offered("agri", of="partner")
    assert [option.text for option in options if option.kind == "Partner"] == ["Agri Capital"]
    assert not [option for option in options if option.kind == "Startup"]
    (sector,) = (option for option in options if option.kind.startswith("Sector"))
    assert sector.url == "/en/partners?sector=agritech"
    assert visit(sector.url).entries == sector.total == 1


HOSTILE = ("<script>alert(1)</script>", '"><img src=x>', "&lt;", "\x00\x1b", "\u202eabc", "%", "a" * 5000, "*?[(", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_texts_are_answered_with_nothing(
    make_startup: Maker, index: Index, offered: Offered, language: str
) -> None:
    make_startup("Tazrii")
    index()
    for text in HOSTILE:
        assert offered(text, language) == [], text


def test_a_hostile_name_is_escaped(visit: Visit, make_startup: Maker, index: Index, offered: Offered) -> None:
    make_startup('Evil <img src=x onerror="alert(1)"> & Co')
    index()
    assert [option.text for option in offered("evil")] == ['Evil <img src=x onerror="alert(1)"> & Co']
    assert "<img" not in visit("/en/suggestions?q=evil").html


@pytest.mark.parametrize("text", ["", "t", "zzyzx"])
def test_too_little_and_unknown_words_are_answered_with_nothing(
    visit: Visit, make_startup: Maker, index: Index, text: str
) -> None:
    make_startup("Tazrii")
    index()
    assert visit(f"/en/suggestions?q={text}").html.strip() == ""
    assert visit("/en/suggestions").html.strip() == ""


def test_without_an_index_nothing_is_offered(make_startup: Maker, offered: Offered) -> None:
    make_startup("Tazrii")
    assert offered("taz") == []


def test_no_more_is_offered_than_one_can_take_in(make_startup: Maker, index: Index, offered: Offered) -> None:
    for number in range(12):
        make_startup(f"Agri {number}", sectors=["agritech"], pitch={"fr": "Agriculture, agriculteurs, agroalimentaire"})
    index()
    options = offered("agr")
    assert sum(option.kind == "Startup" for option in options) == NAMES
    assert NAMES < len(options) <= NAMES + PHRASES
    assert len({option.id for option in options}) == len(options)


@pytest.mark.parametrize(("language", "words"), [("ar", "اقتراحان"), ("fr", "2 suggestions"), ("en", "2 suggestions")])
def test_how_many_there_are_is_announced(
    visit: Visit, make_startup: Maker, index: Index, language: str, words: str
) -> None:
    make_startup("Tazrii Nord")
    make_startup("Tazrii Sud")
    index()
    assert words in visit(f"/{language}/suggestions?q=tazrii").text


def test_an_answer_may_be_kept_a_while_by_the_browser_alone_and_is_no_page(visit: Visit) -> None:
    headers = visit("/en/suggestions?q=taz").response.headers
    assert headers["Cache-Control"].startswith("private, max-age=")
    assert headers["X-Robots-Tag"] == "noindex"


def test_suggesting_takes_as_many_queries_for_few_startups_as_for_many(
    visit: Visit, make_startup: Maker, index: Index, count_queries: Callable[[], int]
) -> None:
    numbers = []
    for _ in range(2):
        for number in range(5):
            make_startup(f"Agri {number}", sectors=["agritech"], pitch={"fr": "Agriculture"})
        index()
        visit("/en/suggestions?q=agr")  # the first visit reads the vocabulary too
        count_queries()
        visit("/en/suggestions?q=agr")
        numbers.append(count_queries())
    assert numbers[0] == numbers[1] <= 4
