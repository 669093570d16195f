from __future__ import annotations

import pytest

from webapp.errors import NotAllowed
from webapp.models import Introduction, MembershipRole, NetworkRole, Partner, Region, Side, Startup, utc_now
from webapp.permissions import SYSTEM, VISITOR, Actor, Permission, can, require


def test_the_system_may_do_everything() -> None:
    assert all(can(SYSTEM, permission) for permission in Permission)


def test_a_member_may_edit_their_own_profile_and_no_other() -> None:
    mine, other = Startup(id=1), Startup(id=2)
    member = Actor("person", account_id=1, memberships={("startup", 1): MembershipRole.EDITOR})
    assert can(member, Permission.EDIT_PROFILE, mine)
    assert not can(member, Permission.EDIT_PROFILE, other)
    assert not can(member, Permission.EDIT_PROFILE, Partner(id=1)), "a partner with the number of their startup"


def test_only_owners_decide_about_members() -> None:
    mine = Startup(id=1)
    editor = Actor("person", account_id=1, memberships={("startup", 1): MembershipRole.EDITOR})
    owner = Actor("person", account_id=2, memberships={("startup", 1): MembershipRole.OWNER})
    assert not can(editor, Permission.MANAGE_MEMBERS, mine)
    assert can(owner, Permission.MANAGE_MEMBERS, mine)


def test_the_asked_side_sees_an_introduction_once_it_was_sent() -> None:
    introduction = Introduction(startup=Startup(id=1), partner=Partner(id=1), asked_by=Side.STARTUP)
    investor = Actor("person", account_id=1, memberships={("partner", 1): MembershipRole.OWNER})
    assert not can(investor, Permission.READ_INTRODUCTION, introduction)
    introduction.sent_at = utc_now()
    assert can(investor, Permission.READ_INTRODUCTION, introduction)


def test_an_authority_reads_its_own_region_only() -> None:
    authority = Actor("person", account_id=1, network_roles=frozenset({NetworkRole.AUTHORITY}), region_id=4)
    assert can(authority, Permission.READ_REGION, Region(id=4))
    assert not can(authority, Permission.READ_REGION, Region(id=5))


def test_whoever_has_the_permission_is_let_through() -> None:
    require(SYSTEM, Permission.WRITE)


def test_whoever_lacks_it_is_stopped_with_its_name_and_their_role() -> None:
    with pytest.raises(NotAllowed) as stopped:
        require(VISITOR, Permission.WRITE)
    assert stopped.value.code == "write"
    assert stopped.value.values == {"role": "visitor"}
