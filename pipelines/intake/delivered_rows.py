"""Rows of text under their headings, and which of them are no data.

How a file is taken apart into such rows stands in the module of its format.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from pipelines.intake.file_reading import (
    BEGINS_AS_SKIPPED,
    WITHOUT_VALUES,
    SkippedRows,
    skipped,
)
from pipelines.intake.text_table import LINE, WRONG_FIELD_COUNT
from schemas.profiles import Layout


@dataclass(frozen=True)
class DeliveredRows:
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


def without_skipped(rows: DeliveredRows, layout: Layout, sheet: str | None = None) -> DeliveredRows:
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


def reason_to_skip(row: list[str], layout: Layout) -> str:
    """Why a row is no data; empty where it is."""
    first = next((cell.strip() for cell in row if cell.strip()), "")
    if not first:
        return WITHOUT_VALUES
    return BEGINS_AS_SKIPPED if begins_as_skipped(first, layout) else ""


def begins_as_skipped(text: str, layout: Layout) -> bool:
    """Whether a row whose first text this is shall be skipped."""
    return text.lower().startswith(tuple(each.lower() for each in layout.skip_rows_beginning))


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
