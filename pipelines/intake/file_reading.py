"""How a file was read, told to its supplier: no value of a row stands here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MOST_LINES_NAMED = 20
"""Of rows that were skipped, so many are named by their lines; all are counted."""

ABOVE_HEADINGS = "above the headings"
WITHOUT_VALUES = "without any value"
BEGINS_AS_SKIPPED = "begins as the profile says"


@dataclass(frozen=True)
class SkippedRows:
    """Rows of the file that are no data, and why. `sheet` is None where there is only one."""

    reason: str
    count: int
    lines: tuple[int, ...]
    sheet: str | None = None


@dataclass(frozen=True)
class FileReading:
    """How a file was read.

    `layout` is 0 for the standard layout, else the place of the layout in the region's profile.
    `encoding` and `delimiter` are None where the format has none. `sheets` are those that were
    read. `header_line` is None where the headings stand on no line. `columns` maps columns of the
    standard layout to the headings that they were read from; `constants` are columns that got the
    same value in every row; `translated` counts the values of a column that were rewritten (codes,
    dates, numbers, identities). `not_read` are headings that were left out on purpose.
    """

    layout: int = 0
    format: str = "csv"
    encoding: str | None = None
    delimiter: str | None = None
    sheets: tuple[str, ...] = ()
    header_line: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    translated: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[SkippedRows, ...] = ()
    not_read: tuple[str, ...] = ()

    @property
    def skipped_rows(self) -> int:
        """How many rows of the file are no data."""
        return sum(each.count for each in self.skipped)

    @property
    def swedish(self) -> str:
        """The reading in one Swedish sentence, for the supplier's report."""
        first = "Standardlayout" if self.layout == 0 else f"Profilens layout {self.layout}"
        parts = [f"{first}, {self.format}"]
        if self.encoding:
            parts.append(f"teckenkodning {self.encoding}")
        if self.delimiter:
            parts.append(f"skiljetecken {self.delimiter!r}")
        if self.sheets:
            parts.append(f"blad {', '.join(self.sheets)}")
        if self.header_line:
            parts.append(f"rubriker på rad {self.header_line}")
        if self.columns:
            parts.append(f"{len(self.columns)} kolumner")
        if self.skipped_rows:
            parts.append(f"{self.skipped_rows} rader utan data hoppades över")
        return ", ".join(parts)

    @property
    def lines(self) -> list[str]:
        """The reading in words, a line for each thing that is not as a reader would expect."""
        first = "Standard layout" if self.layout == 0 else f"Layout {self.layout} of the profile"
        parts = [f"{first}, {self.format}"]
        if self.encoding:
            parts.append(f"encoding {self.encoding}")
        if self.delimiter:
            parts.append(f"delimiter {self.delimiter!r}")
        if self.sheets:
            parts.append(f"sheets {', '.join(self.sheets)}")
        if self.header_line:
            parts.append(f"headings on line {self.header_line}")
        if self.columns:
            parts.append(f"{len(self.columns)} columns")
        said = [", ".join(parts) + "."]
        renamed = [
            f"{name} ← {heading}" for name, heading in self.columns.items() if name != heading
        ]
        if renamed:
            said.append(f"Columns: {'; '.join(renamed)}.")
        if self.constants:
            told = [f"{name} = {value}" for name, value in self.constants.items()]
            said.append(f"Constant: {'; '.join(told)}.")
        if self.translated:
            told = [f"{name} {count}" for name, count in self.translated.items()]
            said.append(f"Values rewritten: {'; '.join(told)}.")
        if self.not_read:
            said.append(f"Not read, as the profile says: {', '.join(self.not_read)}.")
        if self.skipped:
            said.append(skipped_sentence(self.skipped))
        return said


def skipped_sentence(skipped: Sequence[SkippedRows]) -> str:
    """Which rows were skipped and why, in one sentence; empty where none were."""
    told = []
    for each in skipped:
        named = ", ".join(map(str, each.lines))
        more = ", …" if each.count > len(each.lines) else ""
        where = f"sheet {each.sheet}, line {named}" if each.sheet else f"line {named}"
        told.append(f"{each.count} {each.reason} ({where}{more})")
    return f"Skipped, as they are no data: {'; '.join(told)}." if told else ""


def skipped(reason: str, lines: Sequence[int], sheet: str | None = None) -> list[SkippedRows]:
    """The skipped rows of one reason; none where there are no lines."""
    if not lines:
        return []
    return [SkippedRows(reason, len(lines), tuple(lines[:MOST_LINES_NAMED]), sheet)]


def together(skipped_rows: Sequence[SkippedRows]) -> tuple[SkippedRows, ...]:
    """The skipped rows with one entry for each reason and sheet, in their order."""
    found: dict[tuple[str, str | None], SkippedRows] = {}
    for each in skipped_rows:
        former = found.get((each.reason, each.sheet))
        lines = sorted((*(former.lines if former else ()), *each.lines))[:MOST_LINES_NAMED]
        count = each.count + (former.count if former else 0)
        found[each.reason, each.sheet] = SkippedRows(each.reason, count, tuple(lines), each.sheet)
    return tuple(found.values())
