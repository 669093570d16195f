"""Who applies for what: the first page of an application, checked against the pack, its parks and the open cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from webapp.errors import Conflict, Invalid
from webapp.models import Application, ApplicationState, Cohort, DbSession, Network, Site
from webapp.services.cohorts import is_open, open_cohorts, rules_of


@dataclass(frozen=True)
class Applicant:
    """Who applies, for what: the first page of an application."""

    kind: str
    site: str
    """Code."""
    contact_name: str
    email: str
    language: str
    cohort: str = ""
    """Code; empty: to none."""
    phone: str = ""


def write_applicant(
    session: DbSession, network: Network | None, application: Application, applicant: Applicant, today: date
) -> None:
    """Write who applies, and for what, to an application that is being written.

    Raises:
        Conflict: ``closed``: one cannot apply, or not to this cohort, today.
        Invalid: ``value`` (``field``): what it says is unknown or missing; ``cohort-of-another-site``.
    """
    if applicant.kind not in {kind.code for kind in rules_of(network).kinds}:
        raise Invalid("value", field="kind") if rules_of(network).kinds else Conflict("closed")
    site = session.scalar(sa.select(Site).where(Site.code == applicant.site, Site.status == "operating"))
    if site is None:
        raise Invalid("value", field="site")
    email = applicant.email.strip().lower()
    if not email or not applicant.contact_name.strip():
        raise Invalid("value", field="contact_name" if email else "email")
    with session.no_autoflush:
        application.cohort = _chosen_cohort(session, network, application, applicant, site, today)
    application.kind, application.site = applicant.kind, site
    application.contact_name, application.email = applicant.contact_name.strip(), email
    application.phone, application.language = applicant.phone.strip() or None, applicant.language


def _chosen_cohort(
    session: DbSession,
    network: Network | None,
    application: Application,
    applicant: Applicant,
    site: Site,
    today: date,
) -> Cohort | None:
    """The cohort that was chosen. Of an application that was given back it stays, open or not."""
    if application.state == ApplicationState.RETURNED:
        return application.cohort
    cohort = session.scalar(sa.select(Cohort).where(Cohort.code == applicant.cohort)) if applicant.cohort else None
    if applicant.cohort and cohort is None:
        raise Invalid("value", field="cohort")
    if cohort is not None and cohort.site_id not in (None, site.id):
        raise Invalid("cohort-of-another-site", field="cohort")
    check_open(session, network, cohort, today)
    return cohort


def check_open(session: DbSession, network: Network | None, cohort: Cohort | None, today: date) -> None:
    """Stop whoever comes too early or too late.

    Raises:
        Conflict: ``closed``: one cannot apply, or not to this cohort, today.
        Invalid: ``value`` (``field``): one can apply to a cohort only, and there is an open one.
    """
    rules = rules_of(network)
    if not rules.kinds or (cohort is not None and not is_open(cohort, today)):
        raise Conflict("closed")
    if cohort is None and not rules.is_open:
        raise Invalid("value", field="cohort") if open_cohorts(session, today) else Conflict("closed")
