"""How good the answers of the search are: judged sets, measures, and the engines that ours is compared with.

A judged set holds documents, queries and which documents answer each query. Every engine gets the same documents and
queries; ours is asked through the same call as the directory asks it.
"""

from webapp.search.evaluation.comparison import Comparison, compare
from webapp.search.evaluation.judged import JudgedQuery, JudgedSet, JudgementError, Part, read_judged_set, set_names
from webapp.search.evaluation.report import as_object, table
from webapp.search.evaluation.rules import Profile, RuledQuery, directory_sets, read_ruled_queries

__all__ = [
    "Comparison",
    "JudgedQuery",
    "JudgedSet",
    "JudgementError",
    "Part",
    "Profile",
    "RuledQuery",
    "as_object",
    "compare",
    "directory_sets",
    "read_judged_set",
    "read_ruled_queries",
    "set_names",
    "table",
]
