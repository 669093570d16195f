"""Somebody with a browser of their own, who looks at every page that they come to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from babel.support import Translations
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.hands import Keyboard
from webapp.config import ROOT

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
NARROW = 390


class Words:
    """What the site says, in a language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = Translations.load(ROOT / "translations", [language])
        assert isinstance(self._catalogue, Translations), f"there is no catalogue for {language}"

    def __call__(self, message: str, **values: object) -> str:
        """A message, with its values."""
        said: str = self._catalogue.gettext(message)
        assert said
        return said % values if values else said

    def counted(self, one: str, many: str, count: int) -> str:
        """A message of a number of things."""
        said: str = self._catalogue.ngettext(one, many, count)
        return said % {"count": count}


class Visitor:
    """A browser in which one person is at work.

    Args:
        hand: how the person works with pages.
        inspects: whether each page is checked for barriers and for its width, which takes a while.
        unseen: what must not stand on any page that this person opens, as long as ``knows`` is not set.
    """

    def __init__(
        self,
        browser: Browser,
        site: str,
        words: Words,
        hand: Callable[[Page], Keyboard],
        *,
        unseen: tuple[str, ...] = (),
        width: int = NARROW,
        dark: bool = False,
        javascript: bool = True,
        inspects: bool = True,
    ) -> None:
        self.words, self.unseen, self.knows, self.inspects = words, unseen, False, inspects
        self.width, self.site = width, site
        self.complaints: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 844},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.page: Page = self.context.new_page()
        self.hand = hand(self.page)
        self._listen()

    def _listen(self) -> None:
        page, complain = self.page, self.complaints.append
        page.on("request", lambda r: r.url.startswith((self.site, "data:")) or complain(f"asked for {r.url}"))
        page.on("pageerror", lambda error: complain(f"error: {error}"))
        page.on("console", lambda m: complain(m.text) if "Content Security Policy" in m.text else None)
        page.on("response", lambda r: complain(f"{r.status} {r.url}") if r.status >= 400 else None)

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.get_by_role("main")

    def link(self, text: str, **values: object) -> Locator:
        """A link in the page, by what it says."""
        return self.main.get_by_role("link", name=self.words(text, **values), exact=True).first

    def page_link(self, text: str) -> Locator:
        """A link in the page of somebody who signed in, beside whom the places stand; by what it says."""
        return self.main.locator("#page").get_by_role("link", name=self.words(text), exact=True).first

    def button(self, text: str, **values: object) -> Locator:
        """A button in the page, by what it says."""
        return self.main.get_by_role("button", name=self.words(text, **values), exact=True).first

    def field(self, name: str) -> Locator:
        """A field of a form, by its name."""
        return self.main.locator(f"[name='{name}']").first

    def option(self, name: str, value: str) -> Locator:
        """A radio button or checkbox."""
        return self.main.locator(f"input[name='{name}'][value='{value}']")

    def go(self, address: str) -> None:
        """Type an address, or follow a link in a mail."""
        self.page.goto(address)
        self.look()

    def press(self, target: Locator) -> None:
        """Follow a link or press a button, and look at the page after it."""
        self.hand.press(target)
        self.look()

    def sees(self, text: str, **values: object) -> None:
        """Check that the page says something, wherever it says it."""
        expect(self.main.get_by_text(loosely(self.words(text, **values))).first).to_be_visible()

    def is_at(self, heading: str, **values: object) -> None:
        """Check which page this is."""
        expect(self.main.get_by_role("heading", level=1)).to_have_text(
            loosely(self.words(heading, **values), whole=True)
        )

    def look(self) -> None:
        """Check what is true of every page. What bars nobody's way is told at the end, all of it."""
        page, language = self.page, self.words.language
        root = page.locator("html")
        assert root.get_attribute("lang") == language
        assert root.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        assert page.locator("h1").count() == 1, f"{page.url} has no heading, or several"
        assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
        self._check_secrecy(page.content())
        if self.inspects:
            self._check_width()
            found = Axe().run(page, options=WCAG)
            if found.violations_count:
                self.complaints.append(f"{page.url}: {found.generate_report()}")

    def _check_secrecy(self, source: str) -> None:
        if not self.knows:
            shown = [each for each in self.unseen if each in source]
            assert not shown, f"{self.page.url} shows {shown}"

    def _check_width(self) -> None:
        if self.width != NARROW:
            self.page.set_viewport_size({"width": NARROW, "height": 844})
        beyond = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            self.complaints.append(f"{self.page.url} is {beyond} pixels too wide")
        if self.width != NARROW:
            self.page.set_viewport_size({"width": self.width, "height": 844})

    def leave(self) -> None:
        """Close the browser; nothing may have gone wrong in it."""
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)


def loosely(text: str, *, whole: bool = False) -> Any:
    """A pattern for a text in which marks that isolate names, and spaces, do not matter."""
    isolates = "[\u2066-\u2069]*"
    parts = re.split(r"\s+", re.sub("[\u2066-\u2069]", "", text.strip()))
    pattern = rf"{isolates}\s+{isolates}".join(re.escape(part) for part in parts)
    pattern = rf"{isolates}{pattern}{isolates}"
    return re.compile(rf"^\s*{pattern}\s*$" if whole else pattern)
