"""A run of the sample, made once for all tests that only read its results.

`sample_run` runs `flk run` on `data/sample` for both of its months, each in a process of its own
and untouched by the caller's settings. Tests take it through the session fixtures `sample_out`
and `sample_run` of `tests/conftest.py`. A test that changes the output makes a run of its own.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.own_folder import SETTINGS

PROJECT = Path(__file__).parents[1]
MONTHS = ("2025-10", "2025-11")


@dataclass(frozen=True)
class SampleRun:
    """Where the sample was run to, and by month how the command ended and what it said."""

    out: Path
    ended: dict[str, subprocess.CompletedProcess[str]]

    @property
    def statistics_file(self) -> Path:
        """What analysts open."""
        return self.out / "published" / "statistics.duckdb"


def sample_run(folder: Path) -> SampleRun:
    """Run the sample into `folder`/out, October first."""
    out = folder / "out"
    return SampleRun(out, {month: _flk_run(folder, out, month) for month in MONTHS})


def _flk_run(folder: Path, out: Path, month: str) -> subprocess.CompletedProcess[str]:
    # The folder is the working folder, so that a developer's .env is not read.
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return subprocess.run(
        [sys.executable, "-m", "assets.command_line", "run", "--out", str(out), "--month", month],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
