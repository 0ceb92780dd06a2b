"""Swapping in a folder: what stood there before is whole until the new one is.

The files are made in a hidden folder beside, written through to the disk, made read-only, and the
two folders change places in one step of the file system (Linux, `renameat2`). Where the file system
cannot do that the former folder is moved aside and the new one moved in; a run that is killed
between the two leaves the former one beside, and the next run moves it back.
"""

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import StepFailedError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_PART, _FORMER = ".part", ".former"


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """A folder to write into that takes the place of `path` when the block ends well.

    Its files become 0444 and its folders readable by everybody who may read `path`'s parent.
    On an error what stood at `path` stays. One at a time: whoever calls holds the store's lock.
    Raises StepFailedError when the disk is full or may not be written to.
    """
    part = path.with_name(f".{path.name}{_PART}")
    try:
        _make_readable(path.parent)
        _put_back_what_was_moved(path)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        yield part
        _settle(part)
        _swap(part, path)
        _sync(path.parent)
    except OSError as error:
        raise StepFailedError(
            f"{path} was not written ({error.strerror or error}); what stood there stands. Make "
            "room or check the permissions and run again."
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put_back_what_was_moved(path: Path) -> None:
    former = path.with_name(f".{path.name}{_FORMER}")
    if former.exists() and not path.exists():
        former.rename(path)
    shutil.rmtree(former, ignore_errors=True)


def _swap(part: Path, path: Path) -> None:
    if not path.exists():
        part.rename(path)
    elif not _exchange(part, path):
        former = path.with_name(f".{path.name}{_FORMER}")
        path.rename(former)
        part.rename(path)
        shutil.rmtree(former, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Whether the two have changed places in one step; false where that cannot be done."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    failed = rename(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE)
    )
    return not failed


def _make_readable(folder: Path) -> None:
    """Make the folder and its parents where they are new, readable as what they stand in."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
        each.chmod(each.stat().st_mode | 0o055)


def _settle(part: Path) -> None:
    """Everything read-only for all, and on the disk."""
    for folder, _, names in os.walk(part, topdown=False):
        for name in names:
            path = Path(folder, name)
            path.chmod(0o444)
            _sync(path)
        Path(folder).chmod(Path(folder).stat().st_mode | 0o055)
        _sync(Path(folder))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
