"""The story of an introduction, from signing up to what came of it, told once for every way to work with a page."""

from __future__ import annotations

import itertools
import secrets
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pyotp
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from tests.browser.behind import Behind, Contact, html_of, link_in, text_of
from tests.browser.hands import Keyboard
from tests.browser.visitor import Visitor, Words
from webapp.models import Claim, Introduction, Membership, Outcome, Partner, Person, Revision, Startup
from webapp.services.demonstration_accounts import DOMAIN, PASSWORD, TOTP_SECRET

KINDS = {"ar": "mentor", "fr": "corporate", "en": "investor"}
"""Whom the founder of each language meets."""

NAMES = {"ar": ("سكينة الإدريسي", "حمزة برادة"), "fr": ("Sokaïna Guessous", "Hamza Sebti"), "en": ("Ruth Amar", "Noor Haddad")}
PITCHES = {
    "ar": "نقيس رطوبة التربة في الضيعات الصغرى ونخبر الفلاح متى يسقي.",
    "fr": "Nous mesurons l’humidité du sol des petites fermes et disons quand arroser.",
    "en": "We measure soil moisture on small farms and tell when to water.",
}
MESSAGES = {
    "ar": "نود أن نريكم ما أنجزناه مع عشر ضيعات في سوس.",
    "fr": "Nous aimerions vous montrer ce que nous avons fait avec dix fermes du Souss.",
    "en": "We would like to show you what we did with ten farms in the Souss.",
}
PLACE = "Technopark, salle 3"
CASABLANCA = ZoneInfo("Africa/Casablanca")
_numbers = itertools.count(1)


class Story:
    """One introduction: its two sides and the park, each with a browser of their own."""

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

        def visitor(unseen: tuple[str, ...] = (), width: int = 390) -> Visitor:
            return Visitor(
                browser, site, self.words, hand, unseen=unseen, width=width, javascript=javascript, inspects=inspects
            )

        self.at_startup, self.at_partner = visitor(self.partner.planted), visitor(self.founder.planted)
        self.passer_by = visitor((*self.partner.planted, *self.founder.planted))
        self.at_park = visitor(width=1280)

    # The two sides get their accounts and profiles

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
        assert self.behind.count(Claim, statement="https://example.com/equipe", position="CEO", state="waiting") == 1

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

    # The introduction

    def request(self) -> None:
        """The founder sees whom the startup matches, and asks for an introduction with its reasons as a start."""
        founder, message = self.at_startup, MESSAGES[self.language]
        founder.go(f"/{self.language}/my")
        founder.press(founder.link("Whom to meet"))
        founder.is_at("Matches")
        if self.pair.kind != "investor":
            founder.press(founder.main.locator(f".tabs a[href$='kind={self.pair.kind}']"))
        founder.press(founder.main.locator(f".match a[href='/{self.language}/partners/{self.pair.partner}']"))
        expect(founder.main.get_by_role("heading", level=1)).to_contain_text(self.partner_name)
        founder.press(founder.link("Request an introduction"))
        founder.is_at("Request an introduction to %(name)s", name=self.partner_name)
        assert founder.field("reason").input_value(), "the match offers no reasons"
        founder.hand.write(founder.field("message"), message)
        founder.press(founder.button("Send to the park"))
        founder.sees("Your request is with the park.")
        assert self.behind.count(Introduction, message=message, state="submitted") == 1
        self.behind.deliver()
        assert not self.behind.mails_to(self.partner), "the partner was disturbed before the park had read the request"

    def pass_on(self) -> None:
        """Staff check the request and pass it on; both sides are told."""
        staff = self.at_park
        staff.press(staff.link("Introductions to check"))
        staff.is_at("Introductions to check")
        staff.press(staff.main.locator("h2 a").filter(has_text=self.partner_name).filter(has_text=self.startup_name))
        expect(staff.main.get_by_text(MESSAGES[self.language])).to_be_visible()
        staff.press(staff.button("Pass it on"))
        staff.sees("The request is on its way to the other side.")
        self.mail(self.founder, "Your request to %(name)s was passed on", name=self.partner_name)

    def accept_from_mail(self) -> None:
        """The partner accepts by the link in the mail: opening it does nothing, its button does."""
        partner = self.at_partner
        mail = self.mail(self.partner, "%(name)s would like to meet you", name=self.startup_name)
        assert MESSAGES[self.language] in text_of(mail)
        self.check_mails_before_acceptance()
        address = link_in(mail, self.words("Accept and share contact details"))
        for _ in range(2):
            partner.go(address)
            partner.is_at("Accept the request of %(name)s", name=self.startup_name)
            assert self.behind.state(self.pair.partner) == "sent"
        partner.press(partner.button("Accept and share contact details"))
        partner.is_at("You are introduced")
        self.at_startup.knows = self.at_partner.knows = True
        partner.page.goto(address)
        partner.is_at("This link was used already")
        partner.complaints.remove(f"409 {address}")

    def check_mails_before_acceptance(self) -> None:
        """No mail told one side who the other is."""
        for reader, other in ((self.founder, self.partner), (self.partner, self.founder)):
            for mail in self.behind.mails_to(reader):
                told = [each for each in other.planted if each in text_of(mail)]
                assert not told, f"{mail['Subject']} tells {told}"

    def see_each_other(self) -> None:
        """Both sides read how to reach each other, in the mail and on the site; passers-by still do not."""
        sides = (
            (self.at_startup, self.founder, self.partner, self.partner_name),
            (self.at_partner, self.partner, self.founder, self.startup_name),
        )
        for visitor, reader, other, name in sides:
            mail = self.mail(reader, "You are introduced to %(name)s", name=name)
            assert all(each in text_of(mail) for each in (other.name, other.email, other.phone))
            visitor.go(link_in(mail, self.words("Propose a meeting")))
            if reader is self.partner:
                self.sign_in(visitor, reader, self.partner_password)
            card = visitor.main.get_by_role("region", name=self.words("Contact"), exact=True)
            for each in (other.name, other.email, other.phone):
                expect(card).to_contain_text(each)
        for path in (f"startups/{self.pair.startup}", f"partners/{self.pair.partner}"):
            self.passer_by.go(f"/{self.language}/{path}")

    def agree_on_time(self) -> None:
        """The founder proposes three times, the partner chooses the second; both get it for their calendars."""
        founder, partner = self.at_startup, self.at_partner
        first = date.today() + timedelta(days=7)  # noqa: DTZ011 - any day to come will do
        for number, hour in enumerate((9, 14, 16)):
            founder.hand.set_day(founder.field(f"day_{number + 1}"), first + timedelta(days=number))
            founder.hand.set_time(founder.field(f"time_{number + 1}"), time(hour, 30))
        founder.hand.write(founder.field("place"), PLACE)
        founder.press(founder.button("Propose these times"))
        founder.sees("The times are on their way to the other side.")
        mail = self.mail(self.partner, "%(name)s proposes times for a meeting", name=self.startup_name)
        partner.go(link_in(mail, self.words("Pick a time")))
        partner.hand.choose(partner.option("index", "1"))
        partner.press(partner.button("Agree on this time"))
        partner.sees("The time is agreed; both sides get it for their calendars.")
        begins = datetime.combine(first + timedelta(days=1), time(14, 30), CASABLANCA)
        sides = ((self.founder, self.partner_name), (self.partner, self.startup_name))
        self.behind.deliver()
        for reader, name in sides:
            start = self.words("Your meeting with %(name)s on %(day)s", name=name, day="").strip()
            found = [mail for mail in self.behind.mails_to(reader) if mail["Subject"].startswith(start)]
            assert len(found) == 1
            check_calendar(found[0], begins)

    def answer_outcome(self) -> None:
        """After two weeks both sides are asked what came of it, and the founder answers."""
        founder = self.at_startup
        self.behind.let_time_pass(self.pair.partner)
        asked = "What came of your introduction to %(name)s?"
        self.mail(self.partner, asked, name=self.startup_name)
        founder.go(link_in(self.mail(self.founder, asked, name=self.partner_name), self.words("Answer")))
        founder.is_at(asked, name=self.partner_name)
        founder.hand.choose(founder.option("met", "yes"))
        founder.hand.choose(founder.option("useful", "yes"))
        founder.hand.choose(founder.option("next_step", "pilot"))
        founder.press(founder.button("Send the answers"))
        founder.is_at("Thank you")
        founder.press(founder.link("See the request"))
        founder.sees("Followed up")
        row = self.behind.introduction_id(self.pair.partner)
        answered = {"introduction_id": row, "side": "startup", "met": True, "useful": True, "next_step": "pilot"}
        assert self.behind.count(Outcome, **answered) == 1

    # What is true of the whole

    def mail(self, who: Contact, subject: str, **values: object) -> EmailMessage:
        """The one mail with a subject; it is in its reader's language and direction."""
        found = self.behind.mail(who, self.words(subject, **values))
        assert found["Content-Language"] == self.language
        assert f'lang="{self.language}" dir="{"rtl" if self.language == "ar" else "ltr"}"' in html_of(found)
        return found

    def check_once(self) -> None:
        """Everything happened once: each move, each row, each mail."""
        assert self.behind.moves(self.pair.partner) == [
            "submit", "send", "accept", "introduce", "propose-times", "choose-time", "follow-up",
        ]  # fmt: skip
        assert self.behind.count(Revision, state="published") >= 1
        assert self.behind.count(Membership, role="owner") >= 2
        mails = [*self.behind.mails_to(self.founder), *self.behind.mails_to(self.partner)]
        for what in ("Message-ID", "Subject"):
            counted = Counter((mail["To"], mail[what]) for mail in mails)
            assert not [key for key, number in counted.items() if number > 1]

    def end(self) -> None:
        print("KINDS", self.behind.kinds_of_mail(self.founder), self.behind.kinds_of_mail(self.partner))
        """Close all browsers."""
        for visitor in (self.at_startup, self.at_partner, self.passer_by, self.at_park):
            visitor.leave()


def check_calendar(mail: EmailMessage, begins: datetime) -> None:
    """The file that goes with a mail invites to a meeting at a time and a place."""
    [file] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert file.get_param("method") == "REQUEST"
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    [event] = Calendar.from_ical(content).walk("VEVENT")
    assert event.decoded("dtstart").astimezone(UTC) == begins.astimezone(UTC)
    assert event["location"] == PLACE
