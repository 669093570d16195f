from __future__ import annotations

import pytest

from webapp.errors import NotAllowed
from webapp.permissions import SYSTEM, VISITOR, Actor, Permission, can, require

ALLOWED = {
    VISITOR: {Permission.BROWSE, Permission.OPERATE, Permission.DEVELOP},
    SYSTEM: set(Permission),
    Actor("somebody-new"): {Permission.BROWSE, Permission.OPERATE, Permission.DEVELOP},
}


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("actor", ALLOWED, ids=lambda actor: actor.role)
def test_who_may_do_what(actor: Actor, permission: Permission) -> None:
    assert can(actor, permission) == (permission in ALLOWED[actor])


def test_whoever_has_the_permission_is_let_through() -> None:
    require(SYSTEM, Permission.WRITE)


def test_whoever_lacks_it_is_stopped_with_its_name_and_their_role() -> None:
    with pytest.raises(NotAllowed) as stopped:
        require(VISITOR, Permission.WRITE)
    assert stopped.value.code == "write"
    assert stopped.value.values == {"role": "visitor"}
