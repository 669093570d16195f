"""The register of what is told to people about themselves: every column of every table that belongs to a person.

Each stands here once, as told or as kept back with the reason; a test compares the register with the tables.
"""

from __future__ import annotations

from collections.abc import Mapping

from webapp.services.personal_data_register.own import OWN
from webapp.services.personal_data_register.shared import SHARED
from webapp.services.personal_data_register.told import Told
from webapp.services.personal_data_register.work import WORK

__all__ = ["TOLD", "Told"]

TOLD: Mapping[str, Told] = {**OWN, **SHARED, **WORK}
"""Table -> what is told of it, in the order of the page."""
