"""Where the deliveries are and where results go: command line, environment and `.env`.

Without Dagster, so that commands that only look start at once.
"""

import os
from pathlib import Path

from dotenv import load_dotenv

from pipelines.fingerprint import PROJECT

SAMPLE = PROJECT / "data" / "sample"
DEFAULT_OUT = Path("out")


def folders_from_environment(
    landing: Path | None = None, out: Path | None = None
) -> tuple[Path, Path]:
    """The landing and the output folder by command line, environment and `.env`, in that order."""
    load_dotenv(Path.cwd() / ".env")
    return (
        landing or Path(os.environ.get("FLK_LANDING") or SAMPLE),
        out or Path(os.environ.get("FLK_OUT") or DEFAULT_OUT),
    )
