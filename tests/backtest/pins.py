"""What is pinned of the sample's statistics, and where.

All that is pinned is before disclosure control, which has tests of its own. Two kinds of pins:

- `<table>.csv`: the rows of the nation and the regions, all ages and both sexes, to be read by
  people. Of continuity COC in every variant, the other indices in the default one; of data quality
  the nation.
- `whole_tables.csv`: of every row of every table, by month and level: how many there are, a digest
  of codes and counts, and two sums of every decimal column. The second has weights, so that two
  values that change places do not go unseen.

A table that has no rows of its own in the first kind (`deliveries`) is only in the second.
"""

import hashlib
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from schemas.column import Kind
from schemas.contract import TableContract
from schemas.statistics import PUBLISHED, statistics_table

PINNED = Path(__file__).parent / "pinned"
WHOLE_TABLES = "whole_tables"
WHOLE_TABLES_KEY = ("table", "month", "level", "measure")
NOT_READ = {"area_name", "reference_date", "ci_low", "ci_high"}
"""Columns that follow from others or from the deliveries: `whole_tables.csv` holds them."""
NOT_IN_DIGEST = {"received_at"}
"""The time of the run."""
WITHOUT_ROWS_TO_READ = {"deliveries"}
WEIGHTS = 997
"""The weight of a row is its place in the table's order modulo this, and one more."""

Frames = dict[str, pl.DataFrame]
"""Table name to rows."""


def key_of(table: str) -> tuple[str, ...]:
    """The columns that no two rows of a pinned table share."""
    return WHOLE_TABLES_KEY if table == WHOLE_TABLES else statistics_table(table).key


def statistics_of(out: Path) -> Frames:
    """Every table of an output folder before disclosure control."""
    folder = out / "restricted" / "statistics"
    return {each.name: pl.read_parquet(folder / f"{each.name}.parquet") for each in PUBLISHED}


def pins_of(statistics: Frames) -> Frames:
    """What is pinned of the statistics."""
    pins = {
        name: _readable_rows(frame, statistics_table(name))
        for name, frame in statistics.items()
        if name not in WITHOUT_ROWS_TO_READ
    }
    return pins | {WHOLE_TABLES: _whole_tables(statistics)}


def read_pins() -> Frames:
    """The pins that stand in the repository."""
    return {path.stem: _read(path) for path in sorted(PINNED.glob("*.csv"))}


def write_pins(pins: Frames) -> None:
    """Put these pins in the place of those that stand in the repository."""
    PINNED.mkdir(exist_ok=True)
    for path in PINNED.glob("*.csv"):
        path.unlink()
    for name, frame in pins.items():
        frame.write_csv(PINNED / f"{name}.csv", line_terminator="\n")


def _read(path: Path) -> pl.DataFrame:
    as_text = pl.read_csv(path, infer_schema=False)
    if path.stem == WHOLE_TABLES:
        return as_text
    kinds = statistics_table(path.stem).polars_schema()
    return as_text.select(_parsed(name, kinds[name]) for name in as_text.columns)


def _parsed(name: str, kind: pl.DataType) -> pl.Expr:
    if kind == pl.Boolean():
        return pl.col(name).replace_strict(
            {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
        )
    return pl.col(name).cast(kind)


def _readable_rows(frame: pl.DataFrame, contract: TableContract) -> pl.DataFrame:
    chosen = frame.filter(*_chosen(contract))
    columns = [name for name in contract.column_names if name not in NOT_READ]
    return chosen.sort(contract.key).select(columns)


def _chosen(contract: TableContract) -> Iterator[pl.Expr]:
    """Which rows people read."""
    names = contract.column_names
    if "level" in names:
        yield pl.col("level").is_in(["nation", "region"])
    for margin in ("sex", "age_group"):
        if margin in names:
            yield pl.col(margin) == "all"
    if contract.name == "continuity":
        default = pl.col("unit_scope") == "own_unit", pl.col("window_months") == 18
        yield (pl.col("index") == "COC") | pl.all_horizontal(default)
    if contract.name == "data_quality":
        yield pl.col("region_code") == "00"


def _whole_tables(statistics: Frames) -> pl.DataFrame:
    rows = [
        (name, month, level, measure, value)
        for name, frame in statistics.items()
        for (month, level), part in _parts(frame)
        for measure, value in _measures(part, statistics_table(name))
    ]
    schema = dict.fromkeys((*WHOLE_TABLES_KEY, "value"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").sort(WHOLE_TABLES_KEY)


def _parts(frame: pl.DataFrame) -> Iterator[tuple[tuple[str, str], pl.DataFrame]]:
    """The rows by month and level; `all` where a table has none."""
    by = [
        pl.col(name) if name in frame.columns else pl.lit("all").alias(name)
        for name in ("month", "level")
    ]
    for key, part in frame.group_by(by, maintain_order=True):
        yield (str(key[0]), str(key[1])), part


def _measures(part: pl.DataFrame, contract: TableContract) -> Iterator[tuple[str, str]]:
    part = part.sort(contract.key)
    decimals = [column.name for column in contract.columns if column.kind is Kind.DECIMAL]
    exact = [name for name in contract.column_names if name not in {*decimals, *NOT_IN_DIGEST}]
    text = part.select(exact).write_csv(line_terminator="\n")
    yield "rows", str(part.height)
    yield "digest of codes and counts", hashlib.sha256(text.encode()).hexdigest()[:16]
    for name in decimals:
        yield f"sum of {name}", repr(_sum(part[name], lambda place: 1))
        yield f"weighted sum of {name}", repr(_sum(part[name], lambda place: place % WEIGHTS + 1))


def _sum(values: pl.Series, weight: Callable[[int], int]) -> float:
    """Rounded once, so that it is the same in every run."""
    return math.fsum(
        value * weight(place) for place, value in enumerate(values) if value is not None
    )
