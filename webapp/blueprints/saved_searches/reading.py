"""The list of one's saved searches, and what is new in one."""

from __future__ import annotations

from flask import Response, render_template

from webapp.blueprints.saved_searches.files import COLUMNS, search_rows
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.alerts import KIND
from webapp.services.mail import refuses
from webapp.services.saved_searches import MOST, get_saved_search, list_saved_searches, own_news
from webapp.services.search_news import published_rows, still_published
from webapp.web.access import allow, current_account, current_actor
from webapp.web.downloads import download
from webapp.web.marks import today
from webapp.web.paging import asked_cut
from webapp.web.site import current_search, current_settings


@allow(Permission.USE_ACCOUNT)
def searches() -> str:
    """All of them, each with how many are new."""
    actor, account = current_actor(), current_account()
    saved = list_saved_searches(db.session, actor)
    return render_template(
        "saved_searches/searches.html",
        searches=saved,
        news=own_news(db.session, actor, current_search(), saved, today=today()),
        refuses_mails=account is not None and bool(saved) and refuses(db.session, account.person, KIND),
        most=MOST,
    )


@allow(Permission.USE_ACCOUNT)
def searches_file(form: str) -> Response:
    """The same as a file."""
    actor = current_actor()
    saved = list_saved_searches(db.session, actor)
    found = own_news(db.session, actor, current_search(), saved, today=today())
    return download("saved-searches", COLUMNS, search_rows(saved, found), form)


@allow(Permission.USE_ACCOUNT)
def news(search_id: int) -> str:
    """What is new in one: what came since the last mail, and what that mail told."""
    actor = current_actor()
    saved = get_saved_search(db.session, actor, search_id)
    found = own_news(db.session, actor, current_search(), [saved], today=today())[saved.id]
    fresh = frozenset(found.ids)
    told = still_published(db.session, found.noun, [row_id for row_id in saved.told if row_id not in fresh])
    ids = [*found.ids, *told]
    cut = asked_cut(len(ids), current_settings().page_size)
    shown = ids[cut.offset : cut.offset + cut.size]
    rows = published_rows(db.session, found.noun, shown)
    return render_template(
        "saved_searches/news.html",
        saved=saved,
        noun=found.noun,
        is_known=found.is_known,
        fresh=[row for row in rows if row.id in fresh],
        told=[row for row in rows if row.id not in fresh],
        count=len(found.ids),
        cut=cut,
    )
