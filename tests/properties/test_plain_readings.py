"""Random rows against a plain reading of the contract, which shares no code with the indicators.

Dates, intervals of shares, who is listed and who has a named physician. The whole way from files to
figures is compared with `tests/recomputation` in `tests/integration/test_random_landings.py`.
"""

import math
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.indicators.intervals import wilson_bounds
from pipelines.indicators.months import age_group, age_on, months_back, months_of_window
from pipelines.indicators.people import people
from pipelines.indicators.spread import moments, spread
from schemas.rule_sets import rule_sets
from tests.spec import texts
from tests.spec.texts import collected, lazy

DAY = date(2025, 11, 30)
DAYS = st.dates(date(1905, 1, 1), date(2060, 12, 31))
AROUND = st.sampled_from([DAY + timedelta(days=step) for step in (-400, -1, 0, 1, 400)])


# Dates


@given(DAYS, st.integers(1, 60))
def test_months_back_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    last = monthrange(year, month)[1]
    assert months_back(day, months) == date(year, month, day.day if day.day <= last else last)


@given(DAYS, st.integers(1, 32))
def test_a_window_touches_the_months_of_its_days(day: date, months: int) -> None:
    start = months_back(day, months)
    days = [start + timedelta(days=number + 1) for number in range((day - start).days)]
    assert months_of_window(day, months) == sorted({f"{each:%Y-%m}" for each in days})


@given(DAYS, DAYS)
def test_age_counts_birthdays(first: date, second: date) -> None:
    born, day = sorted((first, second))
    birthdays = 0
    for year in range(born.year + 1, day.year + 1):
        leap_day = (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28
        birthdays += (date(year, 3, 1) if leap_day else born.replace(year=year)) <= day
    table = lazy(pl.DataFrame({"birth_date": [born]})).with_columns(age=age_on(day))
    found = collected(table.with_columns(age_group=age_group())).row(0, named=True)
    assert found["age"] == birthdays
    bounds = {"0-18": 0, "19-44": 19, "45-64": 45, "65-74": 65, "75-84": 75, "85+": 85}
    assert found["age_group"] == [name for name, least in bounds.items() if birthdays >= least][-1]


# Shares and means


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_bounds_are_the_roots_of_their_equation(counts: tuple[int, int]) -> None:
    """The share p for which |x/n − p| = 1.96·√(p(1 − p)/n): both bounds, and x/n between them."""
    x, n = counts
    low, high = wilson_bounds(nw.col("x"), nw.col("n"))
    found = collected(lazy(pl.DataFrame({"x": [x], "n": [n]})).select(low=low, high=high)).row(0)
    assert 0 <= found[0] <= x / n <= found[1] <= 1
    for bound in found:
        left = (x / n - bound) ** 2
        right = 1.96**2 * bound * (1 - bound) / n
        assert left == pytest.approx(right, rel=1e-6, abs=1e-13)


@given(
    st.dictionaries(
        st.fractions(0, 1, max_denominator=20), st.integers(1, 50), min_size=1, max_size=6
    )
)
def test_spread_of_weighted_values_equals_that_of_the_persons(persons: dict[Fraction, int]) -> None:
    everybody = sorted(value for value, count in persons.items() for _ in range(count))
    count = len(everybody)
    mean = sum(everybody, Fraction(0)) / count
    table = pl.DataFrame(
        {
            "g": 1,
            "numerator": [value.numerator for value in persons],
            "denominator": [value.denominator for value in persons],
            "persons": list(persons.values()),
        }
    )
    by_denominator = moments(lazy(table), ["g"])
    found = collected(spread(by_denominator, lazy(table), ["g"])).row(0, named=True)
    assert found["persons"] == count
    assert found["mean"] == pytest.approx(float(mean), abs=1e-14)
    middle = (everybody[(count - 1) // 2] + everybody[count // 2]) / 2
    assert found["median"] == pytest.approx(float(middle), abs=1e-15)
    if count == 1:
        assert (found["sd"], found["ci_low"], found["ci_high"]) == (None, None, None)
        return
    variance = sum((value - mean) ** 2 for value in everybody) / (count - 1)
    assert found["sd"] == pytest.approx(math.sqrt(variance), abs=1e-12)
    half = 1.96 * math.sqrt(variance / count)
    assert found["ci_low"] == pytest.approx(float(mean) - half, abs=1e-12)
    assert found["ci_high"] == pytest.approx(float(mean) + half, abs=1e-12)


# Who is listed, and who has a named physician

LISTINGS = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.sampled_from([1, 2, 3]),
            "unit_id": st.sampled_from(["A", "B"]),
            "listing_type": st.sampled_from(["PV", "PV", "PV", "BVC"]),
            "in_queue": st.sampled_from([False, False, True]),
            "valid_from": AROUND,
            "valid_to": st.none() | AROUND,
            "deceased_on": st.sampled_from([None, None, None, DAY, DAY + timedelta(days=1)]),
            "protected_identity": st.sampled_from([False, False, True]),
            "physician_id": st.sampled_from([None, "D1", "D2", "D3"]),
            "residence_municipality": st.sampled_from([None, "1980", "1880"]),
        }
    ),
    min_size=1,
    max_size=8,
)
BIRTH_DATES = st.sampled_from(
    [date(1960, 11, 30), date(1960, 12, 1), date(2006, 11, 30), date(2006, 12, 1), date(1990, 1, 1)]
)
POSTS = st.lists(
    st.fixed_dictionaries(
        {
            "physician_id": st.sampled_from(["D1", "D2"]),
            "unit_id": st.sampled_from(["A", "B"]),
            "specialties": st.sampled_from(
                [None, "allmanmedicin", "geriatrik", "barn_och_ungdomsmedicin", "other|geriatrik"]
            ),
            "training": st.sampled_from([None, None, "ST", "BT"]),
            "equivalent_competence": st.sampled_from([False, False, True]),
            "employment": st.sampled_from(["tillsvidare", "visstid", "hyr"]),
            "valid_from": AROUND,
            "valid_to": st.none() | AROUND,
        }
    ),
    max_size=5,
)
Row = dict[str, Any]


def holds(row: Row) -> bool:
    return row["valid_from"] <= DAY and (row["valid_to"] is None or row["valid_to"] >= DAY)


def accepted(post: Row, age: int, marked: bool, *, vastmanland: bool) -> bool:
    """Whether one row of the register makes a named physician of the patient's."""
    specialties = (post["specialties"] or "").split("|")
    training = post["training"]
    competent = post["equivalent_competence"]
    if training == "ST":
        competent = competent or "allmanmedicin" in specialties
    if training is None:
        competent = competent or "allmanmedicin" in specialties
        competent = competent or ("geriatrik" in specialties and (age >= 65 or marked))
        competent = competent or ("barn_och_ungdomsmedicin" in specialties and age <= 18)
    if not vastmanland:
        return competent
    forms = ["tillsvidare", "visstid"] if training == "ST" else ["tillsvidare"]
    return competent and post["employment"] in forms


def plain_reading(
    listings: list[Row], posts: list[Row], birth_date: date, marked: bool
) -> dict[int, tuple[object, ...]]:
    """Person to unit, protected, residence, reported, national and vastmanland."""
    found = {}
    years = DAY.year - birth_date.year
    age = years - ((DAY.month, DAY.day) < (birth_date.month, birth_date.day))
    for person in {row["person"] for row in listings}:
        rows = [row for row in listings if row["person"] == person]
        if any(row["deceased_on"] is not None and row["deceased_on"] <= DAY for row in rows):
            continue
        active = [
            row
            for row in rows
            if row["listing_type"] == "PV" and not row["in_queue"] and holds(row)
        ]
        if not active:
            continue
        newest = max(row["valid_from"] for row in active)
        counts = min(
            (row for row in active if row["valid_from"] == newest), key=lambda row: row["unit_id"]
        )
        protected = any(row["protected_identity"] for row in rows)
        physician = counts["physician_id"]
        held = [
            post
            for post in posts
            if post["physician_id"] == physician
            and post["unit_id"] == counts["unit_id"]
            and holds(post)
        ]
        found[person] = (
            counts["unit_id"],
            protected,
            None if protected else counts["residence_municipality"],
            physician is not None,
            any(accepted(post, age, marked, vastmanland=False) for post in held),
            any(accepted(post, age, marked, vastmanland=True) for post in held),
        )
    return found


@given(LISTINGS, POSTS, BIRTH_DATES, st.booleans())
def test_listed_and_named_as_a_plain_reading_says(
    listings: list[Row], posts: list[Row], birth_date: date, marked: bool
) -> None:
    # The key of listings is person, unit and valid_from: the first row with it stays.
    keys = ("person", "unit_id", "valid_from")
    unique = list({tuple(row[k] for k in keys): row for row in reversed(listings)}.values())
    table = texts.listings("person\nnobody").clear()
    table = pl.DataFrame(
        [
            {
                **dict.fromkeys(table.columns),
                "identity_kind": "personnummer",
                "birth_date": birth_date,
                "sex": "women",
                **row,
            }
            for row in unique
        ],
        schema=table.schema,
    )
    register = texts.physicians("physician_id\nD1").clear()
    register = pl.DataFrame(
        [{**dict.fromkeys(register.columns), "fte": 1.0, **post} for post in posts],
        schema=register.schema,
    )
    marks = texts.marked(
        "person region_code setting\n1 18 hemsjukvard\n2 18 hemsjukvard\n3 18 hemsjukvard"
    ).with_columns(person=pl.Series([1, 2, 3]))
    found = people(
        lazy(table),
        lazy(texts.list_names()),
        lazy(texts.units("unit_id\nA\nB")),
        lazy(register),
        lazy(marks if marked else marks.clear()),
        region_code="19",
        reference_date=DAY,
        rule_sets=rule_sets(),
    )
    columns = ("unit_id", "protected", "residence_municipality")
    named = ("named_reported", "named_national", "named_vastmanland")
    rows = collected(found.people).select("person", *columns, *named).rows()
    assert {row[0]: row[1:] for row in rows} == plain_reading(unique, posts, birth_date, marked)
