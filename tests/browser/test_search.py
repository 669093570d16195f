"""Searching with a keyboard, a pointer or neither script nor colour: suggestions, marks, notices."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

LANGUAGES = ("ar", "fr", "en")
BEGINNINGS = {"ar": "التع", "fr": "sant", "en": "agr"}
WORDS = {"ar": "السقي", "fr": "irrigation", "en": "irrigation"}
OpenPage = Callable[..., Page]


def box_of(page: Page) -> Locator:
    return page.locator("main input[type=search]")


def typed(page: Page, text: str) -> Locator:
    """The listbox that opens when somebody types a text into the search box of a page."""
    box_of(page).click()
    page.keyboard.type(text)
    listbox = page.get_by_role("listbox")
    expect(listbox).to_be_visible()
    return listbox


def selected(page: Page) -> Locator:
    return page.locator("[role=option][aria-selected=true]")


@pytest.mark.parametrize("path", ["", "startups"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_typing_offers_suggestions_to_be_chosen_by_keyboard(open_page: OpenPage, language: str, path: str) -> None:
    page = open_page(f"/{language}/{path}")
    options = typed(page, BEGINNINGS[language]).get_by_role("option")
    assert options.count() >= 2
    expect(selected(page)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    target = options.nth(0).get_attribute("data-url")
    assert target
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(target))
    expect(page.locator("h1")).to_be_visible()


def test_the_arrows_go_round_by_way_of_the_box(open_page: OpenPage) -> None:
    page = open_page("/en/startups")
    options = typed(page, "agr").get_by_role("option")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(selected(page)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box_of(page).input_value() == "agr"


def test_escape_closes_the_list_and_keeps_the_text(open_page: OpenPage) -> None:
    page = open_page("/en/startups")
    listbox = typed(page, "agr")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(listbox).to_be_hidden()
    expect(box_of(page)).to_have_value("agr")
    expect(box_of(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()


def test_enter_without_a_choice_searches_for_what_was_typed(open_page: OpenPage) -> None:
    page = open_page("/en/startups")
    typed(page, "agric")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/startups\?q=agric$"))
    expect(page.locator("[role=listbox]")).to_be_hidden()
    assert page.locator("[data-entry]").count() > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_is_announced(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/startups")
    box = page.get_by_role("combobox").and_(page.locator("[type=search]"))
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_attribute("aria-autocomplete", "list")
    listbox = typed(page, BEGINNINGS[language])
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-controls") == listbox.get_attribute("id")
    assert listbox.get_attribute("aria-label")
    count = listbox.get_by_role("option").count()
    announced = page.locator("#search-status")
    expect(announced).to_have_attribute("role", "status")
    expect(announced).to_contain_text(str(count))
    page.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert active == selected(page).get_attribute("id")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.get_attribute("aria-activedescendant") is None


def test_a_pointer_chooses_too_and_elsewhere_closes_the_list(open_page: OpenPage) -> None:
    page = open_page("/en/startups")
    listbox = typed(page, "agr")
    page.locator("h1").click()
    expect(listbox).to_be_hidden()
    box_of(page).fill("")
    option = typed(page, "agr").get_by_role("option").last
    target = option.get_attribute("data-url")
    assert target
    option.click()
    page.wait_for_url(lambda url: url.endswith(target))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_list_lies_within_the_screen_and_above_the_page(open_page: OpenPage, language: str, dark: bool) -> None:
    page = open_page(f"/{language}/startups", width=320, dark=dark)
    listbox = typed(page, BEGINNINGS[language])
    area, box = listbox.bounding_box(), page.locator("main form[role=search]").bounding_box()
    assert area
    assert box
    assert area["x"] >= 0
    assert area["x"] + area["width"] <= 320
    assert area["y"] >= box["y"] + box["height"]
    for option in listbox.get_by_role("option").all():
        assert option.evaluate(
            "e => { e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect();"
            " return e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)) }"
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_javascript_nothing_is_offered_and_searching_works(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/startups", javascript=False)
    box = box_of(page)
    assert box.get_attribute("role") is None
    box.fill(WORDS[language])
    expect(page.locator("[role=listbox]")).to_be_hidden()
    box.press("Enter")
    expect(page).to_have_url(re.compile("q="))
    assert page.locator("[data-entry] mark").count() > 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_hits_are_marked_so_that_one_sees_it_without_colours(open_page: OpenPage, language: str, dark: bool) -> None:
    page = open_page(f"/{language}/startups?q={quote(WORDS[language])}", dark=dark)
    marks = page.locator("[data-entry] mark")
    assert marks.count() >= page.locator("[data-entry]").count() / 2
    line = marks.first.evaluate("e => getComputedStyle(e).borderBlockEndWidth")
    assert float(line.removesuffix("px")) >= 1
    page.goto(f"/{language}/startups")
    expect(page.locator("mark")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_can_be_kept_to_the_words_as_typed_and_widened_again(
    open_page: OpenPage, language: str, javascript: bool
) -> None:
    page = open_page(f"/{language}/startups?q={quote(WORDS[language])}", javascript=javascript)
    title = page.locator("#count").inner_text()
    page.locator("#notices a[href*='exact=1']").click()
    expect(page).to_have_url(re.compile("exact=1"))
    assert page.locator("#count").inner_text() != title
    page.locator("#notices a").click()
    expect(page).not_to_have_url(re.compile("exact"))
    expect(page.locator("#count")).to_have_text(title)


def test_a_typing_error_is_named_with_what_was_looked_for_instead(open_page: OpenPage) -> None:
    page = open_page("/en/startups?q=irigation")
    expect(page.locator("#notices")).to_contain_text("irrigation")
    assert page.locator("[data-entry]").count() > 0
    page.locator("#notices a[href*='exact=1']").click()
    expect(page.locator("[data-entry]")).to_have_count(0)


STATES = (
    "q={word}",
    "q={word}&exact=1",
    "q={word}&explain=1",
    "q={word}&view=cards&sector=agritech",
    "q=zzyzx",
    "q=irigation",
)


def addresses(language: str) -> list[str]:
    """Directory pages in all the states that a search leads to."""
    return [f"/{language}/startups?{state.format(word=quote(WORDS[language]))}" for state in STATES]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_search_meet_wcag_aa_as_far_as_a_machine_can_tell(
    open_page: OpenPage, language: str, dark: bool
) -> None:
    page = open_page(f"/{language}/startups", dark=dark)
    typed(page, BEGINNINGS[language])
    page.keyboard.press("ArrowDown")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for path in ("", *addresses(language)):
        if path:
            page.goto(path)
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        assert results.violations_count == 0, f"{path or 'open list'}: {results.generate_report()}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_search_is_wider_than_a_small_screen(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/startups", width=320)
    typed(page, BEGINNINGS[language])
    for path in ("", *addresses(language), f"/{language}/startups?q={'x' * 290}"):
        if path:
            page.goto(path)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path or 'open list'} is {overflow} pixels too wide"
