"""Asset checks of the statistics: the questions of `reconciliation`, answered in the same step."""

import dagster as dg
import polars as pl

from pipelines.indicators.reconciliation import broken_rows, checks_of
from pipelines.tables import TABLE_MAKERS

CHECKS = {name: list(checks_of(name)) for name in TABLE_MAKERS}


def results(table: str, frame: pl.DataFrame) -> list[dg.AssetCheckResult]:
    """One result for each check of the table: passed, and how many rows break it."""
    return [
        dg.AssetCheckResult(passed=rows == 0, check_name=name, metadata={"rows": rows})
        for name, rows in broken_rows(table, frame).items()
    ]
