"""The publication as an asset: the DuckDB file that analysts open."""

import logging
from collections.abc import Mapping

import dagster as dg

from assets.checks import results, specs
from assets.metadata import OWNER
from assets.statistics import statistics_key
from assets.workspace import Workspace
from pipelines.publication.report.summary import national_summary
from pipelines.tables import TABLE_MAKERS
from schemas.receipts import DELIVERIES_TABLE

PUBLICATION_KEY = dg.AssetKey(["publication", "statistics_file"])

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
        *specs(DELIVERIES_TABLE.name, PUBLICATION_KEY),
        dg.AssetCheckSpec(
            NO_FIGURE_MOVED,
            asset=PUBLICATION_KEY,
            description="A warning when main figures moved more than their history makes likely "
            "and nobody has approved them. They are published; look at the table moved_figures, "
            "then flk publish --approve.",
        ),
        dg.AssetCheckSpec(
            NO_REGION_DROPPED_OUT,
            asset=PUBLICATION_KEY,
            description="A warning when a region that reported the month before has not reported "
            "the newest month. The nation is the regions that report.",
        ),
    ],
    description="statistics.duckdb, what analysts open, and the release that it is of: the "
    "statistics of all months made so far after disclosure control, targets held against them, "
    "the deliveries, the registers that explain them, and the report. Nothing is published when "
    "figures do not add up. Built beside, read back and compared, then renamed, so readers always "
    "see a whole file. Each run shows the national summary and a link to the report.",
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
