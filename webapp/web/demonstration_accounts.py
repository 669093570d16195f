"""The accounts that come with demonstration data, as the page for signing in lists them outside production."""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app
from flask_babel import gettext
from sqlalchemy import select

from webapp.extensions import db
from webapp.models import Account, Membership, MembershipRole, NetworkRole, Partner, PartnerKind
from webapp.services.demonstration_accounts import PASSWORD, TOTP_SECRET
from webapp.web.formats import localized, name_of
from webapp.web.site import current_settings


class DemonstrationAccount(NamedTuple):
    """One of them."""

    role: str
    email: str
    password: str
    code: str
    """Of the authenticator app at this moment, where a second factor is asked for."""


def demonstration_accounts() -> list[DemonstrationAccount]:
    """All of them; none in production."""
    if current_settings().environment == "production":
        return []
    accounts = db.session.scalars(select(Account).where(Account.is_demo).order_by(Account.id)).all()
    codes = current_app.extensions["security"]._totp_factory
    code = codes.generate_totp_password(codes.kept_secret(TOTP_SECRET)) if accounts else ""
    return [
        DemonstrationAccount(_role(account), account.email, PASSWORD, code if account.tf_primary_method else "")
        for account in accounts
    ]


def _role(account: Account) -> str:
    roles = account.network_roles
    if NetworkRole.ADMINISTRATOR in roles:
        return gettext("Administrator")
    if NetworkRole.STAFF in roles:
        return gettext("Staff of the park")
    if NetworkRole.AUTHORITY in roles and account.region:
        return gettext("Authority of the region %(region)s", region=localized(account.region.names).text)
    membership = db.session.scalar(select(Membership).filter_by(person_id=account.person_id).order_by(Membership.id))
    return _member(membership) if membership else gettext("Without an organisation")


def _member(membership: Membership) -> str:
    organisation = membership.organisation
    name = f"\u2068{name_of(organisation)}\u2069"
    if isinstance(organisation, Partner):
        texts = {
            PartnerKind.INVESTOR: gettext("Investor: %(name)s", name=name),
            PartnerKind.MENTOR: gettext("Mentor: %(name)s", name=name),
            PartnerKind.CORPORATE: gettext("Company: %(name)s", name=name),
        }
        return texts[PartnerKind(organisation.kind)]
    if membership.role == MembershipRole.OWNER:
        return gettext("Owner of the startup %(name)s", name=name)
    return gettext("Editor of the startup %(name)s", name=name)
