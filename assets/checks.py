"""Asset checks of the statistics: the questions of `reconciliation`, answered in the same step."""

from inspect import getdoc

import dagster as dg
import polars as pl

from pipelines.indicators.reconciliation import broken_rows, checks_of


def specs(table: str, asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """The checks of a table, each with what breaks it."""
    return [
        dg.AssetCheckSpec(
            name, asset=asset, description=f"Counts what is wrong, passes at 0. {getdoc(check)}"
        )
        for name, check in checks_of(table).items()
    ]


def results(table: str, frame: pl.DataFrame) -> list[dg.AssetCheckResult]:
    """One result for each check of the table: passed, and how many rows break it."""
    return [
        dg.AssetCheckResult(passed=rows == 0, check_name=name, metadata={"rows": rows})
        for name, rows in broken_rows(table, frame).items()
    ]
