"""The bytes of a delivered file: read once, never through a link, and unpacked within bounds."""

import errno
import gzip
import hashlib
import io
import os
import stat
import zlib
from io import BufferedReader
from pathlib import Path

from pipelines.intake.refusal import FileRefusedError, Refusal

LARGEST_FILE = 8 * 1024**3
"""Bytes that a delivered file may have, and a csv.gz may unpack to; a country's listings are
1.5 GB. Guards the memory."""

LARGEST_RATIO = 50
"""How many times its size a csv.gz may unpack to; a list of persons is about ten times."""

SMALL_UNPACKED = 64 * 1024**2
"""Up to so many unpacked bytes the ratio does not matter."""

_CHUNK = 16 * 1024**2


class FileVanishedError(Exception):
    """The file is not there any more."""


def read_content(path: Path) -> bytes:
    """The file's bytes. Raises FileRefusedError for a link and for a file that cannot be opened or
    is too large."""
    try:
        with opened(path) as source:
            content = source.read(LARGEST_FILE + 1)
    except FileVanishedError:
        raise FileRefusedError(Refusal("unreadable")) from None
    except OSError:
        raise FileRefusedError(Refusal("unreadable")) from None
    if len(content) > LARGEST_FILE:
        raise FileRefusedError(too_large())
    return content


def checksum(path: Path) -> str:
    """The SHA-256 of a file's bytes.

    Raises FileVanishedError where the file is gone, FileRefusedError where it cannot be opened.
    """
    try:
        with opened(path) as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError:
        raise FileRefusedError(Refusal("unreadable")) from None


def opened(path: Path) -> BufferedReader:
    """The file opened for reading, never through a link.

    Raises FileVanishedError where it is gone, FileRefusedError where it is a link or no regular
    file or may not be read.
    """
    try:
        # Without following a link, and without waiting for a pipe, that was put there just now.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise FileVanishedError from None
    except PermissionError:
        raise FileRefusedError(_not_permitted()) from None
    except OSError as problem:
        code = "link" if problem.errno == errno.ELOOP else "unreadable"
        raise FileRefusedError(Refusal(code)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileRefusedError(Refusal("unreadable"))
    return os.fdopen(descriptor, "rb")


def unpacked(content: bytes) -> bytes:
    """What a gzip file holds.

    Raises FileRefusedError where it is damaged, truncated or far too large.
    """
    target = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as source:
            while chunk := source.read(_CHUNK):
                target.write(chunk)
                size = target.tell()
                ratio_is_large = size > SMALL_UNPACKED and size > LARGEST_RATIO * len(content)
                if size > LARGEST_FILE or ratio_is_large:
                    raise FileRefusedError(_unpacks_too_large())
    except (OSError, EOFError, zlib.error):
        raise FileRefusedError(Refusal("unreadable")) from None
    return target.getvalue()


def too_large() -> Refusal:
    """The refusal of a file that is larger than is read."""
    gib = LARGEST_FILE // 1024**3
    return Refusal(
        "unreadable",
        instead=f"The file is larger than {gib} GiB, so it was not read. Deliver it in parts with "
        "different suffixes.",
        instead_sv=f"Filen är större än {gib} GiB och lästes inte. Leverera den i delar med olika "
        "tillägg i namnet.",
    )


def _unpacks_too_large() -> Refusal:
    return Refusal(
        "unreadable",
        instead="The file unpacks to far more than a list of persons can hold, so it was not read. "
        "Export it again and look at it unpacked.",
        instead_sv="Uppackad är filen långt större än en lista över personer kan vara, så den "
        "lästes inte. Exportera den på nytt och titta på den uppackad.",
    )


def _not_permitted() -> Refusal:
    return Refusal(
        "unreadable",
        instead="The file may not be opened: its permissions do not let the pipeline read it. Let "
        "the operator change them.",
        instead_sv="Filen får inte öppnas: dess behörigheter låter inte uppföljningen läsa den. "
        "Låt den som driver uppföljningen ändra dem.",
    )
