"""The statistics as assets: one for each published table, partitioned by month."""

import logging

import dagster as dg

from assets.checks import CHECKS, results
from assets.metadata import OWNER, described
from assets.partitions import MONTHS
from assets.parts import part_key
from assets.workspace import Workspace
from pipelines.tables import TABLE_MAKERS
from schemas.statistics import statistics_table

GROUP = "statistics"

log = logging.getLogger("flk")


def statistics_key(name: str) -> dg.AssetKey:
    """The asset of a statistics table."""
    return dg.AssetKey([GROUP, name])


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
        check_specs=[
            dg.AssetCheckSpec(check, asset=statistics_key(name)) for check in CHECKS[name]
        ],
        **described(statistics_table(name)),
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
