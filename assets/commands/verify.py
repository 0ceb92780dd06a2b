"""`flk verify`: derive a release again from the deliveries, and say whether it is the same."""

import argparse

from assets.commands.arguments import Commands, add_folders, key_file_from_environment
from assets.commands.exit_status import DONE, FAILED


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    verify = commands.add_parser("verify", help="derive a release again and compare it")
    verify.add_argument("release", metavar="RELEASE", help="its id or folder, or current")
    add_folders(verify)
    verify.set_defaults(command=_verify)
    return verify


def _verify(options: argparse.Namespace) -> int:
    from rich.console import Console

    from assets.disclosure import disclosure_file_from_environment, disclosure_settings
    from assets.settings import folders_from_environment
    from assets.terminal import progress
    from pipelines.store import Store
    from pipelines.verification import release_to_verify, verify

    landing, out = folders_from_environment(options.landing, options.out)
    store = Store(out)
    store.demand()
    settings = disclosure_settings(disclosure_file_from_environment())
    key = store.key(key_file_from_environment())[0]
    release = release_to_verify(store, options.release)
    with progress(Console()):
        found = verify(release, landing, store, key, settings)
    print(f"Release {found.release_id}")
    for heading, sentences in (
        ("The same", found.same),
        ("Different", found.different),
        ("Beside this", found.circumstances),
    ):
        for sentence in sentences:
            print(f"  {heading}: {sentence}")
    print("The release is what its deliveries give." if found.is_same else "It is not the same.")
    return DONE if found.is_same else FAILED
