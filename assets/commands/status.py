"""`flk status`: who delivered what, what is late, what was refused."""

import argparse

from assets.commands.arguments import Commands, add_folders, month
from assets.commands.exit_status import DONE


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    status = commands.add_parser("status", help="who delivered what, what is late or refused")
    add_folders(status)
    status.add_argument("--month", type=month, help="YYYY-MM (default: the newest delivered)")
    status.set_defaults(command=_status)
    return status


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
