"""Revisions: writing together, submitting, deciding, going back, and two who do it in the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from tests.profiles import TODAY, save, values_of
from tests.races import race
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import (
    Membership,
    NetworkRole,
    OutgoingMail,
    PublicationState,
    Revision,
    RevisionState,
    Startup,
)
from webapp.permissions import Actor
from webapp.services.actors import actor_of
from webapp.services.profile_review import (
    count_waiting_reviews,
    differences_of,
    give_back,
    list_waiting_reviews,
    publish,
    publish_directly,
    verify,
)
from webapp.services.profile_values import read_values
from webapp.services.revisions import (
    current_values,
    discard,
    go_back,
    history,
    mark_of_section,
    open_revision,
    save_section,
    submit,
    take_back,
)
from webapp.services.vocabulary import read_vocabulary

Maker = Callable[..., Any]


@pytest.fixture
def startup(make_startup: Maker) -> Startup:
    """A published startup."""
    made: Startup = make_startup("Nour", pitch={"en": "Solar lamps."})
    return made


@pytest.fixture
def member(session: Session, startup: Startup) -> Actor:
    """Somebody who acts for it."""
    account = make_account()
    join(account, startup)
    return actor_of(session, account)


@pytest.fixture
def staff(session: Session) -> Actor:
    """Somebody who works for the park."""
    return actor_of(session, make_account(NetworkRole.STAFF))


def _submitted(session: Session, member: Actor, startup: Startup, **values: Any) -> Revision:
    save(session, member, startup, "texts", **(values or {"pitch": {"en": "Solar lamps for farms."}}))
    return submit(session, member, startup)


def test_saving_keeps_what_differs_and_nothing_else(session: Session, startup: Startup, member: Actor) -> None:
    assert save(session, member, startup, "texts", pitch={"en": "Solar lamps."}) is None
    revision = save(session, member, startup, "texts", pitch={"en": "Lamps."}, description={})
    assert revision is not None
    assert revision.changes == {"pitch": {"en": "Lamps."}}
    save(session, member, startup, "identity", website="https://nour.ma", pitch={"en": "Not of this page"})
    assert revision.changes == {"pitch": {"en": "Lamps."}, "website": "https://nour.ma"}
    save(session, member, startup, "texts", pitch={"en": "Solar lamps."})
    assert revision.changes == {"website": "https://nour.ma"}
    assert startup.website is None


def test_of_two_who_edit_the_same_page_the_second_is_told(session: Session, startup: Startup, member: Actor) -> None:
    other = make_account()
    join(other, startup)
    mark = mark_of_section(startup, "texts", current_values(session, startup))
    save_section(session, actor_of(session, other), startup, "texts", {"pitch": {"en": "Theirs."}}, mark=mark)
    with pytest.raises(Conflict, match="changed-meanwhile"):
        save_section(session, member, startup, "texts", {"pitch": {"en": "Mine."}}, mark=mark)
    same = save_section(session, member, startup, "texts", {"pitch": {"en": "Theirs."}}, mark=mark)
    assert same is not None


def test_another_page_is_no_conflict(session: Session, startup: Startup, member: Actor) -> None:
    mark = mark_of_section(startup, "identity", current_values(session, startup))
    save(session, member, startup, "texts", pitch={"en": "Lamps."})
    revision = save_section(session, member, startup, "identity", {"founded": 2020}, mark=mark)
    assert revision is not None
    assert set(revision.changes) == {"pitch", "founded"}


def test_outsiders_neither_save_nor_submit(session: Session, startup: Startup, make_startup: Maker) -> None:
    account = make_account()
    join(account, make_startup())
    outsider = actor_of(session, account)
    for act in (
        lambda: save(session, outsider, startup, "texts", pitch={"en": "Hacked."}),
        lambda: submit(session, outsider, startup),
        lambda: take_back(session, outsider, startup),
        lambda: discard(session, outsider, startup),
        lambda: history(session, outsider, startup),
        lambda: go_back(session, outsider, startup, 1),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_only_staff_decide(session: Session, startup: Startup, member: Actor) -> None:
    revision = _submitted(session, member, startup)
    for act in (
        lambda: publish(session, member, revision, version=revision.version, today=TODAY),
        lambda: give_back(session, member, revision, version=revision.version, note="No."),
        lambda: publish_directly(session, member, startup, today=TODAY),
        lambda: verify(session, member, startup, today=TODAY),
        lambda: list_waiting_reviews(session, member),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_submitted_revision_is_published_with_its_date_and_a_mail(
    session: Session, startup: Startup, member: Actor, staff: Actor
) -> None:
    revision = _submitted(session, member, startup)
    assert count_waiting_reviews(session) == 1
    assert list_waiting_reviews(session, staff) == [revision]
    publish(session, staff, revision, version=revision.version, today=TODAY, verified=True)
    assert startup.pitch == {"en": "Solar lamps for farms."}
    assert (startup.confirmed_on, startup.verified_on) == (TODAY, TODAY)
    assert startup.text_dates["pitch"] == {"en": "2026-11-28"}
    assert revision.before == {"pitch": {"en": "Solar lamps."}}
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.kind, mail.person_id) == ("profile-published", member.person_id)
    assert count_waiting_reviews(session) == 0


def test_the_first_publication_makes_a_draft_public(
    session: Session, startup: Startup, member: Actor, staff: Actor
) -> None:
    startup.state, startup.published_at = PublicationState.DRAFT, None
    revision = submit(session, member, startup)
    publish(session, staff, revision, version=revision.version, today=TODAY)
    assert startup.is_published
    assert startup.published_at is not None


def test_a_name_that_changes_sorts_anew_and_keeps_its_address(
    session: Session, startup: Startup, member: Actor, staff: Actor
) -> None:
    slug = startup.slug
    save(session, member, startup, "identity", name_latin="Étoile")
    revision = submit(session, member, startup)
    publish(session, staff, revision, version=revision.version, today=TODAY)
    assert (startup.name_latin, startup.sort_name, startup.slug) == ("Étoile", "etoile", slug)


def test_what_is_missing_stands_in_the_way(session: Session, startup: Startup, member: Actor) -> None:
    save(session, member, startup, "texts", pitch={})
    with pytest.raises(Invalid) as caught:
        submit(session, member, startup)
    assert caught.value.values["missing"] == ["pitch"]


def test_nothing_new_is_not_submitted(session: Session, startup: Startup, member: Actor) -> None:
    with pytest.raises(Conflict, match="nothing-to-submit"):
        submit(session, member, startup)


def test_what_is_returned_has_a_reason_and_goes_on(
    session: Session, startup: Startup, member: Actor, staff: Actor
) -> None:
    revision = _submitted(session, member, startup)
    with pytest.raises(Invalid, match="note"):
        give_back(session, staff, revision, version=revision.version, note="  ")
    give_back(session, staff, revision, version=revision.version, note="Which farms?")
    assert (revision.state, revision.note) == (RevisionState.RETURNED, "Which farms?")
    assert session.scalars(select(OutgoingMail)).one().kind == "profile-returned"
    save(session, member, startup, "texts", pitch={"en": "Solar lamps for date farms."})
    assert submit(session, member, startup) is revision
    assert startup.pitch == {"en": "Solar lamps."}


def test_submitting_and_dropping_twice_is_doing_it_once(session: Session, startup: Startup, member: Actor) -> None:
    revision = _submitted(session, member, startup)
    version = revision.version
    assert submit(session, member, startup) is revision
    assert revision.version == version
    discard(session, member, startup)
    discard(session, member, startup)
    assert open_revision(session, startup) is None


def test_members_do_not_write_to_what_lies_with_staff_unless_they_take_it_back(
    session: Session, startup: Startup, member: Actor, staff: Actor
) -> None:
    revision = _submitted(session, member, startup)
    with pytest.raises(Conflict, match="in-review"):
        save(session, member, startup, "texts", pitch={"en": "Other."})
    version = revision.version
    take_back(session, member, startup)
    save(session, member, startup, "texts", pitch={"en": "Other."})
    with pytest.raises(Conflict, match="revision-changed"):
        publish(session, staff, revision, version=version, today=TODAY)
    submit(session, member, startup)
    with pytest.raises(Conflict, match="revision-changed"):
        publish(session, staff, revision, version=version, today=TODAY)
    assert startup.pitch == {"en": "Solar lamps."}


def test_staff_edit_and_publish_directly(session: Session, startup: Startup, staff: Actor) -> None:
    save(session, staff, startup, "identity", founded=2021)
    revision = publish_directly(session, staff, startup, today=TODAY)
    assert (startup.founded, revision.state) == (2021, RevisionState.PUBLISHED)
    assert startup.confirmed_on is None  # its members did not say that it is right


def test_a_company_number_belongs_to_one(
    session: Session, startup: Startup, member: Actor, make_startup: Maker
) -> None:
    make_startup(company_number="001561191000066")
    with pytest.raises(Invalid, match="company-number-taken"):
        save(session, member, startup, "identity", company_number="001561191000066")


def test_an_amount_without_a_currency_is_in_that_of_the_network(
    session: Session, startup: Startup, member: Actor
) -> None:
    revision = save(session, member, startup, "money", raising_max=5)
    assert revision is not None
    assert revision.changes == {"raising_max": 5, "currency": "MAD"}


def test_a_range_goes_upwards(session: Session, startup: Startup, member: Actor) -> None:
    with pytest.raises(Invalid, match="range-reversed"):
        save(session, member, startup, "money", raising_min=5, raising_max=4)


def test_history_tells_each_change_and_goes_back_over_several(
    session: Session, startup: Startup, member: Actor, staff: Actor
) -> None:
    first = _submitted(session, member, startup, pitch={"en": "Two."})
    publish(session, staff, first, version=first.version, today=TODAY)
    second = _submitted(session, member, startup, pitch={"en": "Three."}, description={"en": "Long."})
    publish(session, staff, second, version=second.version, today=TODAY)
    assert history(session, member, startup) == [second, first]
    assert [change.field.name for change in differences_of(second)] == ["pitch", "description"]
    back = go_back(session, member, startup, first.id)
    assert back.changes == {"pitch": {"en": "Solar lamps."}, "description": {}}
    assert back.state == RevisionState.DRAFT
    with pytest.raises(Conflict, match="revision-open"):
        go_back(session, member, startup, second.id)
    publish_directly(session, staff, startup, today=TODAY)
    assert (startup.pitch, startup.description) == ({"en": "Solar lamps."}, {})


def test_going_back_needs_a_change_of_this_profile(
    session: Session, startup: Startup, member: Actor, staff: Actor, make_startup: Maker
) -> None:
    other = make_startup()
    save(session, staff, other, "identity", founded=2021)
    theirs = publish_directly(session, staff, other, today=TODAY)
    with pytest.raises(NotFound):
        go_back(session, member, startup, theirs.id)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_going_back_restores_what_it_said(session: Session, make_startup: Maker, staff: Actor, data: Any) -> None:
    startup = make_startup()
    codes = {kind: list(names) for kind, names in read_vocabulary(session, "").names.items()}
    before = read_values(startup)
    first_id = 0
    for _ in range(2):
        changes = data.draw(values_of(startup, codes))
        for section in {"identity", "texts", "sectors", "needs", "money", "team", "milestones"}:
            save(session, staff, startup, section, **changes)
        try:
            revision = publish_directly(session, staff, startup, today=TODAY)
        except (Conflict, Invalid):
            discard(session, staff, startup)
            continue
        first_id = first_id or revision.id
    if first_id and read_values(startup) != before:
        go_back(session, staff, startup, first_id)
        publish_directly(session, staff, startup, today=TODAY)
    session.expire(startup)
    assert read_values(startup) == before


def test_two_who_begin_in_the_same_second_write_to_one_revision(
    session: Session, startup: Startup, member: Actor
) -> None:
    session.commit()
    startup_id = startup.id

    def write(section: str, values: dict[str, Any]) -> Callable[[Session], None]:
        def act(own: Session) -> None:
            save(own, member, own.get_one(Startup, startup_id), section, **values)

        return act

    assert race(session, write("texts", {"pitch": {"en": "A."}}), write("identity", {"founded": 2020})) == ["done"] * 2
    session.expire_all()
    assert session.scalars(select(Revision)).one().changes == {"pitch": {"en": "A."}, "founded": 2020}


def test_of_two_staff_who_decide_in_the_same_second_one_is_told(
    session: Session, startup: Startup, member: Actor, staff: Actor
) -> None:
    revision = _submitted(session, member, startup)
    session.commit()
    revision_id, version = revision.id, revision.version

    def accept(own: Session) -> None:
        publish(own, staff, own.get_one(Revision, revision_id), version=version, today=TODAY)

    def refuse(own: Session) -> None:
        give_back(own, staff, own.get_one(Revision, revision_id), version=version, note="No.")

    assert sorted(race(session, accept, refuse)) == ["done", "revision-changed"]
    session.expire_all()
    assert len(session.scalars(select(OutgoingMail)).all()) == 1
    assert session.scalars(select(Membership)).one().person_id == member.person_id
