"""The guard against a crash of CPython 3.11 (see ``webapp.models.instance_state``)."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from sqlalchemy.orm.state import InstanceState

from webapp.models.instance_state import guard_instance_states


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="only CPython 3.11 needs the guard")
def test_on_python_311_states_are_guarded_once() -> None:
    guarded = InstanceState.__init__
    assert guarded.is_guarded  # type: ignore[attr-defined]
    guard_instance_states()
    assert InstanceState.__init__ is guarded


def test_lists_can_be_read_again_and_again_while_garbage_is_collected(
    client: FlaskClient, session: Session, make_startup: Callable[..., Any]
) -> None:
    for _ in range(12):
        make_startup(site="rabat", technologies=["ai", "data"], needs=["equity", "grant"])
    session.commit()
    for _ in range(15):
        assert client.get("/en/startups").status_code == 200
        gc.collect()
