"""`flk report`: the report of the current publication."""

import argparse
from pathlib import Path

from assets.commands.arguments import Commands, month
from assets.commands.exit_status import DONE
from pipelines.errors import WrongUseError


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    report = commands.add_parser("report", help="the report of the current publication, as pages")
    report.add_argument("--out", type=Path, help="output folder (default: out)")
    report.add_argument("--month", type=month, help="YYYY-MM (default: the newest published)")
    report.add_argument("--folder", type=Path, help="build it there (default: published/report)")
    report.add_argument("--open", action="store_true", help="open it in a browser")
    report.set_defaults(command=_report)
    return report


def _report(options: argparse.Namespace) -> int:
    import webbrowser

    from assets.settings import folders_from_environment
    from pipelines.store import Store

    store = Store(folders_from_environment(None, options.out)[1])
    if not store.statistics_file.is_file():
        raise WrongUseError(
            f"Nothing is published at {store.statistics_file}. Run flk run first, or point --out "
            "to the output folder."
        )
    first_page = _built(store.statistics_file, options.folder, options.month)
    print(f"Report: {first_page}")
    if options.open:
        webbrowser.open(first_page.resolve().as_uri())
    return DONE


def _built(statistics_file: Path, folder: Path | None, month: str | None) -> Path:
    """The first page of the report, built where it is not there as part of a release."""
    from pipelines.publication.report.build import build_report

    published = statistics_file.with_name("report")
    # The report of a release is a link into it, and a release is never changed.
    if folder is None and published.is_symlink():
        if month is not None:
            raise WrongUseError("Say with --folder where the report of another month is to lie.")
        return published / "index.html"
    return build_report(statistics_file, folder or published, month)
