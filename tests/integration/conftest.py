"""Every test works in a folder of its own, untouched by the caller's settings."""

import shutil
from pathlib import Path

import pytest

from integration.landing import two_regions
from integration.running import Ended, flk
from integration.sample import RecomputedSample, recomputed
from tests.sample_run import SampleRun
from tests.shared_work import SharedWork


@pytest.fixture(autouse=True)
def _own_folder(own_folder: Path) -> None:
    """All tests here."""


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """Two regions' deliveries of November 2025."""
    return two_regions(tmp_path / "landing")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a run writes."""
    return tmp_path / "out"


@pytest.fixture(scope="session")
def two_regions_made(shared_work: SharedWork) -> Path:
    """Two regions' deliveries and a first run of them, for tests to copy."""
    return shared_work.make("two_regions", _run_two_regions)


def _run_two_regions(folder: Path) -> Path:
    two_regions(folder / "landing")
    ended = flk("run", "--landing", folder / "landing", "--out", folder / "out")
    assert (ended.status, ended.err) == (0, "")
    return folder


@pytest.fixture
def copied(two_regions_made: Path, landing: Path, out: Path) -> None:
    """A store in which `landing` has been taken in and its figures made."""
    shutil.copytree(two_regions_made / "out", out)


@pytest.fixture(scope="session")
def sample(sample_run: SampleRun, shared_work: SharedWork) -> RecomputedSample:
    """The sample, run for both of its months, and what the recomputation says of them."""
    ended = {
        month: Ended(each.returncode, each.stdout, each.stderr)
        for month, each in sample_run.ended.items()
    }
    return shared_work.make("recomputed", lambda _: recomputed(sample_run.out, ended))
