"""Jobs do the work in one process, the sensor sees what arrives, history holds no values."""

from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from integration.landing import HSA_PREFIX, PERSONS, two_regions

from assets.instance import instance_of
from assets.jobs import arrivals_sensor, data_request, nightly
from assets.publication import PUBLICATION_KEY
from assets.request import REQUEST_KEY
from assets.run import bring_up_to_date
from assets.statistics import statistics_key
from assets.workspace import Workspace
from pipelines.tables import TABLE_MAKERS


def evaluate(workspace: Workspace, cursor: str | None) -> dg.SensorResult | dg.SkipReason:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(
            instance, cursor=cursor, resources={"workspace": workspace}
        )
        return arrivals_sensor(context)


def test_the_sensor_runs_when_files_change(workspace: Workspace) -> None:
    first = evaluate(workspace, cursor=None)
    assert isinstance(first, dg.SensorResult)
    assert len(first.run_requests or []) == 1
    assert isinstance(evaluate(workspace, first.cursor), dg.SkipReason)

    changed = Path(workspace.landing) / "19" / "units" / "2025-11-30.csv"
    changed.write_text(changed.read_text() + "\n")
    second = evaluate(workspace, first.cursor)
    assert isinstance(second, dg.SensorResult)
    assert second.cursor != first.cursor

    changed.unlink()
    assert isinstance(evaluate(workspace, second.cursor), dg.SensorResult)


@pytest.mark.parametrize(
    ("job", "config"),
    [
        (nightly, {}),
        (data_request, {"ops": {"make_request": {"config": {"year": 2025, "partial": True}}}}),
    ],
    ids=["nightly", "data_request"],
)
def test_a_job_publishes(job: dg.JobDefinition, config: dict, workspace: Workspace) -> None:
    workspace.store.prepare()
    with instance_of(workspace.store) as instance:
        result = job.execute_in_process(
            run_config=config, resources={"workspace": workspace}, instance=instance
        )
        assert result.success
        # The runs of the assets stand in the same history as the job's own.
        assert instance.get_runs_count() > 1
    assert workspace.store.statistics_file.exists()


def requested(workspace: Workspace, **config: object) -> dg.ExecuteInProcessResult:
    workspace.store.prepare()
    with instance_of(workspace.store) as instance:
        return data_request.execute_in_process(
            run_config={"ops": {"make_request": {"config": config}}},
            resources={"workspace": workspace},
            instance=instance,
            raise_on_error=False,
        )


def test_a_request_for_a_year_that_nobody_delivered_fails(workspace: Workspace) -> None:
    assert not requested(workspace, year=2024).success


def test_the_request_makes_the_package_and_says_what_it_lacks(workspace: Workspace) -> None:
    folder = workspace.store.request_folder(2025)
    refused = requested(workspace, year=2025)
    assert not refused.success
    assert not folder.exists()

    made = requested(workspace, year=2025, month="2025-11", partial=True)
    assert made.success
    assert (folder / "excel" / "00_riket.xlsx").exists()
    (output,) = [each for each in made.all_events if each.event_type_value == "STEP_OUTPUT"]
    metadata = output.step_output_data.metadata
    assert metadata["partial"].value is True
    assert metadata["month"].value == "2025-11"
    assert metadata["missing"].value["23"] == "all deliveries"
    assert "19" not in metadata["missing"].value
    with instance_of(workspace.store) as instance:
        event = instance.get_latest_materialization_event(REQUEST_KEY)
    assert event.asset_materialization.metadata["path"].value == str(folder)


@pytest.fixture(scope="module")
def run_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Where `history` was written."""
    folder = tmp_path_factory.mktemp("history")
    return Workspace(landing=str(two_regions(folder / "landing")), out=str(folder / "out"))


@pytest.fixture(scope="module")
def history(run_workspace: Workspace) -> list[dg.EventLogEntry]:
    """Everything that Dagster has written down of a run."""
    workspace = run_workspace
    workspace.store.prepare()
    with instance_of(workspace.store) as instance:
        outcome = bring_up_to_date(workspace, instance)
        assert outcome.failures == []
        return [
            event
            for record in instance.get_run_records()
            for event in instance.all_logs(record.dagster_run.run_id)
        ]


def test_metadata_are_counts_and_no_values(
    history: list[dg.EventLogEntry], run_workspace: Workspace
) -> None:
    metadata: dict[str, set[str]] = {}
    for event in history:
        if event.is_dagster_event and event.dagster_event.is_step_materialization:
            made = event.dagster_event.step_materialization_data.materialization
            metadata.setdefault(made.asset_key.path[-1], set()).update(made.metadata)
    assert {"files", "rows", "rows rejected", "dagster/row_count"} <= metadata["listings"]
    assert "dagster/row_count" in metadata["people"]
    assert "dagster/row_count" in metadata["coverage"]
    assert "rows of coverage" in metadata["statistics_file"]
    written = "\n".join(str(event) for event in history)
    for secret in (*PERSONS.values(), f"{HSA_PREFIX}DR19", "Ormbunkström", run_workspace.key()):
        assert secret not in written


def test_every_check_ran_and_passed(history: list[dg.EventLogEntry]) -> None:
    evaluations = [
        event.dagster_event.event_specific_data
        for event in history
        if event.is_dagster_event and event.dagster_event.event_type_value.endswith("EVALUATION")
    ]
    assert {each.asset_key for each in evaluations} == {
        *(statistics_key(name) for name in TABLE_MAKERS),
        PUBLICATION_KEY,
    }
    assert all(each.passed for each in evaluations)


def test_figures_that_do_not_reconcile_are_not_published(workspace: Workspace) -> None:
    """A region's counts that were damaged: the check fails, and the last publication stands."""
    workspace.store.prepare()
    with instance_of(workspace.store) as instance:
        bring_up_to_date(workspace, instance)
        before = workspace.store.statistics_file.read_bytes()

        slice_ = workspace.store.path("parts", "2025-11", "statistics", "list_load.parquet")
        table = pl.read_parquet(slice_)
        wrong = pl.when(pl.col("level") == "nation").then(pl.col("listed") + 1)
        table.with_columns(listed=wrong.otherwise("listed")).write_parquet(slice_)
        workspace.store.path("publication.json").unlink()

        outcome = bring_up_to_date(workspace, instance)
    assert "list_load: regions add up to the nation (1 rows)" in " ".join(outcome.failures)
    assert workspace.store.statistics_file.read_bytes() == before


def test_no_telemetry(workspace: Workspace, tmp_path: Path, monkeypatch) -> None:
    """Dagster writes no telemetry, neither in the store nor in the operator's home."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    workspace.store.prepare()
    with instance_of(workspace.store) as instance:
        assert instance.telemetry_enabled is False
        bring_up_to_date(workspace, instance)
    assert list(home.rglob("*")) == []
    assert [path for path in tmp_path.rglob("*") if "telemetry" in path.name] == []
