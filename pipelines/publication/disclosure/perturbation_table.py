"""Perturbation tables: how likely each deviation from a true count is.

For every count the distribution of greatest entropy with mean 0 and the variance asked for, over
the deviations that are allowed: at most the largest, never to below 0 nor to a number between 1 and
`forbidden`. Zero stays zero. Source: Fraser and Wooton 2006; Giessing 2016 (R package ptable); what
is not taken from them is that probabilities need not fall with the distance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

STEPS = 2**32
"""Probabilities are whole numbers of so many parts, so that every machine draws the same."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_MOST_ROUNDS = 500
_EXACT = 1e-14


@dataclass(frozen=True)
class PerturbationTable:
    """The deviations of each true count, and up to which key each is drawn.

    `deviations` and `upper` are [true count, place]: a key from 0 to 2³² − 1 draws the first
    deviation whose `upper` is greater. Greater counts than the last row's are drawn from the last.
    """

    deviations: Integers
    upper: NDArray[np.int64]

    @property
    def rows(self) -> int:
        """How many true counts have a row of their own, 0 included."""
        return len(self.deviations)

    def deviation(self, counts: Integers, keys: NDArray[np.int64]) -> Integers:
        """The deviation of each count by its key."""
        row = np.minimum(counts, self.rows - 1)
        place = (keys[:, None] >= self.upper[row]).sum(axis=1)
        found: Integers = self.deviations[row, place]
        return found

    def of_many(self, keys: NDArray[np.int64]) -> Integers:
        """The deviations that keys draw for counts that are large."""
        return self.deviation(np.full(len(keys), self.rows), keys)

    def probabilities(self, count: int) -> dict[int, float]:
        """Deviation to probability, of a true count."""
        row = min(count, self.rows - 1)
        widths = np.diff(self.upper[row], prepend=0) / STEPS
        return {
            int(deviation): float(width)
            for deviation, width in zip(self.deviations[row], widths, strict=True)
            if width > 0
        }


@cache
def perturbation_table(largest: int, variance: float, forbidden: int) -> PerturbationTable:
    """The table for deviations of at most `largest`, without published numbers 1 to `forbidden`.

    Where the variance cannot be reached it is the nearest that can: of small counts the least is
    often greater. Raises ValueError where a count cannot be made either greater or smaller.
    """
    places = 2 * largest + 1
    counts = largest + forbidden + 2
    deviations = np.zeros((counts, places), dtype=np.int64)
    upper = np.full((counts, places), STEPS, dtype=np.int64)
    for count in range(1, counts):
        allowed = [
            deviation
            for deviation in range(-min(largest, count), largest + 1)
            if not 1 <= count + deviation <= forbidden
        ]
        probabilities = most_even(allowed, variance)
        deviations[count, : len(allowed)] = allowed
        upper[count, : len(allowed)] = np.round(np.cumsum(probabilities) * STEPS)
        upper[count, len(allowed) - 1 :] = STEPS
    return PerturbationTable(deviations, upper)


def most_even(allowed: Sequence[int], variance: float) -> Floats:
    """The probabilities of greatest entropy with mean 0 and this variance, or the nearest to it.

    They have the form exp(a·d + b·d²); a and b are the minimum of a smooth convex function of two
    numbers, found by Newton's method. Raises ValueError where no mean of 0 is possible.
    """
    below, above = [each for each in allowed if each <= 0], [each for each in allowed if each >= 0]
    if not below or not above:
        raise ValueError("The largest deviation leads from a small count to no number allowed.")
    least, greatest = (
        _of_two(allowed, max(below), min(above)),
        _of_two(allowed, min(below), max(above)),
    )
    squares = np.square(np.asarray(allowed, dtype=np.float64))
    for extreme, is_beyond in (
        (least, variance <= squares @ least),
        (greatest, variance >= squares @ greatest),
    ):
        if is_beyond:
            return extreme
    return _by_newton(np.asarray(allowed, dtype=np.float64), variance)


def _of_two(allowed: Sequence[int], below: int, above: int) -> Floats:
    """Mean 0 with two deviations alone, or with 0."""
    probabilities = np.zeros(len(allowed))
    span = above - below
    probabilities[allowed.index(below)] = above / span if span else 1.0
    if span:
        probabilities[allowed.index(above)] = -below / span
    return probabilities


def _by_newton(deviations: Floats, variance: float) -> Floats:
    scale = np.abs(deviations).max()
    moments = np.stack([deviations / scale, np.square(deviations / scale)])
    wanted = np.array([0.0, variance / scale**2])

    def height(at: Floats) -> float:
        exponents = at @ moments
        top = float(exponents.max())
        return top + math.log(float(np.exp(exponents - top).sum())) - float(at @ wanted)

    at = np.zeros(2)
    probabilities = np.full(len(deviations), 1 / len(deviations))
    for _ in range(_MOST_ROUNDS):
        exponents = at @ moments
        weights = np.exp(exponents - exponents.max())
        probabilities = weights / weights.sum()
        slope = moments @ probabilities - wanted
        if np.abs(slope).max() < _EXACT:
            break
        centred = moments - (moments @ probabilities)[:, None]
        step = np.linalg.solve((centred * probabilities) @ centred.T, slope)
        length = 1.0
        while height(at - length * step) > height(at) and length > _EXACT:
            length /= 2
        at = at - length * step
    return probabilities
