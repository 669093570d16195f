"""Which passwords are too easy to guess."""

from __future__ import annotations

import pytest

from webapp.services.passwords import weakness


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("1234567890", "digits"),
        ("2026-11-28 10:00", "digits"),
        ("aaaaaaaaaaaa", "repetition"),
        ("abababab12ab", "repetition"),
        ("Salma.Bennani", "own-name"),
        ("salmabennani26", "own-name"),
        ("MotDePasse2026", "common"),
        ("azertyuiop123!", "common"),
        ("thé à la menthe", None),
        ("كلمة سر طويلة جدا", None),
        ("salma mange des figues", None),
        ("kX9#mm2pQvt!", None),
    ],
)
def test_a_password_is_judged(password: str, expected: str | None) -> None:
    assert weakness(password, email="salma.bennani@mail.example", name="Salma Bennani") == expected


def test_without_an_owner_only_the_password_itself_counts() -> None:
    assert weakness("salma bennani") is None
