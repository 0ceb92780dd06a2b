"""Do the figures of a table add up? Questions asked of every table before it is published.

Each check gives the number of rows that break it; 0 is right. Before disclosure control.
"""

from collections.abc import Callable

import polars as pl

from schemas import codes
from schemas.contract import TableContract
from schemas.receipts import DELIVERIES_TABLE
from schemas.statistics import statistics_table

Check = Callable[[pl.DataFrame, TableContract], int]

ADDITIVE = {
    "coverage": ("numerator", "denominator"),
    "continuity": ("persons", "visits"),
    "own_physician": ("persons", "own_visits", "visits"),
    "list_load": ("listed", "named"),
    "list_kinds": ("persons", "listed"),
    "fixed_contacts": ("persons", "listed"),
}
"""The counts of each table that add up over areas."""


def rows_repeat(frame: pl.DataFrame, contract: TableContract) -> int:
    """Rows whose key another row has too: a join that fanned out."""
    return frame.height - frame.select(contract.key).n_unique()


def shares_out_of_bounds(frame: pl.DataFrame, contract: TableContract) -> int:
    """Rows with a share, or a mean of an index, below 0 or above 1."""
    columns = [name for name in ("share", "mean", "median", "pooled") if name in frame.columns]
    outside = [(pl.col(name) < 0) | (pl.col(name) > 1) for name in columns]
    return frame.filter(pl.any_horizontal(outside)).height if outside else 0


def values_without_ok(frame: pl.DataFrame, contract: TableContract) -> int:
    """Rows that have a value although their status is not ok, or a count missing although it is."""
    counts = [name for name in ADDITIVE.get(contract.name, ()) if name in frame.columns]
    ok = pl.col("status") == "ok"
    wrong = [ok & pl.col(name).is_null() | ~ok & pl.col(name).is_not_null() for name in counts]
    return frame.filter(pl.any_horizontal(wrong)).height if wrong else 0


def regions_do_not_add_up(frame: pl.DataFrame, contract: TableContract) -> int:
    """Cells of the nation that are not the sum of the regions' cells.

    Where a region's cell is undefined (a numerator above its denominator, no capacity) its numbers
    are in the nation but not in its own row: there the nation is at least the sum of the others.
    """
    counts = list(ADDITIVE[contract.name])
    cells = _cells(contract)
    known = frame.filter(pl.col("status") == "ok")
    regions = frame.filter(pl.col("level") == "region")
    sums = regions.group_by(cells).agg(
        pl.col(counts).sum(), hidden=(pl.col("status") == "undefined").any()
    )
    whole = known.filter(pl.col("level") == "nation").select(*cells, *counts)
    both = whole.join(sums, on=cells, suffix="_below", how="left", nulls_equal=True)
    wrong = []
    for name in counts:
        below = pl.col(f"{name}_below").fill_null(0)
        wrong.append(pl.when("hidden").then(pl.col(name) < below).otherwise(pl.col(name) != below))
    return both.filter(pl.any_horizontal(wrong)).height


def units_exceed_regions(frame: pl.DataFrame, contract: TableContract) -> int:
    """Cells of a region in which units or municipalities add up to more than the region.

    They may add up to less: protected persons count in no unit and no municipality.
    """
    above = 0
    for lower in ("unit", "municipality"):
        above += _exceeding(frame, contract, lower)
    return above


def margins_do_not_add_up(frame: pl.DataFrame, contract: TableContract) -> int:
    """Cells of `all` ages that the age groups exceed, or of `all` sexes that women and men do.

    They may add up to less: a reserve identity without readable birth date or sex counts in `all`
    only.
    """
    above = 0
    for dimension in ("sex", "age_group"):
        if dimension not in frame.columns:
            continue
        key = [name for name in contract.key if name != dimension]
        counts = list(ADDITIVE[contract.name])
        known = frame.filter(pl.col("status") == "ok")
        parts = known.filter(pl.col(dimension) != codes.ALL).group_by(key).agg(pl.col(counts).sum())
        whole = known.filter(pl.col(dimension) == codes.ALL).select(*key, *counts)
        both = parts.join(whole, on=key, suffix="_of_all", nulls_equal=True)
        exceeding = [pl.col(name) > pl.col(f"{name}_of_all") for name in counts]
        above += both.filter(pl.any_horizontal(exceeding)).height
    return above


def _cells(contract: TableContract) -> list[str]:
    return [name for name in contract.key if name not in ("level", "area_code")]


def _exceeding(frame: pl.DataFrame, contract: TableContract, lower: str) -> int:
    counts = list(ADDITIVE[contract.name])
    cells = _cells(contract)
    known = frame.filter(pl.col("status") == "ok")
    below = known.filter(pl.col("level") == lower)
    if lower == "municipality":
        below = below.with_columns(region=pl.col("area_code").str.slice(0, 2))
        regions = known.filter(pl.col("level") == "region").with_columns(region="area_code")
        cells = [*cells, "region"]
    else:
        regions = known.filter(pl.col("level") == "region")
    sums = below.group_by(cells).agg(pl.col(counts).sum())
    whole = regions.group_by(cells).agg(pl.col(counts).sum())
    both = sums.join(whole, on=cells, suffix="_above", nulls_equal=True)
    exceeding = [pl.col(name) > pl.col(f"{name}_above") for name in counts]
    return both.filter(pl.any_horizontal(exceeding)).height


def rows_unaccounted_for(frame: pl.DataFrame, contract: TableContract) -> int:
    """Files whose rows are not all either accepted or rejected."""
    return frame.filter(pl.col("rows") != pl.col("accepted") + pl.col("rejected")).height


EVERY_TABLE: dict[str, Check] = {
    "rows_do_not_repeat": rows_repeat,
    "shares_lie_between_0_and_1": shares_out_of_bounds,
}
ADDING_TABLES: dict[str, Check] = {
    "values_go_with_status": values_without_ok,
    "regions_add_up_to_the_nation": regions_do_not_add_up,
    "units_and_municipalities_fit_their_region": units_exceed_regions,
    "margins_add_up": margins_do_not_add_up,
}


def checks_of(table: str) -> dict[str, Check]:
    """The checks that apply to a table, by name."""
    if table == DELIVERIES_TABLE.name:
        return {"rows_are_accepted_or_rejected": rows_unaccounted_for}
    return EVERY_TABLE | (ADDING_TABLES if table in ADDITIVE else {})


def broken_rows(table: str, frame: pl.DataFrame) -> dict[str, int]:
    """Check name to the number of rows that break it."""
    contract = statistics_table(table)
    return {name: check(frame, contract) for name, check in checks_of(table).items()}
