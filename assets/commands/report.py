"""`flk report`: the report of the current publication, built anew."""

import argparse
from pathlib import Path

from assets.commands.arguments import Commands, month
from assets.commands.exit_status import DONE
from pipelines.errors import WrongUseError


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    report = commands.add_parser("report", help="build the report of the current publication")
    report.add_argument("--out", type=Path, help="output folder (default: out)")
    report.add_argument("--month", type=month, help="YYYY-MM (default: the newest published)")
    report.add_argument("--open", action="store_true", help="open it in a browser")
    report.set_defaults(command=_report)
    return report


def _report(options: argparse.Namespace) -> int:
    import webbrowser

    from assets.settings import folders_from_environment
    from pipelines.publication.report.build import build_report
    from pipelines.store import Store

    store = Store(folders_from_environment(None, options.out)[1])
    if not store.statistics_file.is_file():
        raise WrongUseError(
            f"Nothing is published at {store.statistics_file}. Run flk run first, or point --out "
            "to the output folder."
        )
    report = build_report(
        store.statistics_file, store.statistics_file.with_name("report"), options.month
    )
    print(f"Report: {report.first_page} ({report.pages} pages)")
    if options.open:
        webbrowser.open(report.first_page.resolve().as_uri())
    return DONE
