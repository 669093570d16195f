"""Reading single profiles, and walking over all of them: only what is published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from webapp.errors import NotFound
from webapp.models import Challenge, DbSession, Partner, PublicationState, Residency, Startup

Profile = TypeVar("Profile", Startup, Partner)


class ProfileAddress(NamedTuple):
    """What an address of a profile is made of."""

    noun: str
    slug: str
    updated_at: datetime


def get_startup(session: DbSession, slug: str) -> Startup:
    """A published startup with all that its page shows, in a fixed number of queries.

    Raises:
        NotFound: ``startup``: there is none, or the public does not see it.
    """
    return _get_published(session, Startup, slug, selectinload(Startup.milestones))


def startups_with_slugs(session: DbSession, slugs: Sequence[str]) -> list[Startup]:
    """The published startups among these, in this order, with all that a list entry shows."""
    if not slugs:
        return []
    statement = Startup.with_listing(Startup.published().where(Startup.slug.in_(slugs)))
    found = {startup.slug: startup for startup in session.scalars(statement)}
    return [found[slug] for slug in slugs if slug in found]


def get_partner(session: DbSession, slug: str) -> Partner:
    """A published partner with all that its page shows, in a fixed number of queries.

    Raises:
        NotFound: ``partner``: there is none, or the public does not see it.
    """
    more = selectinload(Partner.portfolio), selectinload(Partner.challenges).selectinload(Challenge.subjects)
    return _get_published(session, Partner, slug, *more)


def _get_published(session: DbSession, model: type[Profile], slug: str, *more: LoaderOption) -> Profile:
    """The row with all that a list entry shows, and more."""
    statement = model.with_listing(model.published().where(model.slug == slug)).options(*more)
    profile: Profile | None = session.scalar(statement)
    if profile is None:
        raise NotFound(model.noun, slug=slug)
    return profile


def portfolio_slugs(session: DbSession, partner: Partner) -> dict[int, str]:
    """Startup id -> slug, for those companies of a portfolio that have a published profile."""
    ids = [company.startup_id for company in partner.portfolio if company.startup_id]
    if not ids:
        return {}
    statement = Startup.published().with_only_columns(Startup.id, Startup.slug).where(Startup.id.in_(ids))
    return dict(session.execute(statement).all())


def newest_residents(session: DbSession, limit: int = 5) -> Sequence[Startup]:
    """The startups that entered a park last and are there today, with all that a list entry shows."""
    statement = Startup.published().where(Startup.residency == Residency.RESIDENT, Startup.entered_on.is_not(None))
    latest = statement.order_by(Startup.entered_on.desc(), Startup.id.desc()).limit(limit)
    return session.scalars(Startup.with_listing(latest)).all()


def has_demonstration_data(session: DbSession) -> bool:
    """Whether some published profile was invented for demonstration."""
    return any(
        session.scalar(select(model.id).where(model.is_demo, model.state == PublicationState.PUBLISHED).limit(1))
        for model in (Startup, Partner)
    )


def count_profiles(session: DbSession) -> int:
    """How many published startups and partners there are."""
    counts = [
        select(func.count()).select_from(model).where(model.state == PublicationState.PUBLISHED).scalar_subquery()
        for model in (Startup, Partner)
    ]
    return session.scalar(select(counts[0] + counts[1])) or 0


def profile_addresses(session: DbSession, offset: int, limit: int) -> list[ProfileAddress]:
    """A stretch of all published startups and partners, in an order that stays."""
    parts = union_all(
        *(
            select(
                literal(model.noun).label("noun"),
                model.slug.label("slug"),
                model.updated_at.label("updated_at"),
                model.id.label("id"),
            ).where(model.state == PublicationState.PUBLISHED)
            for model in (Startup, Partner)
        )
    ).subquery()
    statement = select(parts.c.noun, parts.c.slug, parts.c.updated_at).order_by(parts.c.noun.desc(), parts.c.id)
    return [ProfileAddress(*row) for row in session.execute(statement.offset(offset).limit(limit))]
