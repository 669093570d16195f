from __future__ import annotations

import pytest

from webapp.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound


@pytest.mark.parametrize("error", [Conflict, Invalid, NotAllowed, NotFound])
def test_an_error_carries_a_code_and_what_a_message_about_it_needs(error: type[DomainError]) -> None:
    raised = error("codes-in-use", codes=["fintech"], code="sectors")
    assert isinstance(raised, DomainError)
    assert raised.code == "codes-in-use"
    assert raised.values == {"codes": ["fintech"], "code": "sectors"}


def test_an_error_in_a_log_says_what_happened() -> None:
    assert str(NotFound("page")) == "page"
    assert str(NotFound("page", pages=3)) == "page {'pages': 3}"
