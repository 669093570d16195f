"""What somebody of a regional authority asks, answered within two clicks from the page of regions, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

LANGUAGES = ("ar", "fr", "en")
OWN, SECTOR, OTHER = "MA-06", "fintech", "agritech"
PAGES = ("regions", f"regions/{OWN}", f"sectors/{OTHER}", "regions/compare?r=MA-06&r=MA-09", "network")
OpenPage = Callable[..., Page]


def press(target: Locator) -> None:
    """Follow a link by keyboard: what is focused must be seen to be."""
    target.focus()
    expect(target).to_be_focused()
    target.press("Enter")


def definition_of(page: Page, anchor: str) -> Locator:
    """The definition that a term leads to."""
    press(page.locator(f"main a[href='#def-{anchor}']").first)
    found = page.locator(f"#def-{anchor}")
    expect(found).to_be_in_viewport()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_is_agritech_concentrated(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/regions")
    press(page.locator(f"main a[href$='/sectors/{OTHER}']").first)
    expect(page).to_have_url(re.compile(rf"/{language}/sectors/{OTHER}"))
    strongest = page.locator("table.cells tbody tr", has=page.locator(".star-name.sure"))
    expect(strongest).to_have_count(1)
    assert strongest.locator("th a").get_attribute("href").endswith("/regions/MA-09")  # type: ignore[union-attr]
    assert strongest.locator("th").inner_text() in page.locator(".summary").inner_text()
    assert "LQ" in definition_of(page, "lq").inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_is_our_fintech_growing(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/regions")
    press(page.locator(f"form a[href$='/regions/{OWN}']"))
    row = page.locator("table.cells tbody tr", has=page.locator(f"th a[href$='/sectors/{SECTOR}']"))
    expect(row).to_be_visible()
    assert re.fullmatch(r"[+−]?\d+|–", row.locator("td.number").last.inner_text().strip())
    assert row.locator(".spark").get_attribute("aria-label")


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_many_of_ours_survive_five_years(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/regions")
    press(page.locator(f"form a[href$='/regions/{OWN}']"))
    chart = page.locator("figure.chart", has=page.locator("#stays-title"))
    press(chart.locator("summary"))
    ages = chart.locator("tbody tr", has=page.locator("th", has_text=re.compile(r"^\s*60\s*$")))
    expect(ages).to_be_visible()
    assert re.search(r"\d+\s?%", ages.inner_text())


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_are_they(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/regions")
    press(page.locator(f"form a[href$='/regions/{OWN}']"))
    press(page.locator(f"main a[href*='region={OWN}'][href*='sector={SECTOR}']"))
    expect(page).to_have_url(re.compile(rf"/{language}/startups\?.*sector={SECTOR}"))
    assert page.locator("[data-entry]").count() > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_give_me_this_for_the_council(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/{language}/regions")
    press(page.locator(f"form a[href$='/regions/{OWN}']"))
    expect(page).to_have_url(re.compile(rf"/regions/{OWN}"))
    with page.expect_download() as table:
        press(page.locator(".standing a[href$='.csv']"))
    assert table.value.suggested_filename.endswith(".csv")
    sheet = page.pdf(format="A4")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 2
    page.emulate_media(media="print")
    expect(page.locator(".print-only")).to_contain_text(f"/{language}/regions/{OWN}")
    expect(page.locator(".summary")).to_be_visible()
    expect(page.locator(".definitions")).to_be_hidden()


def test_a_chart_leaves_as_svg_and_as_png(open_page: OpenPage) -> None:
    page = open_page(f"/ar/regions/{OWN}")
    chart = page.locator("figure.chart", has=page.locator("#stays-title"))
    with page.expect_download() as picture:
        press(chart.locator("a[href*='.svg']"))
    drawing = ElementTree.parse(picture.value.path()).getroot()  # noqa: S314
    assert drawing.get("direction") == "rtl"
    button = chart.locator("[data-png] button")
    expect(button).to_be_visible()
    with page.expect_download() as image:
        press(button)
    assert image.value.suggested_filename == f"regions-{OWN}-survival.png"
    content = image.value.path().read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (2 * int(drawing.get("width", 0)), 2 * int(drawing.get("height", 0)))
    expect(button).to_be_focused()


def test_without_javascript_a_chart_leaves_as_svg_and_csv_only(open_page: OpenPage) -> None:
    page = open_page(f"/fr/regions/{OWN}", javascript=False)
    expect(page.locator("[data-png]").first).to_be_hidden()
    expect(page.locator("figure a[href*='.svg']").first).to_be_visible()
    expect(page.locator("figure a[href*='.csv']").first).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_regions_meet_wcag_aa_as_far_as_a_machine_can_tell(
    open_page: OpenPage, language: str, dark: bool
) -> None:
    page = open_page(f"/{language}/regions", dark=dark)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    for path in PAGES:
        page.goto(f"/{language}/{path}")
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
        assert results.violations_count == 0, f"{path}: {results.generate_report()}"


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_regions_is_wider_than_the_screen(open_page: OpenPage, language: str, width: int) -> None:
    page = open_page(f"/{language}/regions", width=width)
    for path in PAGES:
        page.goto(f"/{language}/{path}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} is {overflow} pixels too wide"
