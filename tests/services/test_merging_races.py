"""Profiles that several of the staff merge or change at once, and a pack that two load."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.accounts import make_account
from tests.conftest import PACK
from tests.races import together
from webapp.models import (
    BulkEdit,
    Claim,
    ClaimState,
    Membership,
    Network,
    NetworkRole,
    NotDuplicate,
    ProfileMerge,
    Startup,
    Term,
    TermKind,
)
from webapp.permissions import Actor
from webapp.services.actors import actor_of
from webapp.services.bulk_edits import Chosen, Plan, apply_edit, ids_of_slugs, plan_edit, undo_edit
from webapp.services.bulk_fields import Operation
from webapp.services.claims import approve_claim, make_claim
from webapp.services.duplicate_pairs import tell_apart
from webapp.services.merging import get_pair, mark_of, merge
from webapp.services.network import load_pack
from webapp.services.network_pack import read_pack
from webapp.services.pack_pages import reload_pack
from webapp.services.redirects import resolve_slug

Maker = Callable[..., Any]
TODAY = date(2026, 11, 28)


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


def reading_pair(one: Startup, two: Startup) -> Any:
    """Reads two profiles as the page of their merging does."""
    ids = one.id, two.id

    def read(own: Session) -> tuple[Startup, Startup]:
        rows = [own.get_one(Startup, row_id) for row_id in ids]
        assert all(row.terms(TermKind.SECTOR) for row in rows)
        return rows[0], rows[1]

    return read


def merging(staff: Actor, *, other_way: bool = False) -> Any:
    def act(own: Session, pair: tuple[Startup, Startup]) -> None:
        kept, gone = reversed(pair) if other_way else pair
        found = get_pair(own, staff, Startup.noun, kept.id, gone.id)
        merge(found, {}, mark=mark_of(found), today=TODAY)

    return act


@pytest.mark.parametrize("other_way", [False, True], ids=["the same way", "each into the other"])
def test_a_pair_is_merged_once(session: Session, staff: Actor, make_startup: Maker, other_way: bool) -> None:
    one, two = make_startup("Tazrii"), make_startup("Tazri")
    slugs = one.slug, two.slug
    results = together(session, reading_pair(one, two), merging(staff), merging(staff, other_way=other_way))
    assert sorted(results) == ["done", "organisation"]
    left = session.scalars(sa.select(Startup)).one()
    assert session.scalars(sa.select(ProfileMerge)).one().kept_id == left.id
    assert left.slug in slugs
    other = slugs[1 - slugs.index(left.slug)]
    assert resolve_slug(session, Startup.noun, other) == left.slug


def test_a_claim_approved_while_its_profile_is_merged_makes_a_member_of_what_is_left(
    session: Session, staff: Actor, make_startup: Maker
) -> None:
    kept, gone = make_startup("Tazrii"), make_startup("Tazri")
    claim = make_claim(session, actor_of(session, make_account()), gone, position="CEO", statement="I founded it.")
    claim_id, ids, pair = claim.id, (kept.id, gone.id), reading_pair(kept, gone)

    def read(own: Session) -> Any:
        shown = own.get_one(Claim, claim_id)
        assert shown.organisation.name_latin == "Tazri"
        return shown, pair(own)

    results = together(
        session,
        read,
        lambda own, shown: merging(staff)(own, shown[1]),
        lambda own, shown: approve_claim(own, staff, shown[0]),
    )
    assert results in (["done", "done"], ["claim-waiting", "done"])
    assert session.scalars(sa.select(Membership)).one().startup_id == ids[results[0] != "done"]
    assert session.get_one(Claim, claim_id).state == ClaimState.APPROVED


def test_a_profile_is_not_claimed_while_it_is_merged(session: Session, staff: Actor, make_startup: Maker) -> None:
    kept, gone = make_startup("Tazrii"), make_startup("Tazri")
    claimant = actor_of(session, make_account())

    def claiming(own: Session, pair: tuple[Startup, Startup]) -> None:
        make_claim(own, claimant, pair[1], position="CEO", statement="I founded it.")

    results = together(session, reading_pair(kept, gone), merging(staff), claiming)
    assert results in (["done", "organisation"], ["claim-waiting", "done"])


def test_two_who_say_that_a_pair_are_two_say_it_once(session: Session, staff: Actor, make_startup: Maker) -> None:
    one, two = make_startup("Tazrii"), make_startup("Tazri")

    def saying(own: Session, pair: tuple[Startup, Startup]) -> None:
        tell_apart(own, staff, Startup.noun, pair[0].id, pair[1].id)

    assert together(session, reading_pair(one, two), saying, saying) == ["done", "done"]
    assert session.scalar(sa.select(sa.func.count()).select_from(NotDuplicate)) == 1


def planning(staff: Actor, slug: str, value: str) -> Any:
    """Plans an edit as the request does that carries it out."""

    def read(own: Session) -> Plan:
        chosen = Chosen(Startup.noun, {}, (slug,))
        ids, _ = ids_of_slugs(own, Startup.noun, chosen.slugs)
        return plan_edit(own, staff, chosen, ids, Operation("sectors", "set", value), today=TODAY)

    return read


def test_of_two_edits_of_one_profile_the_second_is_told_of_the_first(
    session: Session, staff: Actor, make_startup: Maker
) -> None:
    startup = make_startup(sectors=["software"])
    slug = startup.slug

    def read(own: Session) -> list[Plan]:
        return [planning(staff, slug, value)(own) for value in ("fintech", "edtech")]

    def applying(number: int) -> Any:
        return lambda own, plans: apply_edit(own, staff, plans[number], digest=plans[number].digest, today=TODAY)

    results = together(session, read, applying(0), applying(1))
    assert sorted(results) == ["done", "selection-changed"]
    (edit,) = session.scalars(sa.select(BulkEdit))
    assert [(row.before, row.after) for row in edit.rows] == [
        ({"sectors": ["software"]}, {"sectors": [("fintech", "edtech")[results.index("done")]]})
    ]


def test_an_edit_is_undone_once(session: Session, staff: Actor, make_startup: Maker) -> None:
    startup = make_startup(sectors=["software"])
    plan = planning(staff, startup.slug, "fintech")(session)
    edit_id = apply_edit(session, staff, plan, digest=plan.digest, today=TODAY).id

    def undoing(own: Session, edit: BulkEdit) -> None:
        undo_edit(own, staff, edit, today=TODAY)

    results = together(session, lambda own: own.get_one(BulkEdit, edit_id), undoing, undoing)
    assert sorted(results) == ["done", "undone-already"]
    assert [term.code for term in startup.terms(TermKind.SECTOR)] == ["software"]


def test_two_who_load_the_pack_load_it_once(session: Session, tmp_path: Path) -> None:
    administrator = actor_of(session, make_account(NetworkRole.ADMINISTRATOR))
    folder = tmp_path / "pack"
    shutil.copytree(PACK, folder)
    file = folder / "formats.yaml"
    new = '- code: walk\n  names: {ar: "مشي", fr: "Marche", en: "Walk"}\n\n- code: office-hours'
    file.write_text(file.read_text(encoding="utf-8").replace("- code: office-hours", new), encoding="utf-8")
    digest = read_pack(folder).digest

    def read(own: Session) -> list[Any]:
        return [*own.scalars(sa.select(Network)), *own.scalars(sa.select(Term))]

    def loading(own: Session, _: Any) -> None:
        reload_pack(own, administrator, folder, digest=digest)

    try:
        assert together(session, read, loading, loading) == ["done", "done"]
        assert len(session.scalars(sa.select(Term).where(Term.code == "walk")).all()) == 1
    finally:
        session.rollback()
        load_pack(session, read_pack(PACK))
        session.commit()
