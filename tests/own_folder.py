"""A folder to work in, untouched by the settings of whoever runs the tests."""

from pathlib import Path

import pytest

SETTINGS = (
    "FLK_LANDING",
    "FLK_OUT",
    "FLK_KEY_FILE",
    "FLK_ENGINE",
    "FLK_DISCLOSURE_FILE",
    "DAGSTER_HOME",
)


def work_in(folder: Path, patched: pytest.MonkeyPatch) -> None:
    """Go there, so that no `.env` is read, and forget the settings of the environment."""
    for name in SETTINGS:
        patched.delenv(name, raising=False)
    patched.chdir(folder)
