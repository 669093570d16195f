"""How a founder comes to keep a startup's profile, told for every way to work with a page."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pyotp
from playwright.sync_api import Browser, Page, expect

from tests.browser.behind import Behind, Contact, html_of, link_in
from tests.browser.hands import Keyboard
from tests.browser.visitor import Visitor, Words
from webapp.models import Claim, Partner, Person, Startup
from webapp.services.demonstration_accounts import DOMAIN, PASSWORD, TOTP_SECRET

KINDS = {"ar": "mentor", "fr": "corporate", "en": "investor"}
"""Whom the founder of each language meets."""

NAMES = {
    "ar": ("سكينة الإدريسي", "حمزة برادة"),
    "fr": ("Sokaïna Guessous", "Hamza Sebti"),
    "en": ("Ruth Amar", "Noor Haddad"),
}
PITCHES = {
    "ar": "نقيس رطوبة التربة في الضيعات الصغرى ونخبر الفلاح متى يسقي.",
    "fr": "Nous mesurons l’humidité du sol des petites fermes et disons quand arroser.",
    "en": "We measure soil moisture on small farms and tell when to water.",
}
_numbers = itertools.count(1)


class ProfileStory:
    """How a startup gets its profile: its founder, a partner and the park, each with a browser of their own."""

    def __init__(
        self,
        browser: Browser,
        site: str,
        behind: Behind,
        language: str,
        hand: Callable[[Page], Keyboard],
        *,
        javascript: bool = True,
        inspects: bool = True,
    ) -> None:
        self.behind, self.language, self.words = behind, language, Words(language)
        number = next(_numbers)
        founder, partner = NAMES[language]
        # No address holds the other one, and none stands among the demonstration accounts.
        self.founder = Contact(founder, f"planted-founder-{number}@story.example.com", f"+212 661 80 41 {number:02}")
        self.partner = Contact(partner, f"planted-partner-{number}@story.example.com", f"+212 522 97 63 {number:02}")
        self.pair = behind.pair(KINDS[language])
        self.startup_name = behind.name(Startup, self.pair.startup, language)
        self.partner_name = behind.name(Partner, self.pair.partner, language)
        self.founder_password = secrets.token_urlsafe(16)
        self.partner_password = behind.add_member(Partner, self.pair.partner, self.partner, language)

        def visitor(**options: Any) -> Visitor:
            return Visitor(browser, site, self.words, hand, javascript=javascript, inspects=inspects, **options)

        self.at_startup = visitor(unseen=self.partner.planted)
        self.at_partner = visitor(unseen=self.founder.planted, dark=True)
        self.passer_by = visitor(unseen=(*self.partner.planted, *self.founder.planted))
        self.at_park = visitor(width=1280)

    def sign_up(self) -> None:
        """A founder signs up and confirms the address by the link in the mail."""
        founder, words = self.at_startup, self.words
        founder.go(f"/{self.language}/account/register")
        founder.is_at("Sign up")
        founder.hand.write(founder.field("full_name"), self.founder.name)
        founder.hand.write(founder.field("email"), self.founder.email)
        founder.hand.write(founder.field("password"), self.founder_password)
        founder.hand.write(founder.field("password_confirm"), self.founder_password)
        founder.hand.choose(founder.main.locator("input[name=agrees]"))
        founder.press(founder.button("Sign up"))
        assert self.behind.count(Person, email=self.founder.email) == 1
        mail = self.mail(self.founder, "Confirm your mail address")
        founder.go(link_in(mail, words("Confirm the address")))
        founder.is_at("Confirm your mail address")
        founder.press(founder.button("Confirm the address"))
        founder.sees("Thank you, your mail address is confirmed. You can sign in now.")

    def sign_in(self, visitor: Visitor, who: Contact, password: str) -> None:
        """Sign in on the page for it, which one is on or which one goes to."""
        if "/account/login" not in visitor.page.url:
            visitor.go(f"/{self.language}/account/login")
        visitor.is_at("Sign in")
        visitor.hand.write(visitor.field("email"), who.email)
        visitor.hand.write(visitor.field("password"), password)
        visitor.press(visitor.button("Sign in"))

    def give_phone(self) -> None:
        """The founder says by which number the other side may call."""
        founder = self.at_startup
        founder.press(founder.link("Settings"))
        founder.is_at("Settings")
        founder.hand.write(founder.field("phone"), self.founder.phone)
        founder.press(founder.button("Save"))
        founder.sees("Your settings are saved.")
        founder.press(founder.link("Overview"))

    def claim(self) -> None:
        """The founder finds the startup's profile and claims it."""
        founder = self.at_startup
        founder.is_at("My organisations")
        founder.hand.write(founder.main.locator("input[type=search]"), self.startup_name)
        founder.press(founder.main.locator("form[role=search] button, form:has(input[type=search]) button").first)
        founder.is_at("Find your profile")
        founder.press(founder.main.locator(f"a[href='/{self.language}/my/claim/startup/{self.pair.startup}']"))
        founder.is_at("This is my startup")
        founder.hand.write(founder.field("position"), "CEO")
        founder.hand.write(founder.field("statement"), "https://example.com/equipe")
        founder.press(founder.button("Send to the park"))
        founder.sees("Thank you. The park looks at your claim and writes to you.")
        assert self.behind.states_of(Claim, self.pair.startup) == ["waiting"]

    def staff_sign_in(self) -> None:
        """Staff sign in with password and the code of their app."""
        staff = self.at_park
        self.sign_in(staff, Contact("", f"staff@{DOMAIN}", ""), PASSWORD)
        staff.is_at("Second factor")
        staff.hand.write(staff.field("code"), pyotp.TOTP(TOTP_SECRET).now())
        staff.press(staff.button("Sign in"))

    def approve_claim(self) -> None:
        """Staff approve the claim; the founder is told."""
        staff = self.at_park
        staff.press(staff.link("Claims"))
        staff.is_at("Claims")
        staff.press(staff.main.get_by_role("link", name=self.startup_name, exact=True))
        staff.is_at("Claim of %(name)s", name=self.startup_name)
        staff.hand.choose(staff.option("decision", "owner"))
        staff.press(staff.button("Decide"))
        staff.sees("Decided. The claimant is told by mail.")
        mail = self.mail(self.founder, "You act for %(name)s now", name=self.startup_name)
        self.at_startup.go(link_in(mail, self.words("My organisations")))

    def edit(self) -> None:
        """The founder changes the sentence that says what the startup does, and sends it to the park."""
        founder, pitch = self.at_startup, PITCHES[self.language]
        founder.is_at("My organisations")
        founder.press(founder.link("Edit the profile"))
        founder.is_at("Edit the profile")
        founder.press(founder.main.locator("ul.sections a[href$='/sections/texts']"))
        field = founder.field(f"pitch.{self.language}")
        founder.hand.write(field, pitch)
        founder.press(founder.button("Save"))
        founder.sees("There are changes that nobody else sees yet.")
        self.passer_by.go(f"/{self.language}/startups/{self.pair.startup}")
        expect(self.passer_by.main.get_by_text(pitch)).to_have_count(0)
        founder.press(founder.button("Send to the park"))
        founder.sees("Sent. The park looks at the changes and writes to you.")

    def publish(self) -> None:
        """Staff publish the change; the founder is told, and everybody reads it."""
        staff, pitch = self.at_park, PITCHES[self.language]
        staff.press(staff.link("Changes of profiles"))
        staff.is_at("Changes of profiles")
        staff.press(staff.main.get_by_role("link", name=self.startup_name, exact=True))
        staff.is_at("Changes of %(name)s", name=self.startup_name)
        expect(staff.main).to_contain_text(pitch.split()[1])
        staff.hand.choose(staff.option("decision", "publish"))
        staff.press(staff.button("Decide"))
        staff.sees("Published. The members are told by mail.")
        self.mail(self.founder, "The profile of %(name)s is published", name=self.startup_name)
        self.passer_by.go(f"/{self.language}/startups/{self.pair.startup}")
        expect(self.passer_by.main.get_by_text(pitch).first).to_be_visible()

    def mail(self, who: Contact, subject: str, **values: object) -> EmailMessage:
        """The one mail with a subject; it is in its reader's language and direction."""
        found = self.behind.mail(who, self.words(subject, **values))
        assert found["Content-Language"] == self.language
        assert f'lang="{self.language}" dir="{"rtl" if self.language == "ar" else "ltr"}"' in html_of(found)
        return found
