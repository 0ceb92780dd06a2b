"""Region profiles: how a region's files differ from the standard layout.

Here stands what a profile can say; `profile_toml.py` reads and checks one, and
`pipelines/intake/layout.py` reads a delivered file by it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase

ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-bom": "utf-8",
    "latin-1": "latin-1",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
}
"""What a profile may say, and Python's name for it. UTF-8 is read with or without a BOM."""

FORMATS = {
    "csv": (".csv", ".csv.gz"),
    "parquet": (".parquet",),
    "excel": (".xlsx",),
    "json": (".json",),
}
"""The formats of files, and the extensions of each."""

FIND = "find"
SUFFIX, DATE, SHEET = "{suffix}", "{date}", "{sheet}"
PLACEHOLDERS = (SUFFIX, DATE, SHEET)
"""What stands for something in a constant: of the file's name, or the name of the sheet."""


@dataclass(frozen=True)
class Layout:
    """How some files of a delivery are written; the fields are explained in docs/profiles.md.

    `place` tells the layout from the others of its profile, from 1; 0 is the standard layout in a
    workbook. `columns` maps columns of the standard layout to the headings that they may have.
    `delimiter` empty means that it is found. `header_line` None is the first line that is not
    blank. `ten_digit_ages` None means that identities without century are left as they are.
    """

    place: int
    delivery: str
    files: str = "*"
    format: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ""
    decimal_comma: bool = False
    header_line: int | str | None = None
    header_lines: int = 1
    sheets: tuple[str, ...] = ()
    records: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    list_separator: str = "|"
    date_formats: tuple[str, ...] = ()
    time_formats: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    skip_rows_beginning: tuple[str, ...] = ()
    restore_zeros: bool = False
    ten_digit_ages: tuple[int, int] | None = None

    def applies_to(self, delivery: str, file_name: str) -> bool:
        """Whether a file of that delivery and name is written so."""
        return (
            self.delivery == delivery
            and file_name.endswith(FORMATS[self.format])
            and fnmatchcase(file_name, self.files)
        )

    def described(self) -> dict[str, object]:
        """All that the layout says, for a fingerprint: what changes this changes what is read."""
        return asdict(self)


@dataclass(frozen=True)
class Profile:
    """What is particular to a region's deliveries.

    `contact` says whom to ask, and is empty where nobody is named. `fictitious_name_rule` false
    switches off the rule that a list named after its unit is fictitious.
    """

    region_code: str
    contact: str = ""
    fictitious_name_rule: bool = True
    layouts: tuple[Layout, ...] = ()


@dataclass(frozen=True)
class Profiles:
    """The profiles of all regions that have one, by region code."""

    by_region: Mapping[str, Profile] = field(default_factory=dict)

    def layout_of(self, region_code: str, delivery: str, file_name: str) -> Layout | None:
        """How a file is written: the first layout that applies; None for the standard layout.

        A workbook that none applies to has the standard layout on its only sheet with content.
        """
        profile = self.by_region.get(region_code)
        layouts = (*(profile.layouts if profile else ()), Layout(0, delivery, format="excel"))
        return next((each for each in layouts if each.applies_to(delivery, file_name)), None)

    @property
    def without_name_rule(self) -> frozenset[str]:
        """The regions whose profile switches off the name rule for fictitious lists."""
        return frozenset(
            region for region, each in self.by_region.items() if not each.fictitious_name_rule
        )
