"""The process of the command ends at once, with the right status and all that it has said."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]


def ended(arguments: list[str], **streams: object) -> subprocess.CompletedProcess[str]:
    """The command, run in a process of its own."""
    command = [sys.executable, "-m", "assets.command_line", *arguments]
    return subprocess.run(command, cwd=PROJECT, text=True, check=False, **streams)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(
    ("arguments", "status", "out", "err"),
    [
        (["--help"], 0, "bring everything that is out of date up to date", ""),
        (["run", "--month", "2025-13"], 2, "", "'2025-13' is not a month"),
        (["status", "--landing", "nowhere"], 2, "", "flk: There is no landing folder nowhere."),
    ],
)
def test_status_and_words(arguments: list[str], status: int, out: str, err: str) -> None:
    found = ended(arguments, capture_output=True)
    assert found.returncode == status
    assert out in found.stdout
    assert err in found.stderr


def test_an_error_with_a_traceback() -> None:
    found = ended(["--debug", "status", "--landing", "nowhere"], capture_output=True)
    assert found.returncode == 1
    assert "WrongUseError: There is no landing folder nowhere." in found.stderr


def test_words_that_cannot_be_written() -> None:
    with Path("/dev/full").open("w") as full:
        assert ended(["--help"], stdout=full, stderr=subprocess.DEVNULL).returncode == 1
