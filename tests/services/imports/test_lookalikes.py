from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from webapp.services.imports.lookalikes import Lookalike, Lookalikes, web_place


@pytest.fixture
def lookalikes(session: Session, make_startup: Callable[..., Any]) -> Lookalikes:
    make_startup("Sahel Water", slug="sahel-water", name_arabic="مياه الساحل", website="https://www.sahel.example/fr")
    make_startup("Studio 1", slug="studio-1", website="https://facebook.com/studio1")
    make_startup("Lina", slug="lina")
    return Lookalikes(session)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("SAHEL WATER SARL", "same-name"),
        ("Water, Sahel", "same-name"),
        ("SahelWater Inc.", "same-name"),
        ("مياه الساحل", "same-name"),
        ("Sahel Wter", "close-name"),
        ("Sahel Waters", "close-name"),
        ("Sohel Water", "close-name"),
        ("Sahle Water", "close-name"),
    ],
)
def test_a_slip_of_the_pen_is_seen(lookalikes: Lookalikes, name: str, how: str) -> None:
    assert lookalikes.find([name, None], None) == Lookalike("sahel-water", how)


@pytest.mark.parametrize("name", ["Sahel Wind", "Sahel", "Studio 2", "Lima", "SARL", "", "Sahara Water"])
def test_other_names_are_other_startups(lookalikes: Lookalikes, name: str) -> None:
    assert lookalikes.find([name], None) is None


def test_the_same_website_is_seen(lookalikes: Lookalikes) -> None:
    assert lookalikes.find(["Other"], "http://sahel.example") == Lookalike("sahel-water", "same-website")
    assert lookalikes.find(["Other"], "https://www.facebook.com/Studio1/") == Lookalike("studio-1", "same-website")
    assert lookalikes.find(["Other"], "https://facebook.com/studio2") is None


def test_startups_added_later_are_known(lookalikes: Lookalikes) -> None:
    lookalikes.add("tazrii", ["Tazrii"], None)
    assert lookalikes.find(["Tazriii"], None) == Lookalike("tazrii", "close-name")


def test_an_address_of_a_shared_host_alone_is_nobodys() -> None:
    assert web_place("https://www.facebook.com/") == ""
    assert web_place(None) == ""
