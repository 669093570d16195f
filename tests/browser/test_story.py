"""A visitor's whole way through the product, in each language, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

LANGUAGES = ("ar", "fr", "en")
WORDS = {"ar": "السقي", "fr": "irrigation", "en": "irrigation"}
OpenPage = Callable[..., Page]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_searches_filters_opens_a_profile_and_sees_whom_it_matches(
    open_page: OpenPage, language: str
) -> None:
    page = open_page(f"/{language}/")
    page.keyboard.press("/")
    page.keyboard.type(WORDS[language])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/{language}/startups\?.*q="))
    before = page.locator("[data-entry]").count()
    assert before > 0

    sector = page.locator("input[name=sector][value=agritech]")
    sector.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("sector=agritech"))
    expect(page.locator("[data-chip]").first).to_be_visible()

    link = page.locator("[data-entry] h2 a, [data-entry] h3 a").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/{language}/startups/[\w-]+$"))
    assert page.locator("[data-match]").count() >= 3
    assert page.locator("[data-match] li").count() >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_way_works_without_javascript(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/startups", javascript=False)
    page.fill("main input[type=search]", WORDS[language])
    page.locator("main input[type=search]").press("Enter")
    expect(page).to_have_url(re.compile("q="))
    page.locator("input[name=sector][value=agritech]").first.check()
    page.locator("[data-apply]").first.click()
    expect(page).to_have_url(re.compile("sector=agritech"))
    page.locator("[data-chip]").first.click()
    assert page.locator("[data-entry]").count() > 0


def test_switching_the_language_keeps_page_and_filters(open_page: OpenPage) -> None:
    page = open_page("/fr/startups?sector=fintech&residency=resident&page=2")
    page.locator("a[hreflang=ar][lang=ar]").first.click()
    expect(page).to_have_url(re.compile(r"/ar/startups\?.*sector=fintech.*residency=resident.*page=2"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def _some_profile(page: Page, language: str, noun: str) -> str:
    page.goto(f"/{language}/{noun}")
    href = page.locator("[data-entry] h2 a, [data-entry] h3 a").first.get_attribute("href")
    assert href
    return href


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_the_screen(open_page: OpenPage, language: str, width: int) -> None:
    page = open_page(f"/{language}/", width=width)
    profiles = [_some_profile(page, language, noun) for noun in ("startups", "partners")]
    for path in (
        f"/{language}/",
        f"/{language}/startups?q=x&sector=fintech",
        f"/{language}/about",
        *profiles,
        f"/{language}/nowhere",
    ):
        page.goto(path)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} is {overflow} pixels too wide"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_meet_wcag_aa_as_far_as_a_machine_can_tell(open_page: OpenPage, language: str, dark: bool) -> None:
    page = open_page(f"/{language}/", dark=dark)
    profiles = [_some_profile(page, language, noun) for noun in ("startups", "partners")]
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    for path in (
        f"/{language}/",
        f"/{language}/startups?sector=fintech",
        f"/{language}/partners",
        f"/{language}/about",
        *profiles,
    ):
        page.goto(path)
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        assert results.violations_count == 0, f"{path}: {results.generate_report()}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_light_enough_for_a_poor_connection(open_page: OpenPage, language: str) -> None:
    page = open_page("/healthz")
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.__setitem__(r.url, r.request.sizes()["responseBodySize"]))
    page.goto(f"/{language}/startups")
    page.wait_for_load_state("networkidle")
    fonts = sum(size for url, size in sizes.items() if ".woff2" in url)
    scripts = sum(size for url, size in sizes.items() if ".js" in url)
    assert fonts <= 140_000
    assert scripts <= 20_000
    assert sum(sizes.values()) - fonts <= 60_000
