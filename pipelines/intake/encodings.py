"""Text in the encoding that a region writes in, made UTF-8; bytes that are none of it are found."""

import codecs
import re

from pipelines.intake.refusal import FileRefusedError, Refusal
from schemas.profiles import ENCODINGS

_UTF_8_MARK = codecs.BOM_UTF8
_SWEDISH_UTF_8 = re.compile(rb"\xc3[\xa5\xa4\xb6\x85\x84\x96]")
"""å, ä, ö, Å, Ä, Ö in UTF-8. As single bytes they would be letters that no Swedish word has."""

_CONTROL = re.compile(r"[\x80-\x9f]")
"""Characters that Latin-1 has in theory; a file that holds them is Windows-1252."""


def as_utf_8(content: bytes, encoding: str) -> bytes:
    """The text in UTF-8 without a byte order mark; `encoding` is a profile's name for it.

    Raises FileRefusedError with the first line that is not of that encoding.
    """
    if encoding in ("utf-8", "utf-8-bom"):
        demand_utf_8(content, encoding)
        return content.removeprefix(_UTF_8_MARK)
    if encoding == "utf-16":
        has_mark = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if not has_mark and b"\x00" not in content:
            raise _refused(encoding, 1)
        if not has_mark:
            content = codecs.BOM_UTF16_LE + content
    elif (found := _SWEDISH_UTF_8.search(content)) is not None:
        raise _refused(encoding, _line(content, found.start()))
    try:
        text = content.decode(ENCODINGS[encoding])
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(ENCODINGS[encoding], errors="ignore")
        raise _refused(encoding, before.count("\n") + 1) from None
    if encoding == "latin-1" and (control := _CONTROL.search(text)) is not None:
        raise _refused(encoding, text.count("\n", 0, control.start()) + 1)
    return text.encode()


def demand_utf_8(content: bytes, encoding: str = "") -> None:
    """Raises FileRefusedError where the bytes are not UTF-8; `encoding` if a profile says so."""
    if content.isascii():
        return
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise _refused(encoding, _line(content, error.start)) from None


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _refused(encoding: str, line: int) -> FileRefusedError:
    if not encoding:
        return FileRefusedError(Refusal("wrong_encoding", f"The first such line is {line}."))
    return FileRefusedError(
        Refusal(
            "wrong_encoding",
            instead=f"The file is not text in {encoding}, as the region's profile says; line "
            f"{line} is the first that is not. Export it so, or correct the profile.",
        )
    )
