from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.visiting import Visit
from webapp.models import Challenge, Match, PortfolioCompany, PublicationState

LANGUAGES = ("ar", "fr", "en")
Maker = Callable[..., Any]


@pytest.mark.parametrize("language", LANGUAGES)
def test_partners_are_listed_and_filtered_by_kind(visit: Visit, make_partner: Maker, language: str) -> None:
    make_partner("Sahel Fund", kind="investor")
    make_partner("Salma", kind="mentor")
    assert visit(f"/{language}/partners").entries == 2
    page = visit(f"/{language}/partners?kind=mentor&kind=pirate")
    assert page.entries == 1
    assert "Salma" in page.text
    assert "kind=pirate" in page.text


def test_the_language_facet_does_not_disturb_the_language_of_the_page(visit: Visit, make_partner: Maker) -> None:
    make_partner("Sahel Fund", languages=["ar"])
    page = visit("/fr/partners?language=ar")
    assert page.entries == 1
    assert page.alternates()["en"].endswith("/en/partners?language=ar")


@pytest.mark.parametrize("kind", ["investor", "mentor", "corporate"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_partner_has_a_profile(visit: Visit, make_partner: Maker, language: str, kind: str) -> None:
    partner = make_partner("Sahel Fund", kind=kind, ticket_min=1_000_000, ticket_max=8_000_000, currency="MAD")
    page = visit(f"/{language}/partners/{partner.slug}")
    assert page.status == 200
    assert len(page.headings) == 1
    assert "Sahel Fund" in page.title


def test_open_challenges_lead_to_their_pages_closed_ones_are_marked_and_drafts_are_nobodys_business(
    visit: Visit, make_partner: Maker, session: Session
) -> None:
    partner = make_partner(kind="corporate")
    for year, state in ((2020, "open"), (2099, "open"), (2098, "draft"), (2097, "withdrawn")):
        row = Challenge(slug=f"of-{year}", state=state, title={"en": f"Challenge of {year}"}, problem={"en": "…"})
        row.deadline = date(year, 5, 1)
        partner.challenges.append(row)
    session.flush()
    page = visit(f"/en/partners/{partner.slug}")
    text = page.text
    assert "Closed on 1 May 2020" in text
    assert "Open until 1 May 2099" in text
    assert 'href="/en/challenges/of-2099"' in page.html
    assert "2098" not in text
    assert "2097" not in text


def test_a_portfolio_links_to_published_profiles_only(
    visit: Visit, make_partner: Maker, make_startup: Maker, session: Session
) -> None:
    partner, seen, hidden = make_partner(), make_startup("Seen"), make_startup("Hidden", state="withdrawn")
    partner.portfolio = [PortfolioCompany(name=row.name_latin, startup_id=row.id, year=2024) for row in (seen, hidden)]
    session.flush()
    page = visit(f"/en/partners/{partner.slug}")
    assert f"/en/startups/{seen.slug}" in page.links
    assert f"/en/startups/{hidden.slug}" not in page.links


def test_matches_are_shown_with_reasons_on_both_profiles(
    visit: Visit, make_partner: Maker, make_startup: Maker, session: Session
) -> None:
    startup, partner = make_startup("Tazrii", sectors=["agritech"]), make_partner("Sahel Fund")
    session.add(_match(startup.id, partner.id))
    session.flush()
    assert "Looks for startups in Agritech" in visit(f"/en/startups/{startup.slug}").text
    assert "Looks for other stages: Growth" in visit(f"/en/partners/{partner.slug}").text


def test_withdrawn_profiles_never_appear_in_matches(
    visit: Visit, make_partner: Maker, make_startup: Maker, session: Session
) -> None:
    startup, partner = make_startup("Tazrii"), make_partner("Sahel Fund")
    session.add(_match(startup.id, partner.id))
    partner.state = PublicationState.WITHDRAWN
    session.flush()
    assert "Sahel Fund" not in visit(f"/en/startups/{startup.slug}").text
    partner.state, startup.state = PublicationState.PUBLISHED, PublicationState.WITHDRAWN
    session.flush()
    assert "Tazrii" not in visit(f"/en/partners/{partner.slug}").text


def _match(startup_id: int, partner_id: int) -> Match:
    explanation = [
        {"code": "same-sector", "weight": 0.4, "values": {"codes": ["agritech"]}},
        {"code": "stage-differs", "weight": 0.0, "cost": 0.2, "values": {"codes": ["growth"]}},
    ]
    return Match(
        startup_id=startup_id,
        partner_id=partner_id,
        score=0.7,
        startup_rank=1,
        partner_rank=1,
        explanation=explanation,
    )


@pytest.mark.parametrize("state", [PublicationState.DRAFT, PublicationState.WITHDRAWN])
def test_unpublished_partners_do_not_exist_for_visitors(
    visit: Visit, make_partner: Maker, state: PublicationState
) -> None:
    partner = make_partner(state=state)
    assert visit(f"/en/partners/{partner.slug}").status == 404
