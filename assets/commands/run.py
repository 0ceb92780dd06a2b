"""`flk run`: bring everything that is out of date up to date, through Dagster."""

import argparse

from assets.commands.arguments import Commands, add_folders, month
from assets.commands.exit_status import DONE, FAILED
from pipelines.engine import ENGINE_NAMES
from pipelines.errors import StepFailedError


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    run = commands.add_parser("run", help="bring everything that is out of date up to date")
    add_folders(run)
    run.add_argument("--month", type=month, help="YYYY-MM (default: the newest delivered)")
    run.add_argument(
        "--engine", choices=ENGINE_NAMES, help="what computes the figures (default: polars)"
    )
    run.set_defaults(command=run_all)
    return run


def run_all(options: argparse.Namespace) -> int:
    """Bring all up to date, then say what was published, refused or has failed."""
    # Dagster takes three seconds to import; the other commands do without it.
    from rich.console import Console

    from assets.commands.working import working
    from assets.run import bring_up_to_date
    from assets.terminal import show_paths, show_refusals, show_summary, show_to_look_at
    from assets.workspace import workspace_from_environment

    workspace = workspace_from_environment(options.landing, options.out, options.engine)
    console = Console()
    store = workspace.store
    with working(workspace, console) as instance:
        outcome = bring_up_to_date(workspace, instance, options.month)
    if not store.statistics_file.exists():
        raise StepFailedError(" ".join(outcome.failures))
    if outcome.runs == 0:
        console.print(f"Everything is up to date for {outcome.month}; nothing was done.")
    show_summary(console, store, outcome.month)
    show_refusals(console, store, outcome.refused)
    show_to_look_at(console, store)
    for other in outcome.other_months_out_of_date:
        console.print(
            f"The figures of {other} were made from deliveries or code that have changed since; "
            f"flk run --month {other} makes them again.",
            style="yellow",
        )
    for failure in outcome.failures:
        console.print(f"Failed: {failure}", style="red", markup=False, highlight=False)
    show_paths(console, store)
    return FAILED if outcome.failures or outcome.refused else DONE
