"""What every command that changes the store does first: the folders, the lock, the key, Dagster."""

from collections.abc import Iterator
from contextlib import contextmanager
from stat import S_IRWXO

import dagster as dg
from rich.console import Console

from assets.instance import history_said_clearly, instance_of
from assets.terminal import progress
from assets.workspace import Workspace
from pipelines.errors import WrongUseError
from pipelines.rekeying import finish_rekeying


@contextmanager
def working(workspace: Workspace, console: Console) -> Iterator[dg.DagsterInstance]:
    """Hold the store alone, its key made, and show on the console what is done.

    Raises WrongUseError when the landing folder is missing, StepFailedError when the output folder
    cannot be written to or another run holds it.
    """
    if not workspace.landing_folder.is_dir():
        raise WrongUseError(
            f"There is no landing folder {workspace.landing}. Point --landing or FLK_LANDING to "
            "the folder that holds the deliveries."
        )
    workspace.computing_engine.demand()
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
        if workspace.key_path and workspace.key_path.stat().st_mode & S_IRWXO:
            console.print(
                f"Everybody on this machine can open the key file {workspace.key_path}. "
                "Take their rights away: chmod o= FILE.",
                style="yellow",
            )
        yield instance
