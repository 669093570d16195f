"""Evidence: files that somebody attaches for staff to look at: to a claim, a profile's changes, or an application.

The content lies in the row: so a backup of the database is whole, and what deletes a claim, an application or a person
deletes their files in the same transaction.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.application import Application
from webapp.models.base import Base, utc_now
from webapp.models.membership import Claim
from webapp.models.partner import Partner
from webapp.models.person import Person
from webapp.models.revision import Revision
from webapp.models.startup import Startup

NAME_LENGTH = 120

_HOLDERS = ("claim", "revision", "application", "startup", "partner")
_ONE_HOLDER = " + ".join(f"CASE WHEN {noun}_id IS NULL THEN 0 ELSE 1 END" for noun in _HOLDERS) + " = 1"


class EvidenceKind(StrEnum):
    """What a file is, by its content."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


def _random_reference() -> str:
    return secrets.token_hex(16)


class EvidenceFile(Base):
    """One file. It belongs to one claim, revision or application, or waits for the claim of a startup or partner."""

    __tablename__ = "evidence_file"
    __table_args__ = (CheckConstraint(_ONE_HOLDER, name="one_holder"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(32), unique=True, default=_random_reference)
    """What addresses carry: random, so that nobody counts or guesses files."""
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    startup_id: Mapped[int | None] = mapped_column(ForeignKey("startup.id", ondelete="CASCADE"), index=True)
    """The profile that its sender is about to claim."""
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Who sent it; nobody for an applicant, who needs no account."""
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    """What its sender called it, cleaned; its end says what it is."""
    kind: Mapped[EvidenceKind] = mapped_column(String(8))
    size: Mapped[int]
    """In bytes, of what is kept."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)

    claim: Mapped[Claim | None] = relationship()
    revision: Mapped[Revision | None] = relationship()
    application: Mapped[Application | None] = relationship()
    startup: Mapped[Startup | None] = relationship()
    partner: Mapped[Partner | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def holder(self) -> Claim | Revision | Application | Startup | Partner:
        """What it belongs to."""
        found = self.claim or self.revision or self.application or self.startup or self.partner
        if found is None:
            raise ValueError("belongs to nothing")
        return found
