"""`flk prune`: remove the persons of months past their retention."""

import argparse

from assets.commands.arguments import Commands, add_folders, key_file_from_environment, month
from assets.commands.exit_status import DONE


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    prune = commands.add_parser("prune", help="remove persons that no later figure needs")
    prune.add_argument("--before", type=month, required=True, metavar="YYYY-MM")
    prune.add_argument("--dry-run", action="store_true", help="say what would be removed")
    add_folders(prune)
    prune.set_defaults(command=_prune)
    return prune


def _prune(options: argparse.Namespace) -> int:
    from assets.settings import folders_from_environment
    from pipelines.arrivals import look_at
    from pipelines.pruning import prune
    from pipelines.store import Store

    landing, out = folders_from_environment(options.landing, options.out)
    store = Store(out)
    key_file = key_file_from_environment()
    store.demand()
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
