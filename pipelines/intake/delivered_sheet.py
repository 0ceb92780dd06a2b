"""A sheet of a workbook as rows of text under headings of one or several rows."""

from dataclasses import replace

import polars as pl

from pipelines.intake.delivered_rows import DeliveredRows, without_skipped
from pipelines.intake.file_reading import ABOVE_HEADINGS, skipped
from pipelines.intake.headings import has_required, last_header_line, no_header
from pipelines.intake.text_table import LINE, LINES_OF_A_SHEET, WRONG_FIELD_COUNT, column_names
from pipelines.intake.workbook import Sheet
from schemas.contract import DeliveryContract
from schemas.profiles import FIND, Layout


def sheet_delivered(
    sheet: Sheet, place: int, contract: DeliveryContract, layout: Layout, several: bool
) -> DeliveredRows:
    """The rows of a sheet; `place` is its place, from 0, among those that are read of the file.

    A line is the row of the sheet, counted on from the sheets before. Raises FileRefusedError where
    the headings are not found.
    """
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
    rows = DeliveredRows(
        headings, frame, first + 1, skipped(ABOVE_HEADINGS, above, name), sheet.name
    )
    rows = without_skipped(rows, layout, name)
    return replace(rows, frame=rows.frame.with_columns(pl.col(LINE) + place * LINES_OF_A_SHEET))


def _first_header_row(sheet: Sheet, contract: DeliveryContract, layout: Layout) -> int:
    """The row, from 0, where the headings begin."""
    for number in range(min(last_header_line(layout), len(sheet.rows))):
        if layout.header_line == FIND:
            headings = _sheet_headings(sheet, number, layout)
            is_header = has_required(headings, contract, layout)
        elif layout.header_line is None:
            is_header = any(sheet.rows[number])
        else:
            is_header = number + 1 == layout.header_line
        if is_header:
            return number
    raise no_header(layout, sheet.name)


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
