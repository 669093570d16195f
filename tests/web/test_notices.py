"""What a directory says of its answer, and the ways on that it offers."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from tests.visiting import Visit
from webapp.services.indexing import rebuild_index
from webapp.web.site import current_search

LANGUAGES = ("ar", "fr", "en")
Maker = Callable[..., Any]


class Said(NamedTuple):
    """A notice as it is read, with the address of its link."""

    text: str
    url: str


def _read(html: str) -> Said:
    link = re.search(r'<a href="([^"]*)">', html)
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    return Said(text.replace("\u2068", "").replace("\u2069", ""), unescape(link.group(1)) if link else "")


@pytest.fixture
def told(visit: Visit) -> Callable[..., list[Said]]:
    """The notices of the startups' directory for a query string."""

    def open_(query: str, language: str = "en") -> list[Said]:
        page = visit(f"/{language}/startups?{query}")
        assert page.status == 200
        assert not page.has_placeholders
        return [_read(each) for each in re.findall(r'<p class="notice" role="status">(.*?)</p>', page.html, re.DOTALL)]

    return open_


Told = Callable[..., list[Said]]


@pytest.fixture
def startups(session: Session, make_startup: Maker) -> None:
    """Two that speak of irrigation, one in other words and another language, and one that does not."""
    make_startup("Tazrii", sectors=["agritech"], pitch={"fr": "Irrigation des vergers"})
    make_startup("Saqya", sectors=["agritech"], pitch={"ar": "سقي الحقول والبساتين"})
    make_startup("Naqla", sectors=["elogistics"], pitch={"fr": "Livraison de colis"})
    session.commit()
    rebuild_index(session, current_search().startups)


@pytest.mark.usefixtures("startups")
def test_an_answer_to_the_words_as_typed_needs_no_notice(told: Told) -> None:
    assert told("") == []
    assert told("q=naqla") == []


@pytest.mark.usefixtures("startups")
@pytest.mark.parametrize(
    ("language", "words"), [("ar", "irrigation بدل"), ("fr", "« irrigation » au lieu"), ("en", "irrigation instead")]
)
def test_a_correction_names_the_word_looked_for_and_leads_to_the_words_as_typed(
    told: Told, language: str, words: str
) -> None:
    (said,) = told("q=irigation", language)
    assert words in said.text.replace("«irrigation»", "irrigation").replace("\u00a0", " ")
    assert "irigation" in said.text
    assert said.url == f"/{language}/startups?q=irigation&exact=1"


@pytest.mark.usefixtures("startups")
@pytest.mark.parametrize(("language", "concept"), [("ar", "الري"), ("fr", "irrigation"), ("en", "irrigation")])
def test_entries_found_by_a_concept_are_told_by_its_name_in_the_readers_language(
    told: Told, language: str, concept: str
) -> None:
    (said,) = told("q=irrigation&sector=agritech", language)
    assert f": {concept}." in said.text.replace("\u00a0", " ")
    assert said.url == f"/{language}/startups?q=irrigation&sector=agritech&exact=1"


@pytest.mark.usefixtures("startups")
def test_who_asked_for_the_words_alone_is_told_so_and_led_back(visit: Visit, told: Told) -> None:
    (wide,) = told("q=irrigation")
    assert visit("/en/startups?q=irrigation").entries == 2
    (narrow,) = told(wide.url.partition("?")[2])
    assert visit(wide.url).entries == 1
    assert narrow.url == "/en/startups?q=irrigation"


@pytest.mark.usefixtures("startups")
def test_without_a_text_there_is_nothing_to_keep_to(told: Told) -> None:
    assert told("exact=1&sector=agritech") == []


@pytest.mark.usefixtures("startups")
def test_an_answer_to_part_of_the_words_is_told_as_such(told: Told) -> None:
    (said,) = told(f"q={quote('livraison vergers')}")
    assert said == Said("Nothing matches all of these words. These entries match some of them.", "")


@pytest.mark.usefixtures("startups")
@pytest.mark.parametrize("language", LANGUAGES)
def test_several_notices_stand_beside_one_another(told: Told, language: str) -> None:
    texts = [said.text for said in told("q=irigation&sector=alchemy&exact=1", language)]
    assert len(texts) == 2
    assert "sector=alchemy" in texts[0]
    assert "300" in told(f"q={'a' * 400}", language)[0].text


def test_without_an_index_the_reader_is_told_what_is_searched(told: Told, make_startup: Maker) -> None:
    make_startup("Tazrii")
    assert ["The search index is being prepared" in said.text for said in told("q=tazrii")] == [True]


@pytest.mark.usefixtures("startups")
@pytest.mark.parametrize("text", ["<b>irigation</b>", '"><img src=x onerror=alert(1)>', "irigation &lt;"])
def test_what_was_typed_is_escaped(visit: Visit, text: str) -> None:
    html = visit(f"/en/startups?q={quote(text)}").html
    assert "<b>irigation" not in html
    assert "<img" not in html


@pytest.mark.usefixtures("startups")
@pytest.mark.parametrize(
    ("language", "words"), [("ar", "قريبة في الكتابة"), ("fr", "d’orthographe proche"), ("en", "written alike")]
)
def test_a_score_is_explained_in_the_readers_language(visit: Visit, language: str, words: str) -> None:
    page = visit(f"/{language}/startups?q=irigation&explain=1")
    assert words in page.text
    assert "prior" not in page.text
    assert "typo:" not in page.text
    assert "<caption>" not in visit(f"/{language}/startups?q=irigation").html
