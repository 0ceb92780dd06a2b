"""Where the pipeline works: the landing folder, the output folder, the key and the engine.

Values come from the command line, else from the environment or a `.env` file.
"""

import os
from datetime import date
from pathlib import Path

import dagster as dg

from assets.settings import folders_from_environment
from pipelines.engine import ENGINE_NAMES, POLARS_NAME, Engine, engine_of
from pipelines.errors import WrongUseError
from pipelines.figures import Figures
from pipelines.months import today_in_sweden
from pipelines.receipts import Receipts
from pipelines.store import Store


class Workspace(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folders, the key and the engine that every asset works with."""

    landing: str
    out: str
    key_file: str = ""
    engine: str = POLARS_NAME

    @property
    def store(self) -> Store:
        """The output tree."""
        return Store(Path(self.out))

    @property
    def landing_folder(self) -> Path:
        """The folder that deliveries arrive in."""
        return Path(self.landing)

    @property
    def today(self) -> date:
        """The day of the run, in Sweden."""
        return today_in_sweden()

    @property
    def key_path(self) -> Path | None:
        """The key file that the operator has set; None for the store's own."""
        return Path(self.key_file) if self.key_file else None

    @property
    def computing_engine(self) -> Engine:
        """The engine that computes the figures."""
        return engine_of(self.engine, self.store)

    def figures(self, receipts: Receipts, month: str) -> Figures:
        """The figures of a month, made from these receipts."""
        return Figures(self.store, receipts, month, self.computing_engine)

    def key(self) -> str:
        """The pseudonymisation key."""
        return self.store.key(self.key_path)[0]


def workspace_from_environment(
    landing: Path | None = None, out: Path | None = None, engine: str | None = None
) -> Workspace:
    """The workspace by command line, environment and `.env`, in that order."""
    landing, out = folders_from_environment(landing, out)
    engine = engine or os.environ.get("FLK_ENGINE") or POLARS_NAME
    if engine not in ENGINE_NAMES:
        raise WrongUseError(f"FLK_ENGINE must be one of {', '.join(ENGINE_NAMES)}.")
    return Workspace(
        landing=str(landing),
        out=str(out),
        key_file=os.environ.get("FLK_KEY_FILE", ""),
        engine=engine,
    )
