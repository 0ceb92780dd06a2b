"""How a sheet of the workbooks looks: titles, headings, number formats, print layout.

Nothing here knows what the figures are. Numbers and dates are written as numbers and dates, with
formats that Excel shows in the reader's own language (in Swedish `1 234,5` and `2025-11-30`); a
text is never written as a formula or link, whatever it begins with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.publication.request.words import MISSING, Words

NOT_APPLICABLE = "–"
"""In a cell whose value does not apply, although its row is not hidden."""

A4 = 9
_HEADING_COLOUR, _GREY, _LINE = "#DCE6F1", "#595959", "#A6A6A6"
BESIDE: Mapping[str, object] = {"italic": True, "font_color": _GREY}
"""Of the English that stands beside the Swedish, and of what stands in the place of a value."""
LINE_HEIGHT = 14
_LETTERS_TO_A_DIGIT = 1.1
"""How many letters of a text fit where a digit does, cautiously."""
_TITLES = 4
"""Rows above the headings: the title and the note, Swedish and English."""


@dataclass(frozen=True)
class Missing:
    """A value that is not there, and its status."""

    status: str


@dataclass(frozen=True)
class Number:
    """A number that is shown otherwise than its column's."""

    value: int | float
    decimals: int
    share: bool


Cell: TypeAlias = str | int | float | bool | date | Words | Missing | Number | None


@dataclass(frozen=True)
class SheetColumn:
    """A column: heading, width in characters, and how numbers are shown. `texts`: it holds texts.

    Columns next to each other with the same `group` have it as a heading above.
    """

    title: Words
    width: float
    decimals: int = 0
    share: bool = False
    group: Words | None = None
    texts: bool = False

    @property
    def place(self) -> dict[str, object]:
        """Where in the cell what stands for a missing value is put: as the values."""
        return {"align": "left", "indent": 1} if self.texts else {"align": "right"}


@dataclass(frozen=True)
class SheetRow:
    """A row of cells; `strong` for the nation and for regions above their municipalities."""

    cells: Sequence[Cell]
    strong: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table."""

    name: str
    title: Words
    note: Words
    columns: Sequence[SheetColumn]
    rows: Sequence[SheetRow]
    filtered: bool = True


class Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def of(self, **properties: object) -> Format:
        """The format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(
                {"font_name": "Arial", "font_size": 10, **properties}
            )
        return self._made[key]

    @property
    def title(self) -> Format:
        """Of a sheet's title."""
        return self.of(bold=True, font_size=14)

    @property
    def beside(self) -> Format:
        """Of the English that stands beside."""
        return self.of(**BESIDE)

    def cell(self, strong: bool, **properties: object) -> Format:
        """Of a cell of a table."""
        look: dict[str, object] = {"valign": "top", "bottom": 4, "bottom_color": _LINE}
        return self.of(**look, **({"bold": True} if strong else {}), **properties)

    def heading(self, **properties: object) -> Format:
        """Of a column's heading."""
        return self.of(
            bold=True,
            text_wrap=True,
            valign="top",
            bg_color=_HEADING_COLOUR,
            border=1,
            border_color=_LINE,
            **properties,
        )


def number_format(decimals: int, share: bool) -> str:
    """The format of a number; in the file's own notation, which Excel shows by language."""
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"{digits} %" if share else digits


def add_sheet(workbook: Workbook, looks: Looks, sheet: Sheet, footer: str, header: str) -> None:
    """Add the sheet, with frozen and repeated headings and A4 landscape pages."""
    page: Worksheet = workbook.add_worksheet(sheet.name)
    page.write_string(0, 0, sheet.title.sv, looks.title)
    page.write_string(1, 0, sheet.title.en, looks.beside)
    wrapped: dict[str, object] = {"text_wrap": True, "valign": "top"}
    _write_note(page, looks.of(**wrapped), 2, sheet.note.sv, sheet.columns)
    _write_note(page, looks.of(**wrapped, **BESIDE), 3, sheet.note.en, sheet.columns)
    grouped = any(column.group for column in sheet.columns)
    heading = _TITLES + 1 + grouped
    if grouped:
        _write_groups(page, looks, sheet.columns, heading - 1)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        _write_words(page, looks, heading, place, column.title)
    page.set_row(heading, LINE_HEIGHT * max(_heading_lines(each) for each in sheet.columns))
    for number, row in enumerate(sheet.rows, start=heading + 1):
        for place, (cell, column) in enumerate(zip(row.cells, sheet.columns, strict=True)):
            _write(page, looks, (number, place), cell, column, row.strong)
        # Excel fits the height itself, other programs do not.
        page.set_row(number, LINE_HEIGHT * _row_lines(row, sheet.columns))
    last = heading + len(sheet.rows)
    if sheet.filtered and sheet.rows:
        page.autofilter(heading, 0, last, len(sheet.columns) - 1)
    page.freeze_panes(heading + 1, 0)
    page.repeat_rows(heading - grouped, heading)
    page.print_area(0, 0, last, len(sheet.columns) - 1)
    set_page(page, footer, header)


def set_page(page: Worksheet, footer: str, header: str) -> None:
    """A4 landscape, one page wide, page numbers at the foot."""
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    page.hide_gridlines(2)
    page.set_footer(f"&L&8{_plain(footer)}&R&8Sida &P av &N")
    if header:
        page.set_header(f"&R&8&B{_plain(header)}")


def _write_note(
    page: Worksheet, look: Format, row: int, note: str, columns: Sequence[SheetColumn]
) -> None:
    """The note over the width of the table, at most that of a page."""
    width = sum(column.width for column in columns)
    if len(columns) > 1:
        page.merge_range(row, 0, row, len(columns) - 1, note, look)
    else:
        page.write_string(row, 0, note, look)
    page.set_row(row, LINE_HEIGHT * lines_of(note, width))


def _write_groups(page: Worksheet, looks: Looks, columns: Sequence[SheetColumn], row: int) -> None:
    first = 0
    for place in range(1, len(columns) + 1):
        if place < len(columns) and columns[place].group == columns[first].group:
            continue
        group = columns[first].group
        if group and place - first > 1:
            page.merge_range(row, first, row, place - 1, "", looks.heading())
        if group:
            _write_words(page, looks, row, first, group)
        first = place
    page.set_row(row, 2 * LINE_HEIGHT)


def _write_words(page: Worksheet, looks: Looks, row: int, place: int, title: Words) -> None:
    """The Swedish, and the English under it."""
    if title.sv == title.en:
        page.write_string(row, place, title.sv, looks.heading())
        return
    page.write_rich_string(
        row,
        place,
        looks.of(bold=True),
        title.sv,
        looks.beside,
        f"\n{title.en}",
        looks.heading(),
    )


def _write(
    page: Worksheet,
    looks: Looks,
    at: tuple[int, int],
    cell: Cell,
    column: SheetColumn,
    strong: bool,
) -> None:
    if isinstance(cell, Missing):
        look = looks.cell(strong=False, **column.place, **BESIDE)
        page.write_string(*at, MISSING[cell.status].sv, look)
    elif cell is None:
        page.write_string(*at, NOT_APPLICABLE, looks.cell(strong, **column.place))
    elif isinstance(cell, bool):
        page.write_string(*at, "Ja" if cell else "Nej", looks.cell(strong, **column.place))
    elif isinstance(cell, date):
        page.write_datetime(*at, cell, looks.cell(strong, num_format="yyyy-mm-dd", **column.place))
    elif isinstance(cell, Number):
        look = looks.cell(strong, num_format=number_format(cell.decimals, cell.share))
        page.write_number(*at, cell.value, look)
    elif isinstance(cell, int | float):
        look = looks.cell(strong, num_format=number_format(column.decimals, column.share))
        page.write_number(*at, cell, look)
    elif isinstance(cell, Words):
        page.write_string(*at, _both(cell), looks.cell(strong, text_wrap=True))
    else:
        indented = {"indent": 1} if column.texts else {}
        page.write_string(*at, cell, looks.cell(strong, text_wrap=True, **indented))


def _both(words: Words) -> str:
    return words.sv if words.sv == words.en else f"{words.sv}\n{words.en}"


def _heading_lines(column: SheetColumn) -> int:
    return lines_of(_both(column.title), column.width)


def _row_lines(row: SheetRow, columns: Sequence[SheetColumn]) -> int:
    """How many lines the row's longest text takes."""
    texts = (
        (_both(cell) if isinstance(cell, Words) else cell, column.width)
        for cell, column in zip(row.cells, columns, strict=True)
    )
    return max(lines_of(text, width) if isinstance(text, str) else 1 for text, width in texts)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width, which is in digits."""
    lines, width = 0, width * _LETTERS_TO_A_DIGIT
    for paragraph in text.split("\n"):
        left = 0.0
        for word in paragraph.split() or [""]:
            if len(word) > left:
                lines, left = lines + 1, width
            left -= len(word) + 1
    return lines


def _plain(text: str) -> str:
    """The text for a header or footer, where & begins a code."""
    return text.replace("&", "&&")
