"""What all tests may use."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.sample_run import SampleRun
from tests.sample_run import sample_run as run_the_sample

# Machines differ in speed; how fast the code is, is measured in benchmarks/.
settings.register_profile("any machine", deadline=None, max_examples=60)
# For mutation testing: the same few examples for every mutant.
settings.register_profile(
    "few examples", deadline=None, max_examples=8, derandomize=True, database=None
)
settings.load_profile("any machine")


@pytest.fixture(scope="session", name="sample_run")
def _sample_run(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    """The sample, run once in a session for both of its months; others use it too: only read."""
    return run_the_sample(tmp_path_factory.mktemp("sample_run"))


@pytest.fixture(scope="session")
def sample_out(sample_run: SampleRun) -> Path:
    """The output folder of the session's run of the sample.

    Shared by all tests that read its results (documentation, integration): nobody writes to it.
    """
    failed = {month: each.stderr for month, each in sample_run.ended.items() if each.returncode}
    assert not failed, f"flk run on the sample failed: {failed}"
    return sample_run.out


@pytest.fixture(params=["1.2", "1.4"])
def older_python(request: pytest.FixtureRequest) -> Path:
    """A Python with that DuckDB, made on first use and kept in pytest's cache."""
    assert request.config.cache is not None
    folder = Path(request.config.cache.mkdir(f"duckdb-{request.param}")) / "environment"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", f"duckdb=={request.param}.*"],
            check=True,
            env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        )
        (folder / "complete").touch()
    return python
