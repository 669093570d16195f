from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.network_pack.conftest import Edit, problems
from webapp.models import TermKind
from webapp.services.network_pack import PackProblem


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
