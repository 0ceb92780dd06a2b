"""Comparing the pipeline's tables with the recomputed ones, row by row."""

import math
from collections.abc import Sequence

import polars as pl

from schemas.contract import TableContract

NOT_RECOMPUTED = {"area_name", "remarks", "received_at", "message"}
TOLERANCE = 1e-9
METRICS_NOT_RECOMPUTED = ("rejected_", "numerator_above_denominator")
"""Rejected rows by rule: the recomputation has names of its own for the rules."""


def recomputed_metrics(data_quality: pl.DataFrame) -> pl.DataFrame:
    """The rows of data_quality that the recomputation has too."""
    metric = pl.col("metric")
    left_out = pl.any_horizontal(metric.str.starts_with(each) for each in METRICS_NOT_RECOMPUTED)
    return data_quality.filter(~left_out | (metric == "rejected_rows"))


def differences(
    ours: pl.DataFrame, theirs: Sequence[dict[str, object]], contract: TableContract
) -> list[str]:
    """Where the two differ; empty when they say the same."""
    key = [name for name in contract.key if name not in NOT_RECOMPUTED]
    compared = [name for name in contract.column_names if name not in {*NOT_RECOMPUTED, *key}]
    left = {tuple(row[name] for name in key): row for row in ours.iter_rows(named=True)}
    right = {tuple(row[name] for name in key): row for row in theirs}
    found = [f"only ours: {each}" for each in sorted(left.keys() - right.keys(), key=str)]
    found += [f"only recomputed: {each}" for each in sorted(right.keys() - left.keys(), key=str)]
    if len(left) != ours.height or len(right) != len(theirs):
        found.append("a key stands in two rows")
    for each in sorted(left.keys() & right.keys(), key=str):
        for name in compared:
            if name in right[each] and not _same(left[each][name], right[each][name]):
                found.append(f"{each} {name}: {left[each][name]} ≠ {right[each][name]}")
    return found


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) or isinstance(theirs, float):
        if ours is None or theirs is None:
            return ours is theirs
        return math.isclose(float(ours), float(theirs), abs_tol=TOLERANCE)  # type: ignore[arg-type]
    return ours == theirs
