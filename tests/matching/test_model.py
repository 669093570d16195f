"""The text space."""

from __future__ import annotations

from webapp.language import analyze
from webapp.matching.features import StartupFeatures
from webapp.matching.model import Space


def test_numbers_and_adverbs_are_never_named_as_reasons() -> None:
    startup = StartupFeatures(
        id=1, texts={"fr": "Quatre capteurs aussi pour une serre", "en": "Four sensors never fail"}
    )
    partner = StartupFeatures(id=2, texts={"fr": "Aussi quatre capteurs", "en": "Never without four sensors"})
    space = Space()
    space.fit([startup], [partner])
    told = {word for word, telling in zip(space.vocabulary, space.is_telling, strict=True) if telling}
    assert not told & set(analyze("quatre aussi never") + analyze("four"))
    assert set(analyze("capteurs sensors")) <= told
