"""Admission: what staff see, when they may decide, and what becomes of an accepted application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account
from tests.applications import ICE, TODAY, evaluate, make_draft, make_sent, make_staff, network_of
from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import (
    Application,
    ApplicationState,
    Invitation,
    MembershipRole,
    OutgoingMail,
    PublicationState,
    Residency,
    ResidencyEvent,
    Startup,
)
from webapp.permissions import VISITOR, Actor
from webapp.services.admission_profile import has_entered, record_entry
from webapp.services.admissions import (
    ALL,
    Decision,
    Narrowing,
    count_applications,
    decide,
    duplicates_of,
    earlier_applications,
    get_application,
    list_applications,
    ranking,
)
from webapp.services.application_moves import Move
from webapp.services.applications import submit
from webapp.services.cohorts import CohortValues, rules_of, save_cohort

Maker = Callable[..., Any]


def settle(session: Session, application: Application, decision: Decision, actor: Actor | None = None) -> Actor:
    """Decide as somebody who has just looked."""
    actor, rules = actor or make_staff(session), rules_of(network_of(session))
    decide(session, actor, application, decision, rules=rules, version=application.version, today=TODAY)
    return actor


def evaluated(session: Session, **values: Any) -> Application:
    application = make_sent(session, **values)
    evaluate(session, application)
    evaluate(session, application, 5)
    return application


def kinds_of_mail(session: Session) -> set[str]:
    return set(session.scalars(sa.select(OutgoingMail.kind)))


def test_the_queue_holds_what_was_sent_oldest_first_and_never_a_draft(session: Session) -> None:
    make_draft(session)
    one, two, over = (
        make_sent(session),
        make_sent(session, site="rabat", kind="very-small-enterprise"),
        make_sent(session),
    )
    one.submitted_at, two.submitted_at = two.submitted_at, one.submitted_at
    over.state = ApplicationState.WITHDRAWN
    session.flush()
    staff = make_staff(session)

    def found(**narrowing: str) -> list[Application]:
        wanted = Narrowing(**narrowing)
        rows = list(list_applications(session, staff, wanted, limit=10))
        assert count_applications(session, staff, wanted) == len(rows)
        return rows

    assert found() == [two, one]
    assert found(state=ALL) == [two, one, over]
    assert found(state="withdrawn") == [over]
    assert found(state="draft") == []
    assert found(site="rabat") == found(kind="very-small-enterprise") == [two]
    assert found(cohort="none") == []


def test_drafts_are_not_read_and_visitors_read_nothing(session: Session) -> None:
    sent, draft = make_sent(session), make_draft(session)
    staff = make_staff(session)
    assert get_application(session, staff, sent.reference) is sent
    with pytest.raises(NotFound):
        get_application(session, staff, draft.reference)
    for attempt in (
        lambda: get_application(session, VISITOR, sent.reference),
        lambda: list_applications(session, VISITOR, Narrowing(), limit=1),
        lambda: settle(session, sent, Decision(Move.REFUSE, note="No"), VISITOR),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_decision_needs_enough_evaluations_or_a_reason(session: Session) -> None:
    application = make_sent(session)
    evaluate(session, application)
    with pytest.raises(Invalid) as caught:
        settle(session, application, Decision(Move.REFUSE, note="Sorry."))
    assert caught.value.values == {"given": 1, "needed": 2}
    assert application.state == ApplicationState.EVALUATED
    settle(session, application, Decision(Move.REFUSE, note="Sorry.", early_reason="The applicant moved away."))
    assert application.early_reason == "The applicant moved away."


def test_a_reason_that_was_not_needed_is_not_kept(session: Session) -> None:
    application = evaluated(session)
    staff = settle(session, application, Decision(Move.REFUSE, note=" Sorry. ", early_reason="Haste"))
    assert (application.note, application.early_reason) == ("Sorry.", "")
    assert application.decided_by_id == staff.person_id
    assert "application-refused" in kinds_of_mail(session)


@pytest.mark.parametrize("move", [Move.REFUSE, Move.RETURN])
def test_who_is_refused_or_asked_reads_why(session: Session, move: Move) -> None:
    application = evaluated(session)
    with pytest.raises(Invalid, match="note"):
        settle(session, application, Decision(move, note="  "))


def test_what_is_given_back_is_sent_again_and_evaluated_anew(session: Session) -> None:
    application = make_sent(session)
    evaluate(session, application)
    settle(session, application, Decision(Move.RETURN, note="Who pays?"))
    assert application.state == ApplicationState.RETURNED
    assert application.decided_at is None
    submit(session, VISITOR, network_of(session), application, version=application.version, today=TODAY)
    assert (application.state, application.note) == (ApplicationState.SUBMITTED, "")
    with pytest.raises(Invalid) as caught:
        settle(session, application, Decision(Move.ACCEPT))
    assert caught.value.values["given"] == 0


def test_of_two_decisions_the_second_is_told(session: Session) -> None:
    application, rules = evaluated(session), rules_of(network_of(session))
    seen, staff = application.version, make_staff(session)
    settle(session, application, Decision(Move.REFUSE, note="No."))
    with pytest.raises(Conflict) as caught:
        decide(session, staff, application, Decision(Move.ACCEPT), rules=rules, version=seen, today=TODAY)
    assert caught.value.values["state"] == "refused"


def test_an_evaluation_that_comes_meanwhile_is_seen_before_deciding(session: Session) -> None:
    application, rules = evaluated(session), rules_of(network_of(session))
    seen, staff = application.version, make_staff(session)
    evaluate(session, application, 1)
    with pytest.raises(Conflict, match="application-changed"):
        decide(session, staff, application, Decision(Move.ACCEPT), rules=rules, version=seen, today=TODAY)


def test_an_accepted_application_becomes_a_draft_profile_with_all_that_was_typed(session: Session) -> None:
    pages = {
        "project": {"name_arabic": "ترقيم", "website": "https://tarqim.example", "city": "Casablanca"},
        "company": {"headcount": ["3-5"], "women_founders": True},
        "activity": {"business_model": ["saas"]},
    }
    application = evaluated(session, language="fr", pages=pages)
    settle(session, application, Decision(Move.ACCEPT, note="Welcome.", enters_on=TODAY))
    startup = application.startup
    assert startup is not None
    assert startup.state == PublicationState.DRAFT
    assert (startup.name_latin, startup.name_arabic) == ("Tarqim", "ترقيم")
    assert startup.pitch == {"fr": "Archives that one can search."}
    assert startup.description == {"fr": "Towns keep paper."}
    assert (startup.city, startup.website) == ({"fr": "Casablanca"}, "https://tarqim.example")
    assert (startup.company_number, startup.founded, startup.women_founders) == (ICE, 2024, True)
    codes = {link.term.code for link in startup.term_links}
    assert codes == {"egov", "software", "mvp", "legal-advice", "3-5", "saas"}
    assert (startup.residency, startup.entered_on) == (Residency.RESIDENT, TODAY)
    assert [site.code for site in startup.sites] == ["casablanca"]
    assert startup.region is not None
    assert startup.region.code == "MA-06"
    invitation = session.scalars(sa.select(Invitation)).one()
    assert (invitation.email, invitation.role, invitation.startup_id) == (application.email, "owner", startup.id)
    assert {"invitation", "application-accepted"} <= kinds_of_mail(session)
    assert has_entered(session, application)


def test_a_later_entry_is_recorded_when_it_happens(session: Session) -> None:
    application, later = evaluated(session), TODAY + timedelta(days=30)
    staff = settle(session, application, Decision(Move.ACCEPT, enters_on=later))
    assert application.enters_on == later
    assert session.scalars(sa.select(ResidencyEvent)).all() == []
    assert not has_entered(session, application)
    with pytest.raises(Invalid, match="not-yet"):
        record_entry(session, staff, application, on=later, version=application.version, today=TODAY)
    record_entry(session, staff, application, on=later, version=application.version, today=later)
    assert [event.on for event in session.scalars(sa.select(ResidencyEvent))] == [later]
    assert has_entered(session, application)
    with pytest.raises(Conflict, match="application-changed"):
        record_entry(session, staff, application, on=later, version=application.version, today=later)


def test_a_company_that_has_a_profile_gets_no_second_one(session: Session, make_startup: Maker) -> None:
    known = make_startup("Tarqim", sectors=["fintech"], pitch={"en": "Known already."}, company_number=ICE)
    application = evaluated(session)
    staff = make_staff(session)
    assert [each.organisation for each in duplicates_of(session, staff, application)] == [known]
    with pytest.raises(Invalid, match="company-number-taken"):
        settle(session, application, Decision(Move.ACCEPT), staff)
    assert (application.state, application.startup) == (ApplicationState.EVALUATED, None)


def test_the_known_profile_is_chosen_instead(session: Session, make_startup: Maker) -> None:
    known = make_startup("Tarqim", sectors=["fintech"], pitch={"en": "Known already."}, company_number=ICE)
    application = evaluated(session)
    settle(session, application, Decision(Move.ACCEPT, startup_id=known.id))
    assert application.startup is known
    assert known.pitch == {"en": "Known already."}
    assert known.description == {"en": "Towns keep paper."}
    assert {"fintech", "mvp", "legal-advice"} == {link.term.code for link in known.term_links}
    assert known.state == PublicationState.PUBLISHED
    assert session.scalars(sa.select(Startup)).all() == [known]


def test_nobody_is_invited_where_somebody_acts_for_the_profile_already(session: Session, make_startup: Maker) -> None:
    known = make_startup("Tarqim")
    join(make_account(), known, MembershipRole.OWNER)
    settle(session, evaluated(session), Decision(Move.ACCEPT, startup_id=known.id))
    assert session.scalars(sa.select(Invitation)).all() == []


def test_a_profile_that_went_meanwhile_is_not_chosen(session: Session) -> None:
    with pytest.raises(Invalid, match="no-such-startup"):
        settle(session, evaluated(session), Decision(Move.ACCEPT, startup_id=10**6))


def test_applications_of_one_address_know_of_each_other(session: Session) -> None:
    one, two, _ = (make_sent(session, email=email) for email in ("a@mail.example", "a@mail.example", "b@mail.example"))
    make_draft(session, email="a@mail.example")
    assert list(earlier_applications(session, make_staff(session), two)) == [one]


def test_a_cohort_is_ranked_by_weighted_mean_and_who_has_none_stands_last(session: Session) -> None:
    staff = make_staff(session)
    cohort = save_cohort(session, staff, CohortValues({"en": "Spring"}, opens_on=TODAY, closes_on=TODAY))
    low, none, high, gone = (make_sent(session, cohort=cohort.code) for _ in range(4))
    evaluate(session, low, 2)
    evaluate(session, high, 5)
    evaluate(session, high, 3)
    gone.state = ApplicationState.WITHDRAWN
    session.flush()
    rows = ranking(session, staff, cohort, rules_of(network_of(session)).criteria)
    assert [row.application for row in rows] == [high, low, none]
    assert [row.recommended for row in rows] == [1, 0, 0]
    assert rows[0].score is not None
    assert (rows[0].score.mean, rows[0].score.spread, rows[0].score.is_far_apart) == (4, 2, True)
