"""The statistics as assets: one for each published table, partitioned by month."""

import logging

import dagster as dg

from assets.checks import results, specs
from assets.metadata import OWNER, column_schema, one_row
from assets.partitions import MONTHS
from assets.parts import part_key
from assets.workspace import Workspace
from pipelines.tables import TABLE_MAKERS
from schemas.contract import TableContract
from schemas.statistics import statistics_table

GROUP = "statistics"

log = logging.getLogger("flk")


def statistics_key(name: str) -> dg.AssetKey:
    """The asset of a statistics table."""
    return dg.AssetKey([GROUP, name])


def _description(contract: TableContract) -> str:
    return (
        f"{contract.title}. {contract.description} {one_row(contract)} Before disclosure control; "
        "what of it is published stands in statistics_file."
    )


def _statistics_asset(name: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=statistics_key(name),
        deps=[
            *(part_key(step.name) for step in TABLE_MAKERS[name].steps),
            *(statistics_key(before) for before in TABLE_MAKERS[name].after),
        ],
        group_name=GROUP,
        owners=[OWNER],
        kinds={"polars", "parquet"},
        partitions_def=MONTHS,
        check_specs=specs(name, statistics_key(name)),
        description=_description(statistics_table(name)),
        metadata={"dagster/column_schema": column_schema(statistics_table(name))},
    )
    def statistics_asset(
        context: dg.AssetExecutionContext, workspace: Workspace
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]  # with checks Dagster wants it bare
        figures = workspace.figures_of_run(context.partition_key)
        log.info("Statistics of %s: %s", context.partition_key, name)
        rows = figures.make_table(name)
        return dg.MaterializeResult(
            metadata={"dagster/row_count": rows},
            check_results=results(name, figures.read_table(name)),
        )

    return statistics_asset


STATISTICS_ASSETS = [_statistics_asset(name) for name in TABLE_MAKERS]
