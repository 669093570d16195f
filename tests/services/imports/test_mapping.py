from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.imports.conftest import EXAMPLES
from webapp.services.imports.mapping import MappingError, read_mapping

Write = Callable[..., Path]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_are_right(path: Path) -> None:
    assert read_mapping(path).source.name == path.stem


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ('[columns.sector]\ncolumn = "S"', "mapping.toml: columns.sector: there is no such field; is it sectors?"),
        ('[columns.pitch]\ncolumn = "P"', "mapping.toml: columns.pitch: language must say"),
        ('[columns.pitch]\ncolumn = "P"\nlanguage = "de"', "mapping.toml: columns.pitch: language must say"),
        ('[columns.website]\ncolumn = "W"\nlanguage = "en"', "mapping.toml: columns.website: language is for texts"),
        ('[columns.website]\ncolum = "W"', "mapping.toml: columns.website.colum: there is no such key"),
        ("[columns.website]", "mapping.toml: columns.website: give column, columns or default"),
        ('[columns.website]\ncolumn = "W"\ncolumns = ["V"]', "mapping.toml: columns.website: give either column or"),
        ('[columns.website]\ncolumn = "W"\nsplit = ","', "mapping.toml: columns.website: split is for fields with"),
        ('[columns.website]\ncolumn = "W"\ntransform = "shout"', "mapping.toml: columns.website.transform: "),
        ('[columns.founded]\ncolumn = "F"\ndate_format = "%Y"', "mapping.toml: columns.founded: date_format is for"),
        ('[[columns.founded]]\ncolumn = "F"\n[[columns.founded]]\ncolumn = "G"', "columns.founded: takes one value"),
        ('[file]\nencoding = "utf-9"', "mapping.toml: file.encoding: there is no encoding utf-9"),
        ("[file]\nheader = 0", "mapping.toml: file.header: "),
        ('[columns.founded\ncolumn = "F"', "mapping.toml: not TOML: "),
    ],
)
def test_a_wrong_mapping_names_the_file_and_the_key(write_mapping: Write, columns: str, problem: str) -> None:
    with pytest.raises(MappingError) as error:
        read_mapping(write_mapping(columns))
    assert len(error.value.problems) == 1
    assert problem in error.value.problems[0]


def test_a_mapping_without_names_or_source_cannot_be_used(write_mapping: Write) -> None:
    with pytest.raises(MappingError) as error:
        read_mapping(write_mapping(whole='[columns.website]\ncolumn = "W"'))
    assert error.value.problems == ["mapping.toml: source: Field required"]
    whole = '[source]\nname = "a"\nlicence = "b"\nattribution = "c"\nkey = ["W"]\n[columns.website]\ncolumn = "W"'
    with pytest.raises(MappingError, match="name_latin or name_arabic must be mapped"):
        read_mapping(write_mapping(whole=whole))


def test_the_digest_follows_the_columns_and_nothing_else(write_mapping: Write) -> None:
    first = read_mapping(write_mapping('[columns.website]\ncolumn = "W"')).digest
    assert read_mapping(write_mapping('[file]\ndelimiter = ";"\n[columns.website]\ncolumn = "W"')).digest == first
    assert read_mapping(write_mapping('[columns.website]\ncolumn = "V"')).digest != first
