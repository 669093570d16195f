from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.matching.evaluation.dataset import DatasetError
from webapp.matching.evaluation.sources import (
    LANGUAGES,
    LEAST_PAIRS,
    SETS,
    names_in,
    read_acquisitions,
    read_crosslanguage,
    read_yc,
)


def test_a_legal_form_after_a_comma_belongs_to_the_name_before_it() -> None:
    assert names_in("Stuart Larkins, WGI Group, LLC, A & B Partners") == [
        "Stuart Larkins",
        "WGI Group, LLC",
        "A & B Partners",
    ]


def test_a_comma_in_brackets_parts_nothing_and_repeated_names_count_once() -> None:
    assert names_in(" DFJ (Draper, Fisher),SV  Angel, ,SV Angel,") == ["DFJ (Draper, Fisher)", "SV Angel"]


@given(st.lists(st.sampled_from(["SV Angel", "Box", "Great Oaks (NY)"]), max_size=5))
def test_names_joined_by_commas_come_back(names: list[str]) -> None:
    assert names_in(", ".join(names)) == list(dict.fromkeys(names))


def test_every_acquirer_and_investor_has_at_least_five_companies_and_the_accelerator_is_left_out() -> None:
    for data in (read_acquisitions(), read_yc()):
        counts = Counter(partner for _, partner in data.pairs)
        assert set(counts) == {partner.id for partner in data.partners}
        assert min(counts.values()) >= LEAST_PAIRS
    assert "Y Combinator" not in {partner.id for partner in read_yc().partners}


def test_an_acquirer_is_known_with_what_it_bought_together_with_another() -> None:
    rows = (SETS / "acquisitions.jsonl").read_text(encoding="utf-8").splitlines()
    buyers = {row["company"]: row["acquired_by"] for row in map(json.loads, rows)}
    together = {company for company, names in buyers.items() if "," in names and "AOL" in names}
    bought = {company for company, partner in read_acquisitions().pairs if partner == "AOL"}
    assert together
    assert bought == together | {company for company, name in buyers.items() if name == "AOL"}


@pytest.mark.parametrize("company_language", LANGUAGES)
@pytest.mark.parametrize("partner_language", LANGUAGES)
def test_the_judged_set_is_whole_in_every_pair_of_languages(company_language: str, partner_language: str) -> None:
    data = read_crosslanguage(company_language, partner_language)
    assert len(data.companies) >= 66
    assert len(data.partners) >= 33
    assert all(len(company.text.split()) >= 10 for company in data.companies)
    per_idea = Counter(company for company, _ in data.pairs)
    per_partner = Counter(partner for _, partner in data.pairs)
    assert set(per_idea) == {company.id for company in data.companies}
    assert set(per_partner) == {partner.id for partner in data.partners}
    assert set(per_idea.values()) <= {1, 2, 3}
    assert max(per_partner.values()) <= 6


def test_texts_are_written_in_the_script_of_their_language() -> None:
    for language in LANGUAGES:
        data = read_crosslanguage(language, language)
        for profile in (*data.companies, *data.partners):
            scripts = {unicodedata.name(letter).split()[0] for letter in profile.text if letter.isalpha()}
            assert scripts == ({"ARABIC"} if language == "ar" else {"LATIN"}), profile.id


def test_a_row_without_a_cell_is_named(tmp_path: Path) -> None:
    text = "Company,Description,Categories,Investors\nA,Does things,,SV Angel\nB,Short\n"
    (tmp_path / "yc-2014.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"yc-2014\.csv:3: Categories: there is no such cell"):
        read_yc(tmp_path)


def test_absent_sets_are_named(tmp_path: Path) -> None:
    for read in (read_yc, read_acquisitions):
        with pytest.raises(DatasetError, match="there is no such file"):
            read(tmp_path)
