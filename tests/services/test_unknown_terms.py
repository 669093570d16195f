"""Words that imports did not know, and how they leave the list: by what the network pack says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from sqlalchemy.orm import Session

from tests.accounts import make_account
from webapp.config import ROOT
from webapp.errors import Conflict, NotAllowed
from webapp.models import NetworkRole, TermKind, UnknownTerm
from webapp.permissions import VISITOR, Actor
from webapp.services import unknown_terms
from webapp.services.actors import actor_of
from webapp.services.imports.remarks import ImportReport, Remark, RowOutcome, Status
from webapp.services.network import list_terms, load_pack, preview_pack
from webapp.services.network_pack import read_pack
from webapp.services.pack_pages import loaded_pack, read_files, reload_pack

PACK = ROOT / "networks" / "technopark"


@pytest.fixture
def staff(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.STAFF))


@pytest.fixture
def administrator(session: Session) -> Actor:
    return actor_of(session, make_account(NetworkRole.ADMINISTRATOR))


@pytest.fixture
def folder(session: Session, tmp_path: Path) -> Path:
    """The files of the pack, to be changed; what a test loads of them is taken back."""
    return Path(shutil.copytree(PACK, tmp_path / "pack", ignore=shutil.ignore_patterns("demo")))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def report(*words: str, fields: tuple[str, ...] = ("sectors",)) -> ImportReport:
    note = Remark("unknown", {"fields": list(fields), "values": list(words)})
    return ImportReport([RowOutcome(1, 2, Status.CREATED, notes=(note,))])


def listed(session: Session, staff: Actor) -> list[tuple[str, str, int, str]]:
    rows = unknown_terms.list_unknown(session, staff)
    return [(row.kind, row.text, row.times, row.source) for row in rows]


def test_words_are_counted_over_all_imports(session: Session, staff: Actor) -> None:
    unknown_terms.note_unknown(session, report("Plumbing", "Masonry"), "list")
    unknown_terms.note_unknown(session, report("Plumbing"), "other")
    assert listed(session, staff) == [("sectors", "Plumbing", 2, "other"), ("sectors", "Masonry", 1, "list")]


def test_a_word_belongs_to_the_first_field_that_asked_for_it(session: Session, staff: Actor) -> None:
    unknown_terms.note_unknown(session, report("Fes", fields=("site",)), "list")
    unknown_terms.note_unknown(session, report("Drones2", fields=("technologies", "sectors")), "list")
    unknown_terms.note_unknown(session, report("Atlantis", fields=("country",)), "list")
    assert [(kind, text) for kind, text, *_ in listed(session, staff)] == [
        ("sites", "Fes"),
        ("technologies", "Drones2"),
    ]


def test_a_word_can_be_put_aside_and_taken_up_again(session: Session, staff: Actor) -> None:
    unknown_terms.note_unknown(session, report("n/a"), "list")
    (row,) = unknown_terms.list_unknown(session, staff)
    unknown_terms.set_ignored(session, staff, row.id, ignored=True)
    assert listed(session, staff) == []
    assert unknown_terms.list_unknown(session, staff, ignored=True) == [row]
    unknown_terms.set_ignored(session, staff, row.id, ignored=False)
    assert len(listed(session, staff)) == 1


def test_what_is_to_be_written_into_the_pack_is_yaml_that_says_so() -> None:
    aliases = yaml.safe_load(unknown_terms.alias_lines("fintech", ["Paiement"], 'Banque: mobile, et "plus"'))
    assert aliases == [{"code": "fintech", "aliases": ["Paiement", 'Banque: mobile, et "plus"']}]
    (entry,) = yaml.safe_load(unknown_terms.entry_lines("sectors", "Économie bleue", ["fr", "ar"]))
    assert entry == {"code": "economie-bleue", "names": {"fr": "Économie bleue", "ar": "Économie bleue"}, "group": "…"}


def test_a_word_leaves_the_list_once_the_pack_knows_it(
    session: Session, staff: Actor, administrator: Actor, folder: Path
) -> None:
    unknown_terms.note_unknown(session, report("Banque mobile", "Plumbing"), "list")
    sector = next(term for term in list_terms(session, TermKind.SECTOR) if term.code == "fintech")
    quoted = ", ".join(f'"{alias}"' for alias in sector.aliases)
    assert quoted
    text = (folder / "sectors.yaml").read_text(encoding="utf-8")
    start = text.index("- code: fintech\n")
    (folder / "sectors.yaml").write_text(
        text[:start] + text[start:].replace("aliases: [", 'aliases: ["Banque mobile", ', 1), encoding="utf-8"
    )
    files = read_files(session, staff, folder)
    assert files.preview is not None
    (change,) = files.preview.changed["sectors/fintech"]
    assert (change.field, change.before, change.after) == (
        "aliases", sector.aliases, ["Banque mobile", *sector.aliases],
    )  # fmt: skip
    reload_pack(session, administrator, folder, digest=files.preview.digest)
    assert [text for _, text, *_ in listed(session, staff)] == ["Plumbing"]
    assert session.query(UnknownTerm).filter_by(text="Banque mobile").one().adopted_as == "fintech"
    session.rollback()


def test_the_preview_tells_what_a_load_does_and_does_nothing(session: Session, folder: Path) -> None:
    nothing = preview_pack(session, read_pack(folder))
    assert not nothing.anything
    edit(
        folder,
        "formats.yaml",
        "- code: office-hours",
        '- code: walk\n  names: {ar: "مشي", fr: "Marche", en: "Walk"}\n\n- code: office-hours',
    )
    edit(folder, "network.yaml", "lease_months: 24", "lease_months: 12")
    pack = read_pack(folder)
    preview = preview_pack(session, pack)
    assert preview.added == ["formats/walk"]
    residency = next(each for each in preview.changed["networks/technopark"] if each.field == "residency")
    assert (residency.before["lease_months"], residency.after["lease_months"]) == (24, 12)
    assert not session.dirty
    assert not session.new
    done = load_pack(session, pack)
    assert (done.added, done.changed, done.removed) == (1, len(preview.changed), preview.removed)
    session.rollback()


def test_only_the_files_that_were_looked_at_are_loaded(
    session: Session, staff: Actor, administrator: Actor, folder: Path
) -> None:
    seen = read_files(session, staff, folder).preview
    assert seen is not None
    edit(folder, "network.yaml", "lease_months: 24", "lease_months: 12")
    with pytest.raises(Conflict, match="pack-changed"):
        reload_pack(session, administrator, folder, digest=seen.digest)
    (folder / "network.yaml").write_text("{", encoding="utf-8")
    with pytest.raises(Conflict, match="pack-changed"):
        reload_pack(session, administrator, folder, digest=seen.digest)
    assert read_files(session, staff, folder).problems[0].file == "network.yaml"


def test_codes_in_use_stand_in_the_way_before_anybody_tries(
    session: Session, staff: Actor, folder: Path, make_startup: object
) -> None:
    make_startup(site="essaouira")  # type: ignore[operator]
    text = (folder / "sites.yaml").read_text(encoding="utf-8")
    start = text.index("- code: essaouira\n")
    end = text.find("\n- code: ", start)
    (folder / "sites.yaml").write_text(text[:start] + (text[end + 1 :] if end > 0 else ""), encoding="utf-8")
    preview = read_files(session, staff, folder).preview
    assert preview is not None
    assert preview.hindrance is not None
    assert preview.hindrance.values == {"codes": ["sites/essaouira"]}


def test_the_page_counts_how_much_of_the_vocabulary_is_used(
    session: Session, staff: Actor, make_startup: object
) -> None:
    make_startup(sectors=["fintech"], site="agadir")  # type: ignore[operator]
    loaded = loaded_pack(session, staff)
    assert loaded is not None
    uses = {term.code: loaded.uses.get(term.id, 0) for term in loaded.terms[TermKind.SECTOR]}
    assert (uses["fintech"], uses["edtech"]) == (1, 0)
    assert {site.code: loaded.residents.get(site.id, 0) for site in loaded.sites}["agadir"] == 1


def test_staff_look_and_administrators_load(session: Session, staff: Actor, folder: Path) -> None:
    with pytest.raises(NotAllowed):
        reload_pack(session, staff, folder, digest="")
    for attempt in (unknown_terms.list_unknown, loaded_pack):
        with pytest.raises(NotAllowed):
            attempt(session, VISITOR)
