"""Where the pipeline works: landing and output folder, key, engine, settings of disclosure control.

Values come from the command line, else from the environment or a `.env` file.
"""

import os
from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from assets.disclosure import disclosure_file_from_environment, disclosure_settings
from assets.settings import folders_from_environment
from pipelines.arrivals import Arrivals, look_at
from pipelines.engine import ENGINE_NAMES, POLARS_NAME, Engine, engine_of
from pipelines.errors import WrongUseError
from pipelines.figures import Figures
from pipelines.months import today_in_sweden
from pipelines.receipts import Receipts
from pipelines.release import Release
from pipelines.store import Store


class Workspace(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folders, the key, the engine and the settings that every asset works with."""

    landing: str
    out: str
    key_file: str = ""
    engine: str = POLARS_NAME
    disclosure_file: str = ""

    _receipts: Receipts | None = PrivateAttr(default=None)
    _figures: dict[str, Figures] = PrivateAttr(default_factory=dict)

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

    def look(self) -> Arrivals:
        """What stands in the landing folder now, and what of it is new."""
        return look_at(self.landing_folder, self.store, self.key())

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Begin a Dagster run, which looks at the landing folder anew."""
        self.forget_receipts()

    def forget_receipts(self) -> None:
        """After files have been taken in: the next step looks again."""
        self._receipts = None
        self._figures.clear()

    @property
    def receipts_of_run(self) -> Receipts:
        """The receipts as the Dagster run has found them; one look serves all its figures."""
        if self._receipts is None:
            self._receipts = self.look().receipts
        return self._receipts

    def figures_of_run(self, month: str) -> Figures:
        """The figures of a month, made from the receipts of the Dagster run."""
        if month not in self._figures:
            self._figures[month] = self.figures(self.receipts_of_run, month)
        return self._figures[month]

    def figures(self, receipts: Receipts, month: str) -> Figures:
        """The figures of a month, made from these receipts."""
        return Figures(self.store, receipts, month, self.computing_engine)

    def release(self, receipts: Receipts) -> Release:
        """What is published of these receipts."""
        settings = disclosure_settings(self.disclosure_file)
        return Release(
            self.store,
            receipts,
            self.landing_folder,
            settings,
            self.key() if settings.is_perturbed else "",
        )

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
    disclosure_file = disclosure_file_from_environment()
    disclosure_settings(disclosure_file)  # What is wrong with it is said before anything is done.
    return Workspace(
        landing=str(landing),
        out=str(out),
        key_file=os.environ.get("FLK_KEY_FILE", ""),
        engine=engine,
        disclosure_file=disclosure_file,
    )
