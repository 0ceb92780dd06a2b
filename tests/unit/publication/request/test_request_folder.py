"""A package is there whole or not at all, whatever happens while it is made."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines.errors import StepFailedError
from pipelines.publication.request import folder as folder_module
from pipelines.publication.request.folder import replacing_folder
from pipelines.publication.request.package import CHECKSUMS, write_package

PROJECT = Path(__file__).parents[4]

WRITER = """
import itertools, sys
from pathlib import Path
from pipelines.publication.request.folder import replacing_folder
for generation in itertools.count():
    with replacing_folder(Path(sys.argv[1])) as part:
        for number in range(20):
            (part / f"{number}.txt").write_text(str(generation))
    print(generation, flush=True)
"""


def write(path: Path, text: str) -> None:
    with replacing_folder(path) as part:
        (part / "inner").mkdir()
        (part / "inner" / "a.txt").write_text(text)


def test_every_file_is_in_the_checksums(package: Path) -> None:
    lines = (package / CHECKSUMS).read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = {str(each.relative_to(package)) for each in package.rglob("*") if each.is_file()}
    assert files == {*sums, CHECKSUMS}
    for name, digest in sums.items():
        assert hashlib.sha256((package / name).read_bytes()).hexdigest() == digest


def test_made_again_it_is_the_same(package: Path, statistics_file: Path, tmp_path: Path) -> None:
    again = tmp_path / "2025"
    for _ in range(2):
        write_package(statistics_file, "2025-11", again, partial=True)
    assert (again / CHECKSUMS).read_bytes() == (package / CHECKSUMS).read_bytes()


def test_a_new_folder_replaces_the_former(tmp_path: Path) -> None:
    path = tmp_path / "requests" / "2025"
    write(path, "former")
    write(path, "new")
    assert [each.name for each in path.parent.iterdir()] == ["2025"]
    file = path / "inner" / "a.txt"
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o444
    assert path.stat().st_mode & 0o055 == 0o055


def test_an_error_leaves_the_former_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "2025"
    write(path, "former")
    with (
        pytest.raises(StepFailedError, match="what stood there stands"),
        replacing_folder(path) as part,
    ):
        (part / "a.txt").rename(part / "nothing")
    assert [each.name for each in tmp_path.iterdir()] == ["2025"]
    assert (path / "inner" / "a.txt").read_text() == "former"


def test_a_refused_package_leaves_the_former(statistics_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "2025"
    write(path, "former")
    with pytest.raises(StepFailedError, match="Jämtlands län"):
        write_package(statistics_file, "2025-11", path, partial=False)
    assert (path / "inner" / "a.txt").read_text() == "former"


def test_without_an_exchange_the_former_is_moved_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a file system that cannot exchange; a run killed between the two moves is mended."""
    monkeypatch.setattr(folder_module, "_exchange", lambda one, other: False)
    path = tmp_path / "2025"
    write(path, "former")
    write(path, "new")
    assert (path / "inner" / "a.txt").read_text() == "new"
    path.rename(tmp_path / ".2025.former")
    with pytest.raises(ZeroDivisionError), replacing_folder(path):
        raise ZeroDivisionError
    assert (path / "inner" / "a.txt").read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["2025"]


def test_killed_at_any_moment_the_former_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "2025"
    for wait in (0.0, 0.003, 0.013, 0.3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "0\n"
        end = time.monotonic() + wait
        while time.monotonic() < end:
            assert path.is_dir()  # There at every moment, also while folders change places.
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        found = {each.name: each.read_text() for each in path.iterdir()}
        assert set(found) == {f"{number}.txt" for number in range(20)}
        assert len(set(found.values())) == 1
    with replacing_folder(path) as part:
        (part / "last.txt").write_text("last")
    assert [each.name for each in tmp_path.iterdir()] == ["2025"]
