"""What all tests may use."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from pipelines.garbage import collect_garbage_rarely
from tests.masking import pytest_make_parametrize_id, pytest_runtest_makereport  # noqa: F401
from tests.own_folder import work_in
from tests.sample_run import SampleRun
from tests.sample_run import sample_run as run_the_sample
from tests.shared_work import SharedWork

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Machines differ in speed; how fast the code is, is measured in benchmarks/.
settings.register_profile("any machine", deadline=None, max_examples=60)
# For mutation testing: the same few examples for every mutant.
settings.register_profile(
    "few examples", deadline=None, max_examples=8, derandomize=True, database=None
)
settings.load_profile("any machine")


MOST_PROCESSES = 4
"""Each takes up to a gigabyte, and Polars in it takes all cores."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite in a process a core; tests that somebody has chosen in this one."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def pytest_collection_finish() -> None:
    """Thousands of tests and modules are there to stay."""
    gc.freeze()
    collect_garbage_rarely()


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own folder as the working folder, and none of the caller's settings."""
    work_in(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture(scope="session")
def shared_work(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> SharedWork:
    """Makes what takes seconds and many tests only read, once for all processes of the session."""
    session = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        session = session.parent
    return SharedWork(session / "shared_work")


@pytest.fixture(scope="session", name="sample_run")
def _sample_run(shared_work: SharedWork) -> SampleRun:
    """The sample, run once in a session for both of its months; others use it too: only read."""
    return shared_work.make("sample_run", run_the_sample)


@pytest.fixture(scope="session")
def sample_out(sample_run: SampleRun) -> Path:
    """The output folder of the session's run of the sample.

    Shared by all tests that read its results (documentation, integration): nobody writes to it.
    """
    failed = {month: each.stderr for month, each in sample_run.ended.items() if each.returncode}
    assert not failed, f"flk run on the sample failed: {failed}"
    return sample_run.out


@pytest.fixture(params=["1.2", "1.4"])
def older_python(request: pytest.FixtureRequest, shared_work: SharedWork) -> Path:
    """A Python with that DuckDB, made on first use and kept in pytest's cache."""
    assert request.config.cache is not None
    version = request.param
    kept = Path(request.config.cache.mkdir(f"duckdb-{version}")) / "environment"
    return shared_work.make(f"duckdb-{version}", lambda _: _python_with_duckdb(version, kept))


def _python_with_duckdb(version: str, folder: Path) -> Path:
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", f"duckdb=={version}.*"],
            check=True,
            env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        )
        (folder / "complete").touch()
    return python


@pytest.fixture(scope="session")
def java() -> str:
    """Java for Spark; a test that takes this is skipped where there is none."""
    from tests.outside_programs import find_java

    return find_java()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A Chromium to open pages in; a test that takes this is skipped where there is none.

    Of a module, not of the session: while it is open no test of the same process can run asyncio.
    """
    from tests.outside_programs import open_browser

    yield from open_browser()
