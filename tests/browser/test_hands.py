"""The keyboard of the tests notices what would bar somebody's way who has no mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.hands import Keyboard


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_it_reaches_links_fields_and_marked_options_in_their_order(page: Page) -> None:
    page.set_content(
        "<a href='#a'>a</a><input name=b><input type=radio name=c value=1><input type=radio name=c value=2>"
    )
    keyboard = Keyboard(page)
    keyboard.write(page.locator("[name=b]"), "نص")
    keyboard.choose(page.locator("[value='2']"))
    assert page.locator("[value='2']").is_checked()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("<a href='#a'>a</a><div id=target onclick=''>b</div>", "never reached"),
        ("<a href='#a' style='outline: none'>a</a><button id=target>b</button>", "nothing shows that the focus"),
        (
            "<a href='#a' style='position: absolute; width: 0; height: 0'></a><button id=target>b</button>",
            "out of sight",
        ),
        ("<button id=target>b</button><a href='#a' tabindex=1>a</a><i tabindex=2>c</i>", "jumps back"),
    ],
)
def test_it_complains_of_what_cannot_be_reached_or_seen_or_jumps(page: Page, content: str, complaint: str) -> None:
    page.set_content(content)
    with pytest.raises(AssertionError, match=complaint):
        Keyboard(page).to(page.locator("#target"))
