"""Expensive work that many tests only read: done once in a session, whichever process asks first.

The whole suite runs in several processes, and each has session fixtures of its own. A fixture
whose making takes seconds takes `shared_work` and asks it to `make` by a name; the first process
to ask makes, the others wait and read what it returned.
"""

import fcntl
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from tests.own_folder import work_in

Made = TypeVar("Made")


@dataclass(frozen=True)
class SharedWork:
    """Work shared by the processes of one test session, kept below a folder of the session's."""

    folder: Path

    def make(self, name: str, maker: Callable[[Path], Made]) -> Made:
        """What `maker` returns; it must be picklable.

        It is made in an empty folder, which is the working folder meanwhile, untouched by the
        caller's settings. What lies there is for all tests to read and for none to change.
        """
        self.folder.mkdir(exist_ok=True)
        place, answer = self.folder / name, self.folder / f"{name}.pickle"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not answer.exists():
                shutil.rmtree(place, ignore_errors=True)  # A maker that failed may be asked again.
                place.mkdir()
                with pytest.MonkeyPatch.context() as patched:
                    work_in(place, patched)
                    answer.write_bytes(pickle.dumps(maker(place)))
            made: Made = pickle.loads(answer.read_bytes())
        return made
