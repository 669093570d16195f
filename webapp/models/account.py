"""Accounts: how a person signs in, and what they do for the network.

This is the one model that knows a Flask extension: Flask-Security asks that its user model inherits from its mixin.
Columns whose names begin with ``tf_``, ``mf_`` and ``fs_`` are Flask-Security's own.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now
from webapp.models.network import Region
from webapp.models.person import Person

account_role = Table(
    "account_role",
    Base.metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class NetworkRole(StrEnum):
    """What an account may be for the network itself; what it is for organisations, memberships say."""

    AUTHORITY = "authority"
    """Reads the unpublished figures of one region."""
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


NEEDS_SECOND_FACTOR = frozenset({NetworkRole.STAFF, NetworkRole.ADMINISTRATOR})
"""Roles that nobody can use with a password alone."""


class Role(RoleMixin, Base):
    """A network role as Flask-Security keeps it."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


class Account(UserMixin, Base):
    """Somebody's way in. Its address is that of signing in; that for contacts is the person's."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    confirmed_at: Mapped[datetime | None]
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    """What sessions are tied to: a new value ends them all."""
    fs_webauthn_user_handle: Mapped[str] = mapped_column(String(64), unique=True, nullable=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_last_counter: Mapped[int | None] = mapped_column(BigInteger)
    """Of the last code of the authenticator app that was used: none is good for a second time."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    is_demo: Mapped[bool] = mapped_column(default=False)
    """One of the accounts that exist with demonstration data only; production refuses to start with them."""
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    """Of an authority: the region whose unpublished figures it reads."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    signed_in_at: Mapped[datetime | None]
    """When somebody last signed in; unused accounts are erased after their time."""
    idle_warnings: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was warned since then that it would be erased."""
    idle_warned_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")
    region: Mapped[Region | None] = relationship()
    roles: Mapped[list[Role]] = relationship(secondary=account_role, lazy="selectin")  # type: ignore[assignment]
    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        back_populates="account", cascade="all, delete-orphan"
    )

    @property
    def network_roles(self) -> frozenset[NetworkRole]:
        """What it is for the network."""
        return frozenset(NetworkRole(role.name) for role in self.roles)

    def check_tf_required_setup(self) -> bool:
        """Whether the second factor must not be switched off; Flask-Security asks."""
        return bool(self.network_roles & NEEDS_SECOND_FACTOR)

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in takes more than a password."""
        return bool(self.tf_primary_method) or any(passkey.usage == "secondary" for passkey in self.webauthn)


class Passkey(WebAuthnMixin, Base):
    """A WebAuthn credential of an account, as Flask-Security keeps it."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime] = mapped_column(default=utc_now)
    lastuse_datetime: Mapped[datetime] = mapped_column(default=utc_now)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))

    account: Mapped[Account] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, Any]:
        """How Flask-Security finds the account of this passkey."""
        return {"id": self.user_id}
