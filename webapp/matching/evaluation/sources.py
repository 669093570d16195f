"""The sets that come with the source code (``bench/data/matching``), read into data sets and made into tasks."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from webapp.matching.evaluation.dataset import (
    Dataset,
    DatasetError,
    Pair,
    Profile,
    read_dataset,
    read_lines,
    text_of,
    texts_of,
)
from webapp.matching.evaluation.tasks import Half, Task, split, unpaired

SETS = Path(__file__).parents[3] / "bench" / "data" / "matching"

LEAST_PAIRS = 5
"""Acquirers and investors with fewer companies are left out: too little to learn from and to judge by."""

LEFT_OUT = "Y Combinator"
"""The investor that every company of its own list has."""

LANGUAGES = ("ar", "en", "fr")

_LEGAL_FORMS = re.compile(r"(?i)(?:llc|inc|ltd|llp|l\.?p|s\.?a|co|corp|gmbh)\.?")


def names_in(cell: str) -> list[str]:
    """The names in a list parted by commas, each once, in order.

    A legal form after a comma (``WGI Group, LLC``) belongs to the name before it; commas in brackets part nothing.
    """
    names: list[str] = []
    for name in re.split(r",(?![^(]*\))", cell):
        name = " ".join(name.split())
        if name and names and _LEGAL_FORMS.fullmatch(name):
            names[-1] = f"{names[-1]}, {name}"
        elif name:
            names.append(name)
    return list(dict.fromkeys(names))


def read_acquisitions(folder: Path = SETS) -> Dataset:
    """Companies and who acquired them; some were bought by two together.

    Raises:
        DatasetError: the file is missing or wrong.
    """
    path = folder / "acquisitions.jsonl"
    companies: dict[str, Profile] = {}
    pairs: list[Pair] = []
    for number, row in read_lines(path, {"company", "text", "categories", "city", "country", "acquired_by"}):
        company = text_of(path, number, row, "company")
        if company in companies:
            raise DatasetError(path, number, "company", f"{company} occurs twice")
        categories = tuple(names_in(str(row.get("categories") or "")))
        companies[company] = Profile(company, {"en": text_of(path, number, row, "text")}, categories)
        pairs += [(company, acquirer) for acquirer in names_in(text_of(path, number, row, "acquired_by"))]
    return _of_the_frequent(companies, pairs, "corporate")


def read_yc(folder: Path = SETS) -> Dataset:
    """Companies of an accelerator with text or categories, and who else invested in them.

    Raises:
        DatasetError: the file is missing or wrong.
    """
    path = folder / "yc-2014.csv"
    try:
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        raise DatasetError(path, 0, "", "there is no such file") from None
    companies: dict[str, Profile] = {}
    pairs: list[Pair] = []
    for row in rows:
        name, description, categories, investors = (
            _cell(path, rows.line_num, row, column) for column in ("Company", "Description", "Categories", "Investors")
        )
        if name in companies:
            raise DatasetError(path, rows.line_num, "Company", f"{name} occurs twice")
        if description or categories:
            companies[name] = Profile(name, {"en": description} if description else {}, tuple(names_in(categories)))
            pairs += [(name, investor) for investor in names_in(investors) if investor != LEFT_OUT]
    return _of_the_frequent(companies, pairs, "investor")


def _cell(path: Path, number: int, row: Mapping[str, str | None], column: str) -> str:
    value = row.get(column)
    if value is None:
        raise DatasetError(path, number, column, "there is no such cell")
    return value.strip()


def _of_the_frequent(companies: Mapping[str, Profile], pairs: Iterable[Pair], kind: str) -> Dataset:
    pairs = list(pairs)
    counts = Counter(partner for _, partner in pairs)
    kept = sorted(partner for partner, count in counts.items() if count >= LEAST_PAIRS)
    partners = tuple(Profile(partner, kind=kind) for partner in kept)
    known = set(kept)
    return Dataset(tuple(companies.values()), partners, {pair: "" for pair in pairs if pair[1] in known})


def read_crosslanguage(company_language: str, partner_language: str, folder: Path = SETS) -> Dataset:
    """The ideas in one language and the partners in another, with all judged pairs.

    Raises:
        DatasetError: a file is missing or wrong.
    """
    files = folder / "crosslanguage"
    ideas = _one_language(files / "ideas.jsonl", {"id", "sector", "texts"}, company_language)
    partners = _one_language(files / "partners.jsonl", {"id", "kind", "texts"}, partner_language)
    path = files / "pairs.jsonl"
    pairs: dict[Pair, str] = {}
    for number, row in read_lines(path, {"idea", "partner"}):
        idea, partner = text_of(path, number, row, "idea"), text_of(path, number, row, "partner")
        for name, value, known in (("idea", idea, ideas), ("partner", partner, partners)):
            if value not in known:
                raise DatasetError(path, number, name, f"there is no {name} {value}")
        pairs[idea, partner] = ""
    return Dataset(tuple(ideas.values()), tuple(partners.values()), pairs)


def _one_language(path: Path, fields: set[str], language: str) -> dict[str, Profile]:
    found: dict[str, Profile] = {}
    for number, row in read_lines(path, fields):
        profile_id = text_of(path, number, row, "id")
        texts = row.get("texts")
        if not isinstance(texts, dict) or not isinstance(texts.get(language), dict):
            raise DatasetError(path, number, f"texts.{language}", "must be an object of texts")
        said = texts_of(path, number, texts, language)
        # The sector is for people who read the file; no scorer sees it.
        found[profile_id] = Profile(profile_id, {language: " ".join(said.values())}, kind=str(row.get("kind", "")))
    return found


def _languages(half: Half, folder: Path, *, across: bool) -> Task:
    pairs = [(one, other) for one in LANGUAGES for other in LANGUAGES if (one != other) == across]
    parts = [unpaired(read_crosslanguage(*pair, folder), half, "-".join(pair)) for pair in pairs]
    return Task("crosslanguage" if across else "same-language", tuple(parts))


TASKS: dict[str, Callable[[Half, Path], Task]] = {
    "acquisitions": lambda half, folder: Task("acquisitions", split(read_acquisitions(folder), half)),
    "yc-investors": lambda half, folder: Task("yc-investors", split(read_yc(folder), half)),
    "yc-warm": lambda half, folder: Task("yc-warm", split(read_yc(folder), half, warm=True)),
    "crosslanguage": lambda half, folder: _languages(half, folder, across=True),
    "same-language": lambda half, folder: _languages(half, folder, across=False),
}
"""Name -> how to make the task of a half from the folder of the sets."""


def own_task(folder: Path, half: Half) -> Task:
    """The task of a folder in the documented format, named after the folder.

    Raises:
        DatasetError: a file is missing or wrong.
        ValueError: there is too little of it to be split.
    """
    return Task(folder.resolve().name, split(read_dataset(folder), half))
