"""A delivered file that is written as a region's profile says, as the standard layout's table.

Here stands the order: rows of text, headings, skipped rows, columns, translated values. Each of
these steps stands in a module of its own.
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from pipelines.intake.content import unpacked
from pipelines.intake.delivered_csv import csv_delivered
from pipelines.intake.delivered_rows import DeliveredRows, without_skipped
from pipelines.intake.delivered_sheet import sheet_delivered
from pipelines.intake.distinct_texts import trimmed
from pipelines.intake.encodings import as_utf_8
from pipelines.intake.file_reading import FileReading, together
from pipelines.intake.headings import (
    columns_of,
    header_refusals,
    ignored_headings,
    places_of,
    same,
)
from pipelines.intake.landing import LandingFile
from pipelines.intake.records import read_records
from pipelines.intake.refusal import FileRefusedError, Refusal
from pipelines.intake.text_table import (
    LINE,
    WRONG_FIELD_COUNT,
    TextTable,
    column_names,
    demand_few_columns,
    parquet_rows,
    shown_heading,
)
from pipelines.intake.translation import translated
from pipelines.intake.workbook import read_sheets
from schemas.contract import DeliveryContract
from schemas.profiles import DATE, SHEET, SUFFIX, Layout


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
        refusals += header_refusals(part.headings, contract, layout)
        if not refusals:
            tables.append(_standard_columns(part, file, contract, layout))
    rows = sum(part.frame.height for part in parts)
    if not rows:
        # A JSON file without records has no headings either.
        refusals = [*(refusals if layout.format != "json" else ()), Refusal("empty_file")]
    columns = columns_of(parts[0].headings, contract, layout)
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
        not_read=(*ignored_headings(parts[0].headings, layout), *_sheets_left_out(parts[0])),
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
) -> Iterable[DeliveredRows]:
    """The rows of the file, of each of its sheets."""
    if layout.format == "excel":
        sheets, left_out = read_sheets(content, layout.sheets)
        for place, sheet in enumerate(sheets):
            rows = sheet_delivered(sheet, place, contract, layout, several=len(sheets) > 1)
            yield replace(rows, sheets_left_out=left_out)
        return
    if layout.format == "parquet":
        headings, frame = parquet_rows(content)
        rows = DeliveredRows(headings, frame, None, [])
    elif layout.format == "json":
        rows = _of_records(as_utf_8(content, layout.encoding).decode(), layout)
    else:
        if file.extension == ".csv.gz":
            content = unpacked(content)
        rows = csv_delivered(content, contract, layout)
    yield without_skipped(rows, layout)


def _of_records(text: str, layout: Layout) -> DeliveredRows:
    """A row's line is the number of its record, from 1."""
    records = read_records(text, layout.records)
    headings = list(dict.fromkeys(name for record in records for name in record))
    if not headings:
        # Records without any value are no rows.
        raise FileRefusedError(Refusal("empty_file"))
    demand_few_columns(len(headings))
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
    return DeliveredRows(headings, frame, None, [])


def _standard_columns(
    rows: DeliveredRows, file: LandingFile, contract: DeliveryContract, layout: Layout
) -> pl.DataFrame:
    """The columns of the standard layout that the file or the profile gives, trimmed."""
    found = columns_of(rows.headings, contract, layout)
    delivered = rows.frame.select(
        *(trimmed(pl.col(f"column_{place}")).alias(name) for name, place in found.items()),
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


def _sheets_left_out(rows: DeliveredRows) -> tuple[str, ...]:
    """The sheets that the profile does not name."""
    return tuple(
        f"sheet {shown_heading(name, place)}" for place, name in rows.sheets_left_out.items()
    )


def _unknown_headings(
    parts: list[DeliveredRows], contract: DeliveryContract, layout: Layout
) -> tuple[str, ...]:
    """The headings that nobody has said anything about; an empty column has none."""
    unknown: dict[str, None] = {}
    for part in parts:
        ignored = {same(heading) for heading in layout.ignored}
        used = {
            place
            for name in contract.column_names
            if name not in layout.constants
            for place in places_of(part.headings, name, layout)
        }
        for place, heading in enumerate(part.headings):
            is_said = place in used or same(heading) in ignored
            cells = part.frame[f"column_{place}"]
            is_empty = not heading and bool((cells.fill_null("") == "").all())
            if not is_said and not is_empty:
                unknown[shown_heading(heading, place + 1)] = None
    return tuple(unknown)
