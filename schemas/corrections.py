"""Corrections: known errors of a supplier, as data with a reason, a date and a status.

Here stands what a correction can say; `correction_toml.py` reads and checks a region's file, and
`pipelines/intake/corrections.py` applies them to a delivered file's rows.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase

ACTIONS = ("drop", "override", "recode", "flag")
STATUSES = ("open", "confirmed", "fixed")
ENDED = "fixed"


def rule_of(action: str) -> str:
    """The code under which a receipt counts the rows of an action."""
    return f"corrected_{action}"


CORRECTION_RULES = tuple(map(rule_of, ACTIONS))


@dataclass(frozen=True)
class Correction:
    """What is done with some rows of a delivery's files, and why.

    `file` is a file name or a pattern of names. The rows are those on `lines` that also have, in
    each column of `where`, one of the texts given (as delivered, trimmed; an empty text is a
    missing value); without `lines` every line. `lines` hold for the content whose checksum begins
    with `sha256`. drop leaves the rows out; override writes `value` in `column`; recode replaces
    texts of `column` by those that `codes` maps them to, and concerns only rows that have one of
    them; flag only says that they are odd. An empty `value` or code is a missing value. `rows` is
    the number of rows expected; None for any number from 1.
    """

    id: str
    delivery: str
    file: str
    action: str
    reason: str
    reported: str
    status: str
    lines: tuple[int, ...] = ()
    sha256: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    column: str = ""
    value: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    rows: int | None = None

    def described(self) -> dict[str, object]:
        """All that decides what it does, for a fingerprint: not why and by whom."""
        told = asdict(self)
        return {
            name: value
            for name, value in told.items()
            if name not in ("reason", "reported", "status")
        }


@dataclass(frozen=True)
class Corrections:
    """The corrections of every region, in the order of its file."""

    by_region: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)

    def of(self, region_code: str, delivery: str, file_name: str) -> tuple[Correction, ...]:
        """The corrections of a file, but for those that have ended."""
        return tuple(
            each
            for each in self.by_region.get(region_code, ())
            if each.delivery == delivery
            and each.status != ENDED
            and fnmatchcase(file_name, each.file)
        )
