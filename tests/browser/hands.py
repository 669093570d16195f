"""How somebody works with a page: by keyboard alone, or with a mouse by somebody who presses every button twice."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import date, time
from email.message import Message
from typing import IO

from playwright.sync_api import Locator, Page, Request, Route

MOST_STOPS = 400


class _NoFollowing(urllib.request.HTTPRedirectHandler):
    """Takes a redirect as the answer."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing."""


_AS_SENT = urllib.request.build_opener(_NoFollowing)

# One stop of the Tab key: whether it is the wanted one, whether one sees where one is, and whether the way leads on
# through the page and not back.
STOP = """
(target) => {
  const now = document.activeElement;
  const before = window.stopBefore;
  window.stopBefore = now;
  const box = now.getBoundingClientRect();
  // A field may leave it to the box around it to show the focus.
  const marks = [now, now.parentElement].filter(Boolean).map((each) => getComputedStyle(each));
  const same = now === target
    || (now.type === "radio" && target.type === "radio" && now.name === target.name && now.form === target.form);
  const onward = !before || before === now || !before.isConnected || before === document.body
    || now === document.body || Boolean(before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING);
  return {
    same, onward,
    nowhere: now === document.body || now === document.documentElement,
    // In dates and times the browser itself marks the part where one is.
    marked: ["date", "time"].includes(now.type)
      || marks.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
    visible: box.width > 0 && box.height > 0 && getComputedStyle(now).visibility === "visible",
    name: now.outerHTML.slice(0, 120),
  };
}
"""


class Keyboard:
    """Tab, Enter, Space, arrows and letters; nothing else."""

    stops = 0
    """How many stops of the Tab key the last way took."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, page.keyboard

    def to(self, target: Locator) -> None:
        """Go to an element with the Tab key.

        Raises:
            AssertionError: it is not reached, a stop cannot be seen, or the way leads backwards through the page.
        """
        wanted = target.element_handle()
        assert wanted is not None
        stop = wanted.evaluate(STOP)
        left_page = False
        for self.stops in range(MOST_STOPS):
            if stop["same"]:
                return
            self.keys.press("Tab")
            stop = wanted.evaluate(STOP)
            if stop["nowhere"]:
                assert not left_page, f"never reached: {wanted.evaluate('e => e.outerHTML')[:200]}"
                left_page = True
                continue
            assert stop["visible"], f"the focus is out of sight at {stop['name']}"
            assert stop["marked"], f"nothing shows that the focus is at {stop['name']}"
            assert stop["onward"] or left_page, f"the focus jumps back to {stop['name']}"
        raise AssertionError(f"too far to tab: {wanted.evaluate('e => e.outerHTML')[:200]}")

    def press(self, target: Locator) -> None:
        """Follow a link or press a button, and wait for the page after it."""
        self.to(target)
        with self.page.expect_navigation():
            self.keys.press("Enter")

    def open(self, summary: Locator) -> None:
        """Open what is folded away."""
        self.to(summary)
        self.keys.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        """Replace what stands in a field."""
        self.to(field)
        self.keys.press("Control+a")
        self.keys.type(text)
        assert field.input_value() == text

    def choose(self, option: Locator) -> None:
        """Mark a radio button or a checkbox."""
        self.to(option)
        if option.get_attribute("type") == "radio":
            for _ in range(20):
                if option.evaluate("option => option === document.activeElement"):
                    break
                self.keys.press("ArrowDown")
        if not option.is_checked():
            self.keys.press("Space")
        assert option.is_checked()

    def set_day(self, field: Locator, day: date) -> None:
        """Type a day, in the order of the browser's own language."""
        self.to(field)
        self.keys.type(f"{day:%m%d%Y}")
        assert field.input_value() == day.isoformat()

    def set_time(self, field: Locator, moment: time) -> None:
        """Type a time, as the browser's own language writes it."""
        self.to(field)
        self.keys.type(f"{moment:%I%M%p}")
        assert field.input_value() == f"{moment:%H:%M}"


class PractisedKeyboard(Keyboard):
    """The keyboard under hands that know the site: they skip what stands before the content of each page."""

    longest = 0
    """The most stops that it took to get anywhere."""

    def to(self, target: Locator) -> None:
        """Go to an element, over the link that skips to the content if the page begins."""
        if self.page.evaluate("document.activeElement === document.body"):
            self.keys.press("Tab")
            if self.page.evaluate("document.activeElement.matches('.skip')"):
                self.keys.press("Enter")
            else:
                assert "#" in self.page.url, "the page does not begin with a way to its content"
        super().to(target)
        self.longest = max(self.longest, self.stops)


class ImpatientMouse(Keyboard):
    """A mouse in a hand that presses every button twice, in a network that delivers everything twice.

    The answer to the first press is held back until the second one, so that it hits the same page; it must send
    nothing. Then what was sent is sent once more, as if the page had no script or the answer had been lost; the server
    must take it without harm.
    """

    def press(self, target: Locator) -> None:
        """Follow a link, or press a button twice."""
        if target.evaluate("element => element.tagName") != "BUTTON" or self._only_asks(target):
            with self.page.expect_navigation():
                target.click()
            return
        held: list[Route] = []
        self.page.route("**/*", lambda route: _hold(route, held))
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.click(*middle)
        for _ in range(500):
            if held:
                break
            self.page.wait_for_timeout(10)
        self.page.mouse.click(*middle)
        self.page.wait_for_timeout(50)
        assert len(held) == 1, f"{len(held)} requests went out: {[route.request.url for route in held]}"
        with self.page.expect_navigation():
            held[0].continue_()
        self.page.unroute_all()
        self._send_again(held[0].request)

    def _only_asks(self, button: Locator) -> bool:
        return bool(button.evaluate("button => button.form.method === 'get'"))

    def _send_again(self, request: Request) -> None:
        """Send what the first press sent, with the cookies of that moment; the browser does not learn the answer."""
        headers = request.all_headers()
        kept = {name: headers[name] for name in ("content-type", "cookie", "referer", "origin") if name in headers}
        again = urllib.request.Request(request.url, request.post_data_buffer or b"", kept, method="POST")
        try:
            with _AS_SENT.open(again, timeout=20) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
            error.close()
        assert status in (200, 302, 303, 409, 422), f"{status} for the same once more: {request.url}"

    def open(self, summary: Locator) -> None:
        """Open what is folded away."""
        summary.click()

    def write(self, field: Locator, text: str) -> None:
        """Replace what stands in a field."""
        field.fill(text)

    def choose(self, option: Locator) -> None:
        """Mark a radio button or a checkbox."""
        option.check()

    def set_day(self, field: Locator, day: date) -> None:
        """Give a day."""
        field.fill(day.isoformat())

    def set_time(self, field: Locator, moment: time) -> None:
        """Give a time."""
        field.fill(f"{moment:%H:%M}")


def _hold(route: Route, held: list[Route]) -> None:
    """Keep what is sent from the server for now; let through what is only read."""
    if route.request.method == "POST":
        held.append(route)
    else:
        route.continue_()
