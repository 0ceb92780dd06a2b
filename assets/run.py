"""Bring everything that is out of date up to date, through Dagster, in this process.

`flk run` and the nightly job both do this. What is out of date is decided in `pipelines`; here it
becomes Dagster runs, one after the other: deliveries, parts, statistics, publication.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import dagster as dg

from assets.catalogue import ALL_ASSETS
from assets.deliveries import delivery_key
from assets.interrupts import interrupts_kept
from assets.pace import Pace, keep_pace
from assets.partitions import range_tags
from assets.parts import part_key
from assets.publication import PUBLICATION_KEY
from assets.statistics import statistics_key
from assets.workspace import Workspace
from pipelines.arrivals import Arrivals, said_of_overlooked
from pipelines.errors import StepFailedError, WrongUseError
from pipelines.figures import Figures
from pipelines.planning import planned_runs
from pipelines.receipts import Receipts, StoredReceipt, corrections_to_end, read_pruned
from pipelines.selection import newest_month
from schemas.deliveries import POPULATION

log = logging.getLogger("flk")

OURS = {"flk": "bring up to date"}
"""The tag of the runs that are made here, one at a time, by whoever holds the store's lock."""

UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]

_SENTENCE = f"{StepFailedError.__module__}.{StepFailedError.__qualname__}: "
"""What Dagster puts before the sentence of such an error."""

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass
class Outcome:
    """What was done: the month of the figures, new receipts, failures, and Dagster runs.

    `refused` are the receipts of contents that were not refused before. The published figures of
    `other_months_out_of_date` were made from deliveries or code that have changed since.
    """

    month: str
    receipts: list[StoredReceipt] = field(default_factory=list)
    refused: list[StoredReceipt] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    other_months_out_of_date: list[str] = field(default_factory=list)
    runs: int = 0


@dataclass
class _Runner:
    workspace: Workspace
    instance: dg.DagsterInstance
    failures: list[str] = field(default_factory=list)
    runs: int = 0

    def run(
        self,
        keys: Sequence[dg.AssetKey],
        tags: dict[str, str] | None = None,
        partition: str | None = None,
    ) -> None:
        """One Dagster run of these assets; a failed step is kept, not raised."""
        self.runs += 1
        with interrupts_kept():
            result = dg.materialize(
                ALL_ASSETS,
                selection=list(keys),
                resources={"workspace": self.workspace},
                instance=self.instance,
                tags={**OURS, **(tags or {})},
                partition_key=partition,
                run_config=QUIET,
                raise_on_error=False,
            )
        for event in result.all_events:
            if event.is_step_failure:
                self.failures.append(f"{event.step_key}: {failure_of(event)}")


def bring_up_to_date(
    workspace: Workspace,
    instance: dg.DagsterInstance,
    month: str | None = None,
    choose: Callable[[Receipts], str | None] = newest_month,
) -> Outcome:
    """Take in all that is new and make the figures of the month.

    Without a month it is what `choose` says of the receipts then: the newest.

    A step that fails does not stop the others. Raises StepFailedError when there is no accepted
    listings delivery to make figures from, WrongUseError when the month has been pruned.
    """
    pruned_before = read_pruned(workspace.store).before
    if month is not None and month < pruned_before:
        raise WrongUseError(
            f"The persons of months before {pruned_before} have been removed (flk prune), so the "
            f"figures of {month} cannot be made again. They stay as they were published."
        )
    _close_what_was_cut_off(instance)
    runner = _Runner(workspace, instance)
    before = workspace.look()
    pace = keep_pace(Pace(before.bytes_to_take_in + before.bytes_of_figures))
    _take_in(workspace, runner, before)
    arrivals = workspace.look() if runner.runs else before
    if not runner.failures:
        for sentence in arrivals.left_for_next_run():
            log.warning("%s", sentence)
    for sentence in said_of_overlooked(workspace.landing_folder):
        log.warning("%s", sentence)
    month = month or choose(arrivals.receipts)
    figures = workspace.figures(arrivals.receipts, month) if month else None
    if figures is None or not figures.reporting_regions or figures.month < pruned_before:
        nothing = _nothing_to_count(workspace, month, arrivals)
        held = corrections_to_end(arrivals.receipts)
        raise StepFailedError(" ".join([*runner.failures, *held, nothing]))
    _make_figures(workspace, runner, figures, pace)
    runner.failures += corrections_to_end(arrivals.receipts)
    runner.failures += arrivals.folders_to_open()
    known = {each.mark for each in before.receipts.all}
    refused_before = {each.identity for each in before.receipts.all if each.status == "refused"}
    receipts = [each for each in arrivals.receipts.all if each.mark not in known]
    return Outcome(
        month=figures.month,
        receipts=receipts,
        refused=[
            each
            for each in receipts
            if each.status == "refused" and each.identity not in refused_before
        ],
        failures=runner.failures,
        other_months_out_of_date=_other_months_out_of_date(workspace, figures),
        runs=runner.runs,
    )


def _close_what_was_cut_off(instance: dg.DagsterInstance) -> None:
    """Mark runs of ours that a killed process left open as failed.

    Whoever calls holds the store's lock, so no run of ours can be under way.
    """
    for run in instance.get_runs(dg.RunsFilter(tags=OURS, statuses=UNFINISHED)):
        instance.report_run_failed(run, "The process was stopped before the run ended.")


def _other_months_out_of_date(workspace: Workspace, figures: Figures) -> list[str]:
    """The months made before whose deliveries or code have changed since; not those pruned, which
    cannot be made again."""
    made = workspace.release(figures.receipts).months
    return [
        month
        for month in made
        if month != figures.month
        and month >= figures.receipts.pruned.before
        and workspace.figures(figures.receipts, month).tables_out_of_date()
    ]


def _take_in(workspace: Workspace, runner: _Runner, arrivals: Arrivals) -> None:
    if arrivals.new:
        log.info("Taking in %d files that are new", len(arrivals.new))
    stages = arrivals.stages(workspace.today)
    for planned in planned_runs([each for each in stages if each.name != POPULATION.name]):
        runner.run([delivery_key(name) for name in planned.names], range_tags(planned.rectangle))
    if any(each.name == POPULATION.name for each in stages):
        runner.run([delivery_key(POPULATION.name)])
    if runner.runs:
        # Not imported where nothing was taken in, which would take longer than to forget.
        from pipelines.intake.known_persons import forget_persons

        forget_persons()


def _make_figures(workspace: Workspace, runner: _Runner, figures: Figures, pace: Pace) -> None:
    # The second time for the regions that the markings just made concern.
    for again in (False, True):
        stages = figures.stages()
        rows = sum(figures.accepted_rows_of(stage) for stage in stages)
        if again:
            keep_pace(Pace(rows))
        else:
            pace.rest_is(rows)
        if stages:
            log.info("Making the figures of %s", figures.month)
        for planned in planned_runs(stages):
            runner.run([part_key(name) for name in planned.names], range_tags(planned.rectangle))
        figures = figures.seen_anew()
    tables = figures.tables_out_of_date()
    if tables:
        runner.run([statistics_key(name) for name in tables], partition=figures.month)
    if workspace.release(figures.receipts).out_of_date():
        runner.run([PUBLICATION_KEY])


def _nothing_to_count(workspace: Workspace, month: str | None, arrivals: Arrivals) -> str:
    newest = newest_month(arrivals.receipts)
    if newest is None:
        return (
            f"No region has an accepted listings delivery in {workspace.landing}, so there is no "
            "month to make figures for. Look at the refusals above, or at the table deliveries."
        )
    return (
        f"No region has an accepted listings delivery for {month or 'that year'}; the newest month "
        f"is {newest}. The last publication stands as it was."
    )


def failure_of(event: dg.DagsterEvent) -> str:
    """The first line of what a failed step said."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return "unknown"
    return error.message.strip().splitlines()[0].removeprefix(_SENTENCE)
