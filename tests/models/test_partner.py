from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models import Challenge, Partner, PartnerSite, PortfolioCompany, PublicationState, Site, Term, TermKind

Maker = Callable[..., Any]
Terms = Callable[..., list[Term]]


def codes(rows: list[Any]) -> list[str]:
    return [row.code for row in rows]


def test_what_is_sought_and_what_is_ruled_out_are_kept_apart(session: Session, make_partner: Maker) -> None:
    partner = make_partner(sectors=["fintech", "agritech"], excluded_sectors=("gaming", "esport"))
    session.expire_all()
    assert codes(partner.terms(TermKind.SECTOR)) == ["fintech", "agritech"]
    assert codes(partner.excluded(TermKind.SECTOR)) == ["gaming", "esport"]


def test_replacing_what_is_sought_keeps_what_is_ruled_out(session: Session, make_partner: Maker, terms: Terms) -> None:
    partner = make_partner(sectors=["fintech", "agritech"], excluded_sectors=("gaming",), instruments=["equity"])
    partner.set_terms(TermKind.SECTOR, terms("sectors", "edtech", "fintech"))
    session.flush()
    session.expire_all()
    assert codes(partner.terms(TermKind.SECTOR)) == ["edtech", "fintech"]
    assert codes(partner.excluded(TermKind.SECTOR)) == ["gaming"]
    assert codes(partner.terms(TermKind.INSTRUMENT)) == ["equity"]


def test_a_term_can_pass_from_sought_to_ruled_out(session: Session, make_partner: Maker, terms: Terms) -> None:
    partner = make_partner(sectors=["fintech", "gaming"])
    partner.set_terms(TermKind.SECTOR, terms("sectors", "fintech"))
    partner.set_terms(TermKind.SECTOR, terms("sectors", "gaming"), excluded=True)
    session.flush()
    session.expire_all()
    assert codes(partner.terms(TermKind.SECTOR)) == ["fintech"]
    assert codes(partner.excluded(TermKind.SECTOR)) == ["gaming"]


@pytest.mark.parametrize("excluded", [False, True])
def test_a_term_cannot_be_both_sought_and_ruled_out(make_partner: Maker, terms: Terms, excluded: bool) -> None:
    partner = make_partner(sectors=["fintech"], excluded_sectors=("gaming",))
    with pytest.raises(ValueError, match="both sought and ruled out"):
        partner.set_terms(TermKind.SECTOR, terms("sectors", "gaming", "fintech"), excluded=excluded)
    assert codes(partner.terms(TermKind.SECTOR)) == ["fintech"]


def test_repeated_terms_and_terms_of_another_kind_are_refused(make_partner: Maker, terms: Terms) -> None:
    partner = make_partner()
    with pytest.raises(ValueError, match="not distinct terms of skills"):
        partner.set_terms(TermKind.SKILL, terms("skills", "finance", "finance"))
    with pytest.raises(ValueError, match="not distinct terms of skills"):
        partner.set_terms(TermKind.SKILL, terms("sectors", "fintech"))


def test_a_partner_may_seek_more_than_a_startup_can_have(make_partner: Maker) -> None:
    stages = ["idea", "prototype", "mvp"]
    assert codes(make_partner(maturities=stages).terms(TermKind.MATURITY)) == stages


def test_a_name_is_given_in_the_readers_script() -> None:
    partner = Partner(name_latin="Sahel Fund", name_arabic="صندوق الساحل", slug="sahel-fund")
    assert partner.name_for("Arab") == "صندوق الساحل"
    assert partner.other_name_for("Arab") == "Sahel Fund"


def test_a_mentor_meets_at_its_sites(session: Session, make_partner: Maker) -> None:
    mentor = make_partner(kind="mentor")
    assert mentor.sites == []
    site = session.scalars(sa.select(Site).where(Site.code == "agadir")).one()
    mentor.site_links = [PartnerSite(site=site)]
    session.flush()
    assert codes(mentor.sites) == ["agadir"]


@pytest.mark.parametrize("values", [{"name_latin": None}, {"ticket_min": 2, "ticket_max": 1}])
def test_the_database_refuses_what_breaks_a_rule_of_a_row(make_partner: Maker, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        make_partner(**values)


@pytest.mark.parametrize(("least", "most"), [(None, 1), (1, None), (1, 1)])
def test_a_ticket_may_be_known_in_part(make_partner: Maker, least: int | None, most: int | None) -> None:
    assert make_partner(ticket_min=least, ticket_max=most).id


def test_only_published_partners_are_public(session: Session, make_partner: Maker) -> None:
    shown = make_partner()
    make_partner(state=PublicationState.WITHDRAWN)
    assert session.scalars(Partner.published()).all() == [shown]


def test_challenges_come_by_deadline_and_the_portfolio_newest_first(session: Session, make_partner: Maker) -> None:
    partner = make_partner(kind="corporate")
    partner.challenges = [
        Challenge(slug=f"of-{month}", title={}, problem={}, deadline=date(2027, month, 1)) for month in (5, 3)
    ]
    partner.portfolio = [PortfolioCompany(name=f"Of {year}", year=year) for year in (2020, 2024)]
    session.flush()
    session.expire_all()
    assert [challenge.deadline.month for challenge in partner.challenges] == [3, 5]
    assert [company.year for company in partner.portfolio] == [2024, 2020]


def test_a_startup_that_goes_stays_in_a_portfolio_by_name(
    session: Session, make_partner: Maker, make_startup: Maker
) -> None:
    startup, partner = make_startup("Tazrii"), make_partner()
    partner.portfolio = [PortfolioCompany(name="Tazrii", year=2024, startup_id=startup.id)]
    session.commit()
    session.delete(startup)
    session.commit()
    (company,) = partner.portfolio
    assert (company.name, company.startup_id) == ("Tazrii", None)
