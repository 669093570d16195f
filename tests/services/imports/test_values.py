from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.services.imports.drafts import cut_text
from webapp.services.imports.values import (
    parse_amount,
    parse_boolean,
    parse_country,
    parse_date,
    parse_url,
    parse_year,
    split_cell,
)


@pytest.mark.parametrize("text", ["2012", "March 2012", "2012-03-01", "٢٠١٢", "c. 2012 (2012)"])
def test_years_are_found(text: str) -> None:
    assert parse_year(text) == 2012


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1200000", 1_200_000),
        ("$1,200,000", 1_200_000),
        ("1 200 000 MAD", 1_200_000),
        ("1.200.000,00 €", 1_200_000),
        ("1.2M", 1_200_000),
        ("1,2 million", 1_200_000),
        ("500k", 500_000),
        ("500 mille", 500_000),
        ("1,250", 1_250),
        ("1.250 M", 1_250_000),
        ("٢ مليون", 2_000_000),
        ("0", 0),
    ],
)
def test_amounts_are_read_with_any_separators(text: str, amount: int) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    ("text", "answer"), [("Oui", True), ("no", False), ("نعم", True), ("لا", False), ("TRUE", True)]
)
def test_yes_and_no_are_known_in_every_language(text: str, answer: bool) -> None:
    assert parse_boolean(text) is answer


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("example.com", "https://example.com"),
        ("http://example.com/a?b=c", "http://example.com/a?b=c"),
        ("www.exämple.com", "https://www.exämple.com"),
        ("https://موقع.المغرب", "https://موقع.المغرب"),
    ],
)
def test_addresses_get_a_scheme(text: str, url: str) -> None:
    assert parse_url(text) == url


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MA", "MA"),
        ("Maroc", "MA"),
        ("المغرب", "MA"),
        ("USA", "US"),
        ("U.S.", "US"),
        ("united  kingdom", "GB"),
        ("UK", "GB"),
        ("Czech Republic", "CZ"),
        ("Hong Kong", "HK"),
        ("Côte d'Ivoire", "CI"),
        ("DEU", "DE"),
    ],
)
def test_countries_are_known_by_code_and_name(text: str, code: str) -> None:
    assert parse_country(text) == code


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_year, "2012 or 2013"),
        (parse_year, "soon"),
        (parse_year, "120125"),
        (parse_amount, "undisclosed amount"),
        (parse_amount, "$1200000, $500000"),
        (parse_amount, "-5"),
        (parse_amount, "9 billion"),
        (parse_amount, "1.2.3"),
        (parse_boolean, "perhaps"),
        (parse_url, "javascript:alert(1)"),
        (parse_url, "ftp://example.com"),
        (parse_url, "http://example"),
        (parse_url, "http://[::1"),
        (parse_url, "two words.com"),
        (parse_country, "California"),
        (parse_country, "EU"),
        (parse_date, "soon"),
        (parse_date, "31/12/2020"),
        (parse_date, "0001-01-01"),
        (parse_date, "2020-13"),
    ],
)
def test_what_cannot_be_read_is_an_error(parse: Callable[[str], Any], text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


def test_dates_are_iso_unless_a_format_says_otherwise() -> None:
    assert parse_date("2020-12-31") == (date(2020, 12, 31), True)
    assert parse_date("2020-12-31 10:30") == (date(2020, 12, 31), True)
    assert parse_date("31/12/2020", "%d/%m/%Y") == (date(2020, 12, 31), True)
    assert parse_date("2020") == (date(2020, 1, 1), False)
    assert parse_date("2020-05") == (date(2020, 5, 1), False)


@pytest.mark.parametrize(
    ("text", "separators", "values"),
    [
        ("a, b ,,c", [","], ["a", "b", "c"]),
        ('a, "b, c"', [","], ["a", "b, c"]),
        ('"say ""x""", b', [","], ['say "x"', "b"]),
        ('5" screen, b', [","], ['5" screen', "b"]),
        ("a؛ b، c", ["،", "؛"], ["a", "b", "c"]),
        ("a, b", [], ["a, b"]),
        ("  ", [], []),
    ],
)
def test_cells_are_parted_outside_quotation_marks(text: str, separators: list[str], values: list[str]) -> None:
    assert split_cell(text, separators) == values


@given(st.lists(st.text("ab ,", min_size=1).map(str.strip).filter(bool), max_size=5))
def test_quoted_values_come_back(values: list[str]) -> None:
    assert split_cell(",".join(f'"{value}"' for value in values), [","]) == values


@given(st.text(max_size=300), st.integers(10, 140))
def test_cut_texts_fit(text: str, limit: int) -> None:
    cut = cut_text(text, limit)
    assert len(cut) <= limit
    assert cut == text or cut.endswith("…")
