"""Dates: windows of months, intervals that hold, ages and age groups. Nothing about persons."""

import calendar
from datetime import date, timedelta

import narwhals as nw

from schemas import codes


def months_back(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or that month's last day.

    Source: contract, section 3, Continuity (d − 18 months).
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def months_of_window(day: date, months: int) -> list[str]:
    """The calendar months (YYYY-MM) that the window day − months < date ≤ day touches."""
    first = months_back(day, months) + timedelta(days=1)
    numbers = range(first.year * 12 + first.month - 1, day.year * 12 + day.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


def holds_on(day: date) -> nw.Expr:
    """Whether a row's interval holds: `valid_from` ≤ day and (`valid_to` missing or ≥ day).

    Source: contract, section 3, Month, reference date.
    """
    open_or_later = nw.col("valid_to").is_null() | (nw.col("valid_to") >= nw.lit(day))
    return (nw.col("valid_from") <= nw.lit(day)) & open_or_later


def day_number(column: str) -> nw.Expr:
    """A date as the whole number YYYYMMDD, which sorts as the date does."""
    day = nw.col(column).dt
    return (
        day.year().cast(nw.Int64) * 10000
        + day.month().cast(nw.Int64) * 100
        + day.day().cast(nw.Int64)
    )


def number_of_day(day: date) -> int:
    """The whole number YYYYMMDD of one day."""
    return day.year * 10000 + day.month * 100 + day.day


def age_on(day: date) -> nw.Expr:
    """Whole years from `birth_date` to a day; missing where the birth date is.

    Who is born on 29 February turns on 1 March in common years. Source: contract, section 2.
    """
    # YYYYMMDD as numbers: the whole part of the difference / 10000 is the completed years.
    return (nw.lit(number_of_day(day)) - day_number("birth_date")) // 10000


def age_group() -> nw.Expr:
    """The age group of `age`: 0-18, 19-44, 45-64, 65-74, 75-84, 85+; missing where age is.

    Source: contract, section 3, Age groups.
    """
    age = nw.col("age")
    group = nw.lit(codes.AGE_GROUPS[0])
    bounds = zip(codes.AGE_GROUPS[1:], codes.AGE_GROUP_LOWER_BOUNDS[1:], strict=True)
    expression = nw.when(age.is_null()).then(nw.lit(None, dtype=nw.String)).otherwise(group)
    for name, lower_bound in bounds:
        expression = nw.when(age >= lower_bound).then(nw.lit(name)).otherwise(expression)
    return expression
