"""When the work is done: every night, when files arrive, and before SKR's data request."""

import dagster as dg

from assets.request import RequestConfig
from assets.request_run import bring_request_up_to_date, make_package
from assets.run import Outcome, bring_up_to_date
from assets.workspace import Workspace
from pipelines.arrivals import landing_state
from pipelines.errors import StepFailedError
from pipelines.garbage import collect_garbage_rarely


def _report(context: dg.OpExecutionContext, outcome: Outcome) -> None:
    context.log.info(
        f"Figures of {outcome.month}: {len(outcome.receipts)} files taken in, "
        f"{len(outcome.refused)} refused, {outcome.runs} runs."
    )
    if outcome.failures:
        raise StepFailedError("; ".join(outcome.failures))


@dg.op(description="Take in all that is new and make the newest month's figures.")
def bring_all_up_to_date(context: dg.OpExecutionContext, workspace: Workspace) -> None:
    """What `flk run` does, with the runs of the assets in the same history."""
    collect_garbage_rarely()
    workspace.store.prepare()
    with workspace.store.locked():
        _report(context, bring_up_to_date(workspace, context.instance))


@dg.job(
    name="nightly",
    description="Takes in what is new, makes the newest month's figures and releases them, as "
    "flk run does. Only what depends on something new is made again.",
)
def nightly() -> None:
    """Everything, every night."""
    bring_all_up_to_date()


@dg.op(description="Make the package that SKR's request of a year is answered with.")
def make_request(
    context: dg.OpExecutionContext, workspace: Workspace, config: RequestConfig
) -> None:
    """What `flk request` does, with the runs of the assets in the same history."""
    collect_garbage_rarely()
    workspace.store.prepare()
    with workspace.store.locked():
        outcome = bring_request_up_to_date(workspace, context.instance, config)
        _report(context, outcome)
        made = make_package(workspace, context.instance, config, outcome)
    folder = workspace.store.request_folder(config.year)
    context.add_output_metadata(
        {
            "path": dg.MetadataValue.path(folder),
            "month": outcome.month,
            "partial": bool(made.missing),
            "missing": dg.MetadataValue.json(dict(made.missing)),
            "unapproved_figures": made.unapproved_figures,
        }
    )


@dg.job(
    name="data_request",
    description="Brings the month's figures up to date and makes the package for SKR's data "
    "request in November, as flk request does. The year is run config.",
)
def data_request() -> None:
    """The November package, on demand."""
    make_request()


NIGHTLY_SCHEDULE = dg.ScheduleDefinition(
    name="every_night",
    job=nightly,
    # 02:30 does not exist one night a year.
    cron_schedule="15 4 * * *",
    execution_timezone="Europe/Stockholm",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Runs nightly at 04:15 Swedish time: everything that is out of date.",
)


@dg.sensor(
    name="arriving_files",
    job=nightly,
    minimum_interval_seconds=300,
    description="Runs nightly when the files of the landing folder have changed since last time, "
    "which it looks for every five minutes.",
)
def arrivals_sensor(
    context: dg.SensorEvaluationContext, workspace: Workspace
) -> dg.SensorResult | dg.SkipReason:
    """One run for each state of the landing folder."""
    state = landing_state(workspace.landing_folder)
    if state == context.cursor:
        return dg.SkipReason("Nothing has arrived.")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=state)], cursor=state)
