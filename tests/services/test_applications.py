"""Applications as applicants write them: begun, resumed, confirmed, sent, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from tests.applications import ICE, PAGES, TODAY, applicant, make_draft, make_sent, make_staff, network_of, write_all
from webapp.config import ROOT
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import Application, ApplicationState, MembershipRole, OutgoingMail, utc_now
from webapp.permissions import VISITOR
from webapp.services.actors import actor_of
from webapp.services.application_fields import values_of_startup
from webapp.services.application_moves import MOVES, Move
from webapp.services.applications import (
    MOST_DRAFTS,
    address_proof,
    begin,
    confirm_address,
    discard,
    missing_of,
    open_application,
    own_startups,
    save_applicant,
    save_step,
    send_links,
    submit,
    withdraw,
)
from webapp.services.cohorts import CohortValues, save_cohort

Maker = Callable[..., Any]


def mails(session: Session, kind: str = "") -> list[str]:
    wanted = sa.select(OutgoingMail.address).where(OutgoingMail.kind.startswith(kind or "application-"))
    return list(session.scalars(wanted.order_by(OutgoingMail.id)))


def send(session: Session, application: Application, today: date = TODAY) -> None:
    submit(session, VISITOR, network_of(session), application, version=application.version, today=today)


def test_a_draft_begins_with_its_first_page_and_a_mail_with_its_link(session: Session) -> None:
    draft = make_draft(session, email=" Rim@Mail.Example ", phone=" ")
    assert (draft.state, draft.email, draft.phone, draft.confirmed_at) == ("draft", "rim@mail.example", None, None)
    assert mails(session, "application-draft") == ["rim@mail.example"]
    assert len(draft.reference) == 12


def test_who_begins_signed_in_with_a_confirmed_address_needs_no_mail_to_prove_it(session: Session) -> None:
    account = make_account()
    assert make_draft(session, actor_of(session, account), email=account.email.upper()).confirmed_at is not None
    assert make_draft(session, actor_of(session, account), email="other@mail.example").confirmed_at is None
    unconfirmed = make_account(confirmed_at=None)
    assert make_draft(session, actor_of(session, unconfirmed), email=unconfirmed.email).confirmed_at is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "bank"}, "kind"),
        ({"site": "nowhere"}, "site"),
        ({"site": "oujda"}, "site"),
        ({"email": " "}, "email"),
        ({"contact_name": " "}, "contact_name"),
        ({"cohort": "nowhere"}, "cohort"),
    ],
)
def test_a_first_page_with_something_unknown_is_refused(session: Session, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        make_draft(session, **values)
    assert caught.value.values["field"] == field


def test_an_address_has_only_so_many_drafts(session: Session) -> None:
    for _ in range(MOST_DRAFTS):
        make_draft(session, email="same@mail.example")
    with pytest.raises(Conflict, match="too-many-drafts"):
        make_draft(session, email="SAME@mail.example")


def test_the_browsers_link_ends_when_the_mailed_one_is_used(session: Session) -> None:
    draft = make_draft(session)
    proof = address_proof(draft)
    assert open_application(session, draft.reference, None) is draft
    assert open_application(session, draft.reference, proof) is draft
    seen = draft.version, draft.updated_at
    confirm_address(session, VISITOR, draft)
    session.expire_all()
    assert (draft.version, draft.updated_at) == seen
    with pytest.raises(Conflict, match="mailed-link"):
        open_application(session, draft.reference, None)
    assert open_application(session, draft.reference, proof) is draft
    for wrong in ("", "0" * 20, address_proof(make_draft(session))):
        with pytest.raises(NotFound):
            open_application(session, draft.reference, wrong)


def test_another_address_is_confirmed_anew_and_the_earlier_link_ends(session: Session) -> None:
    draft = make_draft(session, email="one@mail.example")
    confirm_address(session, VISITOR, draft)
    earlier = address_proof(draft)
    other = applicant(email="two@mail.example")
    save_applicant(session, VISITOR, network_of(session), draft, other, version=draft.version, today=TODAY)
    assert draft.confirmed_at is None
    assert mails(session) == ["one@mail.example", "two@mail.example"]
    with pytest.raises(NotFound):
        open_application(session, draft.reference, earlier)


def test_pages_are_saved_incomplete_and_each_keeps_the_others(session: Session) -> None:
    draft = make_draft(session)
    save_step(session, VISITOR, draft, "project", {"pitch": " Archives. ", "name_latin": ""}, version=draft.version)
    save_step(session, VISITOR, draft, "company", {"women_founders": False}, version=draft.version)
    session.expire_all()
    assert draft.values == {"pitch": "Archives.", "women_founders": False}
    save_step(session, VISITOR, draft, "project", {"name_latin": "Tarqim"}, version=draft.version)
    assert draft.values == {"name_latin": "Tarqim", "women_founders": False}
    assert missing_of(draft) == ["pitch", "description", "sectors", "maturity", "team", "why_park"]


@pytest.mark.parametrize(
    ("step", "values"),
    [
        ("project", {"pitch": "x" * 141}),
        ("activity", {"sectors": ["nothing"]}),
        ("activity", {"sectors": ["egov", "software", "fintech", "agritech", "gaming"]}),
        ("activity", {"maturity": ["mvp", "idea"]}),
    ],
)
def test_a_value_that_no_form_offers_is_refused(session: Session, step: str, values: dict[str, Any]) -> None:
    draft = make_draft(session)
    with pytest.raises(Invalid, match="value"):
        save_step(session, VISITOR, draft, step, values, version=draft.version)


def test_of_two_windows_the_later_one_is_told(session: Session) -> None:
    draft = make_draft(session)
    seen = draft.version
    save_step(session, VISITOR, draft, "project", {"pitch": "One"}, version=seen)
    with pytest.raises(Conflict, match="application-changed"):
        save_step(session, VISITOR, draft, "project", {"pitch": "Two"}, version=seen)
    assert draft.values["pitch"] == "One"


def test_only_a_complete_and_confirmed_application_is_sent(session: Session) -> None:
    draft = make_draft(session)
    with pytest.raises(Conflict, match="unconfirmed"):
        send(session, draft)
    confirm_address(session, VISITOR, draft)
    with pytest.raises(Invalid) as caught:
        send(session, draft)
    assert "pitch" in caught.value.values["missing"]
    write_all(session, draft)
    send(session, draft)
    assert draft.state == ApplicationState.SUBMITTED
    assert draft.submitted_at is not None
    assert {each["code"]: each["holds"] for each in draft.eligibility} == {
        "sector-named": True, "registered": True, "young": True,
    }  # fmt: skip
    assert mails(session, "application-received") == [draft.email]
    with pytest.raises(Conflict, match="application-changed"):
        send(session, draft)


def test_a_strict_rule_stands_in_the_way_and_another_one_is_noted_for_staff(session: Session) -> None:
    draft = make_draft(session)
    write_all(session, draft, company={"company_number": None, "founded": 2001})
    with pytest.raises(Invalid) as caught:
        send(session, draft)
    assert caught.value.values["rules"] == ["registered"]
    save_step(session, VISITOR, draft, "company", PAGES["company"] | {"founded": 2001}, version=draft.version)
    send(session, draft)
    assert [each["code"] for each in draft.eligibility if not each["holds"]] == ["young"]


def test_a_project_holder_needs_no_company(session: Session) -> None:
    sent = make_sent(session, kind="project-holder", pages={"company": {"company_number": None, "founded": None}})
    assert [each["code"] for each in sent.eligibility] == ["sector-named"]


def test_a_cohort_takes_applications_while_it_is_open_and_what_was_given_back_at_any_time(session: Session) -> None:
    closing = CohortValues({"en": "Spring"}, opens_on=TODAY, closes_on=TODAY)
    cohort = save_cohort(session, make_staff(session), closing)
    draft, later = make_draft(session, cohort=cohort.code), TODAY + timedelta(days=1)
    write_all(session, draft)
    with pytest.raises(Conflict, match="closed"):
        send(session, draft, later)
    with pytest.raises(Conflict, match="closed"):
        make_draft(session, cohort=cohort.code, today=later)
    draft.state = ApplicationState.RETURNED
    session.flush()
    send(session, draft, later)
    assert draft.cohort is cohort


def test_a_cohort_of_one_park_is_not_for_another(session: Session) -> None:
    rabat = make_draft(session, site="rabat").site
    values = CohortValues({"en": "Rabat"}, opens_on=TODAY, closes_on=TODAY, site=rabat)
    cohort = save_cohort(session, make_staff(session), values)
    with pytest.raises(Invalid, match="cohort-of-another-site"):
        make_draft(session, cohort=cohort.code, site="casablanca")
    assert make_draft(session, cohort=cohort.code, site="rabat").cohort is cohort


def test_a_network_that_is_not_open_takes_applications_to_cohorts_only(session: Session) -> None:
    network = network_of(session)
    before = network.applications
    network.applications = before | {"is_open": False}
    try:
        with pytest.raises(Conflict, match="closed"):
            make_draft(session)
        cohort = save_cohort(
            session, make_staff(session), CohortValues({"en": "Spring"}, opens_on=TODAY, closes_on=TODAY)
        )
        with pytest.raises(Invalid) as caught:
            make_draft(session)
        assert caught.value.values["field"] == "cohort"
        assert make_draft(session, cohort=cohort.code).cohort is cohort
        network.applications = {}
        with pytest.raises(Conflict, match="closed"):
            make_draft(session, cohort=cohort.code)
    finally:
        network.applications = before


def test_a_startup_outside_the_parks_applies_with_its_profile(session: Session, make_startup: Maker) -> None:
    startup = make_startup(
        "Tazrii", sectors=["agritech"], maturities=["mvp"], pitch={"fr": "Des capteurs."}, company_number=ICE
    )
    owner = make_account()
    join(owner, startup)
    actor = actor_of(session, owner)
    draft = begin(session, actor, network_of(session), applicant(language="ar"), today=TODAY, startup=startup)
    assert draft.startup is startup
    assert draft.values == values_of_startup(startup, "ar")
    assert draft.values["pitch"] == "Des capteurs."
    assert (draft.values["maturity"], draft.values["sectors"]) == (["mvp"], ["agritech"])


def test_only_owners_of_startups_outside_the_parks_do_so(session: Session, make_startup: Maker) -> None:
    outside, resident = make_startup("Outside"), make_startup("Inside", site="rabat")
    person = make_person()
    owner, editor = make_account(person=person), make_account()
    join(owner, outside)
    join(owner, resident)
    join(editor, outside, MembershipRole.EDITOR)
    assert [list(own_startups(session, actor_of(session, who))) for who in (owner, editor)] == [[outside], []]
    assert list(own_startups(session, VISITOR)) == []
    network = network_of(session)
    with pytest.raises(Conflict, match="already-resident"):
        begin(session, actor_of(session, owner), network, applicant(), today=TODAY, startup=resident)
    for nobody in (VISITOR, actor_of(session, editor)):
        with pytest.raises(NotAllowed):
            begin(session, nobody, network, applicant(), today=TODAY, startup=outside)


def test_what_waits_is_withdrawn_and_a_draft_is_deleted(session: Session) -> None:
    sent, draft = make_sent(session), make_draft(session)
    withdraw(session, VISITOR, sent, version=sent.version)
    assert (sent.state, sent.decided_at is not None) == ("withdrawn", True)
    with pytest.raises(Conflict, match="application-changed"):
        withdraw(session, VISITOR, draft, version=draft.version)
    with pytest.raises(Conflict, match="application-changed"):
        discard(session, VISITOR, sent)
    discard(session, VISITOR, draft)
    assert session.scalars(sa.select(Application.id)).all() == [sent.id]


def test_lost_links_go_to_their_address_alone_and_only_while_there_is_something_to_do(session: Session) -> None:
    draft, other = make_draft(session, email="rim@mail.example"), make_draft(session)
    over = make_sent(session, email="rim@mail.example")
    withdraw(session, VISITOR, over, version=over.version)
    session.execute(sa.delete(OutgoingMail))
    send_links(session, VISITOR, " Rim@mail.example")
    send_links(session, VISITOR, "nobody@mail.example")
    found = session.scalars(sa.select(OutgoingMail)).all()
    assert [(mail.address, mail.values["application_id"]) for mail in found] == [(draft.email, draft.id)]
    assert other.email not in {mail.address for mail in found}
    assert utc_now() - found[0].due_at < timedelta(minutes=1)


def test_the_table_of_moves_is_the_one_in_the_documentation() -> None:
    text = (ROOT / "docs" / "applications.md").read_text(encoding="utf-8")
    for move in Move:
        line = MOVES[move]
        sources = ", ".join(f"`{state}`" for state in ApplicationState if state in line.sources)
        row = f"| `{move}` | {sources} | `{line.target}` | {line.party} | {f'`{line.mail}`' if line.mail else '–'} |"
        assert row in text, row
