"""Windows, intervals and ages (contract, sections 2 and 3)."""

from datetime import date

import polars as pl
import pytest

from pipelines.indicators.months import (
    age_group,
    age_on,
    holds_on,
    months_back,
    months_of_window,
)
from tests.spec.texts import lazy, rows_of

MONTHS_BACK = """
day         months  expected
2025-11-30  18      2024-05-30
2025-11-30  12      2024-11-30
2025-08-31  18      2024-02-29
2024-08-31  18      2023-02-28
2025-05-31  3       2025-02-28
2025-01-15  1       2024-12-15
2024-02-29  12      2023-02-28
2025-12-31  12      2024-12-31
"""


@pytest.mark.parametrize("row", rows_of(MONTHS_BACK))
def test_the_same_day_of_the_month_or_that_months_last(row: dict[str, str]) -> None:
    day = date.fromisoformat(row["day"])
    assert months_back(day, int(row["months"])) == date.fromisoformat(row["expected"])


def test_the_window_of_a_last_of_november_touches_nineteen_months() -> None:
    # 2024-05-30 < date ≤ 2025-11-30: 31 May 2024 is in it.
    months = months_of_window(date(2025, 11, 30), 18)
    assert (months[0], months[-1], len(months)) == ("2024-05", "2025-11", 19)


def test_the_window_of_a_last_of_december_touches_eighteen_months() -> None:
    # d − 18 months is 30 June 2024, the month's last: the window begins on 1 July.
    assert months_back(date(2025, 12, 31), 18) == date(2024, 6, 30)
    months = months_of_window(date(2025, 12, 31), 18)
    assert (months[0], len(months)) == ("2024-07", 18)


INTERVALS = """
valid_from  valid_to    holds
2025-11-30  -           yes
2025-12-01  -           no
2020-01-01  2025-11-30  yes
2020-01-01  2025-11-29  no
2025-11-30  2025-11-30  yes
"""


def test_an_interval_holds_with_both_its_ends() -> None:
    def day(text: str) -> date | None:
        return None if text == "-" else date.fromisoformat(text)

    rows = rows_of(INTERVALS)
    table = pl.DataFrame(
        {name: [day(row[name]) for row in rows] for name in ("valid_from", "valid_to")},
        schema={"valid_from": pl.Date, "valid_to": pl.Date},
    )
    held = lazy(table).select(holds=holds_on(date(2025, 11, 30))).to_native().collect()
    assert held["holds"].to_list() == [row["holds"] == "yes" for row in rows]


AGES = """
birth_date  day         age  age_group
2007-11-30  2025-11-30  18   0-18
2006-11-30  2025-11-30  19   19-44
2006-12-01  2025-11-30  18   0-18
2000-02-29  2023-02-28  22   19-44
2000-02-29  2023-03-01  23   19-44
2000-02-29  2024-02-28  23   19-44
2000-02-29  2024-02-29  24   19-44
2000-12-31  2025-12-31  25   19-44
2001-01-01  2025-12-31  24   19-44
1960-02-29  2025-02-28  64   45-64
1960-02-29  2025-03-01  65   65-74
1950-12-01  2025-11-30  74   65-74
1950-11-30  2025-11-30  75   75-84
1940-12-01  2025-11-30  84   75-84
1940-11-30  2025-11-30  85   85+
1910-01-01  2025-11-30  115  85+
2025-11-30  2025-11-30  0    0-18
1980-12-31  2025-11-30  44   19-44
1980-11-30  2025-11-30  45   45-64
-           2025-11-30  -    -
"""


@pytest.mark.parametrize("row", rows_of(AGES))
def test_age_is_whole_years_and_leap_days_turn_on_1_march(row: dict[str, str]) -> None:
    born = None if row["birth_date"] == "-" else date.fromisoformat(row["birth_date"])
    table = pl.DataFrame({"birth_date": [born]}, schema={"birth_date": pl.Date})
    day = date.fromisoformat(row["day"])
    aged = lazy(table).with_columns(age=age_on(day)).with_columns(age_group=age_group())
    found = aged.to_native().collect().row(0, named=True)
    assert (str(found["age"]), str(found["age_group"])) == (
        row["age"].replace("-", "None"),
        "None" if row["age_group"] == "-" else row["age_group"],
    )
