"""Units as a funnel plot: how far from the region's value chance alone takes a small unit.

Limits at persons n around the region's value v: v ± z·σ/√n, with σ = √(v(1 − v)) for a share and
the region's standard deviation for a mean; z = 1.96 (95 %) and 3.09 (99.8 %). Source:
Spiegelhalter, Statistics in Medicine 2005;24:1185. Limits of a share are not drawn beyond 0 and 1.
A unit is said to lie outside only beyond the 99.8 % limits.
"""

import math

from pipelines.publication.report.published import Row

Z_95, Z_998 = 1.96, 3.09
STEPS = 40


def limits(centre: float, deviation: float, smallest: int, largest: int) -> list[Row]:
    """The limits from a third of the smallest unit to the largest, closest where they bend most."""
    low, high = math.log(max(smallest / 3, 1)), math.log(max(largest, 2))
    sizes = [math.exp(low + (high - low) * step / STEPS) for step in range(STEPS + 1)]
    return [_limit(centre, deviation, persons) for persons in sizes]


def _limit(centre: float, deviation: float, persons: float) -> Row:
    row: Row = {"persons": round(persons, 1), "centre": centre}
    for name, z in (("95", Z_95), ("998", Z_998)):
        reach = z * deviation / math.sqrt(persons)
        row[f"low_{name}"] = round(max(0.0, centre - reach), 5)
        row[f"high_{name}"] = round(min(1.0, centre + reach), 5)
    return row


def is_outside(value: float, persons: int, centre: float, deviation: float) -> bool:
    """Whether a unit lies beyond the 99.8 % limits."""
    return abs(value - centre) > Z_998 * deviation / math.sqrt(persons)


def deviation_of_share(share: float) -> float:
    """The standard deviation of one person's yes or no."""
    return math.sqrt(share * (1 - share))
