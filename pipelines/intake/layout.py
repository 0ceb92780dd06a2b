"""A delivered file that is written as a region's profile says, as the standard layout's table.

Here stands the order: bytes, rows of text, headings, skipped rows, columns. Reading Excel, JSON
and encodings, and translating values, stand in modules of their own.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from pipelines.intake.content import unpacked
from pipelines.intake.encodings import as_utf_8
from pipelines.intake.file_reading import (
    ABOVE_HEADINGS,
    BEGINS_AS_SKIPPED,
    WITHOUT_VALUES,
    FileReading,
    SkippedRows,
    skipped,
    together,
)
from pipelines.intake.landing import LandingFile
from pipelines.intake.records import read_records
from pipelines.intake.refusal import FileRefusedError, Refusal
from pipelines.intake.text_table import (
    LINE,
    LINES_OF_A_SHEET,
    WRONG_FIELD_COUNT,
    TextTable,
    column_names,
    csv_rows,
    demand_text,
    parquet_rows,
    shown_heading,
)
from pipelines.intake.translation import translated
from pipelines.intake.workbook import Sheet, read_sheets
from schemas.contract import DeliveryContract
from schemas.profiles import DATE, FIND, SHEET, SUFFIX, Layout

_DELIMITERS = (",", ";")
_MOST_LINES_LOOKED_AT = 50
_MOST_LAST_LINES = 20
"""So many totals and notes at the end of a CSV file are taken off before its rows are read."""


@dataclass(frozen=True)
class _Rows:
    """Rows of text under their headings: text columns `column_0` and on, line, wrong_field_count.

    `header_line` is None where the headings stand on no line.
    """

    headings: list[str]
    frame: pl.DataFrame
    header_line: int | None
    skipped: list[SkippedRows]
    sheet: str | None = None
    delimiter: str | None = None
    sheets_left_out: Mapping[int, str] = field(default_factory=dict)


def read_by_layout(
    content: bytes, file: LandingFile, contract: DeliveryContract, layout: Layout
) -> TextTable:
    """The rows of a file that the layout applies to, in columns and texts of the standard layout.

    Raises FileRefusedError where the file cannot be read or its headings are not found.
    """
    if not content:
        raise FileRefusedError(Refusal("empty_file"))
    parts = list(_parts(content, file, contract, layout))
    tables = []
    refusals: list[Refusal] = []
    for part in parts:
        refusals += _header_refusals(part.headings, contract, layout)
        if not refusals:
            tables.append(_standard_columns(part, file, contract, layout))
    rows = sum(part.frame.height for part in parts)
    if not rows:
        # A JSON file without records has no headings either.
        refusals = [*(refusals if layout.format != "json" else ()), Refusal("empty_file")]
    columns = _columns(parts[0].headings, contract, layout)
    reading = FileReading(
        layout=layout.place,
        format=layout.format,
        encoding=layout.encoding if layout.format in ("csv", "json") else None,
        delimiter=parts[0].delimiter,
        sheets=tuple(
            part.sheet if part.sheet in layout.sheets else shown_heading(part.sheet, 1)
            for part in parts
            if part.sheet is not None
        ),
        header_line=parts[0].header_line,
        columns={name: parts[0].headings[place] for name, place in columns.items()},
        constants={name: _constant(layout, name, file, None) or "" for name in layout.constants},
        skipped=together([each for part in parts for each in part.skipped]),
        not_read=(*_ignored(parts[0].headings, layout), *_sheets_left_out(parts[0])),
    )
    unknown = _unknown_headings(parts, contract, layout)
    if refusals:
        unread = pl.concat([part.frame.select(LINE, WRONG_FIELD_COUNT) for part in parts])
        return TextTable(unread, tuple(dict.fromkeys(refusals)), unknown, reading)
    frame, counts = translated(
        pl.concat(tables, how="diagonal"), contract, layout, file.content_date
    )
    sheets = reading.sheets if len(parts) > 1 else ()
    return TextTable(frame, (), unknown, replace(reading, translated=counts), sheets)


def _parts(
    content: bytes, file: LandingFile, contract: DeliveryContract, layout: Layout
) -> Iterable[_Rows]:
    """The rows of the file, of each of its sheets."""
    if layout.format == "excel":
        sheets, left_out = read_sheets(content, layout.sheets)
        for place, sheet in enumerate(sheets):
            rows = _of_sheet(sheet, place, contract, layout, several=len(sheets) > 1)
            yield replace(rows, sheets_left_out=left_out)
        return
    if layout.format == "parquet":
        headings, frame = parquet_rows(content)
        rows = _Rows(headings, frame, None, [])
    elif layout.format == "json":
        rows = _of_records(as_utf_8(content, layout.encoding).decode(), layout)
    else:
        if file.extension == ".csv.gz":
            content = unpacked(content)
        rows = _of_csv(content, contract, layout)
    yield _without_skipped(rows, layout)


# CSV


def _of_csv(content: bytes, contract: DeliveryContract, layout: Layout) -> _Rows:
    content = as_utf_8(content, layout.encoding)
    demand_text(content)
    lines_above, start = _place_of_header(content, contract, layout)
    above = [number + 1 for number in range(lines_above)]
    content = content[start:]
    headings, delimiter, header_lines = _csv_header(content, contract, layout)
    content, last_skipped = _without_last_lines(content, layout)
    left_out: dict[int, str] = {}

    def leave_out(row: list[str], line: int) -> bool:
        if reason := _reason_to_skip(row, layout):
            left_out[line] = reason
        return bool(reason)

    frame = csv_rows(content, len(headings), delimiter, header_lines, leave_out)
    left_out |= dict.fromkeys(last_skipped, BEGINS_AS_SKIPPED)
    told = skipped(ABOVE_HEADINGS, above)
    for reason in (WITHOUT_VALUES, BEGINS_AS_SKIPPED):
        lines = sorted(line + lines_above for line, why in left_out.items() if why == reason)
        told += skipped(reason, lines)
    frame = frame.with_columns(pl.col(LINE) + lines_above)
    return _Rows(headings, frame, lines_above + 1, told, delimiter=delimiter)


def _place_of_header(content: bytes, contract: DeliveryContract, layout: Layout) -> tuple[int, int]:
    """How many lines stand above the headings, and at which byte they begin."""
    start = 0
    for lines_above in range(_last_header_line(layout)):
        if start >= len(content):
            break
        end = content.find(b"\n", start) + 1 or len(content)
        line = content[start:end].decode()
        if layout.header_line == FIND:
            is_header = any(
                _has_required(_fields(line, delimiter), contract, layout)
                for delimiter in _delimiters(layout)
            )
        elif layout.header_line is None:
            is_header = bool(line.strip())
        else:
            is_header = lines_above + 1 == layout.header_line
        if is_header:
            return lines_above, start
        start = end
    raise _no_header(layout)


def _fields(line: str, delimiter: str) -> list[str]:
    """The fields of a line; none where it is no line of CSV."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _last_header_line(layout: Layout) -> int:
    """The last line on which the headings may stand."""
    if isinstance(layout.header_line, int):
        return layout.header_line
    return _MOST_LINES_LOOKED_AT


def _delimiters(layout: Layout) -> Sequence[str]:
    return (layout.delimiter,) if layout.delimiter else _DELIMITERS


def _csv_header(
    content: bytes, contract: DeliveryContract, layout: Layout
) -> tuple[list[str], str, int]:
    """The headings, the delimiter under which more of them are known, and their lines."""
    candidates = []
    for delimiter in _delimiters(layout):
        text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            names = [_tidy(name) for name in next(reader, [])]
        except csv.Error:
            continue
        known = len(_columns(names, contract, layout))
        candidates.append((known, len(names), names, delimiter, reader.line_num))
    if not candidates:
        raise FileRefusedError(Refusal("unreadable"))
    _, _, names, delimiter, lines = max(candidates, key=lambda candidate: candidate[:2])
    return names, delimiter, lines


def _without_last_lines(content: bytes, layout: Layout) -> tuple[bytes, list[int]]:
    """The content without skipped lines at its end, and their numbers from 1.

    They often have fewer fields than the rows, which would make the quick way impossible.
    """
    end = len(content)
    cut = []
    for _ in range(_MOST_LAST_LINES):
        while end and content[end - 1 : end] in (b"\n", b"\r"):
            end -= 1
        start = content.rfind(b"\n", 0, end) + 1
        line = content[start:end].decode()
        if not start or '"' in line or not _begins_as_skipped(line.lstrip(" \t;,|"), layout):
            break
        cut.append(start)
        end = start
    if not cut:
        return content, []
    lines = [content.count(b"\n", 0, start) + 1 for start in reversed(cut)]
    return content[: cut[-1]], lines


# Excel


def _of_sheet(
    sheet: Sheet, place: int, contract: DeliveryContract, layout: Layout, several: bool
) -> _Rows:
    first = _first_header_row(sheet, contract, layout)
    after = first + layout.header_lines
    headings = _sheet_headings(sheet, first, layout)
    below = sheet.rows[after:]
    columns = list(zip(*below, strict=True)) if below else [()] * len(headings)
    frame = pl.DataFrame(
        [
            pl.Series(name, column, dtype=pl.String)
            for name, column in zip(column_names(len(headings)), columns, strict=True)
        ]
    ).with_columns(
        pl.int_range(after + 1, after + 1 + len(below), dtype=pl.Int64, eager=True).alias(LINE),
        pl.lit(False).alias(WRONG_FIELD_COUNT),
    )
    name = sheet.name if several else None
    above = [number + 1 for number in range(first) if any(sheet.rows[number])]
    rows = _Rows(headings, frame, first + 1, skipped(ABOVE_HEADINGS, above, name), sheet.name)
    rows = _without_skipped(rows, layout, name)
    return replace(rows, frame=rows.frame.with_columns(pl.col(LINE) + place * LINES_OF_A_SHEET))


def _first_header_row(sheet: Sheet, contract: DeliveryContract, layout: Layout) -> int:
    """The row, from 0, where the headings begin."""
    for number in range(min(_last_header_line(layout), len(sheet.rows))):
        if layout.header_line == FIND:
            headings = _sheet_headings(sheet, number, layout)
            is_header = _has_required(headings, contract, layout)
        elif layout.header_line is None:
            is_header = any(sheet.rows[number])
        else:
            is_header = number + 1 == layout.header_line
        if is_header:
            return number
    raise _no_header(layout, sheet.name)


def _sheet_headings(sheet: Sheet, first: int, layout: Layout) -> list[str]:
    """The headings of the columns; merged cells hold theirs for all their columns and rows."""
    last = min(first + layout.header_lines, len(sheet.rows))
    cells = {
        (row, column): sheet.rows[row][column]
        for row in range(first, last)
        for column in range(len(sheet.rows[row]))
    }
    width = len(sheet.rows[first])
    for (top, left), (bottom, right) in sheet.merged:
        text = cells.get((top, left), "")
        for row in range(max(top, first), min(bottom + 1, last)):
            for column in range(left, min(right + 1, width)):
                cells[row, column] = text
    return [
        " ".join(dict.fromkeys(filter(None, (cells[row, column] for row in range(first, last)))))
        for column in range(width)
    ]


# JSON


def _of_records(text: str, layout: Layout) -> _Rows:
    """A row's line is the number of its record, from 1."""
    records = read_records(text, layout.records)
    headings = list(dict.fromkeys(name for record in records for name in record))
    try:
        frame = pl.DataFrame(
            [
                pl.Series(column, [record.get(name) for record in records], dtype=pl.String)
                for column, name in zip(column_names(len(headings)), headings, strict=True)
            ]
        )
    except UnicodeEncodeError:
        # JSON can write half a character, which no text can hold.
        raise FileRefusedError(Refusal("unreadable")) from None
    frame = frame.with_columns(
        pl.int_range(1, len(records) + 1, dtype=pl.Int64, eager=True).alias(LINE),
        pl.lit(False).alias(WRONG_FIELD_COUNT),
    )
    return _Rows(headings, frame, None, [])


# All formats


def _without_skipped(rows: _Rows, layout: Layout, sheet: str | None = None) -> _Rows:
    """The rows without those that hold nothing and those that begin as the profile says."""
    places = [name for name in rows.frame.columns if name not in (LINE, WRONG_FIELD_COUNT)]
    if not places or not rows.frame.height:
        return rows
    # Nearly every row has something in its first cell; the other cells are looked at of the rest.
    beginning = rows.frame.select(LINE, WRONG_FIELD_COUNT, first=_filled(places[0]))
    rest = rows.frame.filter(beginning["first"].is_null()).select(
        LINE, WRONG_FIELD_COUNT, first=pl.coalesce(map(_filled, places))
    )
    # The values of a row with too many or few fields have been left out; it is judged as it is.
    blank = rest.filter(pl.col("first").is_null() & ~pl.col(WRONG_FIELD_COUNT))[LINE]
    begins = pl.concat([_beginning_as_skipped(each, layout) for each in (beginning, rest)])
    if blank.is_empty() and begins.is_empty():
        return rows
    told = [
        *rows.skipped,
        *skipped(WITHOUT_VALUES, blank.to_list(), sheet),
        *skipped(BEGINS_AS_SKIPPED, begins.sort().to_list(), sheet),
    ]
    left_out = pl.concat([blank, begins])
    return replace(
        rows, frame=rows.frame.filter(~pl.col(LINE).is_in(left_out.implode())), skipped=told
    )


def _filled(column: str) -> pl.Expr:
    """The text of a cell, null where there is none."""
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)


def _beginning_as_skipped(beginning: pl.DataFrame, layout: Layout) -> pl.Series:
    """The lines of the rows whose first text begins as the profile says."""
    first = pl.col("first").str.to_lowercase()
    texts = [text.lower() for text in layout.skip_rows_beginning]
    begins = pl.any_horizontal(pl.lit(False), *(first.str.starts_with(text) for text in texts))
    return beginning.filter(begins.fill_null(False))[LINE]


def _reason_to_skip(row: list[str], layout: Layout) -> str:
    """Why a row is no data; empty where it is."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    if not first:
        return WITHOUT_VALUES
    return BEGINS_AS_SKIPPED if _begins_as_skipped(first, layout) else ""


def _begins_as_skipped(text: str, layout: Layout) -> bool:
    return text.lower().startswith(tuple(each.lower() for each in layout.skip_rows_beginning))


def _tidy(heading: str) -> str:
    return " ".join(heading.split())


def _same(heading: str) -> str:
    """What is alike in headings that mean the same."""
    return _tidy(heading).casefold()


def _places(headings: Sequence[str], name: str, layout: Layout) -> list[int]:
    """Where the headings of a column of the standard layout stand."""
    wanted = {_same(heading) for heading in layout.columns.get(name, (name,))}
    return [place for place, heading in enumerate(headings) if _same(heading) in wanted]


def _columns(headings: Sequence[str], contract: DeliveryContract, layout: Layout) -> dict[str, int]:
    """Column of the standard layout to the place of its heading; constants are left out."""
    found = {
        name: _places(headings, name, layout)
        for name in contract.column_names
        if name not in layout.constants
    }
    return {name: places[0] for name, places in found.items() if places}


def _has_required(headings: Sequence[str], contract: DeliveryContract, layout: Layout) -> bool:
    found = _columns([*headings], contract, layout)
    return all(name in found or name in layout.constants for name in contract.required_columns)


def _header_refusals(
    headings: Sequence[str], contract: DeliveryContract, layout: Layout
) -> list[Refusal]:
    refusals = []
    found = _columns(headings, contract, layout)
    missing = [
        _called(name, layout)
        for name in contract.required_columns
        if name not in found and name not in layout.constants
    ]
    if missing:
        refusals.append(Refusal("missing_column", f"Missing: {', '.join(missing)}."))
    twice = [_called(name, layout) for name in found if len(_places(headings, name, layout)) > 1]
    if twice:
        refusals.append(Refusal("duplicate_header", f"Twice: {', '.join(twice)}."))
    return refusals


def _called(name: str, layout: Layout) -> str:
    """A column and the headings that the profile gives it."""
    if name not in layout.columns:
        return name
    return f"{name} (in the profile: {' or '.join(layout.columns[name])})"


def _no_header(layout: Layout, sheet: str = "") -> FileRefusedError:
    where = f" in the sheet {sheet}" if sheet in layout.sheets and sheet else ""
    if layout.header_line == FIND:
        what = f"None of the first {_MOST_LINES_LOOKED_AT} lines{where} holds a heading of every"
        return FileRefusedError(Refusal("missing_column", f"{what} required column."))
    return FileRefusedError(Refusal("empty_file", f"No headings{where}." if where else ""))


def _standard_columns(
    rows: _Rows, file: LandingFile, contract: DeliveryContract, layout: Layout
) -> pl.DataFrame:
    """The columns of the standard layout that the file or the profile gives, trimmed."""
    found = _columns(rows.headings, contract, layout)
    trimmed = {name: pl.col(f"column_{place}").str.strip_chars() for name, place in found.items()}
    delivered = rows.frame.select(
        *(pl.when(text != "").then(text).alias(name) for name, text in trimmed.items()),
        LINE,
        WRONG_FIELD_COUNT,
    )
    return delivered.with_columns(
        pl.lit(_constant(layout, name, file, rows.sheet), pl.String).alias(name)
        for name in layout.constants
    )


def _constant(layout: Layout, name: str, file: LandingFile, sheet: str | None) -> str | None:
    """The value of a constant; None where the file's name or kind does not give it."""
    value = layout.constants[name]
    if value == SUFFIX:
        return file.suffix or None
    if value == DATE:
        return file.content_date.isoformat() if file.content_date else None
    return (sheet or value) if value == SHEET else value


def _ignored(headings: Sequence[str], layout: Layout) -> tuple[str, ...]:
    """The headings of the file that the profile knows and leaves out."""
    known = {_same(heading) for heading in layout.ignored}
    return tuple(dict.fromkeys(heading for heading in headings if _same(heading) in known))


def _sheets_left_out(rows: _Rows) -> tuple[str, ...]:
    """The sheets that the profile does not name."""
    return tuple(
        f"sheet {shown_heading(name, place)}" for place, name in rows.sheets_left_out.items()
    )


def _unknown_headings(
    parts: list[_Rows], contract: DeliveryContract, layout: Layout
) -> tuple[str, ...]:
    """The headings that nobody has said anything about; an empty column has none."""
    unknown: dict[str, None] = {}
    for part in parts:
        ignored = {_same(heading) for heading in layout.ignored}
        used = {
            place
            for name in contract.column_names
            if name not in layout.constants
            for place in _places(part.headings, name, layout)
        }
        for place, heading in enumerate(part.headings):
            is_said = place in used or _same(heading) in ignored
            cells = part.frame[f"column_{place}"]
            is_empty = not heading and bool((cells.fill_null("") == "").all())
            if not is_said and not is_empty:
                unknown[shown_heading(heading, place + 1)] = None
    return tuple(unknown)
