from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import join, make_account, make_person
from webapp.errors import Conflict, NotAllowed, NotFound
from webapp.models import (
    AnswerState,
    AuditEntry,
    Base,
    Challenge,
    ChallengeAnswer,
    ChallengeState,
    Change,
    Claim,
    Introduction,
    IntroductionMove,
    IntroductionState,
    Membership,
    MembershipRole,
    Milestone,
    NetworkRole,
    OutgoingMail,
    PortfolioCompany,
    ProfileMerge,
    PublicationState,
    Residency,
    ResidencyEvent,
    ResidencyEventKind,
    Revision,
    RevisionState,
    Shortlist,
    ShortlistEntry,
    Side,
    Site,
    Startup,
    TermKind,
)
from webapp.permissions import VISITOR, Actor
from webapp.services.merging import get_pair, mark_of, merge, merges_of, suggest_kept
from webapp.services.merging_checks import hindrances
from webapp.services.merging_fields import BOTH, GONE, KEPT, field_choices
from webapp.services.merging_parts import MOVERS
from webapp.services.redirects import rename, resolve_short_code, resolve_slug, short_code
from webapp.services.residency import EventDraft, record_residency
from webapp.services.revisions import history

Maker = Callable[..., Any]
STAFF = Actor("person", account_id=1, network_roles=frozenset({NetworkRole.STAFF}))
TODAY = date(2026, 11, 28)


def merged(session: Session, kept: Any, gone: Any, **choices: str) -> ProfileMerge:
    merging = get_pair(session, STAFF, kept.noun, kept.id, gone.id)
    return merge(merging, choices, mark=mark_of(merging), today=TODAY)


def stopped(session: Session, kept: Any, gone: Any) -> str:
    with pytest.raises(Conflict) as error:
        merged(session, kept, gone)
    return error.value.code


def introduction(session: Session, startup: Any, partner: Any, state: IntroductionState, **values: Any) -> Introduction:
    number = session.scalar(sa.select(sa.func.count(Introduction.id))) or 0
    row = Introduction(
        **{
            "reference": f"REF{number}",
            "startup_id": startup.id,
            "partner_id": partner.id,
            "asked_by": Side.STARTUP,
            "state": state,
            "language": "en",
        }
        | values
    )
    session.add(row)
    session.flush()
    return row


def test_merging_knows_every_table_that_refers_to_a_profile() -> None:
    keys = {
        (table.name, key.parent.name)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ("startup", "partner")
    }
    assert keys == set(MOVERS)


def test_each_field_can_be_taken_from_either_or_from_both(session: Session, make_startup: Maker) -> None:
    kept = make_startup("Atlas", sectors=["fintech"], pitch={"en": "We pay."}, founded=2019, website=None)
    gone = make_startup(
        "Atlas Pay", sectors=["edtech"], pitch={"fr": "Nous payons."}, founded=2020, website="https://atlas.example"
    )
    choices = {each.field.name: each for each in field_choices(get_pair(session, STAFF, "startup", kept.id, gone.id))}
    assert {name: each.default for name, each in choices.items()} == {
        "name_latin": KEPT,
        "website": GONE,
        "founded": KEPT,
        "pitch": BOTH,
        "sectors": BOTH,
    }
    merged(session, kept, gone, founded=GONE, sectors=GONE)
    assert (kept.name_latin, kept.founded, kept.website) == ("Atlas", 2020, "https://atlas.example")
    assert kept.pitch == {"en": "We pay.", "fr": "Nous payons."}
    assert [term.code for term in kept.terms(TermKind.SECTOR)] == ["edtech"]


def test_a_company_number_can_be_taken_over(session: Session, make_startup: Maker) -> None:
    kept, gone = make_startup(), make_startup(company_number="001234567000089")
    merged(session, kept, gone)
    assert kept.company_number == "001234567000089"


def test_the_profile_that_goes_is_gone_and_found_at_all_its_addresses(session: Session, make_startup: Maker) -> None:
    kept, gone = make_startup(slug="kept"), make_startup(slug="gone")
    rename(session, STAFF, gone, "gone-again")
    gone_id = gone.id
    record = merged(session, kept, gone)
    session.commit()
    assert session.get(Startup, gone_id) is None
    assert {resolve_slug(session, "startup", slug) for slug in ("gone", "gone-again")} == {"kept"}
    assert resolve_short_code(session, "startup", short_code(gone_id)) == "kept"
    assert (record.gone_slug, record.said["name_latin"]) == ("gone-again", record.gone_name)
    assert merges_of(session, STAFF, kept) == [record]
    assert session.scalar(sa.select(AuditEntry.id).filter_by(noun="startup", object_id=gone_id, action="deleted"))
    changed = set(session.execute(sa.select(Change.noun, Change.object_id)).all())
    assert {("startup", kept.id), ("startup", gone_id)} <= changed


def test_what_was_merged_twice_leads_to_the_last(session: Session, make_startup: Maker) -> None:
    one, two, three = (make_startup(slug=slug) for slug in ("one", "two", "three"))
    first_id = one.id
    merged(session, two, one)
    merged(session, three, two)
    assert resolve_slug(session, "startup", "one") == "three"
    assert resolve_short_code(session, "startup", short_code(first_id)) == "three"


def test_the_merge_stands_in_the_history_and_the_other_ones_history_in_its_record(
    session: Session, make_startup: Maker
) -> None:
    kept, gone = make_startup(founded=2019), make_startup(founded=2020)
    session.add(
        Revision(
            startup_id=gone.id,
            state=RevisionState.PUBLISHED,
            changes={"founded": 2020},
            before={"founded": 2018},
            decided_at=datetime(2026, 1, 2, tzinfo=UTC),
        )
    )
    session.flush()
    record = merged(session, kept, gone, founded=GONE)
    [revision] = history(session, STAFF, kept)
    assert (revision.before["founded"], revision.changes["founded"]) == (2019, 2020)
    assert record.history == [{"on": "2026-01-02", "changes": {"founded": 2020}, "before": {"founded": 2018}}]


def test_members_act_for_the_one_that_is_left_and_are_told(session: Session, make_startup: Maker) -> None:
    kept, gone = make_startup(), make_startup()
    both, other = make_account().person, make_account().person
    join(both, kept, MembershipRole.EDITOR)
    join(both, gone, MembershipRole.OWNER)
    join(other, gone, MembershipRole.EDITOR)
    merged(session, kept, gone)
    members = session.scalars(sa.select(Membership).filter_by(startup_id=kept.id)).all()
    assert {each.person_id: each.role for each in members} == {
        both.id: MembershipRole.OWNER,
        other.id: MembershipRole.EDITOR,
    }
    told = session.scalars(sa.select(OutgoingMail).filter_by(kind="membership-added")).all()
    assert [mail.person_id for mail in told] == [other.id]


def test_introductions_follow_and_of_two_drafts_the_older_one_is_withdrawn(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    kept, gone, partner, other = make_startup(), make_startup(), make_partner(), make_partner()
    old = introduction(
        session, kept, partner, IntroductionState.DRAFT, reason="typed", updated_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    new = introduction(session, gone, partner, IntroductionState.DRAFT)
    met = introduction(session, gone, other, IntroductionState.MET)
    merged(session, kept, gone)
    session.expire_all()
    assert {row.startup_id for row in (old, new, met)} == {kept.id}
    assert (old.state, old.reason) == (IntroductionState.WITHDRAWN, "typed")
    assert new.state == IntroductionState.DRAFT
    assert session.scalar(sa.select(IntroductionMove.move).filter_by(introduction_id=old.id)) == "withdraw"


def test_two_introductions_under_way_with_one_partner_stand_in_the_way(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    kept, gone, partner = make_startup(), make_startup(), make_partner()
    introduction(session, kept, partner, IntroductionState.SENT)
    introduction(session, gone, partner, IntroductionState.MET)
    assert stopped(session, kept, gone) == "introductions-clash"


def test_partners_keep_their_challenges_and_portfolios(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    kept, gone = make_partner("Sahel"), make_partner("Sahel Fund")
    startup = make_startup()
    for partner in (kept, gone):
        session.add(PortfolioCompany(partner_id=partner.id, name="Tazrii", year=2020, startup_id=startup.id))
    session.add(PortfolioCompany(partner_id=gone.id, name="Yomken", year=2021))
    challenge = Challenge(
        slug="c", partner_id=gone.id, state=ChallengeState.OPEN, title={"en": "T"}, problem={}, deadline=TODAY
    )
    session.add(challenge)
    session.flush()
    merged(session, kept, gone)
    assert sorted(row.name for row in kept.portfolio) == ["Tazrii", "Yomken"]
    assert kept.challenges == [challenge]


def test_a_partner_of_another_kind_is_not_the_same(session: Session, make_partner: Maker) -> None:
    assert stopped(session, make_partner(), make_partner(kind="mentor")) == "kinds-differ"


def test_portfolios_name_the_startup_that_is_left(session: Session, make_startup: Maker, make_partner: Maker) -> None:
    kept, gone, partner = make_startup(), make_startup(), make_partner()
    company = PortfolioCompany(partner_id=partner.id, name="Tazrii", startup_id=gone.id)
    session.add(company)
    session.flush()
    merged(session, kept, gone)
    assert company.startup_id == kept.id


def test_stays_are_those_of_both_and_what_both_know_counts_once(session: Session, make_startup: Maker) -> None:
    kept = make_startup(site="agadir", entered=date(2020, 1, 1))
    gone = make_startup(site="agadir", entered=date(2020, 1, 1))
    site = session.scalars(sa.select(Site).filter_by(code="agadir")).one()
    left = EventDraft(date(2023, 1, 1), ResidencyEventKind.LEFT, site)
    record_residency(session, STAFF, gone, left, today=TODAY)
    merged(session, kept, gone)
    events = session.scalars(sa.select(ResidencyEvent).filter_by(startup_id=kept.id)).all()
    assert sorted(event.kind for event in events) == ["entered", "left"]
    assert kept.residency == Residency.ALUMNI


def test_stays_that_contradict_one_another_stand_in_the_way(session: Session, make_startup: Maker) -> None:
    kept = make_startup(site="agadir", entered=date(2020, 1, 1))
    gone = make_startup(site="agadir", entered=date(2021, 1, 1))
    assert stopped(session, kept, gone) == "residency-contradicts"


def test_milestones_of_both_are_kept_once(session: Session, make_startup: Maker) -> None:
    kept, gone = make_startup(), make_startup()
    for startup in (kept, gone):
        session.add(Milestone(startup_id=startup.id, on=date(2024, 5, 1), text={"en": "Founded"}))
    session.add(Milestone(startup_id=gone.id, on=date(2025, 5, 1), text={"en": "Raised"}))
    session.flush()
    merged(session, kept, gone)
    assert [row.text["en"] for row in kept.milestones] == ["Raised", "Founded"]


def test_notes_on_a_shortlist_are_put_together(session: Session, make_startup: Maker) -> None:
    kept, gone = make_startup(), make_startup()
    shortlist = Shortlist(person=make_person(), name="Mine")
    shortlist.entries = [
        ShortlistEntry(startup_id=kept.id, note="good"),
        ShortlistEntry(startup_id=gone.id, note="call"),
    ]
    session.add(shortlist)
    session.flush()
    merged(session, kept, gone)
    session.expire_all()
    assert [(each.startup_id, each.note) for each in shortlist.entries] == [(kept.id, "good\ncall")]


def test_of_two_answers_to_a_challenge_the_one_that_was_taken_back_goes(
    session: Session, make_startup: Maker, make_partner: Maker
) -> None:
    kept, gone = make_startup(), make_startup()
    challenge = Challenge(
        slug="c",
        partner_id=make_partner(kind="corporate").id,
        state=ChallengeState.OPEN,
        title={"en": "T"},
        problem={},
        deadline=TODAY,
    )
    session.add(challenge)
    session.flush()
    answers = [
        ChallengeAnswer(challenge_id=challenge.id, startup_id=startup.id, language="en", text="T", state=state)
        for startup, state in ((kept, AnswerState.SENT), (gone, AnswerState.SENT))
    ]
    session.add_all(answers)
    session.flush()
    assert stopped(session, kept, gone) == "answers-clash"
    answers[0].state = AnswerState.WITHDRAWN
    session.flush()
    merged(session, kept, gone)
    assert session.scalars(sa.select(ChallengeAnswer)).all() == [answers[1]]


def test_open_changes_and_waiting_claims_are_decided_first(session: Session, make_startup: Maker) -> None:
    kept, gone = make_startup(), make_startup()
    revision = Revision(startup_id=gone.id, changes={"founded": 2020}, before={})
    claim = Claim(startup_id=kept.id, person=make_person(), statement="me")
    session.add_all([revision, claim])
    session.flush()
    codes = [each.code for each in hindrances(get_pair(session, STAFF, "startup", kept.id, gone.id))]
    assert codes == ["revision-open", "claim-waiting"]
    assert stopped(session, kept, gone) == "revision-open"


def test_who_saw_other_profiles_does_not_merge_them(session: Session, make_startup: Maker) -> None:
    merging = get_pair(session, STAFF, "startup", make_startup().id, make_startup().id)
    mark = mark_of(merging)
    merging.gone.founded = 2001
    session.flush()
    with pytest.raises(Conflict) as error:
        merge(merging, {}, mark=mark, today=TODAY)
    assert error.value.code == "changed-meanwhile"


def test_what_the_public_saw_it_still_sees(session: Session, make_startup: Maker) -> None:
    kept, gone = make_startup(state=PublicationState.DRAFT, published_at=None), make_startup()
    assert suggest_kept(kept, gone, ()) is gone
    merged(session, kept, gone)
    assert kept.is_published
    assert kept.published_at is not None


def test_only_staff_merge_and_only_two_that_exist(session: Session, make_startup: Maker) -> None:
    one = make_startup()
    with pytest.raises(NotAllowed):
        get_pair(session, VISITOR, "startup", one.id, make_startup().id)
    for noun, other in (("startup", one.id), ("startup", one.id + 999), ("park", one.id)):
        with pytest.raises(NotFound):
            get_pair(session, STAFF, noun, one.id, other)
