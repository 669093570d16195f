"""The first day of a new member of staff in a real browser, in each language, by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.behind import Behind
from tests.browser.colleagues_story import Colleagues
from tests.browser.staff_day_story import StaffDay

LOOKS: dict[str, dict[str, Any]] = {
    "en": {"width": 1280},
    "fr": {"width": 390},
    "ar": {"width": 1280, "dark": True},
}
"""On what each looks at the pages."""


def tell(day: StaffDay) -> None:
    """From signing up to the desk in the evening."""
    day.sign_up()
    day.be_let_in()
    day.begin_the_day()
    day.decide_claim()
    day.decide_changes()
    day.check_introductions()
    day.publish_challenge()
    day.decide_application()
    day.renew_lease()
    day.look_after_mail()
    day.settle_rows()
    day.vouch_for_profile()
    day.end_the_day()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_new_member_of_staff_finishes_the_day(browser: Browser, site: str, back: Behind, language: str) -> None:
    tell(StaffDay(browser, site, back, language, **LOOKS[language]))


def test_the_second_of_two_who_decide_keeps_what_was_typed(browser: Browser, site: str, back: Behind) -> None:
    two = Colleagues(browser, site, back, "fr")
    two.sign_in()
    two.both_decide("claims", two.claimed, {"decision": "refuse"}, field="note")
    two.both_decide("reviews", two.returned, {"decision": "return"}, field="note")
    two.both_decide("introductions", two.asking, {}, field="return_note", button="Give it back")
    two.both_decide("challenges", two.challenge, {"decision": "return"}, field="note")
    two.both_decide("applications", two.applicant, {"decision": "return"}, field="note")
    two.end()
