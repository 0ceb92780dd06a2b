"""How a supplier may write dates and times, in the letters that a profile describes them with.

`YYYY-MM-DD hh:mm` means what it looks like; `M` and `D` are one or two digits. The word `excel`
stands for Excel's day number (1 January 1900 is day 1), as a date looks when its format is lost.
"""

import re

EXCEL_DAY_NUMBER = "excel"

_PIECES = {
    "YYYY": "(?P<year>[0-9]{4})",
    "MM": "(?P<month>[0-9]{2})",
    "DD": "(?P<day>[0-9]{2})",
    "hh": "(?P<hour>[0-9]{2})",
    "mm": "(?P<minute>[0-9]{2})",
    "ss": r"[0-9]{2}(?:\.[0-9]+)?",
    "M": "(?P<month>[0-9]{1,2})",
    "D": "(?P<day>[0-9]{1,2})",
}
_PIECE = re.compile("|".join(_PIECES))
_BETWEEN = re.compile(r"[-/. :T]*")


def pattern(written: str) -> str:
    """The regular expression of texts written so, with groups year, month, day, hour, minute.

    Raises ValueError for letters that mean nothing and for a piece that stands twice.
    """
    if not _BETWEEN.fullmatch(_PIECE.sub("", written)):
        raise ValueError(written)
    pieces = []
    place = 0
    for found in _PIECE.finditer(written):
        pieces += [re.escape(written[place : found.start()]), _PIECES[found[0]]]
        place = found.end()
    pieces.append(re.escape(written[place:]))
    text = "^" + "".join(pieces) + "$"
    try:
        re.compile(text)
    except re.error:
        raise ValueError(written) from None
    return text


def is_date_format(written: str) -> bool:
    """Whether texts written so tell a year, a month and a day."""
    return written == EXCEL_DAY_NUMBER or _has(written, "year", "month", "day")


def is_time_format(written: str) -> bool:
    """Whether texts written so tell an hour and a minute."""
    return _has(written, "hour", "minute")


def shape(written: str) -> str:
    """What texts written so look like: two formats of the same shape cannot be told apart."""
    return re.sub(r"YYYY|MM|DD|hh|mm|ss", lambda found: "0" * len(found[0]), written).translate(
        str.maketrans("MD", "00")
    )


def _has(written: str, *pieces: str) -> bool:
    try:
        groups = re.compile(pattern(written)).groupindex
    except ValueError:
        return False
    return all(piece in groups for piece in pieces)
