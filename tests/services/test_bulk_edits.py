from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.errors import Conflict, Invalid, NotAllowed, NotFound
from webapp.models import BulkEdit, Change, NetworkRole, PublicationState, TermKind
from webapp.permissions import VISITOR, Actor
from webapp.services.bulk_edits import (
    Chosen,
    Plan,
    apply_edit,
    get_edit,
    ids_of_slugs,
    list_edits,
    plan_edit,
    rows_of,
    undo_edit,
)
from webapp.services.bulk_fields import Operation, actions_of, bulk_fields

Maker = Callable[..., Any]
STAFF = Actor("person", account_id=1, network_roles=frozenset({NetworkRole.STAFF}))
TODAY = date(2026, 11, 28)


def planned(session: Session, *profiles: Any, field: str, action: str = "set", value: str = "") -> Plan:
    noun = profiles[0].noun
    chosen = Chosen(noun, {}, tuple(profile.slug for profile in profiles))
    ids, unknown = ids_of_slugs(session, noun, chosen.slugs)
    return plan_edit(session, STAFF, chosen, ids, Operation(field, action, value), today=TODAY, unknown=unknown)


def done(session: Session, plan: Plan) -> BulkEdit:
    return apply_edit(session, STAFF, plan, digest=plan.digest, today=TODAY)


def sectors(profile: Any) -> list[str]:
    return [term.code for term in profile.terms(TermKind.SECTOR)]


def test_a_plan_says_what_would_change_and_changes_nothing(session: Session, make_startup: Maker) -> None:
    has, lacks = make_startup(sectors=["fintech"]), make_startup(sectors=["edtech"])
    plan = planned(session, has, lacks, field="sectors", action="add", value="fintech")
    assert [(each.profile, each.before, each.after) for each in plan.changes] == [
        (lacks, {"sectors": ["edtech"]}, {"sectors": ["edtech", "fintech"]})
    ]
    assert plan.same == 1
    assert sectors(lacks) == ["edtech"]


def test_an_edit_can_be_undone(session: Session, make_startup: Maker) -> None:
    one, two = make_startup(sectors=["edtech", "software"]), make_startup(sectors=["edtech"])
    edit = done(session, planned(session, one, two, field="sectors", action="set", value="fintech"))
    session.commit()
    assert (sectors(one), sectors(two)) == (["fintech"], ["fintech"])
    undone = undo_edit(session, STAFF, edit, today=TODAY)
    session.commit()
    assert (undone.back, undone.left) == (2, 0)
    assert (sectors(one), sectors(two)) == (["edtech", "software"], ["edtech"])
    with pytest.raises(Conflict) as error:
        undo_edit(session, STAFF, edit, today=TODAY)
    assert error.value.code == "undone-already"


def test_undoing_leaves_what_somebody_changed_since_and_what_is_gone(
    session: Session, make_startup: Maker, terms: Maker
) -> None:
    one, two, three = make_startup(), make_startup(), make_startup()
    edit = done(session, planned(session, one, two, three, field="sectors", action="set", value="fintech"))
    two.set_terms(TermKind.SECTOR, terms("sectors", "edtech"))
    session.delete(three)
    session.flush()
    undone = undo_edit(session, STAFF, edit, today=TODAY)
    assert (undone.back, undone.left) == (1, 2)
    assert sectors(two) == ["edtech"]
    assert [(row.undone, profile) for row, profile in rows_of(session, edit, limit=9, offset=0)] == [
        (True, one),
        (False, two),
        (False, None),
    ]


def test_what_was_seen_is_what_is_done(session: Session, make_startup: Maker, terms: Maker) -> None:
    startup = make_startup(sectors=["edtech"])
    seen = planned(session, startup, field="sectors", action="add", value="fintech").digest
    startup.set_terms(TermKind.SECTOR, terms("sectors", "software"))
    session.flush()
    now = planned(session, startup, field="sectors", action="add", value="fintech")
    with pytest.raises(Conflict) as error:
        apply_edit(session, STAFF, now, digest=seen, today=TODAY)
    assert error.value.code == "selection-changed"
    assert sectors(startup) == ["software"]


def test_an_edit_that_changes_nothing_is_not_done(session: Session, make_startup: Maker) -> None:
    plan = planned(session, make_startup(sectors=["fintech"]), field="sectors", action="add", value="fintech")
    with pytest.raises(Conflict) as error:
        done(session, plan)
    assert error.value.code == "nothing-to-do"


@pytest.mark.parametrize(
    ("values", "operation", "code"),
    [
        ({"sectors": ["fintech", "edtech", "software", "healthtech"]}, ("sectors", "add", "agritech"), "full"),
        ({"sectors": ["fintech"]}, ("sectors", "remove", "fintech"), "required"),
        ({"state": PublicationState.DRAFT, "pitch": {}}, ("state", "set", "published"), "incomplete"),
    ],
)
def test_profiles_of_which_it_cannot_be_said_are_named(
    session: Session, make_startup: Maker, values: dict[str, Any], operation: tuple[str, str, str], code: str
) -> None:
    startup = make_startup(**values)
    field, action, value = operation
    plan = planned(session, startup, field=field, action=action, value=value)
    assert [(each.profile, each.hindrance) for each in plan.hindered] == [(startup, code)]
    assert not plan.changes


def test_partners_have_the_fields_of_their_kind(session: Session, make_partner: Maker) -> None:
    mentor = make_partner(kind="mentor")
    investor = make_partner(excluded_sectors=("fintech",))
    [change] = planned(session, mentor, field="funding_stages", action="add", value="seed").hindered
    assert change.hindrance == "no-field"
    [change] = planned(session, investor, field="sectors", action="add", value="fintech").hindered
    assert change.hindrance == "ruled-out"


def test_columns_beside_the_pages_can_be_changed(session: Session, make_startup: Maker) -> None:
    startup = make_startup(confirmed_on=date(2020, 1, 1))
    edits = [
        done(session, planned(session, startup, field=field, action=action, value=value))
        for field, action, value in (
            ("verified_on", "set", ""),
            ("confirmed_on", "clear", ""),
            ("state", "set", "withdrawn"),
            ("region", "set", "MA-09"),
            ("country", "set", "MA"),
        )
    ]
    assert (startup.verified_on, startup.confirmed_on, startup.state) == (TODAY, None, PublicationState.WITHDRAWN)
    assert (startup.region.code, startup.country) == ("MA-09", "MA")
    for edit in reversed(edits):
        assert undo_edit(session, STAFF, edit, today=TODAY).back == 1
    assert (startup.verified_on, startup.confirmed_on) == (None, date(2020, 1, 1))
    assert startup.is_published
    assert startup.region is None


def test_what_was_never_public_is_not_withdrawn(session: Session, make_startup: Maker) -> None:
    plan = planned(session, make_startup(state=PublicationState.DRAFT), field="state", value="withdrawn")
    assert (list(plan.changes), plan.same) == ([], 1)


def test_the_index_learns_of_every_profile_that_changed(session: Session, make_startup: Maker) -> None:
    one, two = make_startup(), make_startup()
    session.execute(sa.delete(Change))
    done(session, planned(session, one, two, field="technologies", action="add", value="ai"))
    changed = set(session.execute(sa.select(Change.noun, Change.object_id)).all())
    assert changed == {("startup", one.id), ("startup", two.id)}


def test_needs_and_offers_are_said_by_members_only() -> None:
    assert not {"needs", "offers"} & set(bulk_fields("startup"))
    with pytest.raises(Invalid):
        actions_of("startup", "needs")
    with pytest.raises(NotFound):
        bulk_fields("park")


@pytest.mark.parametrize(
    ("field", "action", "value", "code"),
    [
        ("pitch", "set", "x", "field"),
        ("sectors", "clear", "", "action"),
        ("sectors", "add", "nothing", "value"),
        ("region", "set", "nowhere", "value"),
        ("country", "set", "Morocco", "value"),
        ("state", "set", "draft", "value"),
    ],
)
def test_what_is_no_operation_is_refused(
    session: Session, make_startup: Maker, field: str, action: str, value: str, code: str
) -> None:
    with pytest.raises(Invalid) as error:
        planned(session, make_startup(), field=field, action=action, value=value)
    assert error.value.code == code


def test_planning_takes_as_many_queries_for_many_as_for_few(
    session: Session, make_startup: Maker, count_queries: Callable[[], int]
) -> None:
    startups = [make_startup() for _ in range(8)]
    session.commit()

    def queries(number: int) -> int:
        session.expunge_all()
        count_queries()
        ids = list(known[:number])
        plan_edit(session, STAFF, Chosen("startup", {}), ids, Operation("sectors", "add", "fintech"), today=TODAY)
        return count_queries()

    known = [startup.id for startup in startups]
    assert queries(8) == queries(2)


def test_slugs_that_nobody_has_are_named(session: Session, make_startup: Maker) -> None:
    startup = make_startup(slug="known")
    assert ids_of_slugs(session, "startup", ("known", "nobody", "known")) == ([startup.id], ("nobody",))


def test_edits_are_listed_for_staff_with_how_many_they_changed(session: Session, make_startup: Maker) -> None:
    edit = done(session, planned(session, make_startup(), make_startup(), field="verified_on"))
    assert list_edits(session, STAFF, limit=5) == [(edit, 2)]
    assert get_edit(session, STAFF, edit.reference) is edit
    with pytest.raises(NotFound):
        get_edit(session, STAFF, "nothing")
    with pytest.raises(NotAllowed):
        list_edits(session, VISITOR, limit=5)
