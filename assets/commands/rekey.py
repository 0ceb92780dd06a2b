"""`flk rekey`: a new pseudonymisation key."""

import argparse
from pathlib import Path

from assets.commands.arguments import Commands, add_folders, key_file_from_environment
from assets.commands.run import run_all


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    rekey = commands.add_parser("rekey", help="a new key: everything is taken in again under it")
    rekey.add_argument("--key-file", type=Path, metavar="NEW", help="default: a random key")
    add_folders(rekey)
    rekey.set_defaults(command=_rekey, month=None, engine=None)
    return rekey


def _rekey(options: argparse.Namespace) -> int:
    from assets.settings import folders_from_environment
    from pipelines.arrivals import look_at
    from pipelines.rekeying import change_key, contents_without_bytes
    from pipelines.store import Store

    landing, out = folders_from_environment(options.landing, options.out)
    store = Store(out)
    key_file = key_file_from_environment()
    store.demand()
    with store.locked():
        before = look_at(landing, store, store.key(key_file)[0]).receipts
        change_key(store, key_file, options.key_file)
    print("The key has been changed; everything in the landing folder is taken in again.")
    for each in contents_without_bytes(before):
        print(
            f"{'/'.join(each.place)}: its former content stood in and is no longer in the landing "
            "folder, so it does not count any more."
        )
    return run_all(options)
