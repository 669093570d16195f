"""A guard against a crash of CPython 3.11 in SQLAlchemy's instance states. Not needed, and not applied, from 3.12 on.

CPython 3.11 keeps an object's attributes outside a dictionary until it must make one. Making it may start a garbage
collection; if that collects the mapped instance to which the state belongs, SQLAlchemy's weak reference callback
(``InstanceState._cleanup``) sets attributes of the same state while they are being moved, and memory is freed twice.
A list page crashed the web process within a few requests. Making the dictionary at once, while the instance is
certainly alive, leaves nothing to move later.
"""

from __future__ import annotations

import sys
from typing import Any

from sqlalchemy.orm.state import InstanceState


def guard_instance_states() -> None:
    """Let every instance state have its attribute dictionary from the beginning. Applying it again changes nothing."""
    if sys.version_info >= (3, 12) or getattr(InstanceState.__init__, "is_guarded", False):
        return
    original = InstanceState.__init__

    def initialize(self: Any, *args: Any, **keywords: Any) -> None:
        vars(self)
        original(self, *args, **keywords)

    initialize.is_guarded = True  # type: ignore[attr-defined]
    InstanceState.__init__ = initialize  # type: ignore[method-assign]
