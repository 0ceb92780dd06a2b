"""The publication as an asset: the DuckDB file that analysts open."""

import logging
from collections.abc import Mapping

import dagster as dg

from assets.checks import results
from assets.metadata import OWNER
from assets.statistics import statistics_key
from assets.workspace import Workspace
from pipelines.indicators.reconciliation import checks_of
from pipelines.publication.report.summary import national_summary
from pipelines.tables import TABLE_MAKERS
from schemas.receipts import DELIVERIES_TABLE

PUBLICATION_KEY = dg.AssetKey(["publication", "statistics_file"])

CHECKS = checks_of(DELIVERIES_TABLE.name)
NO_FIGURE_MOVED = "no_figure_waits_for_approval"
NO_REGION_DROPPED_OUT = "no_region_dropped_out"

log = logging.getLogger("flk")


@dg.asset(
    key=PUBLICATION_KEY,
    deps=[
        dg.AssetDep(statistics_key(name), partition_mapping=dg.AllPartitionMapping())
        for name in TABLE_MAKERS
    ],
    group_name="publication",
    owners=[OWNER],
    kinds={"duckdb"},
    check_specs=[
        dg.AssetCheckSpec(check, asset=PUBLICATION_KEY)
        for check in (*CHECKS, NO_FIGURE_MOVED, NO_REGION_DROPPED_OUT)
    ],
    description="statistics.duckdb, what analysts open: the statistics of all months made so far "
    "after disclosure control, targets held against them, the deliveries, and the registers that "
    "explain them. Built beside, "
    "read back and compared, then renamed, so readers always see a whole file.",
)
def statistics_file(
    workspace: Workspace,
) -> dg.MaterializeResult:  # type: ignore[type-arg]  # with checks Dagster wants it bare
    """Publish what the store holds now."""
    log.info("Publishing")
    receipts = workspace.receipts_of_run
    published = workspace.release(receipts).publish()
    rows = {f"rows of {name}": count for name, count in published.rows.items()}
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(published.rows.values()),
            "release": published.release.release_id,
            "path": dg.MetadataValue.path(published.release.folder),
            "report": dg.MetadataValue.url(published.release.first_page.resolve().as_uri()),
            "national summary": dg.MetadataValue.md(
                national_summary(published.release.statistics_file)
            ),
            "sha256": published.sha256,
            **rows,
        },
        check_results=[
            *results(DELIVERIES_TABLE.name, receipts.table()),
            *_to_look_at(published.release.manifest["facts"]),
        ],
    )


def _to_look_at(facts: Mapping[str, str]) -> list[dg.AssetCheckResult]:
    """Warnings: what is published, but a person should look at."""
    moved, dropped_out = facts["unapproved_figures"], facts["regions_dropped_out"]
    return [
        dg.AssetCheckResult(
            passed=moved == "0",
            check_name=NO_FIGURE_MOVED,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"figures": int(moved)},
        ),
        dg.AssetCheckResult(
            passed=not dropped_out,
            check_name=NO_REGION_DROPPED_OUT,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"regions": dropped_out},
        ),
    ]
