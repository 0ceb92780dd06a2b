"""The regions and municipalities the simulation starts from, read from `schemas/reference`.

Nothing is invented here but the relative size of the municipalities, which the reference files do
not hold.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipelines.simulation.randomness import key


@dataclass(frozen=True)
class Municipality:
    """One of the 290; `weight` is its relative size within the region."""

    code: str
    name: str
    weight: float


@dataclass(frozen=True)
class Region:
    """One of the 21, with its inhabitants in 2024 by the age groups of the reference file."""

    code: str
    name: str
    inhabitants: int
    by_age: tuple[tuple[int, int], ...]
    """(first age, inhabitants from that age up to the next one)."""
    municipalities: tuple[Municipality, ...]


def _rows(name: str) -> list[dict[str, str]]:
    path = resources.files("schemas") / "reference" / name
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def _weight(code: str) -> float:
    """Cities have codes ending in 80, towns in 81 and up: a rough but stable idea of size."""
    size = {"0180": 20.0, "1480": 16.0, "1280": 12.0}.get(code)
    if size is None:
        size = 7.0 if code.endswith("80") else 2.5 if code[2] == "8" else 1.2
    return size * (0.7 + key(0, "municipality", code) % 1000 / 1000 * 0.6)


@cache
def regions() -> tuple[Region, ...]:
    """All regions by code."""
    municipalities: dict[str, list[Municipality]] = {}
    for row in _rows("municipalities.csv"):
        code = row["kommun_kod"]
        municipalities.setdefault(row["lan_kod"], []).append(
            Municipality(code, row["kommun"], _weight(code))
        )
    found = []
    for row in _rows("region_population_2024.csv"):
        total = int(row["total"])
        from_50, from_60 = int(row["age_50plus"]), int(row["age_60plus"])
        from_65, from_75 = int(row["age_65plus"]), int(row["age_75plus"])
        youngest = int(row["age_0_4"])
        by_age = (
            (0, youngest),
            (5, total - youngest - from_50),
            (50, from_50 - from_60),
            (60, from_60 - from_65),
            (65, from_65 - from_75),
            (75, from_75),
        )
        code = row["region_code"]
        own = tuple(sorted(municipalities[code], key=lambda one: one.code))
        found.append(Region(code, row["region"], total, by_age, own))
    return tuple(sorted(found, key=lambda one: one.code))
