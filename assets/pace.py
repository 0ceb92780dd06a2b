"""How much of a step is done, and how long the rest takes at the pace so far."""

import threading
import time
from collections.abc import Callable

SHORTEST_TOLD = 10
"""Seconds left under which nothing is said of them: they pass before they are read."""

LEAST_DONE = 0.01
"""Under this share the pace says too little of the rest."""


class Pace:
    """A step of so much work (bytes or rows), done piece by piece, perhaps in several threads."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._done = 0
        self._clock = clock
        self._began = clock()
        self._alone = threading.Lock()

    def after(self, amount: int) -> str:
        """What is done after so much more: `42 %, about 3 min left`."""
        with self._alone:
            self._done += amount
            share = min(1.0, self._done / max(self._total, 1))
        told = f"{share:.0%}"
        left = (self._clock() - self._began) * (1 - share) / share if share >= LEAST_DONE else 0.0
        return f"{told}, about {_words(left)} left" if left >= SHORTEST_TOLD else told


def _words(seconds: float) -> str:
    """Minutes from one and a half on, else tens of seconds."""
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{round(seconds, -1):.0f} s"
