"""Where the pipeline works: the landing folder, the output folder and the key.

Values come from the command line, else from the environment or a `.env` file.
"""

import os
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
from dotenv import load_dotenv

from pipelines.fingerprint import PROJECT
from pipelines.store import Store

SAMPLE = PROJECT / "data" / "sample"
DEFAULT_OUT = Path("out")
SWEDISH_TIME = ZoneInfo("Europe/Stockholm")


class Workspace(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folders and the key that every asset works with."""

    landing: str
    out: str
    key_file: str = ""

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
        return datetime.now(SWEDISH_TIME).date()

    @property
    def key_path(self) -> Path | None:
        """The key file that the operator has set; None for the store's own."""
        return Path(self.key_file) if self.key_file else None

    def key(self) -> str:
        """The pseudonymisation key."""
        return self.store.key(self.key_path)[0]


def workspace_from_environment(landing: Path | None = None, out: Path | None = None) -> Workspace:
    """The workspace by command line, environment and `.env`, in that order."""
    load_dotenv(Path.cwd() / ".env")
    return Workspace(
        landing=str(landing or os.environ.get("FLK_LANDING") or SAMPLE),
        out=str(out or os.environ.get("FLK_OUT") or DEFAULT_OUT),
        key_file=os.environ.get("FLK_KEY_FILE", ""),
    )
