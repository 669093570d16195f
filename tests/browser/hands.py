"""How somebody works with a page: by keyboard alone, or with a mouse by somebody who presses every button twice."""

from __future__ import annotations

from datetime import date, time

from playwright.sync_api import Locator, Page

MOST_STOPS = 400

# One stop of the Tab key: whether it is the wanted one, whether one sees where one is, and whether the way leads on
# through the page and not back.
STOP = """
(target) => {
  const now = document.activeElement;
  const before = window.stopBefore;
  window.stopBefore = now;
  const box = now.getBoundingClientRect();
  const same = now === target
    || (now.type === "radio" && target.type === "radio" && now.name === target.name && now.form === target.form);
  const onward = !before || before === now || !before.isConnected || before === document.body
    || now === document.body || Boolean(before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING);
  return {
    same, onward,
    nowhere: now === document.body || now === document.documentElement,
    visible: box.width > 0 && box.height > 0 && getComputedStyle(now).visibility === "visible",
    name: now.outerHTML.slice(0, 120),
  };
}
"""


class Keyboard:
    """Tab, Enter, Space, arrows and letters; nothing else."""

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
        for _ in range(MOST_STOPS):
            if stop["same"]:
                return
            self.keys.press("Tab")
            stop = wanted.evaluate(STOP)
            if stop["nowhere"]:
                assert not left_page, f"never reached: {wanted.evaluate('e => e.outerHTML')[:200]}"
                left_page = True
                continue
            assert stop["visible"], f"the focus is out of sight at {stop['name']}"
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


class DoubleClicks(Keyboard):
    """A mouse in an impatient hand."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.sent: list[str] = []
        page.on("request", lambda request: self.sent.append(request.url) if request.method == "POST" else None)

    def press(self, target: Locator) -> None:
        is_button = target.evaluate("element => element.tagName") == "BUTTON"
        self.sent.clear()
        with self.page.expect_navigation():
            target.dblclick(no_wait_after=True) if is_button else target.click(no_wait_after=True)
        self.page.wait_for_load_state()
        print("SENT", len(self.sent), self.sent)

    def open(self, summary: Locator) -> None:
        summary.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, option: Locator) -> None:
        option.check()

    def set_day(self, field: Locator, day: date) -> None:
        field.fill(day.isoformat())

    def set_time(self, field: Locator, moment: time) -> None:
        field.fill(f"{moment:%H:%M}")
