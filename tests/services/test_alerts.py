"""Alerts: one mail for all that is due, when it is due, of what is new and public, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from tests.accounts import make_account, make_person
from webapp.config import Settings
from webapp.extensions import db
from webapp.matching import Matcher
from webapp.models import (
    Account,
    AlertFrequency,
    OneTimeLink,
    OutgoingMail,
    PublicationState,
    SavedSearch,
    utc_now,
)
from webapp.search import Search
from webapp.services.actors import actor_of
from webapp.services.alerts import KIND, alert_person, people_to_alert
from webapp.services.indexing import rebuild_index
from webapp.services.mail import set_refusal
from webapp.services.saved_searches import pause, resume, save_search
from webapp.work import Workplace, tell_news

Maker = Callable[..., Any]
MONDAY = date(2026, 11, 30)
SATURDAY = MONDAY - timedelta(days=2)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAILY, WEEKLY, NEVER = AlertFrequency.DAILY, AlertFrequency.WEEKLY, AlertFrequency.NEVER


@dataclass
class Desk:
    """Somebody with searches, and an index that can be brought in step or taken away."""

    session: Session
    settings: Settings
    make_startup: Maker
    account: Account = field(default_factory=make_account)

    def __post_init__(self) -> None:
        self.search = Search(self.settings.index_dir, "pack")
        self.index()

    def index(self) -> None:
        self.session.flush()
        for index in (self.search.startups, self.search.partners):
            rebuild_index(self.session, index)

    def save(self, frequency: AlertFrequency = DAILY, on: date = SATURDAY, **parameters: Any) -> SavedSearch:
        actor = actor_of(self.session, self.account)
        return save_search(
            self.session, actor, self.search, "startup", parameters, name="Ours", frequency=frequency, today=on
        )

    def publish(self, **values: Any) -> int:
        startup = self.make_startup(**values)
        self.index()
        return int(startup.id)

    def tell(self, on: date) -> list[list[int]]:
        """What the mails of a day tell: of each search its news."""
        before = {mail.id for mail in self.mails()}
        for person_id in people_to_alert(self.session, on):
            alert_person(self.session, self.search, person_id, on)
        new = [mail for mail in self.mails() if mail.id not in before]
        assert len(new) <= 1
        return [sorted(each["ids"]) for mail in new for each in mail.values["searches"]]

    def mails(self) -> list[OutgoingMail]:
        return list(self.session.scalars(sa.select(OutgoingMail).filter_by(kind=KIND).order_by(OutgoingMail.id)))


@pytest.fixture
def desk(session: Session, settings: Settings, make_startup: Maker) -> Desk:
    return Desk(session, settings, make_startup)


def test_a_daily_search_tells_the_next_day_and_once(desk: Desk) -> None:
    saved = desk.save(on=SATURDAY)
    new = desk.publish()
    assert desk.tell(SATURDAY) == [], "what comes on the day of saving is told the next morning"
    assert desk.tell(SATURDAY + timedelta(days=1)) == [[new]]
    assert desk.tell(SATURDAY + timedelta(days=1)) == []
    assert desk.tell(MONDAY) == []
    assert saved.told == [new]
    assert saved.told_at is not None


def test_a_weekly_search_tells_on_mondays_and_after_a_pause_of_the_worker_as_soon_as_it_works(desk: Desk) -> None:
    desk.save(WEEKLY, on=SATURDAY)
    first = desk.publish()
    assert desk.tell(MONDAY - timedelta(days=1)) == []
    assert desk.tell(MONDAY) == [[first]]
    second = desk.publish()
    for days in range(1, 7):
        assert desk.tell(MONDAY + timedelta(days=days)) == []
    assert desk.tell(MONDAY + timedelta(days=9)) == [[second]], "the Wednesday after"
    assert desk.tell(MONDAY + timedelta(days=13)) == []


def test_all_searches_that_are_due_come_in_one_mail_without_those_in_which_nothing_is_new(desk: Desk) -> None:
    desk.save(DAILY, sector=["agritech"])
    desk.save(WEEKLY, sector=["edtech"])
    quiet = desk.save(DAILY, sector=["fintech"])
    desk.save(NEVER)
    farm, school = desk.publish(sectors=["agritech"]), desk.publish(sectors=["edtech"])
    assert desk.tell(MONDAY) == [[farm], [school]]
    assert quiet.checked_on == MONDAY
    assert quiet.told_at is None
    links = desk.session.scalars(sa.select(OneTimeLink)).all()
    assert {link.id for link in links} == {each["link_id"] for each in desk.mails()[0].values["searches"]}


def test_without_news_there_is_no_mail(desk: Desk) -> None:
    desk.publish()
    desk.save()
    assert desk.tell(MONDAY) == []
    assert desk.mails() == []


def test_withdrawn_profiles_are_never_told(desk: Desk, make_startup: Maker) -> None:
    desk.save()
    startup = make_startup()
    desk.index()
    startup.state = PublicationState.WITHDRAWN
    desk.session.flush()
    assert desk.tell(MONDAY) == []


def test_while_there_is_no_index_news_wait_and_are_not_lost(desk: Desk) -> None:
    saved = desk.save()
    new = desk.publish()
    there = desk.search
    desk.search = Search(desk.settings.index_dir / "nowhere", "pack")
    assert desk.tell(MONDAY) == []
    assert saved.checked_on == SATURDAY
    desk.search = there
    assert desk.tell(MONDAY) == [[new]]


def test_a_paused_search_tells_nothing_until_it_is_resumed_and_then_what_came_meanwhile(desk: Desk) -> None:
    saved, actor = desk.save(), actor_of(desk.session, desk.account)
    pause(desk.session, actor, saved)
    new = desk.publish()
    assert desk.tell(MONDAY) == []
    resume(desk.session, actor, saved)
    assert desk.tell(MONDAY) == [[new]]


def test_who_refuses_the_mails_or_cannot_sign_in_is_not_written_to(desk: Desk) -> None:
    desk.save()
    new = desk.publish()
    set_refusal(desk.session, desk.account.person, KIND, refused=True)
    assert desk.tell(MONDAY) == []
    set_refusal(desk.session, desk.account.person, KIND, refused=False)
    desk.account.active = False
    assert desk.tell(MONDAY) == []
    desk.account.active, desk.account.confirmed_at = True, None
    assert desk.tell(MONDAY) == []
    desk.account.confirmed_at = utc_now()
    assert desk.tell(MONDAY) == [[new]]


def test_each_is_told_of_their_own_searches(desk: Desk) -> None:
    desk.save()
    desk.account = make_account(person=make_person(language="ar"))
    desk.save(NEVER)
    desk.publish()
    assert len(people_to_alert(desk.session, MONDAY)) == 1
    desk.tell(MONDAY)
    assert [mail.person_id != desk.account.person_id for mail in desk.mails()] == [True]


# --- The worker ----------------------------------------------------------------------------------------------------


@pytest.fixture
def place(desk: Desk) -> Workplace:
    return Workplace(
        sessionmaker(db.engine), desk.search, Matcher(per_profile=3, pack_digest="pack"), desk.settings.data_dir
    )


def test_the_worker_tells_from_the_morning_of_the_network_on(desk: Desk, place: Workplace) -> None:
    desk.save()
    desk.publish()
    desk.session.commit()
    zone_hours = 1  # Casablanca is an hour ahead of UTC.
    assert tell_news(place, NOON.replace(hour=6 - zone_hours, minute=59)) == {}
    assert tell_news(place, NOON.replace(hour=7 - zone_hours)) == {"searches": 1, "mails": 1, "waiting": 0}
    assert tell_news(place, NOON) == {}
    assert len(desk.mails()) == 1


def test_a_worker_that_is_killed_before_the_commit_has_told_nothing_and_tells_all_the_next_time(
    desk: Desk, place: Workplace
) -> None:
    saved = desk.save()
    new = desk.publish()
    desk.session.commit()

    def die(dying: Session) -> None:
        raise KeyboardInterrupt

    @contextmanager
    def dying_sessions() -> Any:
        with place.sessions() as dying:
            event.listen(dying, "before_commit", die)
            yield dying

    with pytest.raises(KeyboardInterrupt):
        tell_news(Workplace(dying_sessions, place.search, place.matcher, place.data_dir), NOON)
    desk.session.expire_all()
    assert desk.mails() == []
    assert saved.seen == []
    tell_news(place, NOON)
    desk.session.expire_all()
    assert [mail.values["searches"][0]["ids"] for mail in desk.mails()] == [[new]]


def test_what_goes_wrong_for_one_does_not_keep_the_others_from_their_news(
    desk: Desk, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.save()
    first = desk.account.person_id
    desk.account = make_account()
    desk.save()
    desk.publish()
    desk.session.commit()

    def fail_for_one(session: Session, search: Search, person_id: int, today: date) -> Any:
        if person_id == first:
            raise RuntimeError
        return alert_person(session, search, person_id, today)

    monkeypatch.setattr("webapp.work.alerts.alert_person", fail_for_one)
    assert tell_news(place, NOON) == {"failed": 1, "searches": 1, "mails": 1, "waiting": 0}
    assert [mail.person_id for mail in desk.mails()] == [desk.account.person_id]


# --- Whatever happens ----------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.sampled_from(["publish", "withdraw", "day", "tell", "tell without index", "pause", "resume"]), max_size=12
)


@given(steps=STEPS, frequency=st.sampled_from([DAILY, WEEKLY]))
@examples(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_each_is_told_once_and_in_the_end_all_that_are_public(
    desk: Desk, steps: list[str], frequency: AlertFrequency
) -> None:
    with desk.session.begin_nested() as savepoint:
        desk.index()
        saved, actor = desk.save(frequency, q="zaytouna"), actor_of(desk.session, desk.account)
        day, made, told = SATURDAY, [], []
        there, away = desk.search, Search(desk.settings.index_dir / "nowhere", "pack")
        for step in [*steps, "resume", *["day"] * 8, "tell"]:
            if step == "publish":
                made.append(desk.make_startup("Zaytouna"))
                desk.index()
            elif step == "withdraw" and made:
                made[-1].state = PublicationState.WITHDRAWN
                desk.session.flush()
            elif step == "day":
                day += timedelta(days=1)
            elif step in ("pause", "resume"):
                (pause if step == "pause" else resume)(desk.session, actor, saved)
            elif step.startswith("tell"):
                desk.search = away if step.endswith("index") else there
                told += [row_id for ids in desk.tell(day) for row_id in ids]
                desk.search = there
        assert len(told) == len(set(told))
        assert {row.id for row in made if row.is_published} <= set(told)
        savepoint.rollback()
