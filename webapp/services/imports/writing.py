"""Writing what a row says into a startup, changing only what differs."""

from __future__ import annotations

from datetime import date
from typing import Any

from webapp.language import sort_key
from webapp.models import DbSession, Milestone, PublicationState, Startup, utc_now
from webapp.permissions import Actor
from webapp.services.imports.drafts import Draft
from webapp.services.residency import list_events, record_residency


def make_startup(slug: str, draft: Draft, publish: bool) -> Startup:
    """A startup with a name and nothing else."""
    startup = Startup(
        slug=slug,
        name_latin=draft.columns.get("name_latin"),
        name_arabic=draft.columns.get("name_arabic"),
        sort_name=sort_key(draft.name),
        state=PublicationState.DRAFT,
        pitch={},
        description={},
        city={},
        export_markets=[],
        sdgs=[],
    )
    if publish:
        publish_startup(startup)
    return startup


def publish_startup(startup: Startup) -> None:
    """Let the public see a startup that was a draft."""
    startup.state = PublicationState.PUBLISHED
    startup.published_at = utc_now()


def write_draft(session: DbSession, actor: Actor, startup: Startup, draft: Draft, today: date) -> bool:
    """Write all that a draft says into a startup of the session; gives whether anything was different before.

    Raises:
        Invalid: its residency contradicts itself or what is recorded already.
    """
    changed = _write_columns(startup, draft)
    for kind, terms in draft.terms.items():
        if startup.terms(kind) != terms:
            startup.set_terms(kind, terms)
            changed = True
    session.flush()
    # Not "or": all of it is to be written, whatever has changed already.
    return any([changed, _write_milestones(startup, draft), _write_events(session, actor, startup, draft, today)])


def _write_columns(startup: Startup, draft: Draft) -> bool:
    values: dict[str, Any] = dict(draft.columns)
    for column, texts in draft.texts.items():
        values[column] = getattr(startup, column) | texts
    if draft.region:
        values["region_id"] = draft.region.id
    name: str | None = values.get("name_latin") or startup.name_latin or values.get("name_arabic")
    if name:
        values["sort_name"] = sort_key(name)
    changed = False
    for column, value in values.items():
        if getattr(startup, column) != value:
            setattr(startup, column, value)
            changed = True
    return changed


def _write_milestones(startup: Startup, draft: Draft) -> bool:
    if not draft.milestones:
        return False
    known = {(milestone.on, tuple(sorted(milestone.text.items()))) for milestone in startup.milestones}
    new = [item for item in draft.milestones if (item.on, tuple(sorted(item.text.items()))) not in known]
    startup.milestones.extend(Milestone(on=item.on, text=item.text, source=item.source) for item in new)
    return bool(new)


def _write_events(session: DbSession, actor: Actor, startup: Startup, draft: Draft, today: date) -> bool:
    if not draft.events:
        return False
    known = {(row.on, row.kind, row.site_id) for row in list_events(session, startup)}
    new = [event for event in draft.events if (event.on, event.kind, event.site.id) not in known]
    for event in sorted(new, key=lambda event: event.on):
        record_residency(session, actor, startup, event, today=today)
    return bool(new)
