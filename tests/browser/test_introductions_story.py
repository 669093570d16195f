"""The whole story of an introduction in a real browser, with real mail, in each language, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.behind import Behind
from tests.browser.hands import ImpatientMouse, Keyboard
from tests.browser.introduction_story import Story


def tell(story: Story) -> None:
    """From signing up to what came of it."""
    story.sign_up()
    story.sign_in(story.at_startup, story.founder, story.founder_password)
    story.give_phone()
    story.claim()
    story.staff_sign_in()
    story.approve_claim()
    story.edit()
    story.publish()
    story.request()
    story.pass_on()
    story.accept_from_mail()
    story.see_each_other()
    story.agree_on_time()
    story.answer_outcome()
    story.check_once()
    story.end()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_two_sides_meet_by_keyboard_alone(browser: Browser, site: str, back: Behind, language: str) -> None:
    tell(Story(browser, site, back, language, Keyboard))


def test_pressing_every_button_twice_does_everything_once(browser: Browser, site: str, back: Behind) -> None:
    tell(Story(browser, site, back, "fr", ImpatientMouse, inspects=False))


def test_two_sides_meet_without_javascript(browser: Browser, site: str, back: Behind) -> None:
    tell(Story(browser, site, back, "ar", Keyboard, javascript=False, inspects=False))
