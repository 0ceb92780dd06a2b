"""Work is done once in a session, by whichever of its processes asks first."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.shared_work import SharedWork


def _count(folder: Path) -> Path:
    (folder / "made").touch(exist_ok=False)
    with (folder.parent / "times").open("a") as file:
        file.write("made\n")
    return folder


def _ask(folder: Path) -> Path:
    return SharedWork(folder).make("counted", _count)


def test_two_processes_get_what_one_has_made(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as beside:
        folders = [*beside.map(_ask, [tmp_path] * 4), _ask(tmp_path)]
    assert folders == [tmp_path / "counted"] * 5
    assert (tmp_path / "times").read_text() == "made\n"


def test_what_failed_is_made_again_from_an_empty_folder(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "half done").touch()
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        SharedWork(tmp_path).make("counted", fails)
    made = _ask(tmp_path)
    assert [path.name for path in made.iterdir()] == ["made"]
