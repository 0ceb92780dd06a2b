"""Every test works in a folder of its own, untouched by the caller's settings."""

from pathlib import Path

import pytest

from integration.landing import two_regions
from integration.sample import SampleRun, run_sample


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FLK_LANDING", "FLK_OUT", "FLK_KEY_FILE", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """Two regions' deliveries of November 2025."""
    return two_regions(tmp_path / "landing")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a run writes."""
    return tmp_path / "out"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    """The sample, run for both of its months, and what the recomputation says of them."""
    return run_sample(tmp_path_factory.mktemp("sample") / "out")
