"""Who takes part in a comparison."""

from __future__ import annotations

from webapp.matching.evaluation.learned import Learned
from webapp.matching.evaluation.scorers import CategoryOverlap, Chance, Ours, Popularity, Scorer
from webapp.matching.evaluation.text_scorers import VARIANTS, Bm25, MiniLm, Tfidf

OURS = ("ours", "learned", "learned + popularity")
"""The families that are no baselines; the first is what the site uses."""


def roster() -> list[Scorer]:
    """All scorers, baselines first. Those that need an optional package find out when they learn."""
    texts = [kind(variant) for kind in (Bm25, Tfidf, MiniLm) for variant in VARIANTS]
    return [Chance(), Popularity(), CategoryOverlap(), *texts, Ours(), Learned(), Learned(popularity=True)]
