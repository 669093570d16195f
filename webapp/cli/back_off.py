"""When a job that fails is tried again: after longer and longer pauses, so that a lasting fault fills no log."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST_PAUSE_SECONDS = 60.0


class BackOff:
    """The pauses of one job.

    Args:
        first_pause: seconds after the first failure; each further failure doubles them, up to a minute.
        clock: gives seconds that never go back.
    """

    def __init__(self, first_pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._first_pause, self._clock = first_pause, clock
        self._pause = 0.0
        self._due = clock()
        self._error = ""

    @property
    def is_due(self) -> bool:
        """Whether the job may be tried."""
        return self._clock() >= self._due

    def failed(self, error: BaseException) -> bool:
        """Begin a pause; gives whether the job fails since now, or now for another reason."""
        self._pause = min(2 * self._pause or self._first_pause, LONGEST_PAUSE_SECONDS)
        self._due = self._clock() + self._pause
        before, self._error = self._error, f"{type(error).__name__}: {error}"
        return self._error != before

    def succeeded(self) -> bool:
        """End the pauses; gives whether the job had failed before."""
        had_failed = bool(self._error)
        self._pause, self._error, self._due = 0.0, "", self._clock()
        return had_failed
