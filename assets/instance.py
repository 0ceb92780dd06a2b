"""The Dagster instance of a store: its history of runs, under the restricted folder.

`dagster dev` and the daemon use the same history when DAGSTER_HOME points to that folder.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from sqlalchemy.exc import OperationalError

from pipelines.errors import StepFailedError
from pipelines.store import Store

EVENTS_IN_A_BATCH = "1000"

_CONFIGURATION = """\
# Written by flk. Nothing is sent to anybody.
telemetry:
  enabled: false
event_log_storage:
  module: assets.event_log
  class: BatchedEventLog
  config:
    base_dir: {home}/history
run_storage:
  module: dagster._core.storage.runs
  class: SqliteRunStorage
  config:
    base_dir: {home}/history
"""


def dagster_home(store: Store) -> Path:
    """The folder of the store's Dagster history, made and configured where it is new."""
    home = store.path("dagster").resolve()
    configuration = _CONFIGURATION.format(home=home)
    file = home / "dagster.yaml"
    if not file.exists() or file.read_text() != configuration:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(configuration)
    return home


def instance_of(store: Store) -> dg.DagsterInstance:
    """The store's Dagster instance; that of DAGSTER_HOME where the operator has set it."""
    os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", EVENTS_IN_A_BATCH)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    own_home = dagster_home(store)
    chosen = os.environ.get("DAGSTER_HOME")
    if chosen and Path(chosen).resolve() != own_home:
        return dg.DagsterInstance.get()
    return dg.DagsterInstance.from_config(str(own_home))


@contextmanager
def history_said_clearly() -> Iterator[None]:
    """Turn an error of the history's database, such as a full disk, into a sentence."""
    try:
        yield
    except OperationalError as error:
        raise StepFailedError(
            f"Dagster's history of runs cannot be written ({error.orig}); the last publication "
            "stands as it was. Make room or check the permissions and run again."
        ) from None
