from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webapp.models import Startup
from webapp.services.slugs import LENGTH, Slugs


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Tazrii", "tazrii"),
        ("Élan & Cie", "elan-cie"),
        ("دار الفكر", "dar-alfkr"),
        ("🚀", "profile"),
        ("", "profile"),
    ],
)
def test_names_of_any_script_become_ascii(session: Session, name: str, slug: str) -> None:
    assert Slugs(session, Startup).make(name) == slug


def test_slugs_are_never_given_twice(session: Session, make_startup: Callable[..., Any]) -> None:
    make_startup("Tazrii", slug="tazrii")
    slugs = Slugs(session, Startup)
    assert [slugs.make("Tazrii"), slugs.make("tazrii!"), slugs.make("Tazrii 2")] == [
        "tazrii-2",
        "tazrii-3",
        "tazrii-2-2",
    ]


def test_long_names_are_cut_with_room_for_a_number(session: Session) -> None:
    slugs = Slugs(session, Startup)
    made = [slugs.make("x" * 200), slugs.make("x" * 200)]
    assert made == ["x" * LENGTH, "x" * (LENGTH - 2) + "-2"]
