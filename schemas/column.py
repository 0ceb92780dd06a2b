"""The building block of every table contract: one column, described once.

Nothing here knows a particular table; the shared columns are in `columns.py`.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Self


class Kind(Enum):
    """The type of a column's values, from which each engine's type is rendered."""

    TEXT = "text"
    CODE = "code"
    WHOLE_NUMBER = "whole number"
    DECIMAL = "decimal number"
    DATE = "date"
    TIME = "time"
    TRUTH = "true or false"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `required` false means that values may be missing; in a delivery the header may
    then lack the column too. `codes`, `minimum` and `maximum` limit the values.
    `personal` marks what identifies a person: such a value is never stored, shown or logged.
    """

    name: str
    kind: Kind
    description: str
    label: str
    unit: str = ""
    source: str = ""
    required: bool = True
    codes: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    personal: bool = False

    def optional(self) -> Self:
        """The same column where values may be missing."""
        return replace(self, required=False)

    def with_(self, **changes: object) -> Self:
        """The same column with some properties changed, for a table's own wording."""
        return replace(self, **changes)  # type: ignore[arg-type]
