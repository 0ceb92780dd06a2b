"""Figures that moved more than their history makes likely, worked by hand."""

import polars as pl
import pytest

from pipelines.indicators.moved_figures import (
    dropped_out,
    figure_names,
    moved_figures,
    still_published,
)
from schemas.statistics import CARE_MARKINGS, COVERAGE, LIST_LOAD, REPORTING
from tests.spec import texts

PLACE = {"area_code": "19", "level": "region", "sex": "all", "age_group": "all", "status": "ok"}
LISTED = {**PLACE, "population": "listed", "definition": "reported"}


def coverage(*shares: float | None, width: float = 0.0, **other: str) -> dict[str, pl.DataFrame]:
    """One share a month from January 2025 on; `width` is half the interval."""
    lines = ["month share ci_low ci_high status"]
    for number, share in enumerate(shares, start=1):
        values = (
            "- - - suppressed" if share is None else f"{share} {share - width} {share + width} ok"
        )
        lines.append(f"2025-{number:02} {values}")
    where = {name: value for name, value in LISTED.items() if name != "status"}
    return {"coverage": texts.frame(COVERAGE, "\n".join(lines), **{**where, **other})}


def moved(
    tables: dict[str, pl.DataFrame], before: dict[str, pl.DataFrame] | None = None
) -> list[tuple[object, ...]]:
    found = moved_figures(tables, before or {})
    return (
        found.with_columns(pl.col("change", "limit").round(4))
        .select("month", "compared_with", "change", "limit", "rule")
        .rows()
    )


@pytest.mark.parametrize(
    ("width", "now", "expected"),
    [
        # Without history: √(0.03² + 0.03²) = 0.0424.
        (0.03, 0.54, []),
        (0.03, 0.55, [("2025-02", "previous_month", 0.05, 0.0424, "interval")]),
        (0.03, 0.45, [("2025-02", "previous_month", -0.05, 0.0424, "interval")]),
        # Never below 3 percentage points.
        (0.001, 0.53, []),
        (0.001, 0.54, [("2025-02", "previous_month", 0.04, 0.03, "smallest")]),
    ],
)
def test_with_few_months_the_interval_counts(width, now, expected) -> None:
    assert moved(coverage(0.5, now, width=width)) == expected


def test_with_history_the_earlier_changes_count() -> None:
    """Changes +.02, −.02, +.02, −.02: median 0, all .02 from it, so 3 · 1.4826 · .02 = .089."""
    unsteady = (0.50, 0.52, 0.50, 0.52, 0.50)
    assert moved(coverage(*unsteady, 0.58)) == []
    assert moved(coverage(*unsteady, 0.60)) == [
        ("2025-06", "previous_month", 0.1, 0.089, "history")
    ]


def test_what_rises_evenly_has_not_moved_when_it_rises_again() -> None:
    """+.05 a month: the sixth is as the others; standing still is what is unlikely."""
    rising = (0.1, 0.15, 0.2, 0.25, 0.3)
    assert moved(coverage(*rising, 0.35)) == []
    assert moved(coverage(*rising, 0.30)) == [("2025-06", "previous_month", 0.0, 0.03, "smallest")]


def test_one_earlier_leap_does_not_hide_the_next() -> None:
    """The median absolute deviation does not know the leap of .3 in March."""
    assert moved(coverage(0.5, 0.5, 0.8, 0.8, 0.8, 0.8, 0.6)) == [
        ("2025-07", "previous_month", -0.2, 0.03, "smallest")
    ]


def test_only_the_newest_month_and_only_what_was_there_before() -> None:
    assert moved(coverage(0.5, 0.9, 0.9)) == []
    assert moved(coverage(0.5, None, 0.9)) == []
    assert moved(coverage(0.5, None)) == []
    assert moved(coverage(0.5)) == []


@pytest.mark.parametrize(
    "other",
    [
        {"level": "unit"},
        {"level": "municipality"},
        {"sex": "women"},
        {"age_group": "0-18"},
        {"definition": "national"},
    ],
)
def test_only_main_figures(other: dict[str, str]) -> None:
    assert moved(coverage(0.5, 0.9, **other)) == []
    assert len(moved(coverage(0.5, 0.9, level="nation", area_code="00"))) == 1


@pytest.mark.parametrize("months", ["2025-09 2025-10", "2025-11 2025-12", "2025-12 2026-01"])
def test_months_follow_each_other_in_every_part_of_the_year(months: str) -> None:
    before, now = months.split()
    rows = f"month share\n{before} 0.5\n{now} 0.9"
    table = texts.frame(COVERAGE, rows, **LISTED)
    assert [row[0] for row in moved({"coverage": table})] == [now]
    assert moved({"coverage": table.filter(pl.col("month") == now)}) == []
    apart = table.with_columns(month=pl.col("month").replace(before, "2025-07"))
    assert moved({"coverage": apart}) == []


def test_a_figure_is_told_by_its_place_and_its_values() -> None:
    tables = coverage(0.5, 0.9)
    [name] = figure_names(moved_figures(tables, {}))
    for told in ("2025-02", "coverage", "region", "19", "share", "0.5", "0.9"):
        assert told in name
    [other] = figure_names(moved_figures(coverage(0.5, 0.8), {}))
    assert other != name


def test_what_was_nothing_has_moved_by_no_share_of_it() -> None:
    """0 persons are a figure. The change is left out of a division by them, and is listed."""

    def marked(*persons: int) -> dict[str, pl.DataFrame]:
        lines = "\n".join(f"2025-0{month} {many}" for month, many in enumerate(persons, start=1))
        where = {**PLACE, "setting": "sabo", "source": "any"}
        return {"care_markings": texts.frame(CARE_MARKINGS, f"month persons\n{lines}", **where)}

    assert moved(marked(0, 0)) == []
    assert moved(marked(0, 40)) == [("2025-02", "previous_month", 1.0, 0.1, "smallest")]
    assert moved(marked(40, 0)) == [("2025-02", "previous_month", -1.0, 0.1, "smallest")]


def test_counts_and_ratios_move_relative_to_what_they_were() -> None:
    def load(now: float) -> dict[str, pl.DataFrame]:
        rows = f"month load\n2025-01 2.0\n2025-02 {now}"
        return {"list_load": texts.frame(LIST_LOAD, rows, **PLACE)}

    assert moved(load(2.2)) == []
    assert moved(load(2.3)) == [("2025-02", "previous_month", 0.15, 0.1, "smallest")]
    assert moved(load(1.7)) == [("2025-02", "previous_month", -0.15, 0.1, "smallest")]


def test_a_month_that_was_released_before_is_compared_with_that() -> None:
    """Of the same persons: the interval is no measure."""
    former, now = coverage(0.5, 0.52, width=0.2), coverage(0.56, 0.52, width=0.2)
    assert moved(now, former) == [("2025-01", "previous_release", 0.06, 0.03, "smallest")]
    assert moved(former, former) == []


def test_what_waits_stays_while_the_figure_is_the_same() -> None:
    former, now = coverage(0.5, 0.52), coverage(0.54, 0.52)
    waiting = moved_figures(now, former).with_columns(approved=pl.lit(False))
    assert waiting.height == 1
    assert still_published(waiting, now).height == 1
    assert still_published(waiting, former).height == 0


def test_regions_that_reported_the_month_before_and_not_now() -> None:
    rows = """
        month   region_code reported
        2025-10 00          yes
        2025-10 04          yes
        2025-10 19          yes
        2025-10 20          no
        2025-11 00          yes
        2025-11 04          no
        2025-11 19          yes
        2025-11 20          no
        """
    table = texts.frame(REPORTING, rows)
    assert dropped_out(table) == ["04"]
    assert dropped_out(table.filter(pl.col("month") == "2025-10")) == []
