"""Reading a delivered Parquet file once in a process of its own, before it is read here.

A damaged file can make the reader end its whole process, as no error in Python does: it asks for
more memory than there is. So a process that may end reads it first; it is started with the first
file and serves all later ones. Run as a script, this module is that process.
"""

import contextlib
import io
import resource
import subprocess
import sys
import threading
from typing import BinaryIO

import polars as pl
from polars.exceptions import DuplicateError

LARGEST_MEMORY = 24 * 1024**3
"""Bytes that the process may ask for; a file of the largest size needs about twice its size."""

_GOOD, _BAD = b"+", b"-"
_LENGTH_BYTES = 8
_alone = threading.Lock()
_process: subprocess.Popen[bytes] | None = None


def ends_no_process(content: bytes, largest_table: int) -> bool:
    """Whether a Parquet file can be read without an end to the process that reads it.

    False for a file that cannot be read at all. Of a file with more than `largest_table` cells only
    the description is read.
    """
    with _alone:
        process = _running(largest_table)
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(len(content).to_bytes(_LENGTH_BYTES, "big"))
            process.stdin.write(content)
            process.stdin.flush()
            answer = process.stdout.read(1)
        except BrokenPipeError:
            answer = b""
        if not answer:
            process.kill()
            process.wait()  # so that the next file finds it ended
        return answer == _GOOD


def _running(largest_table: int) -> "subprocess.Popen[bytes]":
    global _process
    if _process is None or _process.poll() is not None:
        _process = subprocess.Popen(
            [sys.executable, __file__, str(largest_table)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What the reader says of a damaged file can quote values.
            stderr=subprocess.DEVNULL,
        )
    return _process


def _serve(largest_table: int, source: BinaryIO, target: BinaryIO) -> None:
    """Read file after file until there are no more."""
    while length := source.read(_LENGTH_BYTES):
        content = source.read(int.from_bytes(length, "big"))
        target.write(_GOOD if _is_readable(content, largest_table) else _BAD)
        target.flush()


def _is_readable(content: bytes, largest_table: int) -> bool:
    try:
        columns = len(pl.read_parquet_schema(io.BytesIO(content)))
        rows = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
        if rows * columns <= largest_table:
            pl.read_parquet(io.BytesIO(content))
    except DuplicateError:
        return True  # what is wrong is said where the file is read
    except BaseException:  # a panic of the reader is no Exception
        return False
    return True


if __name__ == "__main__":
    with contextlib.suppress(ValueError, OSError):  # a lower limit may be set already
        resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _serve(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
