"""What a failing test says holds no identity number, wherever it stood."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.masking import MASK, masked

PROJECT = Path(__file__).parents[1]
ANNA = "".join(["1940061", "52120"])
"""In two parts: a failing test shows its own text too."""

FAILING = """
import logging
import sys
import pytest

ANNA = "".join(["1940061", "52120"])

@pytest.mark.parametrize("person", [ANNA, ANNA[2:8] + "-" + ANNA[8:]])
def test_of_a_person(person):
    print("printed", person)
    print("erred", person, file=sys.stderr)
    logging.getLogger("flk").warning("logged %s", person)
    found = {"listings": [person]}
    assert found == {}, f"found {person}"

@pytest.fixture
def broken():
    raise ValueError(ANNA.encode())

def test_of_a_broken_fixture(broken):
    pass

def test_without_a_person():
    assert 2 == 3
"""


@pytest.mark.parametrize("processes", ["0", "1"])
def test_a_failing_test_shows_no_identity(processes: str, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.masking import *\n")
    (tmp_path / "test_failing.py").write_text(FAILING)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", processes, "-rA", "--durations=9", "-vv", "."],
        cwd=tmp_path,
        env={"PYTHONPATH": str(PROJECT), "PATH": ""},
        capture_output=True,
        text=True,
    )
    said = ended.stdout + ended.stderr
    assert "4 failed" in said or "3 failed, 1 error" in said
    for part in (ANNA[2:], f"{ANNA[2:8]}-{ANNA[8:]}"):
        assert part not in said.replace(MASK, "")
    assert said.count(MASK) > 6
    for words in ("printed <", "erred <", "logged <", "found <", "assert 2 == 3"):
        assert words in said


@pytest.mark.parametrize(
    "form", ["{0}", "{1}", "{2}-{3}", "{2}+{3}", "'{0}'", "person_{0}.csv", "19{2}-{3}"]
)
def test_every_form_is_masked(form: str) -> None:
    text = form.format(ANNA, ANNA[2:], ANNA[2:8], ANNA[8:])
    assert ANNA[2:8] not in masked(text)
    assert MASK in masked(text)


@pytest.mark.parametrize(
    "text", ["2025-11-30", "0.4006152120", "1764090000", "SE5560001640-A", "a4006152120f", "12345"]
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text
