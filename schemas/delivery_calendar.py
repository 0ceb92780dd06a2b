"""When deliveries are expected, read from `delivery_calendar.toml`."""

import tomllib
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from schemas import codes


@dataclass(frozen=True)
class Expectation:
    """A delivery about a month is due on `due_day` of the month after; 31 is its last day."""

    delivery: str
    region_code: str
    valid_from: date
    due_day: int
    source: str


@cache
def expectations() -> tuple[Expectation, ...]:
    """All expectations, in the order of the file."""
    data = tomllib.loads(files("schemas").joinpath("delivery_calendar.toml").read_text("utf-8"))
    return tuple(Expectation(**each) for each in data["expected"])


def due_date(
    delivery: str,
    region_code: str,
    month: str,
    calendar: Iterable[Expectation] | None = None,
) -> date | None:
    """The last day on which a region's delivery about a month (YYYY-MM) is in time.

    The region's own expectation goes before the national one. None where the delivery is not
    expected.
    """
    first_day = date.fromisoformat(f"{month}-01")
    in_force = [
        each
        for each in (expectations() if calendar is None else calendar)
        if each.delivery == delivery
        and each.region_code in (region_code, codes.NATION)
        and each.valid_from <= first_day
    ]
    if not in_force:
        return None
    chosen = max(in_force, key=lambda each: (each.region_code != codes.NATION, each.valid_from))
    year, number = first_day.year + first_day.month // 12, first_day.month % 12 + 1
    return date(year, number, min(chosen.due_day, monthrange(year, number)[1]))
