"""The parts of a region's month as assets: marked persons, listed persons, visits."""

import logging
from collections.abc import Callable

import dagster as dg

from assets.deliveries import delivery_key
from assets.metadata import OWNER, column_schema
from assets.pace import Pace, pace_of
from assets.partitions import MONTH_AND_REGION, cells
from assets.workspace import Workspace
from pipelines.parts import MARKED, PEOPLE, STEPS, VISITS, Step
from schemas.variants import longest_window_months

GROUP = "parts"
DESCRIPTIONS = {
    MARKED: "The persons that the region and its municipalities have marked as having municipal "
    "health care (SÄBO and the other settings), on the region's reference date.",
    PEOPLE: "The persons listed in the region on its reference date: their unit, kind of list, and "
    "named physician under every rule set. Counts of them add up to all areas.",
    VISITS: "How many listed persons have which profile of visits in the window that ends on the "
    "reference date. Every continuity index of any area is computed from these counts.",
}
BEFORE = {
    MARKED: [],
    PEOPLE: [MARKED],
    VISITS: [PEOPLE],
}

log = logging.getLogger("flk")


def part_key(name: str) -> dg.AssetKey:
    """The asset of a part."""
    return dg.AssetKey([GROUP, name])


def _window_of_contacts() -> dg.PartitionMapping:
    """A month's visits come from the contacts of that month and of the longest window before."""
    return dg.MultiPartitionMapping(
        {
            "month": dg.DimensionPartitionMapping(
                "month",
                dg.TimeWindowPartitionMapping(
                    start_offset=-longest_window_months(),
                    allow_nonexistent_upstream_partitions=True,
                ),
            ),
            "region": dg.DimensionPartitionMapping("region", dg.IdentityPartitionMapping()),
        }
    )


def _reporting(what: str, pace: Pace) -> Callable[[list[str], int], None]:
    """One line for the regions that were made together: how many rows, and how far we are."""

    def report(regions: list[str], rows: int) -> None:
        done = ", ".join(regions)
        log.info("%s: %s made from %d rows (%s)", what, done, rows, pace.after(rows))

    return report


def _part_asset(step: Step) -> dg.AssetsDefinition:
    deps = [
        dg.AssetDep(
            delivery_key(name),
            partition_mapping=_window_of_contacts() if name == "care_contacts" else None,
        )
        for name in step.deliveries
    ]

    @dg.asset(
        key=part_key(step.name),
        deps=[*deps, *(part_key(each.name) for each in BEFORE[step])],
        group_name=GROUP,
        owners=[OWNER],
        kinds={"polars", "parquet"},
        partitions_def=MONTH_AND_REGION,
        backfill_policy=dg.BackfillPolicy.single_run(),
        description=DESCRIPTIONS[step],
        metadata={"dagster/column_schema": column_schema(step.contracts[0])},
    )
    def part_asset(
        context: dg.AssetExecutionContext, workspace: Workspace
    ) -> dg.MaterializeResult[None]:
        regions_of: dict[str, list[str]] = {}
        for month, region in sorted(cells(context)):
            regions_of.setdefault(month, []).append(region)
        for month, regions in regions_of.items():
            what = f"{step.name.replace('_', ' ')} of {month}"
            log.info("%s: %s", what, ", ".join(regions))
            figures = workspace.figures_of_run(month)
            rows_of_all = sum(figures.accepted_rows(step, region) for region in regions)
            made = figures.make_parts(step, regions, _reporting(what, pace_of(rows_of_all)))
            for region in regions:
                rows = made.get(region, {}).get(step.contracts[0].name, 0)
                context.add_asset_metadata(
                    {"dagster/row_count": rows},
                    partition_key=dg.MultiPartitionKey({"month": month, "region": region}),
                )
        return dg.MaterializeResult()

    return part_asset


PART_ASSETS = [_part_asset(step) for step in STEPS.values()]
