"""The story of an introduction, from signing up to what came of it, told for every way to work with a page."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.behind import link_in, text_of
from tests.browser.profile_story import ProfileStory
from webapp.models import Claim, Introduction, Revision

MESSAGES = {
    "ar": "نود أن نريكم ما أنجزناه مع عشر ضيعات في سوس.",
    "fr": "Nous aimerions vous montrer ce que nous avons fait avec dix fermes du Souss.",
    "en": "We would like to show you what we did with ten farms in the Souss.",
}
PLACE = "Technopark, salle 3"
CASABLANCA = ZoneInfo("Africa/Casablanca")
MOVES = ["submit", "send", "accept", "introduce", "propose-times", "choose-time", "follow-up"]
MAILS_TO_FOUNDER = [
    "account-confirm",
    "claim-received",
    "claim-approved",
    "profile-published",
    "introduction-sent",
    "introduction-made",
    "meeting-scheduled",
    "outcome-question",
]
MAILS_TO_PARTNER = [
    "introduction-request",
    "introduction-made",
    "meeting-proposed",
    "meeting-scheduled",
    "outcome-question",
]


class Story(ProfileStory):
    """One introduction: its two sides and the park."""

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
        """After two weeks both are asked what came of it: the founder answers by the mail, the partner on the site."""
        founder, partner = self.at_startup, self.at_partner
        self.behind.let_time_pass(self.pair.partner)
        asked = "What came of your introduction to %(name)s?"
        self.mail(self.partner, asked, name=self.startup_name)
        founder.go(link_in(self.mail(self.founder, asked, name=self.partner_name), self.words("Answer")))
        founder.is_at(asked, name=self.partner_name)
        for name, value in (("met", "yes"), ("useful", "yes"), ("next_step", "pilot")):
            founder.hand.choose(founder.option(name, value))
        founder.press(founder.button("Send the answers"))
        founder.is_at("Thank you")
        founder.press(founder.link("See the request"))
        founder.sees("Followed up")

        partner.press(partner.link("Introductions"))
        partner.press(partner.main.get_by_role("link", name=self.startup_name, exact=True))
        for name, value in (("met", "yes"), ("useful", "no"), ("next_step", "none")):
            partner.hand.choose(partner.option(name, value))
        partner.press(partner.button("Send the answers"))
        partner.sees("Thank you. Your answers help the network to propose better.")
        expected = {"startup": (True, True, "pilot"), "partner": (True, False, "none")}
        assert self.behind.answers(self.pair.partner) == expected

    def check_once(self) -> None:
        """Everything happened once: each move, each row, each mail."""
        behind, startup = self.behind, self.pair.startup
        behind.deliver()
        assert behind.moves(self.pair.partner) == MOVES
        assert behind.states_of(Claim, startup) == ["approved"]
        assert behind.states_of(Revision, startup) == ["published"]
        assert behind.members(startup) == [self.founder.email]
        for reader, kinds in ((self.founder, MAILS_TO_FOUNDER), (self.partner, MAILS_TO_PARTNER)):
            mails = behind.mails_to(reader)
            assert behind.kinds_of_mail(reader) == kinds
            assert len(mails) == len(kinds)
            assert max(Counter(mail["Message-ID"] for mail in mails).values()) == 1

    def end(self) -> None:
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
