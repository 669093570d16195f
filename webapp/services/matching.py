"""Preparing matches: reading features, replacing all matches, and rescoring what changed. For the worker and commands.

This module loads scikit-learn; pages read what it prepared through ``webapp.services.matches``, which does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

import numpy as np
import sqlalchemy as sa

from webapp.matching import Matcher, Ranking
from webapp.models import DbSession, Match, MatchingRun, Partner, PublicationState, Startup
