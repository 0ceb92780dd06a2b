"""`flk publish`: bring all up to date, and say of the release what only a person can say."""

import argparse

from assets.commands.arguments import Commands, add_folders, month
from assets.commands.run import run_all
from pipelines.errors import WrongUseError


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    publish = commands.add_parser("publish", help="publish a correction, or approve what has moved")
    publish.add_argument(
        "--correction",
        metavar="TEXT",
        type=_text,
        help="why figures are corrected; it is published",
    )
    publish.add_argument(
        "--approve", metavar="TEXT", type=_text, help="who approves the moved figures, and why"
    )
    add_folders(publish)
    publish.add_argument("--month", type=month, help="YYYY-MM (default: the newest delivered)")
    publish.set_defaults(command=_publish, engine=None)
    return publish


def _text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("write a few words")
    return " ".join(text.split())


def _publish(options: argparse.Namespace) -> int:
    from assets.settings import folders_from_environment
    from pipelines.intake.identities_elsewhere import without_identities
    from pipelines.release_notes import write_approval, write_correction
    from pipelines.store import Store

    _, out = folders_from_environment(options.landing, options.out)
    store = Store(out)
    store.demand()
    for text in filter(None, (options.correction, options.approve)):
        if without_identities(text) != text:
            raise WrongUseError("The text holds an identity number. Write it without.")
    with store.locked():
        if options.approve:
            print(f"Approved: {write_approval(store, options.approve)} figures.")
        if options.correction:
            write_correction(store, options.correction)
    return run_all(options)
