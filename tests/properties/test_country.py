"""Sums that add, order that does not matter, and the same numbers on another engine."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.indicators.marking_differences import marking_differences
from schemas import parts
from schemas.contract import TableContract
from schemas.statistics import statistics_table
from schemas.validation import keep_contract
from tests.properties.country import Engine, parts_of, random_country, rearranged, tables_of

SEEDS = (1, 2)


class DuckDB(Engine):
    """DuckDB relations over Parquet files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = 0

    def give(self, table: pl.DataFrame) -> Any:
        self.files += 1
        path = self.folder / f"{self.files}.parquet"
        table.write_parquet(path)
        relation = duckdb.read_parquet(str(path))
        # DuckDB reads the nanosecond times that Polars writes as TIME_NS, which has no hour().
        columns = ", ".join(
            f"{name}::TIME AS {name}" if name == "contact_time" else name for name in table.columns
        )
        return nw.from_native(relation.project(columns))

    def rows(self, frame: Any) -> pl.DataFrame:
        relation = frame.to_native()
        rows = relation.fetchall()
        if not rows:
            # Of no rows DuckDB alone knows the types; its sums of whole numbers are HUGEINT.
            sums = zip(relation.columns, relation.types, strict=True)
            whole = [name for name, kind in sums if kind == "HUGEINT"]
            return relation.pl().with_columns(pl.col(whole).cast(pl.Int64))
        return pl.DataFrame(rows, schema=relation.columns, orient="row", infer_schema_length=None)

    def take(self, frame: Any, contract: TableContract) -> pl.DataFrame:
        relation = frame.to_native()
        assert relation.columns == contract.column_names
        schema = contract.polars_schema()
        table = pl.DataFrame(relation.fetchall(), schema=schema, orient="row")
        return table.sort(contract.column_names)


@pytest.mark.parametrize("seed", SEEDS)
def test_parts_and_tables_keep_their_contracts(seed: int) -> None:
    country = random_country(seed)
    made = parts_of(country, Engine())
    for contract in parts.PARTS:
        assert made[contract.name].height > 0
        # Several regions count who is resident in one municipality, each in its own part.
        if contract is not parts.RESIDENT_COUNTS:
            keep_contract(made[contract.name], contract)
    for name, table in tables_of(made, country.months).items():
        contract = statistics_table(name)
        keep_contract(table, contract)
        assert table.equals(table.sort(contract.key))
        values = [c for c in ("numerator", "share", "mean", "persons", "listed") if c in table]
        if "status" in table:
            missing = table.filter(pl.col("status") != "ok").select(values)
            assert missing.null_count().sum_horizontal().sum() == missing.height * missing.width


@pytest.mark.parametrize("seed", SEEDS)
def test_duckdb_gives_the_same_parts(seed: int, tmp_path: Path) -> None:
    country = random_country(seed)
    expected = parts_of(country, Engine())
    found = parts_of(country, DuckDB(tmp_path))
    for name, table in expected.items():
        # Counts are equal; means and spreads to the twelfth digit.
        assert_frame_equal(table, found[name], check_exact=False, rel_tol=1e-12, abs_tol=1e-12)


def test_duckdb_gives_the_same_differences_between_sources(tmp_path: Path) -> None:
    """Which the country's parts do not hold: they are of no figure."""
    markings = (
        random_country(1)
        .regions["19"]
        .care_markings.with_columns(file_name=pl.col("source"), sha256=pl.lit("a"))
    )
    found = [
        engine.take(
            marking_differences(
                engine.give(markings),
                sources=set(markings["source"]),
                region_code="19",
                reference_date=date(2025, 11, 30),
            ),
            parts.MARKING_DIFFERENCES,
        )
        for engine in (Engine(), DuckDB(tmp_path))
    ]
    assert found[0].height > 0
    assert_frame_equal(*found)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_and_regions_changes_no_digit(seed: int) -> None:
    country = random_country(seed)
    expected = tables_of(parts_of(country, Engine()), country.months)
    shuffled = rearranged(country, lambda table: table.sample(fraction=1, shuffle=True, seed=seed))
    made = {
        name: table.sample(fraction=1, shuffle=True, seed=seed)
        for name, table in parts_of(shuffled, Engine()).items()
    }
    for name, table in tables_of(made, shuffled.months).items():
        assert table.equals(expected[name]), name


def _digest() -> str:
    country = random_country(3, persons=400)
    tables = tables_of(parts_of(country, Engine()), country.months)
    return "".join(str(table.hash_rows(seed=1).to_list()) for table in tables.values())


def test_the_number_of_threads_changes_no_digit() -> None:
    script = "from tests.properties.test_country import _digest; print(hash(_digest()))"
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": "0"},
            cwd=Path(__file__).parents[2],
            check=True,
            capture_output=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(found) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_levels_and_margins_add_up(seed: int) -> None:
    country = random_country(seed)
    made = parts_of(country, Engine())
    people = made["people"]
    tables = tables_of(made, country.months)
    coverage = tables["coverage"].filter(
        pl.col("population") == "listed", pl.col("definition") == "national"
    )
    whole = pl.col("sex") == "all", pl.col("age_group") == "all"
    counts = pl.col("numerator").sum(), pl.col("denominator").sum()
    regions = coverage.filter(pl.col("level") == "region", *whole)
    assert (
        coverage.filter(pl.col("level") == "nation", *whole)
        .select(counts)
        .equals(regions.select(counts))
    )
    # Of the regions that can tell who has a named physician by the national definition.
    can_tell = [month.region_code for month in country.months if month.can_tell_named("national")]
    people = people.filter(pl.col("region_code").is_in(can_tell))
    assert regions["denominator"].sum() == people.height > 0
    # The units of a region and its protected persons are the region.
    units = coverage.filter(pl.col("level") == "unit")["denominator"].sum()
    assert units + people["protected"].sum() == people.height
    # Margins: who has no known sex or age group is only in `all`.
    known = coverage.filter(
        pl.col("level") == "nation", pl.col("sex") != "all", pl.col("age_group") != "all"
    )
    assert known["denominator"].sum() == people.filter(pl.col("age_group").is_not_null()).height


@pytest.mark.parametrize("seed", SEEDS)
def test_a_person_is_one_among_inhabitants_and_sabo_residents(seed: int) -> None:
    made = parts_of(random_country(seed), Engine())
    counts = made["coverage_counts"].group_by("population").agg(pl.col("persons").sum())
    persons = dict(counts.rows())
    listed = made["people"].filter(pl.col("identity_kind") == "personnummer")
    assert listed.height > listed["person"].n_unique()
    assert persons["inhabitants"] == listed["person"].n_unique()
