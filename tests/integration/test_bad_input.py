"""What goes wrong is said in a sentence or two, and the last publication stays as it was."""

import fcntl
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.landing import land
from integration.running import Ended, flk, published, result_bytes

NOT_ROOT = os.geteuid() != 0
KIB = 1024


def assert_said(ended: Ended, status: int, *words: str) -> None:
    """The exit status, one or two sentences on standard error, no traceback anywhere."""
    assert ended.status == status
    assert ended.err.startswith("flk: ")
    assert len(ended.err.strip().splitlines()) == 1
    assert "Traceback" not in ended.out + ended.err
    for word in words:
        assert word in ended.err


@pytest.fixture
def before(copied: None, out: Path) -> bytes:
    """The publication before something goes wrong."""
    return publication(out)


def publication(out: Path) -> bytes:
    return (out / "published" / "statistics.duckdb").read_bytes()


def test_no_landing_folder(before: bytes, out: Path) -> None:
    ended = flk("run", "--landing", out.parent / "nowhere", "--out", out)
    assert_said(ended, 2, "no landing folder", "nowhere", "FLK_LANDING")
    assert publication(out) == before


def test_the_landing_folder_is_a_file(out: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_said(flk("run", "--landing", tmp_path / "file", "--out", out), 2, "no landing folder")
    assert not out.exists()


def test_an_empty_landing_folder(out: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = flk("run", "--landing", tmp_path / "empty", "--out", out)
    assert_said(ended, 1, "listings")
    assert not (out / "published" / "statistics.duckdb").exists()


def test_an_emptied_landing_folder(before: bytes, out: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert_said(flk("run", "--landing", tmp_path / "empty", "--out", out), 1, "listings")
    assert publication(out) == before


def test_a_key_that_is_not_there(
    before: bytes, landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLK_KEY_FILE", str(out / "no key"))
    assert_said(flk("run", "--landing", landing, "--out", out), 2, "no key", "FLK_KEY_FILE")
    assert publication(out) == before


@pytest.mark.parametrize("content", [b"\xff\xfe\x00" * 20, b"", b"short"])
def test_a_key_that_is_no_key(
    content: bytes,
    before: bytes,
    landing: Path,
    out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "key").write_bytes(content)
    monkeypatch.setenv("FLK_KEY_FILE", str(tmp_path / "key"))
    ended = flk("run", "--landing", landing, "--out", out)
    assert_said(ended, 2, str(tmp_path / "key"))
    assert "short." not in ended.err + ended.out
    assert publication(out) == before


def test_a_key_that_is_a_folder(
    landing: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLK_KEY_FILE", str(tmp_path))
    assert_said(flk("run", "--landing", landing, "--out", out), 2, "cannot be read")


def test_the_out_folder_is_a_file(landing: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    ended = flk("run", "--landing", landing, "--out", tmp_path / "file")
    assert_said(ended, 1, "cannot be written to", "--out")
    assert (tmp_path / "file").read_text() == "mine"


def test_an_out_folder_that_may_not_be_made(landing: Path) -> None:
    assert_said(flk("run", "--landing", landing, "--out", "/proc/out"), 1, "cannot be written to")


def test_a_second_run_at_the_same_time(before: bytes, landing: Path, out: Path) -> None:
    with (out / "restricted" / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert_said(flk("run", "--landing", landing, "--out", out), 1, "Another run")
    assert publication(out) == before
    assert flk("run", "--landing", landing, "--out", out).status == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["run", "--month", "2025-13"],
        ["run", "--month", "november"],
        ["run", "--nonsense"],
        ["simulate", "--landing", "x"],
        ["simulate", "--landing", "x", "--population", "0", "--months", "1", "--seed", "1"],
        ["simulate", "--landing", "x", "--population", "99", "--months", "1", "--seed", "1"],
    ],
)
def test_wrong_use(arguments: list[str]) -> None:
    ended = flk(*arguments)
    assert ended.status == 2
    assert ended.err
    assert "Traceback" not in ended.err


# A full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of the test's own, to fill up."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a disk can be mounted only by root, and not in every container")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path, leave_kib: int) -> Path:
    """Leave so much room on the disk, and no more."""
    room = os.statvfs(disk)
    left = room.f_bavail * room.f_frsize - leave_kib * KIB
    filling = disk / "filling"
    with filling.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, left)
    return filling


@pytest.mark.parametrize("leave_kib", [0, 300])
def test_a_full_disk(leave_kib: int, landing: Path, small_disk: Path) -> None:
    """Wherever room runs out, the last publication stays; with room again all is as it should."""
    out = small_disk / "out"
    assert flk("run", "--landing", landing, "--out", out).status == 0
    before = publication(out)
    land(landing, "19/care_contacts/2025-11", "person\nanna\nbo")

    filling = fill(small_disk, leave_kib)
    ended = flk("run", "--landing", landing, "--out", out)
    assert ended.status == 1
    assert "Traceback" not in ended.out + ended.err
    assert re.search("No space left|disk is full|disk I/O error", ended.out + ended.err)
    assert "unexpected" not in ended.out + ended.err
    assert publication(out) == before

    filling.unlink()
    assert flk("run", "--landing", landing, "--out", out).status == 0
    assert publication(out) != before
    whole = small_disk / "whole"
    assert flk("run", "--landing", landing, "--out", whole).status == 0
    assert result_bytes(out) == result_bytes(whole)
    assert published(out, "select count(*) from deliveries where status = 'replaced'") == [(1,)]


@pytest.mark.skipif(NOT_ROOT, reason="only root can mount a disk read-only")
def test_a_disk_that_is_read_only(landing: Path, small_disk: Path) -> None:
    out = small_disk / "out"
    out.mkdir()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert_said(flk("run", "--landing", landing, "--out", out), 1, "cannot be written to")
