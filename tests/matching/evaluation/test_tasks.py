from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from webapp.matching.evaluation.dataset import Dataset, Profile
from webapp.matching.evaluation.sources import SETS, TASKS
from webapp.matching.evaluation.tasks import Half, Part, split

HALVES: tuple[Half, ...] = ("tune", "report")


def dataset(pairs: dict[tuple[str, str], str]) -> Dataset:
    companies = tuple(Profile(name, {"en": name}) for name in sorted({company for company, _ in pairs}))
    partners = tuple(Profile(name) for name in sorted({partner for _, partner in pairs}))
    return Dataset(companies, partners, pairs)


names = st.integers(0, 200).map(str)
undated = st.dictionaries(st.tuples(names, st.sampled_from("pqr")), st.just(""), min_size=30, max_size=80)


def made(data: Dataset, half: Half, *, warm: bool = False) -> tuple[Part, ...]:
    try:
        return split(data, half, warm=warm)
    except ValueError:
        assume(False)
        raise


@given(undated)
def test_no_company_asked_is_known_and_no_pair_is_lost(pairs: dict[tuple[str, str], str]) -> None:
    (part,) = made(dataset(pairs), "report")
    asked = {company.id for company in part.asked}
    assert asked.isdisjoint(company.id for company in part.training.companies)
    assert part.truth | part.training.pairs == set(pairs)
    assert part.truth.isdisjoint(part.training.pairs)
    assert all(company in asked for company, _ in part.truth)


@given(undated)
def test_tuning_never_sees_the_companies_that_are_reported(pairs: dict[tuple[str, str], str]) -> None:
    data = dataset(pairs)
    reported = {company.id for company in made(data, "report")[0].asked}
    for part in made(data, "tune"):
        seen = {company.id for company in (*part.asked, *part.training.companies)}
        assert seen.isdisjoint(reported)
        assert reported.isdisjoint(company for company, _ in part.training.pairs)


@given(undated, st.randoms())
def test_the_halves_do_not_depend_on_the_order_of_the_file(pairs: dict[tuple[str, str], str], random: object) -> None:
    data = dataset(pairs)
    shuffled = list(data.companies)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    (first,), (second,) = made(data, "report"), made(Dataset(tuple(shuffled), data.partners, pairs), "report")
    assert first.truth == second.truth


@given(undated)
def test_in_a_warm_task_every_company_asked_has_a_pair_told_and_one_to_find(
    pairs: dict[tuple[str, str], str],
) -> None:
    (part,) = made(dataset(pairs), "report", warm=True)
    for company in part.asked:
        assert any(pair[0] == company.id for pair in part.truth)
        assert any(pair[0] == company.id for pair in part.training.pairs)
    assert part.truth.isdisjoint(part.training.pairs)


@given(st.dictionaries(st.tuples(names, st.sampled_from("pqr")), st.integers(1990, 2020).map(str), min_size=30))
def test_with_dates_nothing_known_is_younger_than_what_is_asked(pairs: dict[tuple[str, str], str]) -> None:
    first: dict[str, str] = {}
    for (company, _), date in pairs.items():
        first[company] = min(date, first.get(company, date))
    for half in HALVES:
        (part,) = made(dataset(pairs), half)
        begin = min(first[company.id] for company in part.asked)
        assert max(first[company.id] for company in part.training.companies) <= begin
        assert all(pairs[pair] <= begin for pair in part.training.pairs)


def test_too_little_to_split_is_refused() -> None:
    with pytest.raises(ValueError, match="too few companies"):
        split(dataset({("a", "p"): ""}), "report")


@pytest.mark.parametrize("name", list(TASKS))
@pytest.mark.parametrize("half", HALVES)
def test_every_task_of_the_source_code_asks_in_both_directions(name: str, half: Half) -> None:
    task = TASKS[name](half, SETS)
    for part in task.parts:
        partners = {partner.id for partner in part.training.partners}
        assert len({company for company, _ in part.truth}) >= 30
        assert len({partner for _, partner in part.truth}) >= 20
        assert all(partner in partners for _, partner in part.truth)
    if name == "crosslanguage":
        assert [part.name for part in task.parts] == ["ar-en", "ar-fr", "en-ar", "en-fr", "fr-ar", "fr-en"]
