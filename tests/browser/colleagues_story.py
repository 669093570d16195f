"""Two members of staff who decide on the same things in the same minute: the second loses nothing but the race."""

from __future__ import annotations

from collections.abc import Mapping

import pyotp
from playwright.sync_api import Browser, expect

from tests.browser.behind import Behind, Contact
from tests.browser.hands import PractisedKeyboard
from tests.browser.staff_day_story import QUEUE_NAMES, REASONS
from tests.browser.visitor import Visitor, Words
from tests.browser.waiting_work import Planter
from webapp.models import Startup

SECOND = {
    "ar": "هذا ما كنت أود أن أكتبه.",
    "fr": "Voilà ce que je voulais écrire, avec deux remarques.",
    "en": "This is what I wanted to write.",
}


class Colleagues:
    """Two browsers, the work that waits, and what is read by whoever comes second."""

    def __init__(self, browser: Browser, site: str, behind: Behind, language: str) -> None:
        self.behind, self.language, self.words = behind, language, Words(language)
        people = [Contact(f"Planted {each}", f"{each}-two@day.example.com", "") for each in ("f", "c", "a")]
        work = Planter(behind, language, *people).plant()
        self.claimed, self.returned, self.asking = (
            behind.name(Startup, slug, language) for slug in (work.claimed, work.returned, work.asking)
        )
        self.challenge, self.applicant = work.challenge, work.applicant
        self.both = [Visitor(browser, site, self.words, PractisedKeyboard, inspects=nth == 1) for nth in range(2)]

    def sign_in(self) -> None:
        """Each with an account of their own."""
        for number, visitor in enumerate(self.both):
            who, secret = (
                Contact(f"Colleague {number}", f"colleague{number}@day.example.com", ""),
                pyotp.random_base32(),
            )
            password = self.behind.add_staff(who, self.language, secret)
            visitor.go(f"/{self.language}/account/login")
            visitor.hand.write(visitor.field("email"), who.email)
            visitor.hand.write(visitor.field("password"), password)
            visitor.press(visitor.button("Sign in"))
            visitor.hand.write(visitor.field("code"), pyotp.TOTP(secret).now())
            visitor.press(visitor.button("Sign in"))
            visitor.is_at("Desk")

    def both_decide(
        self, queue: str, name: str, chosen: Mapping[str, str], *, field: str, button: str = "Decide"
    ) -> None:
        """Both open the same thing and write a reason; the first decides, and then the second."""
        for visitor, text in zip(self.both, (REASONS[self.language], SECOND[self.language]), strict=True):
            visitor.go(f"/{self.language}/staff")
            visitor.press(visitor.page_link(QUEUE_NAMES[queue]))
            visitor.press(visitor.main.get_by_role("heading").get_by_role("link").filter(has_text=name).first)
            for radio, value in chosen.items():
                visitor.hand.choose(visitor.option(radio, value))
            visitor.hand.write(visitor.field(field), text)
        first, second = self.both
        before = self.behind.waiting(queue)
        first.press(first.button(button))
        expect(first.main.locator(".flash.well")).to_be_focused()
        assert self.behind.waiting(queue) == before - 1
        refused = len(second.complaints)
        second.press(second.button(button))
        assert second.complaints.pop(refused).startswith("409 "), "the second decision was taken"
        expect(second.main.locator(".error-summary")).to_be_focused()
        second.sees("What you had typed")
        expect(second.main.get_by_text(SECOND[self.language])).to_be_visible()
        expect(second.main.get_by_text(REASONS[self.language]).first).to_be_visible()

    def end(self) -> None:
        """Close both browsers."""
        for visitor in self.both:
            visitor.leave()
