"""Matching startups with partners: features in, ranked and explained pairs out. The only package that imports sklearn.

Nothing here reads the database or knows of requests; ``webapp.services.matching`` brings the features and writes the
pairs. The web process must never import this package: scikit-learn costs it memory and start-up time.
"""

from webapp.matching.constraints import exclusions
from webapp.matching.explanation import COUNTERS, HINTS, REASONS, Part
from webapp.matching.features import Money, PartnerFeatures, StartupFeatures
from webapp.matching.matcher import BadFit, Matcher
from webapp.matching.ranking import Ranking
from webapp.matching.scoring import Weights

__all__ = [
    "COUNTERS",
    "HINTS",
    "REASONS",
    "BadFit",
    "Matcher",
    "Money",
    "Part",
    "PartnerFeatures",
    "Ranking",
    "StartupFeatures",
    "Weights",
    "exclusions",
]
