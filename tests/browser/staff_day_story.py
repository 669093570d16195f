"""The first day of a new member of staff: from signing up to an empty desk, without an address typed or a question."""

from __future__ import annotations

import itertools
import re
import secrets
from email.message import EmailMessage

import pyotp
from playwright.sync_api import Browser, Locator, expect

from tests.browser.behind import Behind, Contact, html_of, link_in, text_of
from tests.browser.hands import PractisedKeyboard
from tests.browser.visitor import Visitor, Words
from tests.browser.waiting_work import Planter
from webapp.blueprints.desk.routes import QUEUES
from webapp.models import NetworkRole, Partner, Startup
from webapp.services.demonstration_accounts import DOMAIN, PASSWORD, TOTP_SECRET

NAMES = {
    "ar": ("إيمان الزياني", "سعيد بنكيران", "ليلى العمراني", "رشيد الوزاني"),
    "fr": ("Ghita Lahlou", "Anas Benjelloun", "Kenza Mernissi", "Driss Skalli"),
    "en": ("Dina Cohen", "Adam Naciri", "Lina Saber", "Sami Rachid"),
}
"""Who works for the park, for a startup and for a company, and whose mailbox is full."""
REASONS = {
    "ar": "المرجو ذكر سنة الإحداث ومصدر الرقم.",
    "fr": "Merci d’indiquer l’année de création et la source du chiffre.",
    "en": "Please name the year of foundation and where the number is from.",
}
QUEUE_NAMES = {code: str(name._args[0]) for code, (name, _) in QUEUES.items()}
"""Queue -> what the desk calls it, before it is put into a language."""
FAR = 40
"""So many stops of the Tab key on one page are too many for whoever works here all day."""
_numbers = itertools.count(1)


class StaffDay:
    """A new member of staff, an administrator who lets them in, and all whose work waits."""

    def __init__(
        self,
        browser: Browser,
        site: str,
        behind: Behind,
        language: str,
        *,
        width: int = 1280,
        dark: bool = False,
        inspects: bool = True,
    ) -> None:
        self.behind, self.language, self.words = behind, language, Words(language)
        number = next(_numbers)
        people = [
            Contact(name, f"{who}-{language}-{number}@day.example.com", f"+212 537 00 {number:02} {nth:02}")
            for nth, (who, name) in enumerate(
                zip(("staff", "founder", "company", "away"), NAMES[language], strict=True)
            )
        ]
        self.me, self.founder, self.company, self.away = people
        self.planter = Planter(behind, language, *people[1:])
        self.work = self.planter.plant()
        self.applicant = Contact(self.away.name, self.planter.applicant_address, "")
        self.password = secrets.token_urlsafe(16)
        self.staff = Visitor(browser, site, self.words, PractisedKeyboard, width=width, dark=dark, inspects=inspects)
        self.administrator = Visitor(browser, site, self.words, PractisedKeyboard, width=1280, inspects=False)

    def sign_up(self) -> None:
        """The new member of staff signs up like anybody, and confirms the address by the mail."""
        me = self.staff
        me.go(f"/{self.language}/account/register")
        for name, text in (("full_name", self.me.name), ("email", self.me.email)):
            me.hand.write(me.field(name), text)
        for name in ("password", "password_confirm"):
            me.hand.write(me.field(name), self.password)
        me.hand.choose(me.main.locator("input[name=agrees]"))
        me.press(me.button("Sign up"))
        me.go(link_in(self.mail(self.me, "Confirm your mail address"), self.words("Confirm the address")))
        me.press(me.button("Confirm the address"))
        me.sees("Thank you, your mail address is confirmed. You can sign in now.")

    def be_let_in(self) -> None:
        """An administrator gives the role."""
        there = self.administrator
        there.go(f"/{self.language}/account/login")
        self._give_password(there, f"administrator@{DOMAIN}", PASSWORD)
        there.hand.write(there.field("code"), pyotp.TOTP(TOTP_SECRET).now())
        there.press(there.button("Sign in"))
        there.press(there.link("Accounts"))
        there.hand.write(there.field("q"), self.me.email)
        there.press(there.button("Search"))
        there.press(there.main.get_by_role("link", name=self.me.name, exact=True))
        there.hand.choose(there.option("roles", NetworkRole.STAFF.value))
        there.press(there.button("Save the roles"))
        there.sees("The roles are saved.")

    def begin_the_day(self) -> None:
        """Signing in leads to the second factor, and from there to the desk."""
        me = self.staff
        me.is_at("Sign in")
        self._give_password(me, self.me.email, self.password)
        me.is_at("Authenticator app")
        me.sees("For the work of the park you need a second factor beside your password. Set it up here.")
        me.press(me.button("Set up the app"))
        key = re.sub(r"[\s-]", "", me.main.locator("code.key").inner_text())
        me.hand.write(me.field("code"), pyotp.TOTP(key).now())
        me.press(me.button("Finish"))
        me.sees("Your second factor is set up.")
        me.is_at("Desk")

    def _give_password(self, visitor: Visitor, email: str, password: str) -> None:
        visitor.hand.write(visitor.field("email"), email)
        visitor.hand.write(visitor.field("password"), password)
        visitor.press(visitor.button("Sign in"))

    def open_queue(self, code: str) -> None:
        """Go from the desk to a queue, which waits there with its number."""
        me, name = self.staff, QUEUE_NAMES[code]
        me.is_at("Desk")
        self.code, self.before = code, self.behind.waiting(code)
        assert self.before, f"nothing waits among the {code}"
        expect(self._line(name)).to_contain_text(self._waits(self.before))
        me.press(me.page_link(name))

    def back_at_desk(self, fewer: int) -> None:
        """Go back to the desk, where so many fewer wait than before; a queue without any is named as empty."""
        me, name = self.staff, QUEUE_NAMES[self.code]
        me.press(
            me.page_link("Back to the desk")
            if not self.behind.waiting(self.code) and self.code != "imports"
            else me.page_link("Desk")
        )
        me.is_at("Desk")
        left = self.before - fewer
        assert self.behind.waiting(self.code) == left
        if left:
            expect(self._line(name)).to_contain_text(self._waits(left))
        else:
            expect(self._line(name)).to_have_count(0)
            expect(me.page_link(name)).to_be_visible()

    def _line(self, name: str) -> Locator:
        return (
            self.staff.main.locator("li")
            .filter(has=self.staff.page.get_by_role("link", name=self.words(name), exact=True))
            .filter(has=self.staff.page.locator(".mark"))
        )

    def _waits(self, number: int) -> str:
        return self.words.counted("%(count)s waits", "%(count)s wait", number)

    def open_one(self, name: str) -> None:
        """Open something in a queue, by what it is called there."""
        link = self.staff.main.get_by_role("heading").get_by_role("link").filter(has_text=name)
        self.staff.press(link.first)

    def decide_claim(self) -> None:
        """Somebody is believed to be who they say."""
        me, name = self.staff, self.name(Startup, self.work.claimed)
        self.open_queue("claims")
        self.open_one(name)
        me.sees("How it can be checked")
        me.hand.choose(me.option("decision", "owner"))
        me.press(me.button("Decide"))
        me.sees("Decided. The claimant is told by mail.")
        assert self.behind.members(self.work.claimed) == [self.founder.email]
        self.mail(self.founder, "You act for %(name)s now", name=name)
        self.back_at_desk(1)

    def decide_changes(self) -> None:
        """The change of one profile is published, that of another goes back with a reason."""
        me, words = self.staff, ("Published. The members are told by mail.", "Returned. The members are told by mail.")
        published, returned = (self.name(Startup, slug) for slug in (self.work.published, self.work.returned))
        self.open_queue("reviews")
        self.open_one(published)
        expect(me.main).to_contain_text(self.work.challenge)
        me.hand.choose(me.option("decision", "publish"))
        me.press(me.button("Decide"))
        me.sees(words[0])
        self.open_one(returned)
        me.hand.choose(me.option("decision", "return"))
        me.hand.write(me.field("note"), REASONS[self.language])
        me.press(me.button("Decide"))
        me.sees(words[1])
        self.mail(self.founder, "The profile of %(name)s is published", name=published)
        told = self.mail(self.founder, "Your changes of %(name)s", name=returned)
        assert REASONS[self.language] in text_of(told)
        self.back_at_desk(2)

    def check_introductions(self) -> None:
        """A request is read and passed on."""
        me, startup = self.staff, self.name(Startup, self.work.asking)
        partner = self.name(Partner, self.work.partner)
        self.open_queue("introductions")
        self.open_one(startup)
        me.press(me.button("Pass it on"))
        me.sees("The request is on its way to the other side.")
        self.mail(self.company, "%(name)s would like to meet you", name=startup)
        self.mail(self.founder, "Your request to %(name)s was passed on", name=partner)
        self.back_at_desk(1)

    def publish_challenge(self) -> None:
        """A challenge is published, and the startups that suit it are invited."""
        me = self.staff
        self.open_queue("challenges")
        self.open_one(self.work.challenge)
        me.hand.choose(me.option("decision", "open"))
        me.press(me.button("Decide"))
        me.sees("Published. The partner is told by mail. Now choose whom to invite.")
        self.mail(self.company, "Your challenge is published")
        if me.main.locator("input[name=startup]:checked").count():
            me.press(me.button("Invite those who are ticked"))
            expect(me.main.locator(".flash.well")).to_be_focused()
        me.press(me.page_link("Challenges to check"))
        self.back_at_desk(1)

    def decide_application(self) -> None:
        """An application is evaluated and accepted."""
        me = self.staff
        self.open_queue("applications")
        self.open_one(self.work.applicant)
        for group in me.main.locator("form.one-score fieldset").all():
            option = group.locator("input[value='4'], input[value='yes']").first
            me.hand.choose(option)
        me.press(me.button("Save the evaluation"))
        me.sees("Your evaluation is saved.")
        me.hand.choose(me.option("decision", "accept"))
        me.hand.write(me.field("early_reason"), REASONS[self.language])
        me.press(me.button("Decide"))
        me.sees("Accepted. The applicant is told by mail, and the profile is prepared.")
        self.mail(self.applicant, "Your application is accepted")
        me.press(me.page_link("Applications"))
        self.back_at_desk(1)

    def renew_lease(self) -> None:
        """What has been due for longest is renewed; where its incubation is to be looked at as well, so it is."""
        me = self.staff
        self.open_queue("renewals")
        link = me.main.locator("ol.set-aside a[href*='kind=renewed']").first
        slug = (link.get_attribute("href") or "").partition("?")[0].rpartition("/")[2]
        before = self.behind.lease_of(slug)
        self._record(link, slug, "renewed", "Lease renewed")
        assert self.behind.lease_of(slug) > before
        if self.behind.waiting("renewals") == self.before:
            far = me.hand.longest
            self._record(self._review_of(slug), slug, "reviewed", "Incubation reviewed")
            me.hand.longest = far  # it stood where the day on which it fell due put it, and not on top
        self.back_at_desk(1)

    def _review_of(self, slug: str) -> Locator:
        """The link by which an incubation is looked at, on whichever page of what is due it stands."""
        me = self.staff
        review = me.main.locator(f"a[href*='/{slug}?kind=reviewed']")
        while not review.count():
            me.press(me.main.locator(".pager a[rel=next]"))
        return review

    def _record(self, link: Locator, slug: str, kind: str, what: str) -> None:
        """Record what happened to a resident as its link in the list of what is due proposes it."""
        me = self.staff
        me.press(link)
        assert me.option("kind", kind).is_checked()
        me.press(me.button("Record it"))
        me.is_at("What is due")
        expect(me.main.locator(".flash.well")).to_be_focused()
        me.sees("Recorded of %(name)s: %(what)s", name=self.name(Startup, slug), what=self.words(what))

    def look_after_mail(self) -> None:
        """One mail that came back is sent once more, the other one is given up."""
        me = self.staff
        self.open_queue("mail")
        mine = me.main.locator("li").filter(has_text=self.away.email)
        me.press(mine.get_by_role("button").filter(has_text=self.words("Try again")).first)
        me.sees("The mail will be sent once more.")
        had = len(self.behind.mails_to(self.away))
        self.behind.deliver()
        assert len(self.behind.mails_to(self.away)) == had + 1
        me.press(mine.get_by_role("button").filter(has_text=self.words("Give up")).first)
        me.sees("The mail was given up.")
        self.back_at_desk(2)

    def settle_rows(self) -> None:
        """One row of an import gets the name that it lacked, the next one is left out."""
        me = self.staff
        self.open_queue("imports")
        self.open_one(self.work.row)
        me.press(me.link("Settle them one by one"))
        me.hand.write(me.field("cell-0"), self.work.row)
        me.press(me.button("Import the row"))
        me.sees("The row was imported.")
        me.hand.write(me.field("reason"), REASONS[self.language])
        me.press(me.button("Leave it out"))
        me.sees("The row was left out.")
        me.press(me.page_link("Imports"))
        self.back_at_desk(2)

    def vouch_for_profile(self) -> None:
        """The members of a profile are asked, and it is looked at."""
        me, name = self.staff, self.name(Partner, self.work.partner)
        self.open_queue("stale")
        card = me.main.locator("li").filter(has=me.page.get_by_role("link", name=name, exact=True))
        me.press(card.get_by_role("button").filter(has_text=self.words("Ask by mail")))
        me.sees("One member is asked by mail.")
        self.mail(self.company, "Is the profile of %(name)s still right?", name=name)
        me.press(card.get_by_role("button").filter(has_text=self.words("I checked it: it is right")))
        me.sees("%(name)s is verified as of today.", name=name)
        self.back_at_desk(1)

    def end_the_day(self) -> None:
        """The desk tells what was done; nobody had to go far for it."""
        deeds = self.staff.main.locator("ul.deeds > li")
        assert deeds.count() >= len(QUEUES) - 1
        assert self.staff.hand.longest <= FAR, f"{self.staff.hand.longest} stops"
        for visitor in (self.staff, self.administrator):
            visitor.leave()

    def name(self, model: type[Startup] | type[Partner], slug: str) -> str:
        """What a profile is called here."""
        return self.behind.name(model, slug, self.language)

    def mail(self, who: Contact, subject: str, **values: object) -> EmailMessage:
        """The one mail with a subject; it is in its reader's language."""
        found = self.behind.mail(who, self.words(subject, **values))
        assert f'lang="{self.language}"' in html_of(found)
        return found
