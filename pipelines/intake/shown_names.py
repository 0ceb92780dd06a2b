"""Names of files as they may be told: in logs, receipts, reports and on a terminal.

A name is chosen by whoever delivers, and can hold line breaks, codes that a terminal obeys, bytes
that are no text, or a person's identity.
"""

import hashlib
import unicodedata

from pipelines.intake.identities_elsewhere import without_identities
from schemas.identity_numbers import MASK

LONGEST_NAME = 150
"""Bytes of a name: names of our own are made from it, and 255 is the most that disks hold."""

_NOT_SHOWN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Kinds of characters that are not shown, or change how others are: control characters, half
characters, writing directions, line separators."""


_CUT = "…"
_OF_SHOWN_NAMES = (MASK, _CUT, "\\")
"""What stands in names that are not told as they are. A name of its own that has it could be taken
for another's."""


def is_usable(name: str) -> bool:
    """Whether a name can be told as it is, and for no other."""
    return not any(mark in name for mark in _OF_SHOWN_NAMES) and (
        is_plain(name)
        or (
            _bytes(name) <= LONGEST_NAME
            and not any(map(_is_hidden, name))
            and without_identities(name) == name
        )
    )


def is_plain(name: str) -> bool:
    """Whether a name is short printable ASCII without identities, which needs no second look."""
    return (
        name.isascii()
        and name.isprintable()
        and len(name) <= LONGEST_NAME
        and without_identities(name) == name
    )


def shown_name(name: str) -> str:
    """The name with an escape in the place of every character that is not shown, and a mask in the
    place of an identity.

    A name that is too long keeps its beginning and end, with a mark of the whole between them.
    """
    masked = without_identities(name)
    shown = "".join(_escape(each) if _is_hidden(each) else each for each in masked)
    if _bytes(shown) <= LONGEST_NAME:
        return shown
    mark = hashlib.sha256(shown.encode()).hexdigest()[:8]
    return f"{shown[:30]}{_CUT}{mark}{_CUT}{shown[-15:]}"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _NOT_SHOWN


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _bytes(name: str) -> int:
    return len(name.encode("utf-8", "surrogateescape"))
