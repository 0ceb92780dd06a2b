"""The whole way by the functions of `pipelines`, without Dagster: quick enough for many times."""

from datetime import date
from pathlib import Path

import polars as pl

from pipelines.arrivals import look_at, take_in_partition
from pipelines.figures import Figures
from pipelines.parts import STEPS
from pipelines.store import Store
from pipelines.tables import TABLE_MAKERS
from schemas.deliveries import DELIVERIES

KEY = "a key of the tests and of nothing else"


def take_in(landing: Path, store: Store, today: date) -> None:
    """Take in all that is new."""
    store.prepare()
    for contract in DELIVERIES:
        take_in_partition(
            look_at(landing, store, KEY),
            delivery_name=contract.name,
            partitions=None,
            key=KEY,
            today=today,
            progress=lambda receipt: None,
        )


def figures_without_dagster(landing: Path, out: Path, month: str, today: date) -> Figures:
    """What figures of the month can be made from, after all that is new has been taken in."""
    store = Store(out)
    take_in(landing, store, today)
    return Figures(store, look_at(landing, store, KEY).receipts, month)


def tables_without_dagster(
    landing: Path, out: Path, month: str, today: date
) -> dict[str, pl.DataFrame]:
    """The month's tables before disclosure control; only `deliveries` when no region reports."""
    figures = figures_without_dagster(landing, out, month, today)
    tables = {"deliveries": figures.receipts.table()}
    if not figures.reporting_regions:
        return tables
    for step in STEPS.values():
        figures.make_parts(step, figures.reporting_regions)
    for name in TABLE_MAKERS:
        figures.make_table(name)
        tables[name] = figures.read_table(name)
    return tables
