from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.config import ROOT
from webapp.models import TermKind
from webapp.services import network_schema
from webapp.services.network_pack import PackError, PackProblem, read_pack

SHIPPED = [ROOT / "networks" / "technopark", ROOT / "tests" / "packs" / "harbour"]
HARBOUR = SHIPPED[1]
DOCUMENT = (ROOT / "docs" / "network-pack.md").read_text(encoding="utf-8")

Edit = Callable[..., int]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the small pack, to spoil."""
    return shutil.copytree(HARBOUR, tmp_path / "harbour")


@pytest.fixture(scope="module")
def shared_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy for the tests that spoil a file many times and put it back each time."""
    return shutil.copytree(HARBOUR, tmp_path_factory.mktemp("packs") / "harbour")


@pytest.fixture
def edit(pack: Path) -> Edit:
    """Replaces the first occurrence of a text in a file of the pack; gives the line where it stood."""

    def replace(file: str, old: str, new: str) -> int:
        path = pack / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


def problems(folder: Path) -> list[PackProblem]:
    with pytest.raises(PackError) as raised:
        read_pack(folder)
    return raised.value.problems


def write_map(folder: Path, **features: Any) -> None:
    """Write outlines, one feature a line from line 4 on."""
    lines = [json.dumps({"id": code, "geometry": geometry}) for code, geometry in features.items()]
    text = '{\n"type": "FeatureCollection",\n"features": [\n' + ",\n".join(lines) + "\n]}\n"
    (folder / "map.geojson").write_text(text, encoding="utf-8")


def square(west: float, south: float) -> dict[str, Any]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_pack_that_comes_with_the_product_is_valid(folder: Path) -> None:
    pack = read_pack(folder)
    assert pack.network.code == folder.name
    assert all(pack.terms[kind] for kind in TermKind)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_its_suggested_searches_use_codes_that_it_has(folder: Path) -> None:
    pack = read_pack(folder)
    codes = {region.code for region in pack.regions} | {site.code for site in pack.sites}
    codes |= {entry.code for entries in pack.terms.values() for entry in entries}
    searched = [code for search in pack.network.searches for _, code in parse_qsl(search.query)]
    assert searched
    assert set(searched) <= codes


def test_reading_twice_gives_the_same_digest_and_any_edit_another(pack: Path, edit: Edit) -> None:
    digest = read_pack(pack).digest
    assert read_pack(HARBOUR).digest == digest
    edit("sectors.yaml", "Ocean energy", "Power from the ocean")
    assert read_pack(pack).digest != digest


def test_a_missing_file_is_named(pack: Path) -> None:
    (pack / "skills.yaml").unlink()
    assert problems(pack) == [PackProblem("skills.yaml", 0, "", "the file is missing")]
    assert str(problems(pack)[0]) == "skills.yaml: the file is missing"


def test_an_empty_folder_misses_every_file_but_the_map(tmp_path: Path) -> None:
    assert {problem.file for problem in problems(tmp_path)} == {
        "network.yaml",
        "regions.yaml",
        "sites.yaml",
        *(f"{kind.value}.yaml" for kind in TermKind),
    }


def test_a_file_that_is_not_yaml_is_named_with_the_line(pack: Path, edit: Edit) -> None:
    line = edit("sectors.yaml", 'names: {en: "Aquaculture"', 'names: {en: "Aquaculture')
    (problem,) = [problem for problem in problems(pack) if problem.file == "sectors.yaml"]
    assert problem.message.startswith("not YAML: ")
    assert problem.line >= line


def test_a_file_that_is_not_text_is_named(pack: Path) -> None:
    (pack / "skills.yaml").write_bytes(b"- code: \xff\xfe\n")
    (problem,) = problems(pack)
    assert (problem.file, problem.line) == ("skills.yaml", 1)


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "message"),
    [
        ("sectors.yaml", "  group: sea", "  gruop: sea", "0.gruop", "there is no such key"),
        ("network.yaml", "country: IE", "land: IE", "land", "there is no such key"),
        ("network.yaml", "country: IE", "country: ireland", "country", "String should match pattern"),
        ("network.yaml", "country: IE", "country: NO", "country", "Input should be a valid string"),
        ("network.yaml", "timezone: Europe/Dublin", "timezone: Europe/Galway", "timezone", "there is no time zone"),
        ("network.yaml", "languages: [en, fr]", "languages: [en, fr, tlh]", "languages.2", "no language tlh"),
        ("network.yaml", "languages: [en, fr]", "languages: [en, fr, en]", "languages", "a language comes twice"),
        ("network.yaml", "stdnum: ie.vat", "stdnum: ie.tax", "company_number.stdnum", "python-stdnum has no ie.tax"),
        ("network.yaml", "threshold: 5", "threshold: 0", "disclosure_threshold", "greater than or equal to 1"),
        ("needs.yaml", "- code: test-site", "- code: Test site", "3.code", "String should match pattern"),
        ("regions.yaml", "- code: IE-M", "- code: munster", "2.code", "String should match pattern"),
        ("regions.yaml", "  population: 2860000", "  population: many", "1.population", "valid integer"),
        ("regions.yaml", "  aliases: [", "  aliases: West #[", "0.aliases", "valid list"),
        ("sites.yaml", "  status: announced", "  status: planned", "2.status", "'operating', 'announced' or 'closed'"),
        ("sites.yaml", "  latitude: 51.899", "  latitude: 151.899", "1.latitude", "less than or equal to 90"),
        ("sites.yaml", "  opened: 2009", "  opened: 2009-13-45", "", "not YAML: month must be in 1..12"),
        ("sites.yaml", "  region: IE-M", "  region: IE-X", "1.region", "IE-X is not a code of regions.yaml"),
        ("sectors.yaml", "  group: land", "  group: sky #", "2.group", "sky is not a code of sector_groups.yaml"),
        ("skills.yaml", "  answers: [regulatory-advice]", "  answers: [advice]", "1.answers.0", "advice is not a code"),
        ("skills.yaml", "  answers: [first-customer]", "  answers: []", "3.answers", "it answers no need"),
        ("needs.yaml", "- code: loan", "- code: equity", "1.code", "the code equity comes twice"),
        ("needs.yaml", '  aliases: ["debt"', '  aliases: ["Investment"', "1.aliases.0", "stands for equity already"),
        ("needs.yaml", '  names: {en: "Loan"', '  names: {en: "Capital"', "1.names.en", "“Capital” stands for equity"),
        ("needs.yaml", '  names: {en: "Loan", ', "  names: {", "1.names", "the text in English (en) is missing"),
        ("needs.yaml", '  names: {en: "Loan"', '  names: {en: ""', "1.names.en", "at least 1 character"),
        ("needs.yaml", '  names: {en: "Loan"', '  names: {eng: "Loan"', "1.names.eng", "has no language eng"),
        ("needs.yaml", '  names: {en: "Loan"', '  names: {ar: "قرض", en: "Loan"', "1.names.ar", "does not offer this"),
        ("needs.yaml", "  aliases: [", "  names: []\n  aliases: [", "", "not YAML: the key names comes twice"),
        ("needs.yaml", "- code: equity", "- code: &first equity\n- *first", "", "not YAML: an alias is not allowed"),
        ("residency_statuses.yaml", "- code: alumni", "- code: ancient", "1.code", "knows no status ancient"),
    ],
)
def test_a_problem_names_file_line_and_key(
    pack: Path, edit: Edit, file: str, old: str, new: str, key: str, message: str
) -> None:
    line = edit(file, old, new) + ("*first" in new)
    found = [problem for problem in problems(pack) if (problem.file, problem.key) == (file, key)]
    assert [problem.line for problem in found] == [line], problems(pack)
    assert message in found[0].message
    assert str(found[0]).startswith(f"{file}:{line}: ")


def test_a_missing_key_is_reported_at_the_entry_that_lacks_it(pack: Path, edit: Edit) -> None:
    line = edit("sectors.yaml", "- code: medtech\n  names:", "- names:")
    assert PackProblem("sectors.yaml", line, "2.code", "the key is missing") in problems(pack)


def test_a_sector_without_a_group_is_reported(pack: Path, edit: Edit) -> None:
    line = edit("sectors.yaml", "  group: sea\n", "")
    assert PackProblem("sectors.yaml", line - 2, "0.group", "the key is missing") in problems(pack)


def test_a_list_that_is_a_mapping_is_reported_at_its_first_line(pack: Path) -> None:
    (pack / "formats.yaml").write_text("# formats\ncode: clinic\n", encoding="utf-8")
    assert PackProblem("formats.yaml", 2, "", "Input should be a valid list") in problems(pack)


def test_a_code_that_the_program_counts_with_may_not_be_missing(pack: Path, edit: Edit) -> None:
    edit("leaving_reasons.yaml", "- code: acquired", "- code: bought")
    assert problems(pack) == [
        PackProblem("leaving_reasons.yaml", 3, "", "the code acquired is missing; the program counts with it")
    ]


def test_all_problems_are_reported_at_once(pack: Path, edit: Edit) -> None:
    edit("network.yaml", "currency: EUR", "currency: euro")
    edit("technologies.yaml", "- code: imaging", "- code: sensing")
    edit("sectors.yaml", "  group: sea", "  group: sky")
    edit("sectors.yaml", "  group: screen-and-science", "  group: screen")
    (pack / "skills.yaml").unlink()
    (pack / "map.geojson").write_text("{", encoding="utf-8")
    files = [problem.file for problem in problems(pack)]
    assert {"network.yaml", "technologies.yaml", "sectors.yaml", "skills.yaml", "map.geojson"} == set(files)
    assert files.count("sectors.yaml") == 2


def test_a_broken_file_is_not_blamed_again_by_those_that_refer_to_it(pack: Path) -> None:
    (pack / "needs.yaml").write_text("[", encoding="utf-8")
    (pack / "regions.yaml").unlink()
    assert {problem.file for problem in problems(pack)} == {"needs.yaml", "regions.yaml"}


def test_a_pack_with_a_map_has_an_outline_of_every_region(pack: Path) -> None:
    write_map(pack, **{f"IE-{letter}": square(-10 + n, 52) for n, letter in enumerate("CLMU")})
    columns = list(read_pack(pack).region_columns())
    assert all(row["outline"].startswith("M") for row in columns)


@pytest.mark.parametrize(
    ("features", "line", "key", "message"),
    [
        ({"IE-C": {"type": "Point", "coordinates": [1, 2]}}, 4, "features.0.geometry", "does not match"),
        ({"IE-C": square(0, 0), "IE-L": None}, 5, "features.1.geometry", "should be an object"),
        ({"IE-C": {"type": "Polygon", "coordinates": [[[1, 2]]]}}, 4, "features.0.geometry.Polygon", "at least 4"),
        ({"IE-C": square(0, 0), "FR-X": square(3, 3)}, 1, "", "FR-X is not a code of regions.yaml"),
        ({"IE-C": square(0, 0)}, 1, "", "the outline of IE-L is missing"),
        ({"IE-C": square(300, 0)}, 1, "", "the coordinates are not degrees"),
    ],
)
def test_a_bad_outline_names_file_line_and_key(
    pack: Path, features: dict[str, Any], line: int, key: str, message: str
) -> None:
    write_map(pack, **features)
    found = [problem for problem in problems(pack) if message in problem.message]
    assert [(problem.file, problem.line) for problem in found] == [("map.geojson", line)]
    assert found[0].key.startswith(key)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"type": "FeatureCollection", "features": []}'])
def test_a_map_that_is_no_geojson_is_reported(pack: Path, content: bytes) -> None:
    (pack / "map.geojson").write_bytes(content)
    assert {problem.file for problem in problems(pack)} == {"map.geojson"}


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=8)
KEYS = st.sampled_from(["code", "names", "en", "fr", "answers", "languages", "region"]) | SCALARS
DOCUMENTS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([path.name for path in sorted(HARBOUR.iterdir())]), DOCUMENTS.map(yaml.safe_dump))
@example("sites.yaml", "&a [*a]")
@example("network.yaml", "{? [1, 2] : 3, ? {a: b} : c}")
@example("needs.yaml", "!!int x")
@example("needs.yaml", "!!bool maybe")
@example("needs.yaml", "!!timestamp x")
@example("needs.yaml", "!!python/object:os.system x")
@example("needs.yaml", "- <<: [1]")
@example("needs.yaml", "- code: =")
@example("skills.yaml", "[" * 990 + "]" * 990)
@example("skills.yaml", "[" * 100_000)
@example("skills.yaml", "- {code: x, answers: " + "9" * 5000 + "}")
@example("sites.yaml", "--- a\n--- b")
@example("map.geojson", '{"type": "FeatureCollection", "features": [{"id": [1], "geometry": {"fr": 1e999}}]}')
def test_whatever_a_file_holds_it_is_read_or_reported(shared_pack: Path, file: str, content: str) -> None:
    read_or_reported(shared_pack, file, content.encode("utf-8", "surrogatepass"))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["network.yaml", "sectors.yaml", "map.geojson"]), st.binary(max_size=60))
def test_whatever_bytes_a_file_holds_it_is_read_or_reported(shared_pack: Path, file: str, content: bytes) -> None:
    read_or_reported(shared_pack, file, content)


def read_or_reported(pack: Path, file: str, content: bytes) -> None:
    path = pack / file
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(content)
    found: list[PackProblem] | None = None
    try:
        read_pack(pack)
    except PackError as error:
        found = error.problems
    finally:
        path.unlink() if before is None else path.write_bytes(before)
    assert found is None or found
    assert all(problem.line >= 1 and problem.message for problem in found or ())


def section(heading: str) -> str:
    return DOCUMENT.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize(
    ("heading", "entry"),
    [
        ("network.yaml", network_schema.NetworkEntry),
        ("network.yaml", network_schema.CompanyNumber),
        ("network.yaml", network_schema.SearchSuggestion),
        ("network.yaml", network_schema.Figure),
        ("network.yaml", network_schema.Attribution),
        ("regions.yaml", network_schema.RegionEntry),
        ("sites.yaml", network_schema.SiteEntry),
    ],
)
def test_every_key_is_documented(heading: str, entry: type[network_schema.Entry]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", section(heading)))
    assert set(entry.model_fields) <= named


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("sector_groups.yaml and sectors.yaml", {"code", "names", "group", "description", "aliases"}),
        ("The simple lists", {"code", "names", "description", "aliases"}),
        ("The lists that answer needs", {"answers"}),
    ],
)
def test_every_key_of_a_term_is_documented(heading: str, keys: set[str]) -> None:
    assert keys <= set(network_schema.TermEntry.model_fields)
    assert keys <= set(re.findall(r"`([a-z_]+)`", section(heading)))


def test_the_documented_keys_of_terms_are_all_there_are() -> None:
    assert set(network_schema.TermEntry.model_fields) == {"code", "names", "description", "aliases", "group", "answers"}


@pytest.mark.parametrize(
    ("heading", "entry"),
    [
        ("network.yaml", network_schema.NetworkEntry),
        ("regions.yaml", network_schema.RegionEntry),
        ("sites.yaml", network_schema.SiteEntry),
        ("The simple lists", network_schema.TermEntry),
    ],
)
def test_what_is_said_to_be_required_is_required(heading: str, entry: type[network_schema.Entry]) -> None:
    rows = re.findall(r"^\| (`.+?`) \|.*\| (\w+)[^|]*\|$", section(heading), re.MULTILINE)
    written = {key: answer == "yes" for keys, answer in rows for key in re.findall(r"`(\w+)`", keys)}
    assert written == {key: entry.model_fields[key].is_required() for key in written}


def test_every_file_is_documented() -> None:
    files = {path.name for path in HARBOUR.iterdir()} | {"map.geojson"}
    assert files == set(re.findall(r"`([a-z_]+\.(?:yaml|geojson))`", section("Files")))


def test_every_kind_of_term_has_its_file() -> None:
    assert {f"{kind.value}.yaml" for kind in TermKind} <= {path.name for path in HARBOUR.iterdir()}


def test_the_errors_shown_in_the_documentation_are_real(pack: Path, edit: Edit) -> None:
    edit("sectors.yaml", "group: sea", "group: see")
    edit("needs.yaml", ', fr: "Prêt"', "")
    edit("technologies.yaml", 'aliases: ["ROV"', 'aliases: ["sonar"')
    edit("technologies.yaml", 'aliases: ["sensors"', 'aliases: ["Sonar"')
    shown = re.findall(r"^    (\S.*)$", section("Errors"), re.MULTILINE)
    assert shown == [str(problem) for problem in problems(pack)]
