"""`flk request`: the November package for SKR."""

import argparse

from assets.commands.arguments import Commands, add_folders, month, year
from assets.commands.exit_status import DONE, FAILED


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    request = commands.add_parser("request", help="the November package for SKR")
    add_folders(request)
    request.add_argument("--year", type=year, required=True, help="the year that SKR asks for")
    request.add_argument(
        "--month",
        type=month,
        help="YYYY-MM (default: November if delivered, else the year's newest month)",
    )
    request.add_argument(
        "--partial",
        action="store_true",
        help="make it although deliveries are missing, and say so on the cover",
    )
    request.set_defaults(command=_request)
    return request


def _request(options: argparse.Namespace) -> int:
    """Bring all up to date, make the package, then say where it is and what it lacks."""
    from rich.console import Console

    from assets.commands.working import working
    from assets.request import RequestConfig
    from assets.request_run import bring_request_up_to_date, make_package
    from assets.terminal import show_package, show_refusals
    from assets.workspace import workspace_from_environment

    workspace = workspace_from_environment(options.landing, options.out)
    request = RequestConfig(year=options.year, month=options.month, partial=options.partial)
    console = Console()
    store = workspace.store
    with working(workspace, console) as instance:
        outcome = bring_request_up_to_date(workspace, instance, request)
        show_refusals(console, store, outcome.refused)
        made = make_package(workspace, instance, request, outcome)
    show_package(
        console,
        store.request_folder(options.year),
        outcome.month,
        made.missing,
        made.unapproved_figures,
    )
    return FAILED if outcome.refused else DONE
