"""People: who somebody is and how to reach them. Whether they can sign in is their account's business."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, utc_now


class Person(Base):
    """Somebody who acts on the site. The contact details are shown only to those whom an introduction made known."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    """As the person writes it, in either script."""
    position: Mapped[str] = mapped_column(String(120), default="")
    """What they do in their organisation."""
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    """The language in which they are written to."""
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    erased_at: Mapped[datetime | None]
    """When everything that says who this was was taken away; the row stays for the counts."""

    consents: Mapped[list[Consent]] = relationship(back_populates="person", cascade="all, delete-orphan")


class ConsentPurpose(StrEnum):
    """What a person can agree to."""

    TERMS = "terms"
    """The terms of use and the privacy notice, without which there is no account."""
    NEWS = "news"


class Consent(Base):
    """That a person agreed to something, to which version of its text, and until when."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[ConsentPurpose] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(default=utc_now)
    withdrawn_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="consents")


class MailPreference(Base):
    """A kind of mail that a person does not want any more. What is not here is sent."""

    __tablename__ = "mail_preference"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(default=utc_now)
