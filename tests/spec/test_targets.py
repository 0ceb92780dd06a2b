"""Targets: held against their figures, compared with the baseline month, drawn out to the goal."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from pipelines.indicators.target_status import Figures, target_projection, target_status
from pipelines.publication.disclosure import DisclosureSettings
from pipelines.publication.disclosure.primary import hide, primary_cells
from schemas.comparability import Comparability, comparability
from schemas.indicator_registry import indicator_of
from schemas.registers import DEFINITIONS
from schemas.statistics import (
    CONTINUITY,
    COVERAGE,
    DATA_QUALITY,
    REPORTING,
    TARGET_PROJECTION,
    TARGET_STATUS,
)
from schemas.targets import Target, targets
from schemas.validation import keep_contract
from tests.spec import texts

BY_ID = {each.target_id: each for each in targets()}
PHYSICIAN, SABO = BY_ID["continuity_physician"], BY_ID["continuity_sabo_physician"]
COVERED = BY_ID["coverage_inhabitants"]
MONTHS = ("2025-10", "2025-11")


def indicator(target: Target) -> str:
    return indicator_of(target.table, target.column, target.where)


def rows_of(contract, text: str, target: Target) -> pl.DataFrame:
    """Rows of a statistics table that the target is about; all ages and sexes, status ok."""
    return texts.frame(contract, text, **target.where, sex="all", age_group="all", status="ok")


def reporting(text: str | None = None, months: Iterable[str] = MONTHS) -> pl.DataFrame:
    text = text or "\n".join(
        [
            "month   region_code population contact_months contact_months_expected",
            *(f"{each} 00 1000 - -" for each in months),
            *(f"{each} 19 600 18 18" for each in months),
            *(f"{each} 17 400 18 18" for each in months),
        ]
    )
    return texts.frame(REPORTING, text, reported=True)


def definitions(target: Target, *hashes: tuple[str, str, str]) -> pl.DataFrame:
    """(first month, last month, hash) of the target's indicator.

    Beside another indicator, which is defined anew every month.
    """
    others = [(f"2025-{n:02}", f"2025-{n:02}", f"other {n}") for n in range(1, 13)]
    rows = [
        dict.fromkeys(DEFINITIONS.column_names)
        | {"indicator": name, "from_month": first, "to_month": last, "definition_hash": digest}
        for name, known in (
            ("another", others),
            (indicator(target), hashes or (("2010-01", "2099-12", "same"),)),
        )
        for first, last, digest in known
    ]
    return pl.DataFrame(rows, schema=DEFINITIONS.polars_schema())


def figures(
    target: Target,
    table: pl.DataFrame,
    *,
    report: pl.DataFrame | None = None,
    quality: str = "",
    hashes: Sequence[tuple[str, str, str]] = (),
    unit_regions: str = "month area_code region_code",
) -> Figures:
    tables = {
        "coverage": COVERAGE.empty(),
        "continuity": CONTINUITY.empty(),
        "reporting": reporting() if report is None else report,
        "data_quality": texts.frame(DATA_QUALITY, quality, delivery="care_contacts"),
        target.table: table,
    }
    regions = pl.DataFrame(
        texts.rows_of(unit_regions),
        schema=dict.fromkeys(("month", "area_code", "region_code"), pl.String),
    )
    return Figures(tables, definitions(target, *hashes), regions)


def status(
    known: Figures, target: Target, settings: Comparability | None = None
) -> dict[tuple[str, str], dict[str, object]]:
    """(month, area) to the row of target_status."""
    made = target_status(known, [target], settings or comparability())
    keep_contract(made, TARGET_STATUS)
    return {(row["month"], row["area_code"]): row for row in made.to_dicts()}


def reason(known: Figures, target: Target, area: str, month: str = "2025-11") -> str | None:
    """Why the month is not comparable, and that nothing is compared then."""
    row = status(known, target)[month, area]
    assert row["status"] == "ok"
    assert row["comparable"] is (row["reason"] is None)
    if row["reason"] is not None:
        gone = ("met", "relative_change", "change_ci_low", "change_ci_high")
        assert [row[name] for name in gone] == [None] * 4
    return row["reason"]


# At least a share


COVERAGE_ROWS = """
month    level   area_code share  numerator denominator
2025-11  nation  00        0.55   55        100
2025-11  region  19        0.549  549       1000
2025-11  region  17        0.80   80        100
2025-11  municipality 1980 0.90   90        100
"""


def test_at_least_is_met_at_the_target_itself() -> None:
    found = status(figures(COVERED, rows_of(COVERAGE, COVERAGE_ROWS, COVERED)), COVERED)
    assert {area: row["met"] for (_, area), row in found.items()} == {
        "00": True,  # 55 of 100 is 55 per cent
        "19": False,  # 54.9
        "17": True,
    }
    row = found["2025-11", "19"]
    assert (row["value"], row["target"]) == (0.549, 0.55)
    compared = ("baseline_month", "baseline_value", "relative_change", "comparable", "reason")
    assert [row[name] for name in compared] == [None] * 5


def test_a_target_has_rows_in_the_months_in_which_it_is_in_force() -> None:
    table = rows_of(COVERAGE, COVERAGE_ROWS, COVERED)
    known = figures(COVERED, table)
    assert status(known, replace(COVERED, valid_from=date(2025, 12, 1))) == {}
    assert status(known, replace(COVERED, valid_to=date(2025, 11, 29))) == {}
    assert len(status(known, replace(COVERED, valid_to=date(2025, 11, 30)))) == 3


@pytest.mark.parametrize("hidden", ["suppressed", "undefined", "not_reported"])
def test_a_figure_without_a_value_gives_its_status_and_nothing_else(hidden: str) -> None:
    table = rows_of(COVERAGE, COVERAGE_ROWS, COVERED).with_columns(
        *(pl.lit(None).alias(name) for name in ("share", "numerator", "denominator")),
        status=pl.lit(hidden),
    )
    row = status(figures(COVERED, table), COVERED)["2025-11", "19"]
    assert row.pop("status") == hidden
    key = {"month": "2025-11", "target_id": "coverage_inhabitants", "level": "region"}
    assert {name for name, value in row.items() if value is not None} == {*key, "area_code"}


# Relative increase

GROWN = """
month    level  area_code mean   sd    persons
2025-10  nation 00        0.25   0.30  100
2025-11  nation 00        0.30   0.30  100
2025-10  region 19        0.30   0.20  400
2025-11  region 19        0.36   0.24  400
2025-10  region 17        0.30   0.20  400
2025-11  region 17        0.35   0.24  400
2025-10  unit   A         0.20   0.30  25
2025-11  unit   A         0.10   0.30  25
"""


def test_the_change_is_in_per_cent_of_the_baseline_not_in_points() -> None:
    found = status(figures(PHYSICIAN, rows_of(CONTINUITY, GROWN, PHYSICIAN)), PHYSICIAN)
    changes = {
        area: (row["relative_change"], row["met"], row["comparable"])
        for (month, area), row in found.items()
        if month == "2025-11"
    }
    assert changes == {
        "00": (pytest.approx(0.2), True, True),  # 0.25 → 0.30: exactly 20 per cent is met
        "19": (pytest.approx(0.2), True, True),  # 0.30 → 0.36, which no computer divides exactly
        "17": (pytest.approx(1 / 6), False, True),
        "A": (pytest.approx(-0.5), False, True),
    }
    row = found["2025-11", "19"]
    assert (row["value"], row["baseline_month"], row["baseline_value"]) == (0.36, "2025-10", 0.30)


def test_the_interval_by_hand() -> None:
    """Region 19: both means have a relative standard error of 1/30 (0.20/20/0.30; 0.24/20/0.36)."""
    found = status(figures(PHYSICIAN, rows_of(CONTINUITY, GROWN, PHYSICIAN)), PHYSICIAN)
    row = found["2025-11", "19"]
    half = 1.96 * math.sqrt(2) / 30
    assert row["change_ci_low"] == pytest.approx(1.2 * math.exp(-half) - 1)
    assert row["change_ci_high"] == pytest.approx(1.2 * math.exp(half) - 1)
    assert row["change_ci_low"] == pytest.approx(0.0941, abs=1e-4)
    assert row["change_ci_high"] == pytest.approx(0.3162, abs=1e-4)


def test_the_interval_of_a_share_by_hand() -> None:
    """40 of 100 to 50 of 100: v/m² is 0.6/0.4/100 and 0.5/0.5/100, together 0.025."""
    growing = replace(COVERED, kind="relative_increase", target=0.2)
    rows = """
        month    level  area_code share numerator denominator
        2025-10  region 19        0.40  40        100
        2025-11  region 19        0.50  50        100
        """
    row = status(figures(growing, rows_of(COVERAGE, rows, growing)), growing)["2025-11", "19"]
    assert row["relative_change"] == pytest.approx(0.25)
    assert row["met"] is True
    half = 1.96 * math.sqrt(0.025)
    assert row["change_ci_low"] == pytest.approx(1.25 * math.exp(-half) - 1)
    assert row["change_ci_high"] == pytest.approx(1.25 * math.exp(half) - 1)


def test_without_a_spread_or_above_nothing_there_is_no_interval() -> None:
    table = rows_of(
        CONTINUITY,
        """
        month    level  area_code mean   sd    persons
        2025-10  unit   A         0.20   0.30  25
        2025-11  unit   A         0.00   0.00  25
        2025-10  unit   B         0.20   -     1
        2025-11  unit   B         0.30   0.20  9
        """,
        PHYSICIAN,
    )
    found = status(figures(PHYSICIAN, table), PHYSICIAN)
    for area, change in (("A", -1.0), ("B", 0.5)):
        row = found["2025-11", area]
        assert row["relative_change"] == pytest.approx(change)
        assert (row["change_ci_low"], row["change_ci_high"]) == (None, None)


def test_an_increase_without_a_number_is_met_when_its_interval_lies_above_zero() -> None:
    found = status(figures(SABO, rows_of(CONTINUITY, GROWN, SABO)), SABO)
    met = {area: row["met"] for (month, area), row in found.items() if month == "2025-11"}
    # The nation's 20 per cent rest on 100 persons with an interval from −14 to +67 per cent.
    assert met == {"00": False, "19": True, "17": True, "A": False}
    assert {row["target"] for row in found.values()} == {None}


# Which month is the baseline


def test_the_baseline_is_the_earliest_month_made_unless_the_target_names_one() -> None:
    table = rows_of(
        CONTINUITY,
        """
        month    level  area_code mean   sd    persons
        2025-09  region 19        0.20   0.20  400
        2025-10  region 19        0.30   0.20  400
        2025-11  region 19        0.36   0.24  400
        """,
        PHYSICIAN,
    )
    months = ("2025-09", *MONTHS)
    known = figures(PHYSICIAN, table, report=reporting(months=months))
    assert status(known, PHYSICIAN)["2025-11", "19"]["relative_change"] == pytest.approx(0.8)
    frozen = replace(PHYSICIAN, baseline_month="2025-10")
    found = status(known, frozen)
    assert found["2025-11", "19"]["relative_change"] == pytest.approx(0.2)
    assert reason(known, frozen, "19", "2025-10") == "This is the baseline month."
    before = reason(known, frozen, "19", "2025-09")
    assert before == "The month is before the baseline month 2025-10."
    never = replace(PHYSICIAN, baseline_month="2022-12")
    why = "The baseline month 2022-12 has not been made. No value in 2022-12 (not in the figures)."
    assert reason(known, never, "19") == why


def test_a_target_that_compares_nothing_has_no_baseline_month() -> None:
    with pytest.raises(ValueError, match="no baseline month"):
        replace(COVERED, baseline_month="2022-12")


# When a comparison is refused


def test_another_definition() -> None:
    hashes = [("2025-10", "2025-10", "old"), ("2025-11", "2025-11", "new")]
    known = figures(PHYSICIAN, rows_of(CONTINUITY, GROWN, PHYSICIAN), hashes=hashes)
    for area in ("00", "19", "A"):
        assert reason(known, PHYSICIAN, area) == (
            "The definition is another than in 2025-10; make that month again to compare."
        )
    row = status(known, PHYSICIAN)["2025-11", "19"]
    assert (row["value"], row["baseline_value"]) == (0.36, 0.30)  # both are published anyway


def test_a_month_without_a_known_definition_is_not_compared() -> None:
    known = figures(
        PHYSICIAN,
        rows_of(CONTINUITY, GROWN, PHYSICIAN),
        hashes=[("2025-11", "2025-11", "new")],
    )
    assert "definition" in str(reason(known, PHYSICIAN, "19"))


def test_no_value_in_the_baseline_month() -> None:
    table = rows_of(
        CONTINUITY,
        """
        month    level  area_code mean   sd    persons status
        2025-10  region 17        -      -     -       not_reported
        2025-11  region 17        0.30   0.20  400     ok
        2025-11  region 19        0.36   0.24  400     ok
        2025-10  unit   A         0.00   0.00  9       ok
        2025-11  unit   A         0.30   0.20  9       ok
        """,
        PHYSICIAN,
    )
    known = figures(PHYSICIAN, table)
    assert reason(known, PHYSICIAN, "17") == "No value in 2025-10 (not reported)."
    assert reason(known, PHYSICIAN, "19") == "No value in 2025-10 (not in the figures)."
    assert reason(known, PHYSICIAN, "A") == "The value in 2025-10 is 0."


OTHER_REGIONS = """
month    level  area_code mean   sd    persons status
2025-10  nation 00        0.25   0.30  100     ok
2025-11  nation 00        0.30   0.30  100     ok
2025-10  region 19        0.30   0.20  400     ok
2025-11  region 19        0.36   0.24  400     ok
2025-10  region 17        -      -     -       not_reported
2025-11  region 17        0.35   0.24  400     ok
"""


def test_other_regions_in_the_nations_figure() -> None:
    known = figures(PHYSICIAN, rows_of(CONTINUITY, OTHER_REGIONS, PHYSICIAN))
    why = "Other regions than in 2025-10: 17 in one of the months."
    assert reason(known, PHYSICIAN, "00") == why
    assert reason(known, PHYSICIAN, "19") is None  # the region itself is comparable


@pytest.mark.parametrize(("allowed", "comparable"), [(0.39, False), (0.40, True)])
def test_how_much_of_the_population_may_live_in_other_regions(allowed, comparable) -> None:
    """Region 17 holds 400 of 1,000 inhabitants."""
    known = figures(PHYSICIAN, rows_of(CONTINUITY, OTHER_REGIONS, PHYSICIAN))
    settings = replace(comparability(), largest_population_of_other_regions=allowed)
    assert status(known, PHYSICIAN, settings)["2025-11", "00"]["comparable"] is comparable


@pytest.mark.parametrize(
    ("october", "comparable"),
    [("18", True), ("17", True), ("16", False), ("0", False)],
)
def test_the_windows_months_with_contacts(october: str, comparable: bool) -> None:
    """One month of 18 may be missing (5.6 points), two may not (11.1; the limit is 6)."""
    report = reporting(
        f"""
        month    region_code population contact_months contact_months_expected
        2025-10  00          1000       -              -
        2025-10  19          600        {october}      18
        2025-11  00          1000       -              -
        2025-11  19          600        18             18
        """
    )
    known = figures(
        PHYSICIAN,
        rows_of(CONTINUITY, GROWN, PHYSICIAN),
        report=report,
        unit_regions="month area_code region_code\n2025-11 A 19",
    )
    for area in ("19", "A", "00"):  # a unit is judged by its region
        why = reason(known, PHYSICIAN, area)
        assert (why is None) is comparable
        if why:
            assert why == (
                "The share of the window's months that have contacts differs by more than 6 "
                "percentage points."
            )


@pytest.mark.parametrize(("share", "comparable"), [("0.15", True), ("0.16", False), ("-", True)])
def test_the_share_of_contacts_with_a_provider_id(share: str, comparable: bool) -> None:
    """10 per cent lack it in October; in November 15 (5 points), 16, or a share that is hidden."""
    quality = f"""
        month    region_code metric                           share
        2025-10  19          without_provider_physician       0.10
        2025-11  19          without_provider_physician       {share}
        2025-10  19          without_provider_all_professions 0.10
        2025-11  19          without_provider_all_professions 0.90
        """
    known = figures(PHYSICIAN, rows_of(CONTINUITY, GROWN, PHYSICIAN), quality=quality)
    why = reason(known, PHYSICIAN, "19")
    assert (why is None) is comparable
    if why:
        assert why == (
            "The share of contacts with a provider id differs by more than 5 percentage points."
        )
    assert reason(known, PHYSICIAN, "17") is None


def test_all_reasons_are_given() -> None:
    known = figures(
        PHYSICIAN,
        rows_of(CONTINUITY, OTHER_REGIONS, PHYSICIAN),
        hashes=[("2025-10", "2025-10", "old"), ("2025-11", "2025-11", "new")],
    )
    why = str(reason(known, PHYSICIAN, "00"))
    assert "definition" in why
    assert "Other regions" in why


def test_no_join_fans_out() -> None:
    """An area that stands twice in the baseline month, or a unit in two regions, is an error."""
    once = rows_of(CONTINUITY, GROWN, PHYSICIAN)
    october = pl.col("month") == "2025-10"
    twice = pl.concat([once, once.filter(october, pl.col("area_code") == "19")])
    with pytest.raises(pl.exceptions.ComputeError):
        target_status(figures(PHYSICIAN, twice), [PHYSICIAN], comparability())
    regions = "month area_code region_code\n2025-11 A 19\n2025-11 A 17"
    in_two_regions = figures(PHYSICIAN, once, unit_regions=regions)
    with pytest.raises(pl.exceptions.ComputeError):
        target_status(in_two_regions, [PHYSICIAN], comparability())


# Disclosure

SMALL = """
month    level  area_code mean   sd    persons visits
2025-10  nation 00        0.30   0.20  404     2000
2025-11  nation 00        0.36   0.24  404     2000
2025-10  region 19        0.30   0.20  400     2000
2025-11  region 19        0.36   0.24  4       20
2025-10  region 17        0.30   0.20  4       20
2025-11  region 17        0.35   0.24  400     2000
2025-10  unit   A         0.30   0.20  40      200
2025-11  unit   A         0.30   0.20  40      200
"""


def test_what_is_suppressed_in_the_figure_is_suppressed_against_the_target() -> None:
    """In the month (19), in the baseline month (17), and for resting on one physician (A)."""
    table = rows_of(CONTINUITY, SMALL, PHYSICIAN)
    before = figures(PHYSICIAN, table)
    on_one_physician = frozenset({("2025-10", "A")})
    hidden = {
        name: hide(frame, name, primary_cells(frame, name, DisclosureSettings(), on_one_physician))
        for name, frame in before.tables.items()
    }
    published = replace(before, tables=hidden)
    found = status(published, PHYSICIAN)
    statuses = {area: row["status"] for (month, area), row in found.items() if month == "2025-11"}
    assert statuses == {"00": "ok", "19": "suppressed", "17": "suppressed", "A": "suppressed"}
    key = {"month", "target_id", "level", "area_code", "status"}
    for row in found.values():
        if row["status"] == "suppressed":
            assert {name for name, value in row.items() if value is not None} == key
    # The same rows without disclosure control have values: nothing else hides them.
    assert {row["status"] for row in status(before, PHYSICIAN).values()} == {"ok"}
    drawn = projection(published, PHYSICIAN)
    assert drawn["2025-11", "19"]["status"] == "suppressed"
    assert drawn["2025-11", "19"]["value"] is None
    assert drawn["2025-11", "19"]["trend_months"] is None


def test_a_hidden_month_is_not_in_the_published_trend() -> None:
    months = [f"2025-{number:02}" for number in range(1, 8)]
    text = "\n".join(
        ["month level area_code share numerator denominator status"]
        + [f"{month} region 19 0.{place}0 {place}0 100 ok" for place, month in enumerate(months, 1)]
    )
    table = rows_of(COVERAGE, text, COVERED)
    hidden = table.with_columns(
        pl.when(pl.col("month") != "2025-03").then(pl.col(name)).alias(name)
        for name in ("share", "numerator", "denominator")
    ).with_columns(
        status=pl.when(pl.col("month") == "2025-03").then(pl.lit("suppressed")).otherwise("status")
    )
    report = reporting(months=months)
    whole = projection(figures(COVERED, table, report=report), COVERED)
    published = projection(figures(COVERED, hidden, report=report), COVERED)
    assert whole["2025-07", "19"]["trend_months"] == 7
    assert published["2025-07", "19"]["trend_months"] == 6


# Distance and projection


def projection(
    known: Figures, target: Target, settings: Comparability | None = None
) -> dict[tuple[str, str], dict[str, object]]:
    settings = settings or comparability()
    made = target_projection(
        target_status(known, [target], settings), known.definitions, [target], settings
    )
    keep_contract(made, TARGET_PROJECTION)
    return {(row["month"], row["area_code"]): row for row in made.to_dicts()}


def rising(values: Iterable[float], hashes: Sequence[tuple[str, str, str]] = ()) -> Figures:
    """Coverage of region 19, a month for each value from January 2025."""
    values = list(values)
    months = [f"{2025 + place // 12}-{place % 12 + 1:02}" for place in range(len(values))]
    text = "\n".join(
        [
            "month level area_code share numerator denominator",
            *(f"{m} region 19 {v} 1 2" for m, v in zip(months, values, strict=True)),
        ]
    )
    table = rows_of(COVERAGE, text, COVERED)
    return figures(COVERED, table, report=reporting(months=months), hashes=hashes)


def last(known: Figures) -> dict[str, object]:
    return projection(known, COVERED)[known.months[-1], "19"]


def test_a_straight_line_reaches_the_goal() -> None:
    """0.30, 0.31 … 0.35 in June: 0.01 a month, 0.20 to go, so 20 months: February 2027."""
    row = last(rising([0.30, 0.31, 0.32, 0.33, 0.34, 0.35]))
    assert row["goal"] == 0.55
    assert row["distance"] == pytest.approx(0.20)
    assert row["trend_months"] == 6
    assert row["trend_per_month"] == pytest.approx(0.01)
    assert (row["projected_month"], row["reason"]) == ("2027-02", None)


def test_the_line_is_that_of_least_squares() -> None:
    """Values 0.1, 0.1, 0.1, 0.4, 0.4, 0.4: Σ(t − t̄)(y − ȳ) = 1.35, Σ(t − t̄)² = 17.5.

    Slope 0.0771; on the line June is at 0.25 + 2.5·0.0771 = 0.4429, so 1.39 months are left.
    """
    row = last(rising([0.1, 0.1, 0.1, 0.4, 0.4, 0.4]))
    assert row["trend_per_month"] == pytest.approx(1.35 / 17.5)
    assert row["projected_month"] == "2025-08"


def test_only_the_last_twelve_months_are_in_the_trend() -> None:
    row = last(rising([0.9, 0.9, *(0.30 + 0.01 * place for place in range(12))]))
    assert row["trend_months"] == 12
    assert row["trend_per_month"] == pytest.approx(0.01)


def test_only_months_of_the_same_definition_are_in_the_trend() -> None:
    hashes = [("2025-01", "2025-02", "old"), ("2025-03", "2025-08", "new")]
    row = last(rising([0.9, 0.9, 0.30, 0.31, 0.32, 0.33, 0.34, 0.35], hashes))
    assert row["trend_months"] == 6
    assert row["trend_per_month"] == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([0.30, 0.31, 0.32, 0.33, 0.34], "5 of the last 12 months have a value; a trend needs 6."),
        ([0.50, 0.51, 0.52, 0.53, 0.54, 0.55], "The target is reached."),
        ([0.35, 0.34, 0.33, 0.32, 0.31, 0.30], "The trend does not rise."),
        ([0.30] * 6, "The trend does not rise."),
        (
            [0.300, 0.301, 0.302, 0.303, 0.304, 0.305],
            "More than 120 months away at the trend.",
        ),
    ],
)
def test_why_there_is_no_projected_month(values: list[float], why: str) -> None:
    row = last(rising(values))
    assert (row["projected_month"], row["reason"]) == (None, why)


def test_the_goal_of_an_increase_is_counted_from_the_baseline() -> None:
    found = projection(figures(PHYSICIAN, rows_of(CONTINUITY, GROWN, PHYSICIAN)), PHYSICIAN)
    row = found["2025-11", "17"]
    assert row["goal"] == pytest.approx(0.36)  # 0.30 · 1.2
    assert row["distance"] == pytest.approx(0.01)
    assert row["reason"] == "2 of the last 12 months have a value; a trend needs 6."
    assert found["2025-11", "19"]["reason"] == "The target is reached."
    baseline = found["2025-10", "17"]
    assert (baseline["goal"], baseline["reason"]) == (None, "This is the baseline month.")


def test_a_target_without_a_number_has_no_distance() -> None:
    found = projection(figures(SABO, rows_of(CONTINUITY, GROWN, SABO)), SABO)
    row = found["2025-11", "19"]
    assert (row["goal"], row["distance"], row["projected_month"]) == (None, None, None)
    assert row["reason"] == "The target has no number."
