from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.app import create_app
from webapp.config import ROOT, Settings
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.models import Base, Change, Network, Region, Site, Term, TermKind
from webapp.services.network import LoadReport, get_network, list_regions, list_sites, list_terms, load_pack
from webapp.services.network_pack import Pack, read_pack
from webapp.services.vocabulary import read_vocabulary

PACK = ROOT / "networks" / "technopark"
HARBOUR = ROOT / "tests" / "packs" / "harbour"

Maker = Callable[..., Any]
Edit = Callable[[str, str, str], Pack]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The pack with one text in one of its files replaced; edits add up."""
    folder = shutil.copytree(PACK, tmp_path / "pack", ignore=shutil.ignore_patterns("demo"))

    def edit(file: str, old: str, new: str) -> Pack:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return read_pack(folder)

    return edit


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Session]:
    """A session on a new database with the small pack loaded."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'harbour.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        load_pack(session, read_pack(HARBOUR))
        session.commit()
        yield session
    engine.dispose()


def without(pack_file: str, code: str) -> tuple[str, str, str]:
    """Arguments of an edit that takes an item out of a file."""
    text = (PACK / pack_file).read_text(encoding="utf-8")
    start = text.index(f"- code: {code}\n")
    end = text.find("\n- code: ", start)
    return pack_file, text[start : end + 1 if end > 0 else None], ""


def rows(session: Session) -> dict[str, list[Any]]:
    session.expire_all()
    tables = [model.__table__ for model in (Network, Region, Site, Term)]
    return {table.name: session.execute(sa.select(table).order_by(table.c.id)).all() for table in tables}


def touched(session: Session) -> set[tuple[str, int]]:
    return {(noun, id_) for noun, id_ in session.execute(sa.select(Change.noun, Change.object_id))}


def clear_changes(session: Session) -> None:
    session.flush()
    session.execute(sa.delete(Change))


def test_loading_the_same_pack_again_changes_nothing(session: Session, make_startup: Maker) -> None:
    make_startup()
    clear_changes(session)
    before = rows(session)
    report = load_pack(session, read_pack(PACK))
    assert report == LoadReport()
    assert not report.anything
    assert rows(session) == before
    assert touched(session) == set()


def test_a_comment_in_a_file_changes_the_digest_only(session: Session, edited: Edit) -> None:
    before = rows(session)
    report = load_pack(session, edited("sectors.yaml", "- code: fintech", "# money\n- code: fintech"))
    assert (report.added, report.changed, report.removed) == (0, 1, [])
    after = rows(session)
    assert after.pop("network") != before.pop("network")
    assert after == before


def test_a_renamed_term_reaches_the_database_and_touches_everything_listed(
    session: Session, edited: Edit, make_startup: Maker, make_partner: Maker
) -> None:
    startup, partner = make_startup(), make_partner()
    clear_changes(session)
    (before,) = [term.id for term in list_terms(session, TermKind.SECTOR) if term.code == "agritech"]
    name = next(term.names["fr"] for term in list_terms(session, TermKind.SECTOR) if term.code == "agritech")
    report = load_pack(session, edited("sectors.yaml", f'fr: "{name}"', 'fr: "Technologies des champs"'))
    assert report.changed == 2
    assert session.get_one(Term, before).names["fr"] == "Technologies des champs"
    assert touched(session) == {("startup", startup.id), ("partner", partner.id)}


def test_a_new_code_is_added_and_the_order_of_the_file_is_kept(session: Session, edited: Edit) -> None:
    new = '- code: walk\n  names: {ar: "مشي", fr: "Marche", en: "Walk"}\n\n- code: office-hours'
    report = load_pack(session, edited("formats.yaml", "- code: office-hours", new))
    assert report.added == 1
    codes = [term.code for term in list_terms(session, TermKind.FORMAT)]
    assert codes.index("walk") == codes.index("office-hours") - 1


@pytest.mark.parametrize(
    ("file", "code", "label", "use"),
    [
        ("technologies.yaml", "drones", "technologies/drones", {"technologies": ["drones"]}),
        ("sites.yaml", "essaouira", "sites/essaouira", {"site": "essaouira"}),
    ],
)
def test_a_code_in_use_cannot_vanish_and_nothing_is_changed(
    session: Session, edited: Edit, make_startup: Maker, file: str, code: str, label: str, use: dict[str, Any]
) -> None:
    make_startup(**use)
    clear_changes(session)
    before = rows(session)
    edited("needs.yaml", "- code: equity", "# first\n- code: equity")
    edited(*without("formats.yaml", "board"))
    with pytest.raises(Conflict) as conflict:
        load_pack(session, edited(*without(file, code)))
    assert conflict.value.code == "codes-in-use"
    assert conflict.value.values == {"codes": [label]}
    session.flush()
    assert rows(session) == before
    assert touched(session) == set()


def test_a_term_that_only_a_partner_has_is_in_use(session: Session, edited: Edit, make_partner: Maker) -> None:
    make_partner(kind="mentor", formats=["board"])
    with pytest.raises(Conflict):
        load_pack(session, edited(*without("formats.yaml", "board")))


def test_a_code_without_use_is_removed_and_reported(session: Session, edited: Edit) -> None:
    edited(*without("formats.yaml", "board"))
    report = load_pack(session, edited(*without("sites.yaml", "tiznit")))
    assert report.removed == ["formats/board", "sites/tiznit"]
    assert "board" not in [term.code for term in list_terms(session, TermKind.FORMAT)]
    assert "tiznit" not in [site.code for site in list_sites(session)]


def test_a_region_can_go_when_its_site_moves_or_goes_with_it(session: Session, edited: Edit, tmp_path: Path) -> None:
    (tmp_path / "pack" / "map.geojson").unlink()
    edited(*without("sites.yaml", "fes"))
    edited(*without("regions.yaml", "MA-03"))
    edited("sites.yaml", "region: MA-02", "region: MA-04")
    report = load_pack(session, edited(*without("regions.yaml", "MA-02")))
    assert report.removed == ["regions/MA-02", "regions/MA-03", "sites/fes"]
    (oujda,) = [site for site in list_sites(session) if site.code == "oujda"]
    assert oujda.region.code == "MA-04"


def test_another_network_is_refused(session: Session) -> None:
    before = rows(session)
    with pytest.raises(Conflict) as conflict:
        load_pack(session, read_pack(HARBOUR))
    assert conflict.value.code == "other-network"
    assert conflict.value.values == {"loaded": "technopark", "pack": "harbour"}
    assert rows(session) == before


def test_without_a_pack_there_is_no_network(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        assert get_network(session) is None
        assert list_regions(session) == list_sites(session) == list_terms(session) == []
    engine.dispose()


def test_another_network_loads_into_a_database_of_its_own(harbour: Session) -> None:
    network = get_network(harbour)
    assert network is not None
    assert (network.code, network.languages, network.currency) == ("harbour", ["en", "fr"], "EUR")
    assert [site.code for site in list_sites(harbour)] == ["dublin-dock", "cork-quay", "galway-pier"]
    assert [region.code for region in list_regions(harbour)] == ["IE-C", "IE-L", "IE-M", "IE-U"]


def test_the_vocabulary_knows_the_names_of_all_codes(harbour: Session) -> None:
    vocabulary = read_vocabulary(harbour, "digest")
    assert vocabulary.label("sectors", "medtech", "fr") == "Technologies médicales"
    assert vocabulary.label("regions", "IE-C", "en") == "Connacht"
    assert vocabulary.label("residency_statuses", "resident", "en") == "Tenant"
    assert vocabulary.codes("sites") == ["dublin-dock", "cork-quay", "galway-pier"]
    assert set(vocabulary.names) == {*TermKind, "regions", "sites"}


def test_the_vocabulary_shows_a_code_that_nobody_knows_as_it_is(harbour: Session) -> None:
    vocabulary = read_vocabulary(harbour, "digest")
    assert vocabulary.label("sectors", "alchemy", "en") == "alchemy"
    assert vocabulary.label("planets", "mars", "en") == "mars"
    assert vocabulary.codes("planets") == []


@pytest.mark.parametrize(("path", "status"), [("/en/", 200), ("/fr/", 200), ("/ar/", 404), ("/en/about", 200)])
def test_another_network_is_served_in_its_own_languages(
    harbour: Session, tmp_path: Path, path: str, status: int
) -> None:
    harbour.close()
    url = f"sqlite:///{tmp_path / 'harbour.db'}"
    app = create_app(Settings(_env_file=None, environment="test", data_dir=tmp_path, database_url=url, network=HARBOUR))
    response = app.test_client().get(path)
    assert response.status_code == status
    assert "Technopark" not in response.text
    with app.app_context():
        db.engine.dispose()
