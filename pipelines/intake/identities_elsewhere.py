"""Identity numbers where none belong: in names of files, and in columns that are for other things.

A personal number in the place of an HSA-id or in a unit's name would be kept and published as it
stands. Which texts are identities is verified by date and checksum, as other numbers are far more
often written there.
"""

import re
from datetime import MAXYEAR, date

import polars as pl

from pipelines.intake.checks import Check, check
from schemas.column import Kind
from schemas.contract import DeliveryContract

MASK = "(identity)"

_OTHER_COLUMNS = ("person_id", "list_name")
"""An identity belongs in the first; of the second only keyed hashes are kept."""

_LIKE = re.compile(
    r"(?<![0-9A-Za-z])(?P<century>18|19|20)?(?P<six>[0-9]{6})(?P<sign>[-+]?)(?P<four>[0-9]{4})"
    r"(?![0-9A-Za-z])"
)
_COULD_HOLD = r"[0-9]{6}[-+]?[0-9]{4}"


def holds_identity(text: str) -> bool:
    """Whether a text holds an identity: with its century or a sign anywhere, else as the whole."""
    return any(
        (found["century"] or found["sign"] or found[0] == text) and _years_of_birth(found)
        for found in _LIKE.finditer(text)
    )


def without_identities(name: str) -> str:
    """A file's name with a mask in the place of identities.

    Nobody in a file is born in the year that its name begins with, or later: digits that would say
    so are the time when it was written.
    """
    year = int(name[:4]) if re.match("[0-9]{4}(?![0-9])", name) else MAXYEAR
    return _LIKE.sub(
        lambda found: MASK if any(born < year for born in _years_of_birth(found)) else found[0],
        name,
    )


def _years_of_birth(found: "re.Match[str]") -> list[int]:
    """The years that a person with these digits can be born in; none where they are no identity."""
    digits = found["six"] + found["four"]
    # The digits of a product are added: divmod gives them.
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
    if total % 10:
        return []
    day = int(digits[4:6])
    day = day - 60 if day > 60 else day
    centuries = [found["century"]] if found["century"] else ["19", "20"]
    years = [int(century + digits[:2]) for century in centuries]
    return [year for year in years if _is_day(year, int(digits[2:4]), day)]


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def checks_of_other_columns(read: pl.DataFrame, contract: DeliveryContract) -> list[Check]:
    """A check for each column of text in which an identity stands where none belongs.

    Only different values are looked at: they are few, also where there are millions of rows.
    """
    checks = []
    for column in contract.columns:
        if column.kind is not Kind.TEXT or column.name in _OTHER_COLUMNS:
            continue
        values = read[column.name].drop_nulls().unique()
        suspects = values.filter(values.str.contains(_COULD_HOLD))
        found = [value for value in suspects if holds_identity(value)]
        if found:
            holds = pl.col(column.name).is_in(found)
            checks.append(check("identity_elsewhere", column.name, holds))
    return checks
