from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching.strategies import directories
from tests.matching.strategies import startups as any_startup
from webapp.matching import (
    COUNTERS,
    HINTS,
    REASONS,
    BadFit,
    Matcher,
    Part,
    PartnerFeatures,
    StartupFeatures,
    Weights,
    exclusions,
)

Directory = tuple[list[StartupFeatures], list[PartnerFeatures]]
FAST = settings(max_examples=60, deadline=None)


def fitted(directory: Directory, per_profile: int = 3) -> Matcher:
    matcher = Matcher(per_profile=per_profile, pack_digest="pack")
    matcher.fit(*directory)
    return matcher


def explained(matcher: Matcher) -> dict[tuple[int, int], tuple[float, list[Part]]]:
    ranking = matcher.rank()
    return {
        (row[0], row[1]): (row[2], parts) for row, parts in zip(ranking.rows(), matcher.explain(ranking), strict=True)
    }


@FAST
@given(directories())
def test_every_score_is_the_sum_of_its_parts(directory: Directory) -> None:
    for score, parts in explained(fitted(directory)).values():
        assert math.isclose(sum(part["weight"] for part in parts), score, abs_tol=2e-5)


@FAST
@given(directories())
def test_reasons_add_and_counter_reasons_only_cost(directory: Directory) -> None:
    for _, parts in explained(fitted(directory)).values():
        for part in parts:
            aside = part.get("cost", part.get("gain"))
            assert part["code"] in (COUNTERS if "cost" in part else HINTS if "gain" in part else REASONS)
            assert part["weight"] > 0 if aside is None else part["weight"] == 0 < aside
            assert all(part["values"].get("codes", [True]))
        assert len({part["code"] for part in parts}) == len(parts)


@FAST
@given(directories())
def test_reasons_are_true(directory: Directory) -> None:
    startups = {startup.id: startup for startup in directory[0]}
    partners = {partner.id: partner for partner in directory[1]}
    for (startup_id, partner_id), (_, parts) in explained(fitted(directory)).items():
        startup, partner = startups[startup_id], partners[partner_id]
        told = {part["code"]: part["values"] for part in parts}
        written = " ".join(startup.texts.values())
        assert all(word in written for word in told.get("shared-words", {}).get("words", []))
        assert set(told.get("same-sector", {}).get("codes", [])) <= {*startup.codes("sectors")} & {
            *partner.codes("sectors")
        }
        assert set(told.get("needs-answered", {}).get("codes", [])) <= {*startup.codes("needs")} & {*partner.answered}
        assert not {*told.get("sector-not-sought", {}).get("codes", [])} & {*partner.codes("sectors")}
        assert set(told.get("near-history", {}).get("ids", [])) <= {*partner.history} - {startup_id}


@FAST
@given(directories())
def test_nobody_is_proposed_whom_anything_rules_out(directory: Directory) -> None:
    startups = {startup.id: startup for startup in directory[0]}
    partners = {partner.id: partner for partner in directory[1]}
    for startup_id, partner_id in explained(fitted(directory)):
        assert exclusions(startups[startup_id], partners[partner_id]) == []


@FAST
@given(directories())
def test_a_hint_says_what_the_startup_leaves_open_and_the_partner_asks(directory: Directory) -> None:
    startups = {startup.id: startup for startup in directory[0]}
    for (startup_id, _), (_, parts) in explained(fitted(directory)).items():
        hints = {part["code"] for part in parts if "gain" in part}
        assert len(hints) <= 1
        if "add-needs" in hints:
            assert not startups[startup_id].codes("needs")
        if "add-raising" in hints:
            assert not startups[startup_id].raising.is_known


@FAST
@given(directories(), st.randoms())
def test_the_order_of_the_profiles_changes_nothing(directory: Directory, random: st.DataObject) -> None:
    before = explained(fitted(directory))
    for side in directory:
        random.shuffle(side)  # type: ignore[attr-defined]
    assert explained(fitted(directory)) == before


@FAST
@given(directories(), st.lists(any_startup, max_size=2, unique_by=lambda one: one.id))
def test_replacing_startups_scores_them_as_the_same_fit_scores_all(
    directory: Directory, changed: list[StartupFeatures]
) -> None:
    matcher = fitted(directory)
    untouched = {startup.id for startup in directory[0]} - {startup.id for startup in changed}
    before = matcher.scores(untouched).tolist()
    matcher.replace_startups({startup.id for startup in changed}, changed)
    assert matcher.scores(untouched).tolist() == before
    assert matcher.startups.ids.tolist() == sorted(untouched | {startup.id for startup in changed})
    matcher.replace_startups([startup.id for startup in changed], [])
    assert matcher.startups.ids.tolist() == sorted(untouched)


def test_lists_keep_no_more_than_asked_of_each_kind() -> None:
    startup = StartupFeatures(1, {"en": "farm"}, {"sectors": ("agritech",)})
    partners = [
        PartnerFeatures(number, kind, {"en": "farm"}, {"sectors": ("agritech",)})
        for number, kind in enumerate(["investor", "mentor"] * 3, start=1)
    ]
    ranking = fitted(([startup], partners), per_profile=2).rank()
    assert sorted(zip(ranking.partner_ids.tolist(), ranking.startup_ranks.tolist(), strict=True)) == [
        (1, 1), (2, 1), (3, 2), (4, 2), (5, 0), (6, 0),
    ]  # fmt: skip


def test_a_french_startup_and_an_arabic_partner_meet_by_their_sector() -> None:
    startup = StartupFeatures(1, {"fr": "Capteurs pour les vergers"}, {"sectors": ("agritech",)})
    partner = PartnerFeatures(2, "investor", {"ar": "نمول ضيعات الحوامض"}, {"sectors": ("agritech",)})
    other = PartnerFeatures(3, "investor", {"ar": "نمول المصحات"}, {"sectors": ("healthtech",)})
    matches = explained(fitted(([startup], [partner, other])))
    assert list(matches) == [(1, 2)]
    assert {part["code"] for part in matches[1, 2][1]} == {"same-sector", "related-texts"}


def test_profiles_of_two_languages_meet_by_concepts_and_related_words_alone() -> None:
    startup = StartupFeatures(1, {"en": "Smart irrigation for olive orchards"})
    partners = [
        PartnerFeatures(2, "investor", {"ar": "نمول الري الذكي وضيعات الزيتون"}),
        PartnerFeatures(3, "investor", {"ar": "نمول الأداء بالهاتف للتجار"}),
    ]
    (_, parts) = explained(fitted(([startup], partners)))[1, 2]
    told = {part["code"]: part["values"] for part in parts}
    assert told["shared-concepts"]["codes"][0] == "precision-irrigation"
    assert "shared-words" not in told
    assert fitted(([startup], partners)).scores()[0, 1] < 0.2


def test_a_startup_close_to_those_that_a_partner_backed_is_told_which() -> None:
    startups = [
        StartupFeatures(1, {"en": "Drip irrigation for olive orchards"}, {"sectors": ("agritech",)}),
        StartupFeatures(2, {"en": "Video visits to the doctor"}, {"sectors": ("healthtech",)}),
        StartupFeatures(3, {"en": "Irrigation of orchards by sensors"}, {"sectors": ("agritech",)}),
    ]
    partner = PartnerFeatures(4, "investor", terms={"sectors": ("agritech",)}, history=(1, 2))
    matches = explained(fitted((startups, [partner])))
    assert list(matches) == [(3, 4)]
    told = {part["code"]: part["values"] for part in matches[3, 4][1]}
    assert told == {"same-sector": {"codes": ["agritech"]}, "near-history": {"ids": [1]}}


def test_shared_words_are_told_by_language_as_the_startup_writes_them() -> None:
    startup = StartupFeatures(1, {"fr": "L’irrigation des vergers", "en": "Irrigation of orchards"})
    partner = PartnerFeatures(2, "mentor", {"fr": "irrigations, verger", "en": "irrigation"})
    (_, parts) = explained(fitted(([startup], [partner])))[1, 2]
    values = next(part["values"] for part in parts if part["code"] == "shared-words")
    assert set(zip(values["words"], values["languages"], strict=True)) == {
        ("irrigation", "fr"), ("vergers", "fr"), ("Irrigation", "en"),
    }  # fmt: skip


def test_words_that_everybody_uses_are_not_named() -> None:
    startups = [StartupFeatures(number, {"en": f"everywhere special{number}"}) for number in range(1, 21)]
    partner = PartnerFeatures(1, "mentor", {"en": "everywhere special7"})
    (_, parts) = explained(fitted((startups, [partner])))[7, 1]
    (words,) = (part["values"]["words"] for part in parts if part["code"] == "shared-words")
    assert words == ["special7"]


def test_an_empty_directory_and_one_without_words_can_be_fitted() -> None:
    assert len(fitted(([], [])).rank()) == 0
    assert len(fitted(([StartupFeatures(1)], [PartnerFeatures(1, "mentor")])).rank()) == 0


def test_feedback_moves_the_weights_and_none_leaves_the_defaults() -> None:
    startups = [
        StartupFeatures(number, {"en": f"{'orchard' if number % 2 else 'clinic'} word{number}"})
        for number in range(1, 41)
    ]
    backers = [PartnerFeatures(101, "investor", history=tuple(range(1, 40, 2)))]
    backers.append(PartnerFeatures(102, "investor", history=tuple(range(2, 41, 2))))
    matcher = fitted((startups, backers))
    assert matcher.weights != Weights()
    assert sum(matcher.weights.parts().values()) == pytest.approx(1)
    assert min(matcher.weights.parts().values()) >= 0
    assert fitted((startups, [PartnerFeatures(101, "investor")])).weights == Weights()


def test_a_fit_that_is_not_sound_leaves_the_one_before() -> None:
    directory = ([StartupFeatures(1, {"en": "farm"})], [PartnerFeatures(2, "mentor", {"en": "farm"})])
    matcher = fitted(directory)
    before = matcher.scores().tolist()
    matcher.run_id = 7
    matcher.defaults = replace(Weights(), words=5.0)
    with pytest.raises(BadFit):
        matcher.fit(*directory)
    assert matcher.run_id == 7
    assert matcher.scores().tolist() == before


def test_the_stamp_depends_on_weights_and_pack_only() -> None:
    stamp = Matcher(per_profile=3, pack_digest="a").stamp()
    assert stamp == Matcher(per_profile=3, pack_digest="a").stamp()
    assert stamp != Matcher(per_profile=3, pack_digest="b").stamp()
    assert stamp != Matcher(per_profile=3, pack_digest="a", weights=replace(Weights(), words=0.09)).stamp()


def test_a_matcher_that_forgets_is_not_fitted() -> None:
    matcher = fitted(([], []))
    assert matcher.is_fitted
    matcher.forget()
    assert not matcher.is_fitted
