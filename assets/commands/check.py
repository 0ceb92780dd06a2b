"""`flk check`: what a supplier runs before sending; stores nothing."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from assets.commands.arguments import Commands, region
from assets.commands.exit_status import DONE, FAILED
from pipelines.errors import StepFailedError, WrongUseError
from schemas.deliveries import DELIVERIES

if TYPE_CHECKING:
    from pipelines.checking import CheckedFile

_DELIVERIES = [contract.name for contract in DELIVERIES]


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    check = commands.add_parser("check", help="what a supplier runs before sending; stores nothing")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a file or a folder")
    check.add_argument("--region", type=region, help="two-digit county code (default: its folder)")
    check.add_argument("--delivery", choices=_DELIVERIES, help="default: by folder or headings")
    check.add_argument("--profile", type=Path, metavar="NN.toml", help="a region's profile")
    check.add_argument("--report", type=Path, metavar="FILE.xlsx", help="write an Excel report")
    check.set_defaults(command=_check)
    return check


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
