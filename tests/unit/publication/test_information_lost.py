"""What disclosure control hides, with numbers worked by hand."""

import polars as pl
import pytest
from published_rows import AREA, continuity_row, coverage_row, frame, quality_row

from pipelines.publication.disclosure.information_lost import information_lost
from pipelines.publication.disclosure.primary import hide
from schemas.disclosure_rules import DISCLOSURE_RULES
from schemas.registers import INFORMATION_LOST, published_table
from schemas.validation import keep_contract

NATION = {"level": "nation", "area_code": "00"}
TABLES = (*(rule.table for rule in DISCLOSURE_RULES), "data_quality")


def lost(table, rows, hidden):
    """The rows of `information_lost` when the rows at these places are hidden."""
    made = {name: published_table(name).empty() for name in TABLES}
    made[table] = frame(table, rows)
    marks = pl.Series([number in hidden for number in range(len(rows))])
    published = {**made, table: hide(made[table], table, marks)}
    found = keep_contract(information_lost(made, published), INFORMATION_LOST)
    assert set(found["table_name"]) == {table}
    assert found["mean_deviation"].null_count() == found.height
    return [row[2:6] for row in found.rows()]


def regions(*persons):
    return [
        coverage_row(area_code=f"{number:02}", numerator=count // 2, denominator=count)
        for number, count in enumerate(persons, start=1)
    ]


def test_cells_and_persons_by_level():
    rows = [
        coverage_row(**NATION, numerator=1500, denominator=2000),
        *regions(1300, 500, 200),
        coverage_row(level="unit", area_code="SE1", numerator=900, denominator=1999),
        coverage_row(level="unit", area_code="SE2", numerator=1, denominator=1),
    ]
    # Regions: 500 + 200 of 2,000 is 35 per cent. Units: 1 of 2,000.
    assert lost("coverage", rows, {2, 3, 5}) == [
        ("nation", 1, 0, 0),
        ("region", 3, 2, 35),
        ("unit", 2, 1, 0),
    ]


@pytest.mark.parametrize(
    ("shown", "hidden", "percent"),
    [
        (975, 24, None),  # 999 persons
        (976, 24, 0),  # 24 of 1,000: 2.4 per cent
        (975, 25, 5),  # 2.5 per cent
        (926, 74, 5),  # 7.4 per cent
        (925, 75, 10),  # 7.5 per cent
        (24, 976, 100),  # 97.6 per cent
    ],
)
def test_persons_are_rounded_to_5_per_cent_and_missing_below_1000(shown, hidden, percent):
    rows = [coverage_row(**NATION, denominator=shown + hidden), *regions(shown, hidden)]
    assert lost("coverage", rows, {2})[1] == ("region", 2, 1, percent)


def test_rows_that_are_not_reported_or_undefined_do_not_count():
    without = {"numerator": None, "denominator": None, "share": None}
    rows = [
        coverage_row(**NATION, denominator=2000),
        *regions(1500, 500),
        coverage_row(area_code="20", status="not_reported", **without),
        coverage_row(area_code="21", status="undefined", **without),
    ]
    assert lost("coverage", rows, {2})[1] == ("region", 2, 1, 25)


def test_persons_of_a_series_whose_row_of_the_nation_is_hidden_are_not_told():
    rows = [
        coverage_row(**NATION, denominator=2000),
        coverage_row(**NATION, denominator=3000, definition="national"),
        *regions(1500, 500),
        *(row | {"definition": "national"} for row in regions(2994, 6)),
    ]
    shown = lost("coverage", rows, {3, 5})
    # 506 of 5,000; without the national definition 500 of 2,000.
    assert shown == [("nation", 2, 0, 0), ("region", 4, 2, 10)]
    hidden = lost("coverage", rows, {1, 3, 5})
    assert hidden == [("nation", 2, 1, 0), ("region", 4, 2, 25)]
    assert [row[3] for row in lost("coverage", rows, {0, 1, 3, 5})] == [None, None]


def test_a_hidden_row_of_women_hides_nothing_of_the_series():
    rows = [
        coverage_row(**NATION, denominator=2000),
        coverage_row(**NATION, denominator=1200, sex="women"),
        coverage_row(**NATION, denominator=800, sex="men"),
    ]
    # 2,000 of 4,000: everybody stands in two rows.
    assert lost("coverage", rows, {1, 2}) == [("nation", 3, 2, 50)]


def test_a_table_without_denominator_counts_its_persons():
    rows = [
        continuity_row(**NATION, persons=1000),
        continuity_row(area_code="19", persons=900),
        continuity_row(area_code="20", persons=100),
    ]
    assert lost("continuity", rows, {2})[1] == ("region", 2, 1, 10)


def test_tables_without_level_tell_cells_alone():
    compared = {"month": AREA["month"], "rule_set": "national", "status": "ok"}
    rows = [
        {**compared, "area_code": area, "numerator": 800, "denominator": 5000, "share": 0.16}
        for area in ("19", "20")
    ]
    assert lost("definition_comparison", rows, {1}) == [("region", 2, 1, None)]
    metrics = [
        quality_row("listings", "protected_identity", 1, 5000, 0.0002),
        quality_row("listings", "residence_missing", 50, 5000, 0.01),
        quality_row("units", "snapshot_age_days"),
        quality_row("listings", "protected_identity", 90, 9000, 0.01) | {"region_code": "00"},
    ]
    assert lost("data_quality", metrics, {0}) == [
        ("nation", 1, 0, None),
        ("region", 2, 1, None),
    ]


def test_noise_is_summed_up_where_there_are_numbers_enough():
    """50 units: of 100 numbers 30 have become greater by 2; of the one region it is not told."""
    rows = [coverage_row(level="unit", area_code=f"SE{unit:02}") for unit in range(50)]
    rows.append(coverage_row(area_code="19"))
    made = {name: published_table(name).empty() for name in TABLES}
    made["coverage"] = frame("coverage", rows)
    is_changed = pl.int_range(pl.len()) < 30
    denominator = pl.col("denominator")
    published = {
        **made,
        "coverage": made["coverage"].with_columns(
            pl.when(is_changed).then(denominator + 2).otherwise(denominator)
        ),
    }
    found = information_lost(made, published, is_perturbed=True).sort("level")
    told = ["level", "numbers_changed_percent", "mean_deviation"]
    assert keep_contract(found, INFORMATION_LOST).select(told).rows() == [
        ("region", None, None),
        ("unit", 30, 0.6),
    ]
