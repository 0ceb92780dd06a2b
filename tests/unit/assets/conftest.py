"""Every test works in a folder of its own, untouched by the caller's settings."""

from pathlib import Path

import pytest
from integration.landing import two_regions

from assets.workspace import Workspace


@pytest.fixture(autouse=True)
def _own_folder(own_folder: Path) -> None:
    """All tests here."""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two regions' deliveries of November 2025, and an empty store."""
    landing = two_regions(tmp_path / "landing")
    return Workspace(landing=str(landing), out=str(tmp_path / "out"))
