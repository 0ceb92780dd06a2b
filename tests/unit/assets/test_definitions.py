"""What Dagster shows: every asset described, owned and with columns; partitions, checks, jobs."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from assets.catalogue import ALL_ASSETS
from assets.definitions import definitions
from assets.jobs import NIGHTLY_SCHEDULE, arrivals_sensor, data_request, nightly
from assets.partitions import MONTH_AND_REGION, MONTHS, cells, range_tags
from pipelines.indicators.reconciliation import checks_of
from pipelines.planning import Rectangle
from pipelines.tables import TABLE_MAKERS
from schemas.deliveries import DELIVERIES

PROJECT = Path(__file__).parents[3]
SPECS = {spec.key.to_user_string(): spec for asset in ALL_ASSETS for spec in asset.specs}
WITHOUT_COLUMNS = {"publication/statistics_file", "publication/request_package"}


def test_the_workspace_is_valid() -> None:
    dagster = Path(sys.executable).parent / "dagster"
    ended = subprocess.run(
        [dagster, "definitions", "validate", "-w", "workspace.yaml"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("key", SPECS)
def test_every_asset_tells_what_it_is(key: str) -> None:
    spec = SPECS[key]
    assert spec.description
    assert len(spec.description) > 40
    assert spec.owners
    assert spec.kinds
    assert spec.group_name == key.split("/")[0]
    if key not in WITHOUT_COLUMNS:
        columns = spec.metadata["dagster/column_schema"].columns
        assert columns
        assert all(column.description and column.type for column in columns)


def test_every_check_job_schedule_and_sensor_tells_what_it_is() -> None:
    checks = [check for asset in ALL_ASSETS for check in asset.check_specs]
    assert checks
    for each in (*checks, nightly, data_request, NIGHTLY_SCHEDULE, arrivals_sensor):
        assert each.description
        assert len(each.description) > 40, each.name


def test_the_layers() -> None:
    groups = {spec.group_name for spec in SPECS.values()}
    assert groups == {"deliveries", "parts", "statistics", "publication"}
    assert {f"deliveries/{contract.name}" for contract in DELIVERIES} <= SPECS.keys()
    assert {f"statistics/{name}" for name in TABLE_MAKERS} <= SPECS.keys()


@pytest.mark.parametrize("asset", ALL_ASSETS, ids=lambda each: each.key.to_user_string())
def test_partitions_and_backfills(asset: dg.AssetsDefinition) -> None:
    group, name = asset.key.path
    expected = {
        "deliveries": None if name == "population" else MONTH_AND_REGION,
        "parts": MONTH_AND_REGION,
        "statistics": MONTHS,
        "publication": None,
    }[group]
    assert asset.partitions_def == expected
    if expected == MONTH_AND_REGION:
        assert asset.backfill_policy == dg.BackfillPolicy.single_run()


def test_the_partitions_are_months_and_regions() -> None:
    keys = MONTH_AND_REGION.get_partition_keys()
    assert dg.MultiPartitionKey({"month": "2025-11", "region": "19"}) in keys
    assert len(MONTH_AND_REGION.secondary_dimension.partitions_def.get_partition_keys()) == 21


def test_visits_wait_for_the_whole_window_of_contacts() -> None:
    [visits] = [each for each in ALL_ASSETS if each.key.path[-1] == "visits"]
    contacts = dg.AssetKey(["deliveries", "care_contacts"])
    mapping = visits.get_partition_mapping(contacts)
    assert mapping is not None
    one = MONTH_AND_REGION.subset_with_partition_keys(["2025-11|19"])
    upstream = mapping.get_upstream_mapped_partitions_result_for_partitions(
        one, MONTH_AND_REGION, MONTH_AND_REGION
    ).partitions_subset.get_partition_keys()
    assert len(set(upstream)) == 19
    assert {key.split("|")[1] for key in upstream} == {"19"}
    assert min(upstream).startswith("2024-05")


def test_a_rectangle_of_partitions_is_one_run() -> None:
    """The tags of a range give the step exactly the rectangle's cells."""
    asked = []

    @dg.asset(partitions_def=MONTH_AND_REGION, backfill_policy=dg.BackfillPolicy.single_run())
    def some(context: dg.AssetExecutionContext) -> None:
        asked.append(cells(context))

    tags = range_tags(Rectangle("2025-10", "2025-11", "18", "19"))
    with dg.DagsterInstance.ephemeral() as instance:
        assert dg.materialize([some], tags=tags, instance=instance).success
        assert instance.get_runs_count() == 1
    wanted = {(month, region) for month in ("2025-10", "2025-11") for region in ("18", "19")}
    assert asked == [wanted]


@pytest.mark.parametrize("name", TABLE_MAKERS)
def test_every_table_has_its_checks(name: str) -> None:
    [asset] = [each for each in ALL_ASSETS if each.key.path == ["statistics", name]]
    assert {spec.name for spec in asset.check_specs} == set(checks_of(name))


def test_the_nightly_schedule() -> None:
    assert NIGHTLY_SCHEDULE.cron_schedule == "15 4 * * *"
    assert NIGHTLY_SCHEDULE.execution_timezone == "Europe/Stockholm"
    assert NIGHTLY_SCHEDULE.default_status is dg.DefaultScheduleStatus.RUNNING
    assert NIGHTLY_SCHEDULE.job_name == "nightly"


def test_jobs_and_sensor_are_there() -> None:
    repository = definitions.get_repository_def()
    assert {"nightly", "data_request"} <= set(repository.job_names)
    assert repository.has_sensor_def("arriving_files")
    assert repository.get_sensor_def("arriving_files").job_name == "nightly"
