"""The interval of a relative change holds the true change as often as it says, or more often.

Simulated persons with visits to one main physician (chance θ) and otherwise to new ones each time.
Then COC is k(k − 1)/(n(n − 1)) of k visits to the main physician, with the expectation θ², whatever
n is. So the true ratio of two months is known exactly.
"""

import math
import random
from collections.abc import Iterator

import polars as pl
import pytest

from pipelines.indicators.target_status import change_interval

REPEATS = 1500
SIGMAS = 3.5
"""How far from the expected share of hits chance may lead, in standard errors."""

Person = tuple[float, float]


def coc(hits: int, visits: int) -> float:
    return hits * (hits - 1) / (visits * (visits - 1))


def met(draw: random.Random, chance: float, visits: int) -> int:
    return sum(draw.random() < chance for _ in range(visits))


def other_persons(draw: random.Random, persons: int, ratio: float) -> Iterator[Person]:
    """The two months have nobody in common; θ² is `ratio` times higher in the second."""
    for _ in range(persons):
        first, second = draw.betavariate(2, 2), draw.betavariate(2, 2)
        n, m = draw.randint(3, 8), draw.randint(3, 8)
        yield coc(met(draw, first / math.sqrt(ratio), n), n), coc(met(draw, second, m), m)


def same_persons(draw: random.Random, persons: int, ratio: float) -> Iterator[Person]:
    """The same persons with their own θ, in two windows that share no visit."""
    for _ in range(persons):
        chance = draw.betavariate(2, 2)
        n, m = draw.randint(3, 8), draw.randint(3, 8)
        yield coc(met(draw, chance / math.sqrt(ratio), n), n), coc(met(draw, chance, m), m)


def same_visits(draw: random.Random, persons: int, ratio: float) -> Iterator[Person]:
    """The same persons, and windows that share most of the visits, as neighbouring months do."""
    assert ratio == 1
    for _ in range(persons):
        chance, shared = draw.betavariate(2, 2), draw.randint(3, 7)
        both = met(draw, chance, shared)
        yield (
            coc(both + met(draw, chance, 1), shared + 1),
            coc(both + met(draw, chance, 1), shared + 1),
        )


def coverage(kind, persons: int, ratio: float, seed: int) -> float:
    """The share of repetitions whose interval holds the true change."""
    draw = random.Random(seed)
    rows = []
    for _ in range(REPEATS):
        pairs = list(kind(draw, persons, ratio))
        before, after = ([pair[place] for pair in pairs] for place in (0, 1))
        rows.append((*_mean_and_variance(before), *_mean_and_variance(after)))
    table = pl.DataFrame(
        rows, schema=["baseline", "variance_0", "mean", "variance_1"], orient="row"
    )
    low, high = change_interval(
        pl.col("mean"), pl.col("variance_1"), pl.col("baseline"), pl.col("variance_0")
    )
    held = table.select((low <= ratio - 1) & (high >= ratio - 1)).to_series()
    assert held.null_count() == 0
    return held.sum() / REPEATS


def _mean_and_variance(values: list[float]) -> tuple[float, float]:
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    return mean, squares / (len(values) - 1) / len(values)


def margin(share: float) -> float:
    return SIGMAS * math.sqrt(share * (1 - share) / REPEATS)


@pytest.mark.parametrize(("persons", "ratio"), [(30, 1.0), (30, 1.2), (150, 1.2)])
def test_of_independent_months_it_holds_95_of_100(persons: int, ratio: float) -> None:
    """What it is derived for: not too narrow, and not too wide either."""
    assert coverage(other_persons, persons, ratio, seed=1) == pytest.approx(0.95, abs=margin(0.95))


@pytest.mark.parametrize(("persons", "ratio"), [(30, 1.0), (30, 1.2), (150, 1.2)])
def test_of_the_same_persons_it_holds_more(persons: int, ratio: float) -> None:
    """The months depend on each other, so leaving out the covariance makes it too wide."""
    found = coverage(same_persons, persons, ratio, seed=2)
    assert found > 0.95 - margin(0.95)
    assert found > coverage(other_persons, persons, ratio, seed=1)


def test_of_windows_that_share_visits_it_holds_nearly_always() -> None:
    assert coverage(same_visits, 60, 1.0, seed=3) > 0.99
