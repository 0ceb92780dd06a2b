"""Months as the text YYYY-MM, and how far the store's calendar reaches."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SWEDISH_TIME = ZoneInfo("Europe/Stockholm")
FIRST_MONTH = "2010-01"


def today_in_sweden() -> date:
    """The day of the run."""
    return datetime.now(SWEDISH_TIME).date()


def day_in_sweden(moment: datetime) -> date:
    """The day that it was in Sweden at a moment given in UTC, without a time zone."""
    return moment.replace(tzinfo=UTC).astimezone(SWEDISH_TIME).date()


def month_of(day: date) -> str:
    """The month that a day lies in."""
    return f"{day:%Y-%m}"


def next_month(month: str) -> str:
    """The month after."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def months_between(first: str, last: str) -> Iterator[str]:
    """Every month from `first` to `last`, both included."""
    while first <= last:
        yield first
        first = next_month(first)


def partition_month(content_date: date | None, today: date) -> str:
    """The month under which a file is taken in.

    That of its content; for a file without a readable date, or with one outside the calendar
    (such files are refused, or are of no use before 2010), the month of the run.
    """
    this_month = month_of(today)
    if content_date is None or not FIRST_MONTH <= month_of(content_date) <= this_month:
        return this_month
    return month_of(content_date)
