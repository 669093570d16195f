"""Who acts for which organisation: memberships, invitations to become a member, and claims of an existing profile."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.partner import Partner
from webapp.models.person import Person
from webapp.models.startup import Startup

ONE_ORGANISATION = "(startup_id IS NULL) <> (partner_id IS NULL)"


class OfOrganisation:
    """Mixin of rows that belong to one startup or to one partner."""

    startup_id: Mapped[int | None] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)

    @declared_attr
    def startup(cls) -> Mapped[Startup | None]:  # noqa: N805 - SQLAlchemy gives it the class
        """The startup, if it is one."""
        return relationship()

    @declared_attr
    def partner(cls) -> Mapped[Partner | None]:  # noqa: N805 - SQLAlchemy gives it the class
        """The partner, if it is one."""
        return relationship()

    @property
    def organisation(self) -> Startup | Partner:
        """Whichever it is."""
        found = self.startup or self.partner
        if found is None:
            raise ValueError("belongs to no organisation")
        return found

    @staticmethod
    def columns_for(organisation: Startup | Partner) -> dict[str, Any]:
        """The columns of a new row, and the criteria of existing ones, that say to which organisation they belong."""
        return {f"{organisation.noun}_id": organisation.id}


class MembershipRole(StrEnum):
    """What a member may do."""

    OWNER = "owner"
    """Everything an editor may, and decide who the members are."""
    EDITOR = "editor"
    """Keep the profile and take part in introductions."""


class Membership(OfOrganisation, Base):
    """That a person acts for an organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(ONE_ORGANISATION, name="one_organisation"),
        UniqueConstraint("person_id", "startup_id"),
        UniqueConstraint("person_id", "partner_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[MembershipRole] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    person: Mapped[Person] = relationship()


class Invitation(OfOrganisation, Base):
    """An offer, sent by mail, to become a member."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint(ONE_ORGANISATION, name="one_organisation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[MembershipRole] = mapped_column(String(12))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    invited_by: Mapped[Person | None] = relationship()


class ClaimState(StrEnum):
    """How far a claim has come."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Claim(OfOrganisation, Base):
    """That a person says to belong to an organisation whose profile has no member yet; staff decide."""

    __tablename__ = "claim"
    __table_args__ = (CheckConstraint(ONE_ORGANISATION, name="one_organisation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[ClaimState] = mapped_column(String(12), default=ClaimState.WAITING, index=True)
    position: Mapped[str] = mapped_column(String(120), default="")
    """What the claimant is in the organisation, in their words."""
    statement: Mapped[str]
    """How that can be checked, in their words."""
    has_company_address: Mapped[bool] = mapped_column(default=False)
    """Whether their confirmed mail address is at the domain of the profile's website. It helps; it does not decide."""
    note: Mapped[str] = mapped_column(default="")
    """Of staff to the claimant, with the decision."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
