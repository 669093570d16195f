"""Data sets are named where their data is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from webapp.models import ImportedRow, PublicationState
from webapp.services.data_sources import note_source, published_sources, sources_of

CREDIT = {"name": "park-list", "attribution": "Ada <Lists>", "licence": "CC BY 4.0", "url": "https://lists.example/a"}


def _imported(make_startup: Callable[..., Any], **values: Any) -> Any:
    startup = make_startup("Tazrii", **values)
    startup.imported_rows.append(ImportedRow(source="park-list", key="1", position=1, cells={}, digest="x"))
    return startup


def test_a_profile_and_the_about_page_name_the_data_set_and_its_licence(
    client: FlaskClient, session: Session, make_startup: Callable[..., Any]
) -> None:
    note_source(session, **CREDIT)
    startup = _imported(make_startup)
    session.commit()
    for path in (f"/en/startups/{startup.slug}", "/en/about"):
        page = client.get(path).text
        assert "Ada &lt;Lists&gt;" in page
        assert "CC BY 4.0" in page
        assert 'href="https://lists.example/a"' in page


def test_noting_a_data_set_again_replaces_what_was_said_of_it(session: Session) -> None:
    note_source(session, **CREDIT)
    session.flush()
    note_source(session, **CREDIT | {"licence": "CC0 1.0"})
    session.flush()
    session.expire_all()
    assert note_source(session, **CREDIT | {"licence": "CC0 1.0"}).licence == "CC0 1.0"


def test_a_data_set_of_which_nothing_is_published_is_not_named(
    session: Session, make_startup: Callable[..., Any]
) -> None:
    note_source(session, **CREDIT)
    startup = _imported(make_startup, state=PublicationState.DRAFT)
    other = make_startup("Daftari")
    session.flush()
    assert [source.name for source in sources_of(session, startup)] == ["park-list"]
    assert not sources_of(session, other)
    assert not published_sources(session)
