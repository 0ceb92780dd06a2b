"""What is published beside the tables says no number that they do not.

The package of the request is held against the published file cell by cell, format by format
(`tests/unit/publication/request`); `changes`, `moved_figures` and targets are made of published
tables alone. Here it is the report's figures and the quality declaration.
"""

from pathlib import Path

import duckdb
import polars as pl
import pytest


@pytest.fixture(scope="module")
def published_numbers(sample_out: Path) -> set[float]:
    """Every number of the published file."""
    file = sample_out / "published" / "statistics.duckdb"
    with duckdb.connect(file, read_only=True) as connection:
        tables = connection.sql("select name from (show tables)").fetchall()
        return {
            number for (table,) in tables for number in numbers_of(connection.table(table).pl())
        }


def numbers_of(frame: pl.DataFrame) -> set[float]:
    numeric = [name for name, kind in frame.schema.items() if kind.is_numeric()]
    return {
        number for name in numeric for number in frame[name].cast(pl.Float64).drop_nulls().to_list()
    }


def figures(sample_out: Path) -> dict[str, pl.DataFrame]:
    """The values of the report's figures, by file."""
    files = sorted((sample_out / "published" / "report" / "data").glob("*.csv"))
    return {path.name: pl.read_csv(path, infer_schema_length=None) for path in files}


def test_every_number_of_the_reports_figures_is_published(
    sample_out: Path, published_numbers: set[float]
) -> None:
    found = figures(sample_out)
    assert len(found) > 100
    assert {name: numbers_of(frame) - published_numbers for name, frame in found.items()} == {
        name: set() for name in found
    }


def test_where_a_figure_is_hidden_it_has_no_number(sample_out: Path) -> None:
    """A column's status is `<column>_status`, or that of the row; what is compared has its own."""
    hidden = 0
    for name, frame in figures(sample_out).items():
        statuses = {column for column in frame.columns if column.endswith("status")}
        for column in frame.columns:
            status = f"{column}_status"
            status = status if status in statuses else "status"
            if not frame.schema[column].is_numeric() or column == "goal":
                continue
            rows = frame.filter(pl.col(status) == "suppressed")
            hidden += rows.height
            assert rows[column].null_count() == rows.height, (name, column)
    assert hidden > 100


def test_the_quality_declaration_tells_counts_of_data_quality_and_a_dash_where_they_are_hidden(
    sample_out: Path,
) -> None:
    with duckdb.connect(sample_out / "published" / "statistics.duckdb", read_only=True) as file:
        published = {
            (delivery, *("–" if count is None else f"{count:,}" for count in counts))
            for delivery, *counts in file.sql(
                "select delivery, numerator, denominator from data_quality "
                "where region_code = '00' and month = '2025-11'"
            ).fetchall()
        }
        [(release,)] = file.sql(
            "select value from release_info where name = 'release_id'"
        ).fetchall()
    text = sample_out / "published" / "releases" / release / "quality_declaration.en.md"
    rows = [
        line.strip("| ").split(" | ")
        for line in text.read_text("utf-8").partition("| figure for the nation |")[2].splitlines()
    ]
    told = {(row[1], row[2], row[3]) for row in rows if len(row) == 5 and row[1].isidentifier()}
    assert len(told) > 20
    assert told <= published
    assert ("care_markings", "–", "–") in told
