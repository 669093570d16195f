"""Passkeys with an authenticator that Chromium plays, and signing in by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from webapp.services.demonstration_accounts import DOMAIN, PASSWORD

@pytest.fixture(scope="session")
def site() -> str:
    return "http://127.0.0.1:8791"


OWNER = f"owner@{DOMAIN}"
INVESTOR = f"investor@{DOMAIN}"


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A browser with an authenticator. Passkeys belong to names, so the site is asked by one and not by its number."""
    context = browser.new_context(base_url=site.replace("127.0.0.1", "localhost"), reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield page
    context.close()
    assert not errors


def sign_in(page: Page, email: str) -> None:
    page.goto("/en/account/login")
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in").first).to_be_visible()


def add_passkey(page: Page, name: str, usage: str) -> None:
    page.goto("/en/account/wan-register")
    page.get_by_label("Name").fill(name)
    page.get_by_label(usage).check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text(f"The passkey {name} is ready.")).to_be_visible()


def remove_passkey(page: Page, name: str) -> None:
    page.goto("/en/account/wan-register")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text(f"The passkey {name} is removed.")).to_be_visible()


def test_a_passkey_signs_in_instead_of_the_password(page: Page) -> None:
    sign_in(page, OWNER)
    add_passkey(page, "هاتفي", "To sign in instead of the password")
    sign_out(page)
    page.goto("/en/account/wan-signin?next=/en/account/settings")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    remove_passkey(page, "هاتفي")


def test_a_passkey_is_a_second_factor_and_confirms_who_it_is(page: Page) -> None:
    sign_in(page, INVESTOR)
    add_passkey(page, "Key 1", "As second factor beside the password")
    sign_out(page)
    sign_in(page, INVESTOR)
    expect(page.get_by_role("heading", name="Passkey as second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("banner").get_by_role("link", name="My pages").first).to_be_visible()
    page.goto("/en/account/verify?next=/en/account/settings")
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    remove_passkey(page, "Key 1")


def test_a_device_without_the_passkey_is_told_what_may_be_wrong(open_page: Callable[..., Page]) -> None:
    page = open_page("/en/account/wan-signin")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The browser did not give a passkey.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_one_signs_in_and_out_by_keyboard_alone(open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page("/en/account/login", javascript=javascript)
    page.get_by_label("Mail address").focus()
    page.keyboard.type(OWNER)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    leave = page.get_by_role("banner").get_by_role("button", name="Sign out").first
    expect(leave).to_be_visible()
    leave.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in").first).to_be_visible()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_around_signing_in_have_no_barriers(
    open_page: Callable[..., Page], language: str, dark: bool
) -> None:
    for name in ("login", "register", "reset", "confirm", "wan-signin"):
        page = open_page(f"/{language}/account/{name}", width=390, dark=dark)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
