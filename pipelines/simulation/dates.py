"""Months, snapshot dates and the days on which care takes place."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MID_MONTH_REGION = "13"
EARLY_REGION = "05"
TWO_SNAPSHOTS_REGION = "09"

_WEEKDAY_SLOTS = 20
_WEEKEND_SLOTS = 1
_JULY_SLOTS = 12


@dataclass(frozen=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `YYYY-MM`."""
        year, month = text.split("-")
        return cls(int(year), date(int(year), int(month), 1).month)

    def back(self, months: int) -> "Month":
        """The month so many months earlier."""
        year, month = divmod(self.year * 12 + self.month - 1 - months, 12)
        return Month(year, month + 1)

    @property
    def first_day(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def contact_months(last: Month, months: int) -> list[Month]:
    """The months with contacts, oldest first."""
    return [last.back(back) for back in range(months - 1, -1, -1)]


def snapshot_dates(region_code: str, last: Month) -> list[date]:
    """Dates of the region's snapshots: the last two months; some regions have habits of their own.

    The last date of a month is the reference date.
    """
    dates = []
    for month in (last.back(1), last):
        if region_code == MID_MONTH_REGION:
            dates.append(month.first_day.replace(day=15))
        elif region_code == EARLY_REGION:
            dates.append(month.first_day.replace(day=28))
        else:
            dates.append(month.last_day)
    if region_code == TWO_SNAPSHOTS_REGION:
        dates.insert(1, last.first_day.replace(day=14))
    return dates


def care_days(months: list[Month]) -> list[date]:
    """Days of care, each as often as it is busy: working days, less in July, hardly weekends."""
    day = months[0].first_day
    days: list[date] = []
    while day <= months[-1].last_day:
        if day.weekday() >= 5:
            slots = _WEEKEND_SLOTS
        else:
            slots = _JULY_SLOTS if day.month == 7 else _WEEKDAY_SLOTS
        days.extend([day] * slots)
        day += timedelta(days=1)
    return days
