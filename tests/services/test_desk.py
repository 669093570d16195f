from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.accounts import make_account, make_person
from webapp.errors import NotAllowed
from webapp.models import Claim, Network, NetworkRole, utc_now
from webapp.permissions import VISITOR
from webapp.services.actors import actor_of
from webapp.services.desk import COUNTERS, SOURCES, queues, service_levels


def test_how_soon_a_request_is_to_be_checked_is_what_the_pack_says() -> None:
    network = Network(introductions={"review_days": 1}, service_levels={"claims": 9})
    assert service_levels(network)["introductions"] == 1
    assert service_levels(network)["claims"] == 9
    assert service_levels(None)["introductions"] == 3


def test_every_queue_has_a_level() -> None:
    assert {*SOURCES, *COUNTERS} <= set(service_levels(None))


def test_the_oldest_queue_comes_first_and_empty_ones_last(session: Session, make_startup: object) -> None:
    staff = actor_of(session, make_account(NetworkRole.STAFF))
    startup = make_startup("Unclaimed")  # type: ignore[operator]
    made = utc_now() - timedelta(days=20)
    claim = Claim(startup_id=startup.id, person_id=make_person().id, statement="Mine", position="Boss", created_at=made)
    session.add(claim)
    session.flush()
    first, *others = queues(session, staff)
    assert (first.code, first.count, first.oldest, first.is_late) == ("claims", 1, made, True)
    assert {(queue.count, queue.is_late) for queue in others} == {(0, False)}


def test_only_staff_see_what_waits(session: Session) -> None:
    with pytest.raises(NotAllowed):
        queues(session, VISITOR)
