"""The bytes of a delivered file: read once, never through a link, and unpacked within bounds."""

import errno
import gzip
import io
import os
import zlib
from pathlib import Path

from pipelines.intake.refusal import FileRefusedError, Refusal

LARGEST_UNPACKED = 8 * 1024**3
"""Bytes that a csv.gz may unpack to; a country's listings are 1.5 GB. Guards the memory."""

_CHUNK = 16 * 1024**2

_TOO_LARGE = Refusal(
    "unreadable",
    "It unpacks to more than 8 GiB.",
    detail_sv="Uppackad är den större än 8 GiB.",
)


def read_content(path: Path) -> bytes:
    """The file's bytes. Raises FileRefusedError for a link and for a file that cannot be opened."""
    try:
        # The file is opened without following a link, also one that was put there just now.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as problem:
        code = "link" if problem.errno == errno.ELOOP else "unreadable"
        raise FileRefusedError(Refusal(code)) from None
    try:
        with os.fdopen(descriptor, "rb") as source:
            return source.read()
    except OSError:
        raise FileRefusedError(Refusal("unreadable")) from None


def unpacked(content: bytes) -> bytes:
    """What a gzip file holds.

    Raises FileRefusedError where it is damaged, truncated or far too large.
    """
    target = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as source:
            while chunk := source.read(_CHUNK):
                target.write(chunk)
                if target.tell() > LARGEST_UNPACKED:
                    raise FileRefusedError(_TOO_LARGE)
    except (OSError, EOFError, zlib.error):
        raise FileRefusedError(Refusal("unreadable")) from None
    return target.getvalue()
