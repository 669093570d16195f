"""Applications for a place in a park: what an applicant sends, how staff evaluate it, and the cohorts that it joins."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, Localized, utc_now
from webapp.models.network import Site
from webapp.models.person import Person
from webapp.models.startup import Startup


class ApplicationState(StrEnum):
    """How far an application has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    EVALUATED = "evaluated"
    """At least one member of staff has given scores; others may follow until it is decided."""
    RETURNED = "returned"
    """Given back with a question; the applicant may change and submit it again."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Cohort(Base):
    """An intake: applications between two days, for places that begin together."""

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    names: Mapped[Localized]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    """Empty: for all parks."""
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day on which one can apply."""
    begins_on: Mapped[date | None]
    """When those accepted are to enter."""
    places: Mapped[int | None]
    """How many are to be accepted; without a number as many as fit."""
    version: Mapped[int] = mapped_column()

    site: Mapped[Site | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Application(Base):
    """One application. The applicant needs no account: a signed link leads back to it."""

    __tablename__ = "application"
    __table_args__ = (Index("ix_application_state_submitted_at", "state", "submitted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    """What addresses carry: random, so that nobody counts or guesses applications."""
    state: Mapped[ApplicationState] = mapped_column(String(12), default=ApplicationState.DRAFT)
    version: Mapped[int] = mapped_column()
    """Counts the writes, so that of two at a time the later one is told."""
    kind: Mapped[str] = mapped_column(String(40), default="")
    """A code of the network pack's applicants: project holder, very small enterprise, startup or the like."""
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id", ondelete="SET NULL"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    """The park where a place is wanted."""
    language: Mapped[str] = mapped_column(String(8))
    """In which it is written, and in which the applicant is written to."""
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    confirmed_at: Mapped[datetime | None]
    """When somebody first used the link that was mailed to the address: before that, nobody knows whose it is."""
    phone: Mapped[str | None] = mapped_column(String(40))
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What is said of the project: names, pitch, description, sectors, needs, stage, company number and so on, by the
    names that ``webapp.services.application_fields`` gives them."""
    eligibility: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """What the pack's rules found when it was submitted: code of the rule, and whether it holds."""
    note: Mapped[str] = mapped_column(default="")
    """Of staff to the applicant, with the decision or the question."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    submitted_at: Mapped[datetime | None]
    """When it was sent last; evaluations from before count no longer."""
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    early_reason: Mapped[str] = mapped_column(default="")
    """Why it was decided with fewer evaluations than the pack asks for; staff read it."""
    enters_on: Mapped[date | None]
    """Of an accepted one: the day on which it is to enter the park."""
    startup_id: Mapped[int | None] = mapped_column(ForeignKey("startup.id", ondelete="SET NULL"), index=True)
    """The profile that an accepted application became, or that a startup applied with."""
    is_demo: Mapped[bool] = mapped_column(default=False)

    cohort: Mapped[Cohort | None] = relationship()
    site: Mapped[Site | None] = relationship()
    startup: Mapped[Startup | None] = relationship()
    decided_by: Mapped[Person | None] = relationship()
    evaluations: Mapped[list[Evaluation]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="Evaluation.id"
    )

    __mapper_args__ = {"version_id_col": version}


class Evaluation(Base):
    """What one member of staff thinks of an application."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("application_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    scores: Mapped[dict[str, Any]]
    """Code of a criterion of the network pack -> 1 to 5."""
    recommends: Mapped[bool | None]
    """Whether to accept; empty: undecided."""
    comment: Mapped[str] = mapped_column(default="")
    """For the other evaluators; the applicant never reads it."""
    at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    application: Mapped[Application] = relationship(back_populates="evaluations")
    person: Mapped[Person | None] = relationship()
