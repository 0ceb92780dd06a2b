"""Arithmetic that every table shares: shares with Wilson intervals, means, spread, months.

Fractions until the last step; `float` only where a value leaves."""

import calendar
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

Row = dict[str, object]
Z = Fraction(196, 100)
OK, UNDEFINED, NOT_REPORTED = "ok", "undefined", "not_reported"


def months_before(day: date, months: int) -> date:
    """'d − 18 months is the same day of the month or that month's last.'"""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_touched(day: date, months: int) -> list[str]:
    """The calendar months that the window `d − months < date ≤ d` touches, as YYYY-MM."""
    first = months_before(day, months) + timedelta(days=1)
    touched = []
    year, month = first.year, first.month
    while (year, month) <= (day.year, day.month):
        touched.append(f"{year:04d}-{month:02d}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return touched


def wilson(numerator: int, denominator: int) -> tuple[float, float]:
    """'Wilson 95 % interval (z = 1.96).'"""
    share = Fraction(numerator, denominator)
    n = denominator
    middle = share + Z * Z / (2 * n)
    half = float(Z) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    scale = float(1 + Z * Z / n)
    return (float(middle) - half) / scale, (float(middle) + half) / scale


SHARE = ("numerator", "denominator", "share", "ci_low", "ci_high")


def share_values(numerator: int, denominator: int) -> Row:
    """A share beside its parts; 'A numerator above its denominator makes the cell `undefined`';
    'in all but ok every value column is null, counts too, never 0.'"""
    if denominator == 0 or numerator > denominator:
        return without_values(SHARE, UNDEFINED)
    low, high = wilson(numerator, denominator)
    share = float(Fraction(numerator, denominator))
    values = (numerator, denominator, share, low, high)
    return dict(zip(SHARE, values, strict=True)) | {"status": OK}


def without_values(columns: tuple[str, ...], status: str) -> Row:
    """'in all but ok every value column is null'."""
    return dict.fromkeys(columns, None) | {"status": status}


@dataclass(frozen=True)
class Spread:
    """Mean, spread and middle of a multiset {value: how many}, exactly."""

    persons: int
    mean: Fraction
    variance: Fraction | None  # of the 'standard deviation (n − 1)'; None for one person alone
    median: Fraction


def spread_of(values: Iterable[tuple[Fraction, int]]) -> Spread:
    """Whole numbers over one common denominator: exact, and faster than adding fractions."""
    pairs = list(values)
    unit = math.lcm(*(value.denominator for value, _ in pairs))
    wholes = sorted((value.numerator * (unit // value.denominator), many) for value, many in pairs)
    n = sum(many for _, many in wholes)
    total = sum(whole * many for whole, many in wholes)
    squares = sum(whole * whole * many for whole, many in wholes)
    variance = Fraction(n * squares - total * total, n * (n - 1) * unit * unit) if n > 1 else None
    middle = _at(wholes, (n - 1) // 2) + _at(wholes, n // 2)
    return Spread(n, Fraction(total, n * unit), variance, Fraction(middle, 2 * unit))


def _at(wholes: list[tuple[int, int]], place: int) -> int:
    """The value at a place (from 0) of the sorted multiset."""
    passed = 0
    for whole, many in wholes:
        passed += many
        if passed > place:
            return whole
    raise IndexError(place)
