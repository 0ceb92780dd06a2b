"""A CSV file in a region's layout as rows of text: what stands above and below is left out."""

import csv
import io
from collections.abc import Sequence

import polars as pl

from pipelines.intake.delivered_rows import DeliveredRows, begins_as_skipped, reason_to_skip
from pipelines.intake.encodings import as_utf_8
from pipelines.intake.file_reading import (
    ABOVE_HEADINGS,
    BEGINS_AS_SKIPPED,
    WITHOUT_VALUES,
    skipped,
)
from pipelines.intake.headings import columns_of, has_required, last_header_line, no_header, tidy
from pipelines.intake.refusal import FileRefusedError, Refusal
from pipelines.intake.text_table import LINE, csv_rows, demand_few_columns, demand_text
from schemas.contract import DeliveryContract
from schemas.profiles import FIND, Layout

_DELIMITERS = (",", ";")
_MOST_LAST_LINES = 20
"""So many totals and notes at the end are taken off before the rows are read."""


def csv_delivered(content: bytes, contract: DeliveryContract, layout: Layout) -> DeliveredRows:
    """The rows of a CSV file, unpacked; lines are those of the file.

    Raises FileRefusedError where the file cannot be read or its headings are not found.
    """
    content = as_utf_8(content, layout.encoding)
    demand_text(content)
    lines_above, start = _place_of_header(content, contract, layout)
    above = [number + 1 for number in range(lines_above)]
    content = content[start:]
    headings, delimiter, header_lines = _csv_header(content, contract, layout)
    content, last_skipped = _without_last_lines(content, layout)
    left_out: dict[int, str] = {}

    def leave_out(row: list[str], line: int) -> bool:
        if reason := reason_to_skip(row, layout):
            left_out[line] = reason
        return bool(reason)

    frame = csv_rows(content, len(headings), delimiter, header_lines, leave_out)
    left_out |= dict.fromkeys(last_skipped, BEGINS_AS_SKIPPED)
    told = skipped(ABOVE_HEADINGS, above)
    for reason in (WITHOUT_VALUES, BEGINS_AS_SKIPPED):
        lines = sorted(line + lines_above for line, why in left_out.items() if why == reason)
        told += skipped(reason, lines)
    frame = frame.with_columns(pl.col(LINE) + lines_above)
    return DeliveredRows(headings, frame, lines_above + 1, told, delimiter=delimiter)


def _place_of_header(content: bytes, contract: DeliveryContract, layout: Layout) -> tuple[int, int]:
    """How many lines stand above the headings, and at which byte they begin."""
    start = 0
    for lines_above in range(last_header_line(layout)):
        if start >= len(content):
            break
        end = content.find(b"\n", start) + 1 or len(content)
        line = content[start:end].decode()
        if layout.header_line == FIND:
            is_header = any(
                has_required(_fields(line, delimiter), contract, layout)
                for delimiter in _delimiters(layout)
            )
        elif layout.header_line is None:
            is_header = bool(line.strip())
        else:
            is_header = lines_above + 1 == layout.header_line
        if is_header:
            return lines_above, start
        start = end
    raise no_header(layout)


def _fields(line: str, delimiter: str) -> list[str]:
    """The fields of a line; none where it is no line of CSV."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


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
            names = [tidy(name) for name in next(reader, [])]
        except csv.Error:
            continue
        known = len(columns_of(names, contract, layout))
        candidates.append((known, len(names), names, delimiter, reader.line_num))
    if not candidates:
        raise FileRefusedError(Refusal("unreadable"))
    _, _, names, delimiter, lines = max(candidates, key=lambda candidate: candidate[:2])
    demand_few_columns(len(names))
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
        if not start or '"' in line or not begins_as_skipped(line.lstrip(" \t;,|"), layout):
            break
        cut.append(start)
        end = start
    if not cut:
        return content, []
    lines = [content.count(b"\n", 0, start) + 1 for start in reversed(cut)]
    return content[: cut[-1]], lines
