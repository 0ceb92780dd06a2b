"""How much of the work is done, and how long the rest takes at the pace so far."""

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar

SHORTEST_TOLD = 10
"""Seconds left under which nothing is said of them: they pass before they are read."""

LEAST_DONE = 0.01
"""Under this share the pace says too little of the rest."""


class Pace:
    """So much work (bytes or rows), done piece by piece, perhaps in several threads."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._done = 0
        self._share_before = 0.0
        self._clock = clock
        self._began = clock()
        self._alone = threading.Lock()

    def after(self, amount: int) -> str:
        """What is done after so much more: `42 %, about 3 min left`."""
        with self._alone:
            self._done += amount
            share = self._share()
        told = f"{share:.0%}"
        left = (self._clock() - self._began) * (1 - share) / share if share >= LEAST_DONE else 0.0
        return f"{told}, about {_words(left)} left" if left >= SHORTEST_TOLD else told

    def rest_is(self, total: int) -> None:
        """From here on the rest of the work is counted anew, such as rows instead of bytes."""
        with self._alone:
            self._share_before = self._share()
            self._total = total
            self._done = 0

    def _share(self) -> float:
        of_rest = min(1.0, self._done / max(self._total, 1))
        return self._share_before + (1 - self._share_before) * of_rest


_PACE_OF_RUN: ContextVar[Pace] = ContextVar("pace_of_run")
"""Dagster makes its resources anew for every run of its own, so they cannot hand it on."""


def keep_pace(pace: Pace) -> Pace:
    """From now on steps say how far this work is, of which they are a part."""
    _PACE_OF_RUN.set(pace)
    return pace


def pace_of(work_of_step: int) -> Pace:
    """How far the work is that a step is part of; where there is none, how far the step is."""
    return _PACE_OF_RUN.get(None) or Pace(work_of_step)


def _words(seconds: float) -> str:
    """Minutes from one and a half on, else tens of seconds."""
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{round(seconds, -1):.0f} s"
