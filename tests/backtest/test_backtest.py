"""The sample's statistics are those that are pinned, and a change of them is shown and accepted."""

from pathlib import Path

import polars as pl
import pytest

from tests.backtest import difference, pins
from tests.backtest.difference import differences, main, report
from tests.backtest.pins import PINNED, WHOLE_TABLES, Frames, pins_of, read_pins, statistics_of

LARGEST = 400_000
"""Bytes of all pins together: more than this nobody reviews."""


@pytest.fixture(scope="module")
def made(sample_out: Path) -> Frames:
    return statistics_of(sample_out)


def test_the_samples_statistics_are_those_that_are_pinned(made: Frames) -> None:
    found = differences(read_pins(), pins_of(made))
    assert not found, (
        f"{report(found)}\nWhere this is on purpose: python -m tests.backtest.difference --accept, "
        "and a line in CHANGELOG."
    )


def test_the_pins_can_be_reviewed() -> None:
    assert sum(path.stat().st_size for path in PINNED.iterdir()) < LARGEST


def with_share(frame: pl.DataFrame, change: float, **key: str) -> pl.DataFrame:
    """The table with one share changed."""
    chosen = pl.all_horizontal(pl.col(name) == value for name, value in key.items())
    assert frame.filter(chosen).height == 1
    return frame.with_columns(
        share=pl.when(chosen).then(pl.col("share") + change).otherwise("share")
    )


VASTMANLAND = {
    "month": "2025-11",
    "level": "region",
    "area_code": "19",
    "population": "inhabitants",
    "definition": "reported",
    "sex": "all",
    "age_group": "all",
}


def test_a_changed_share_is_shown_with_before_and_after(made: Frames) -> None:
    changed = made | {"coverage": with_share(made["coverage"], 0.01, **VASTMANLAND)}
    found = differences(pins_of(made), pins_of(changed))
    shares = [each for each in found if each.table == "coverage"]
    assert [(each.column, dict(each.key)["area_code"]) for each in shares] == [("share", "19")]
    assert shares[0].after == pytest.approx(float(str(shares[0].before)) + 0.01)
    assert {each.table for each in found} == {"coverage", WHOLE_TABLES}
    text = report(found)
    assert text.startswith("coverage: 1 figure differs\n")
    assert f"share: {shares[0].before} → {shares[0].after}" in text


def test_less_than_the_tolerance_is_no_difference(made: Frames) -> None:
    slightly = made | {"coverage": with_share(made["coverage"], 1e-14, **VASTMANLAND)}
    assert differences(pins_of(made), pins_of(slightly)) == []


def test_a_changed_unit_is_seen_in_the_whole_table_and_found_row_by_row(made: Frames) -> None:
    """Units are not among the rows that people read."""
    units = made["list_load"].filter(pl.col("level") == "unit", pl.col("status") == "ok")
    unit = units.row(0, named=True)
    here = pl.all_horizontal(pl.col(n) == unit[n] for n in ("month", "level", "area_code"))
    one_more = made["list_load"].with_columns(listed=pl.when(here).then(pl.col("listed") + 1)
                                              .otherwise("listed"))  # fmt: skip
    changed = made | {"list_load": one_more}
    found = differences(pins_of(made), pins_of(changed))
    assert [dict(each.key)["measure"] for each in found] == ["digest of codes and counts"]
    (row,) = differences(made, changed)
    assert (row.column, row.before, row.after) == ("listed", unit["listed"], unit["listed"] + 1)


def test_values_that_change_places_are_seen(made: Frames) -> None:
    """The sum of the column is the same."""
    units = pl.col("level") == "unit", pl.col("status") == "ok", pl.col("month") == "2025-11"
    two = made["list_load"].with_row_index("place").filter(*units).head(2)
    first, second = two["place"]
    loads = made["list_load"]["load"].to_list()
    assert loads[first] != loads[second]
    loads[first], loads[second] = loads[second], loads[first]
    swapped = made["list_load"].with_columns(load=pl.Series(loads))
    found = differences(pins_of(made), pins_of(made | {"list_load": swapped}))
    assert [dict(each.key)["measure"] for each in found] == ["weighted sum of load"]


def test_rows_that_are_gone_or_new_are_shown(made: Frames) -> None:
    fewer = made | {"reporting": made["reporting"].tail(-1)}
    gone = [
        each for each in differences(pins_of(made), pins_of(fewer)) if each.table == "reporting"
    ]
    new = [each for each in differences(pins_of(fewer), pins_of(made)) if each.table == "reporting"]
    assert [str(each).partition("  ")[2] for each in gone] == ["row: row → no such row"]
    assert [str(each).partition("  ")[2] for each in new] == ["row: no such row → new row"]


def test_the_command_shows_a_change_and_accepts_it(
    sample_out: Path, made: Frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(pins, "PINNED", tmp_path / "pinned")
    changed = made | {"coverage": with_share(made["coverage"], 0.01, **VASTMANLAND)}
    pins.write_pins(pins_of(changed))
    assert main(["--out", str(sample_out)]) == 1
    assert "coverage: 1 figure differs" in capsys.readouterr().out
    assert main(["--out", str(sample_out), "--before", str(sample_out)]) == 0
    assert main(["--out", str(sample_out), "--accept"]) == 0
    assert main(["--out", str(sample_out)]) == 0
    assert capsys.readouterr().out.endswith("No figure differs.\n")


def test_the_report_shows_only_the_first_rows_of_a_table() -> None:
    one = difference.Difference("coverage", (("month", "2025-11"),), "share", 0.1, None)
    assert report([one, one, one], rows=2).splitlines()[-2:] == [
        "  month=2025-11  share: 0.1 → missing",
        "  … and 1 more",
    ]
