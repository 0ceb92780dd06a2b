"""Identity numbers where none belong: in names of files, and in columns that are for other things.

A personal number in the place of an HSA-id or in a unit's name would be kept and published as it
stands. Which texts are identities is verified by date and checksum, as other numbers are far more
often written there.
"""

import re
from datetime import MAXYEAR

import polars as pl

from pipelines.intake.checks import Check, check
from schemas.column import Column, Kind
from schemas.identity_numbers import BETWEEN, holds_identity, masked

_OTHER_COLUMNS = ("person_id", "list_name")
"""An identity belongs in the first; of the second only keyed hashes are kept."""

_COULD_HOLD = rf"[0-9]{{6}}{BETWEEN}[0-9]{{4}}"


def without_identities(name: str) -> str:
    """A file's name with a mask in the place of identities.

    Nobody in a file is born in the year that its name begins with, or later: digits that would say
    so are the time when it was written.
    """
    year = int(name[:4]) if re.match("[0-9]{4}(?![0-9])", name) else MAXYEAR
    return masked(name, lambda born: born < year)


def checks_of_other_column(values: pl.DataFrame, column: Column) -> list[Check]:
    """A check of a column of text if an identity stands in it where none belongs."""
    if column.kind is not Kind.TEXT or column.name in _OTHER_COLUMNS:
        return []
    different = values[column.name].drop_nulls()
    suspects = different.filter(different.str.contains(_COULD_HOLD))
    found = [value for value in suspects if holds_identity(value)]
    if not found:
        return []
    return [check("identity_elsewhere", column.name, pl.col(column.name).is_in(found))]
