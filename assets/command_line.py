"""The command `flk`: reads the arguments, calls the work, and turns errors into sentences.

Exit status: 0 done; 1 a step failed or a delivery was refused; 2 wrong use.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.engine import ENGINE_NAMES
from pipelines.errors import StepFailedError, WrongUseError
from schemas.deliveries import DELIVERIES
from schemas.regions import region_names

if TYPE_CHECKING:
    from pipelines.checking import CheckedFile
    from pipelines.store import Store

_DELIVERIES = [contract.name for contract in DELIVERIES]
DONE, FAILED, WRONG_USE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `flk` and return its exit status."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (StepFailedError, WrongUseError) as error:
        if options.debug:
            raise
        print(f"flk: {error}", file=sys.stderr)
        return WRONG_USE if isinstance(error, WrongUseError) else FAILED
    except KeyboardInterrupt:
        print("flk: interrupted; what was finished is kept. Run again to go on.", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if options.debug:
            raise
        print(
            f"flk: an unexpected error ({type(error).__name__}); the last publication stands as it "
            "was. Run again with --debug to see where.",
            file=sys.stderr,
        )
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="flk",
        description="National follow-up of fast läkarkontakt and continuity of care.",
    )
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="command")

    run = commands.add_parser("run", help="bring everything that is out of date up to date")
    run.add_argument("--landing", type=Path, help="folder of deliveries (default: data/sample)")
    run.add_argument("--out", type=Path, help="output folder (default: out)")
    run.add_argument("--month", type=_month, help="YYYY-MM (default: the newest delivered)")
    run.add_argument(
        "--engine", choices=ENGINE_NAMES, help="what computes the figures (default: polars)"
    )
    run.set_defaults(command=_run)

    simulate = commands.add_parser("simulate", help="write synthetic deliveries of any size")
    simulate.add_argument("--landing", type=Path, required=True)
    simulate.add_argument("--population", type=_positive, required=True)
    simulate.add_argument("--months", type=_positive, required=True)
    simulate.add_argument("--seed", type=int, required=True)
    simulate.set_defaults(command=_simulate)

    check = commands.add_parser("check", help="what a supplier runs before sending; stores nothing")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a file or a folder")
    check.add_argument("--region", type=_region, help="two-digit county code (default: its folder)")
    check.add_argument("--delivery", choices=_DELIVERIES, help="default: the file's folder")
    check.add_argument("--profile", type=Path, metavar="NN.toml", help="a region's profile")
    check.add_argument("--report", type=Path, metavar="FILE.xlsx", help="write an Excel report")
    check.set_defaults(command=_check)

    status = commands.add_parser("status", help="who delivered what, what is late or refused")
    status.add_argument("--month", type=_month, help="YYYY-MM (default: the newest delivered)")
    status.add_argument("--landing", type=Path, help="folder of deliveries (default: data/sample)")
    status.add_argument("--out", type=Path, help="output folder (default: out)")
    status.set_defaults(command=_status)

    rekey = commands.add_parser("rekey", help="a new key: everything is taken in again under it")
    rekey.add_argument("--key-file", type=Path, metavar="NEW", help="default: a random key")
    rekey.add_argument("--landing", type=Path, help="folder of deliveries (default: data/sample)")
    rekey.add_argument("--out", type=Path, help="output folder (default: out)")
    rekey.set_defaults(command=_rekey, month=None, engine=None)

    prune = commands.add_parser("prune", help="remove persons that no later figure needs")
    prune.add_argument("--before", type=_month, required=True, metavar="YYYY-MM")
    prune.add_argument("--dry-run", action="store_true", help="say what would be removed")
    prune.add_argument("--landing", type=Path, help="folder of deliveries (default: data/sample)")
    prune.add_argument("--out", type=Path, help="output folder (default: out)")
    prune.set_defaults(command=_prune)
    for command in (run, simulate, check, status, rekey, prune):
        command.add_argument("--debug", action="store_true", default=argparse.SUPPRESS)
    return parser


def _month(text: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a month written YYYY-MM")
    return text


def _region(text: str) -> str:
    if text not in region_names():
        raise argparse.ArgumentTypeError(f"{text!r} is not one of the 21 county codes, such as 19")
    return text


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    # Dagster takes three seconds to import; the other commands do without it.
    from rich.console import Console

    from assets.instance import history_said_clearly, instance_of
    from assets.run import bring_up_to_date
    from assets.terminal import progress, show_paths, show_refusals, show_summary
    from assets.workspace import workspace_from_environment
    from pipelines.rekeying import finish_rekeying

    workspace = workspace_from_environment(options.landing, options.out, options.engine)
    if not workspace.landing_folder.is_dir():
        raise WrongUseError(
            f"There is no landing folder {workspace.landing}. Point --landing or FLK_LANDING to "
            "the folder that holds the deliveries."
        )
    workspace.computing_engine.demand()
    console = Console()
    store = workspace.store
    store.prepare()
    with (
        store.locked(),
        history_said_clearly(),
        instance_of(store) as instance,
        progress(console),
    ):
        key, made = store.key(workspace.key_path)
        finish_rekeying(store, key)
        if made:
            console.print(f"A new pseudonymisation key was made at {store.path('key')}. Keep it.")
        outcome = bring_up_to_date(workspace, instance, options.month)
    if outcome.runs == 0:
        console.print(f"Everything is up to date for {outcome.month}; nothing was done.")
    show_summary(console, store, outcome.month)
    show_refusals(console, store, outcome.refused)
    for month in outcome.other_months_out_of_date:
        console.print(
            f"The figures of {month} were made from deliveries or code that have changed since; "
            f"flk run --month {month} makes them again.",
            style="yellow",
        )
    for failure in outcome.failures:
        console.print(f"Failed: {failure}", style="red", markup=False, highlight=False)
    show_paths(console, store)
    return FAILED if outcome.failures or outcome.refused else DONE


def _rekey(options: argparse.Namespace) -> int:
    from assets.settings import folders_from_environment
    from pipelines.arrivals import look_at
    from pipelines.rekeying import change_key, contents_without_bytes
    from pipelines.store import Store

    landing, out = folders_from_environment(options.landing, options.out)
    store = Store(out)
    key_file = Path(text) if (text := os.environ.get("FLK_KEY_FILE")) else None
    _demand_store(store)
    with store.locked():
        before = look_at(landing, store, store.key(key_file)[0]).receipts
        change_key(store, key_file, options.key_file)
    print("The key has been changed; everything in the landing folder is taken in again.")
    for each in contents_without_bytes(before):
        print(
            f"{'/'.join(each.place)}: its former content stood in and is no longer in the landing "
            "folder, so it does not count any more."
        )
    return _run(options)


def _prune(options: argparse.Namespace) -> int:
    from assets.settings import folders_from_environment
    from pipelines.arrivals import look_at
    from pipelines.pruning import prune
    from pipelines.store import Store

    landing, out = folders_from_environment(options.landing, options.out)
    store = Store(out)
    key_file = Path(text) if (text := os.environ.get("FLK_KEY_FILE")) else None
    _demand_store(store)
    with store.locked():
        receipts = look_at(landing, store, store.key(key_file)[0]).receipts
        removed = prune(store, receipts, options.before, dry_run=options.dry_run)
    word = "Would be removed" if options.dry_run else "Removed"
    print(
        f"{word}: {removed.contents} deliveries' microdata and {removed.parts} files of persons "
        f"of months before {options.before}, {removed.bytes} bytes. Receipts and statistics stay."
    )
    if removed.in_landing:
        print(
            f"{removed.in_landing} of these deliveries still lie in the landing folder, with "
            "identity numbers in clear. They are not taken in again; remove them yourself."
        )
    return DONE


def _demand_store(store: "Store") -> None:
    if not store.restricted.is_dir():
        raise WrongUseError(
            f"There is no store in {store.out}. Point --out or FLK_OUT to the folder that flk run "
            "writes to."
        )


def _check(options: argparse.Namespace) -> int:
    from rich.console import Console

    from assets.check_terminal import show_checked
    from pipelines.checking import check_files
    from pipelines.months import today_in_sweden
    from pipelines.supplied_files import supplied_files

    report: Path | None = options.report
    if report is not None and report.suffix != ".xlsx":
        raise WrongUseError(f"The report {report} must have a name that ends with .xlsx.")
    files, passed_over = supplied_files(
        options.files, options.region, options.delivery, options.profile
    )
    console = Console()
    checked = []
    for each in check_files(files, today_in_sweden()):
        show_checked(console, each)
        checked.append(each)
    for path in passed_over:
        console.print(f"Not a delivery, not read: {path}", soft_wrap=True, markup=False)
    if report is not None:
        _write_report(report, checked)
        console.print(f"Report: {report}", soft_wrap=True, markup=False, highlight=False)
    return FAILED if any(each.is_refused for each in checked) else DONE


def _write_report(report: Path, checked: "list[CheckedFile]") -> None:
    from datetime import UTC, datetime

    from pipelines.supplier_report import supplier_report

    content = supplier_report(checked, datetime.now(UTC).replace(tzinfo=None))
    try:
        report.write_bytes(content)
    except OSError as error:
        raise StepFailedError(
            f"The report {report} cannot be written ({error.strerror}). Choose another place."
        ) from None


def _status(options: argparse.Namespace) -> int:
    from rich.console import Console

    from assets.settings import folders_from_environment
    from assets.status_terminal import show_status
    from pipelines.delivery_status import deliveries_now
    from pipelines.months import today_in_sweden
    from pipelines.store import Store

    landing, out = folders_from_environment(options.landing, options.out)
    show_status(
        Console(), deliveries_now(landing, Store(out)), options.month, today_in_sweden(), Store(out)
    )
    return DONE


def _simulate(options: argparse.Namespace) -> int:
    from pipelines.simulation import simulate

    simulate(
        options.landing,
        population=options.population,
        months=options.months,
        seed=options.seed,
        progress=print,
    )
    print(f"Synthetic deliveries written to {options.landing}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
