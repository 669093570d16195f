"""Values of profiles: what is written can be read again, in one form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.profiles import TODAY, values_of
from webapp.models import Change, Partner, Startup
from webapp.services.profile_fields import fields_of
from webapp.services.profile_review import differences
from webapp.services.profile_values import only_changed, read_values, write_values
from webapp.services.vocabulary import read_vocabulary
from webapp.web.profile_words import FIELDS, SECTIONS

Maker = Callable[..., Any]
MANY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def codes(session: Session) -> dict[str, list[str]]:
    """All codes of the vocabulary by kind."""
    return {kind: list(names) for kind, names in read_vocabulary(session, "").names.items()}


def _profile(kind: str, make_startup: Maker, make_partner: Maker) -> Startup | Partner:
    made: Startup | Partner = make_startup() if kind == "startup" else make_partner(kind=kind)
    return made


@pytest.mark.parametrize("kind", ["startup", "investor", "mentor", "corporate"])
@MANY
@given(data=st.data())
def test_what_is_written_is_read_again_and_leaves_no_difference(
    session: Session, make_startup: Maker, make_partner: Maker, codes: dict[str, list[str]], kind: str, data: Any
) -> None:
    profile = _profile(kind, make_startup, make_partner)
    changes = data.draw(values_of(profile, codes))
    before = read_values(profile)
    write_values(session, profile, changes, today=TODAY)
    session.flush()
    session.expire(profile)
    after = read_values(profile)
    assert {name: after[name] for name in changes} == changes
    assert only_changed(profile, changes) == {}
    assert differences(profile, after, changes) == []
    write_values(session, profile, before, today=TODAY)
    session.flush()
    session.expire(profile)
    assert read_values(profile) == before


def test_every_field_and_page_has_its_words(make_startup: Maker, make_partner: Maker) -> None:
    profiles = [make_startup(), *(make_partner(kind=kind) for kind in ("investor", "mentor", "corporate"))]
    for profile in profiles:
        for field in fields_of(profile):
            assert field.name in FIELDS
            assert field.section in SECTIONS


def test_needs_that_are_chosen_hold_for_six_months(session: Session, make_startup: Maker) -> None:
    startup = make_startup(needs=["equity"])
    write_values(session, startup, {"needs": ["equity", "loan"], "technologies": []}, today=TODAY)
    assert {link.term.code: link.expires_on for link in startup.term_links if link.term.kind == "needs"} == {
        "equity": date(2027, 5, 28),
        "loan": date(2027, 5, 28),
    }


def test_a_text_that_changes_is_dated_and_the_others_keep_their_date(session: Session, make_startup: Maker) -> None:
    startup = make_startup(pitch={"en": "One.", "fr": "Un."}, text_dates={"pitch": {"en": "2025-01-01"}})
    write_values(session, startup, {"pitch": {"en": "One.", "ar": "واحد"}}, today=TODAY)
    assert startup.text_dates["pitch"] == {"en": "2025-01-01", "ar": "2026-11-28"}


def test_a_sector_moves_between_sought_and_ruled_out(session: Session, make_partner: Maker) -> None:
    partner = make_partner(sectors=["fintech"], excluded_sectors=("agritech",))
    write_values(session, partner, {"sectors": ["agritech"], "excluded_sectors": ["fintech"]}, today=TODAY)
    session.flush()
    session.expire(partner)
    values = read_values(partner)
    assert (values["sectors"], values["excluded_sectors"]) == (["agritech"], ["fintech"])


def test_codes_that_nobody_knows_any_more_are_left_out(session: Session, make_startup: Maker) -> None:
    startup = make_startup()
    write_values(session, startup, {"sectors": ["gone", "fintech"], "no_field": 1}, today=TODAY)
    assert [term.code for term in startup.terms("sectors")] == ["fintech"]


def test_writing_is_noted_for_index_and_matches(session: Session, make_startup: Maker) -> None:
    startup = make_startup()
    session.query(Change).delete()
    write_values(session, startup, {"milestones": [{"on": "2026-01-01", "text": {"en": "Began."}}]}, today=TODAY)
    session.flush()
    assert session.query(Change).filter_by(noun="startup", object_id=startup.id).count()
