"""Which delivery a file is, by its headings, where neither a folder nor a person says so."""

import gzip
import io
import zlib
from pathlib import Path

import polars as pl

from pipelines.intake.content import FileVanishedError, opened, read_content
from pipelines.intake.parquet_trial import ends_no_process
from pipelines.intake.refusal import FileRefusedError
from pipelines.intake.text_table import BYTE_ORDER_MARK, LARGEST_TABLE, found_header
from pipelines.intake.workbook import read_sheets
from schemas.deliveries import DELIVERIES

LONGEST_HEADER = 64 * 1024
"""Bytes of a CSV file that are looked at."""


def recognised(path: Path) -> str | None:
    """The delivery of the standard layout that more of the headings belong to than to any other,
    with half of its required columns or more: a column may be missing, which is then said.

    None where that is not one delivery, and for a file whose headings cannot be read.
    """
    try:
        found = _columns_there(path)
    except (FileRefusedError, FileVanishedError, OSError, EOFError, zlib.error):
        return None
    [best, second] = sorted(DELIVERIES, key=lambda each: len(found[each.name]), reverse=True)[:2]
    there = found[best.name]
    is_enough = 2 * len(there & set(best.required_columns)) >= len(best.required_columns)
    return best.name if is_enough and len(there) > len(found[second.name]) else None


def _columns_there(path: Path) -> dict[str, set[str]]:
    """By delivery, the columns of its layout that are among the file's headings."""
    if path.name.endswith((".csv", ".csv.gz")):
        beginning = _beginning(path)
        headings = {each.name: found_header(beginning, each)[0] for each in DELIVERIES}
    else:
        of_all = _parquet_headings(path) if path.suffix == ".parquet" else _sheet_headings(path)
        headings = {each.name: of_all for each in DELIVERIES}
    return {each.name: set(headings[each.name]) & set(each.column_names) for each in DELIVERIES}


def _beginning(path: Path) -> bytes:
    with opened(path) as source:
        if path.name.endswith(".gz"):
            with gzip.GzipFile(fileobj=source) as unpacked:
                beginning = unpacked.read(LONGEST_HEADER)
        else:
            beginning = source.read(LONGEST_HEADER)
    text = beginning.removeprefix(BYTE_ORDER_MARK).decode("utf-8", errors="replace")
    return text.encode()


def _parquet_headings(path: Path) -> list[str]:
    content = read_content(path)
    if not ends_no_process(content, LARGEST_TABLE):
        return []
    return [name.strip() for name in pl.read_parquet_schema(io.BytesIO(content))]


def _sheet_headings(path: Path) -> list[str]:
    if path.suffix != ".xlsx":
        return []
    [sheet], _ = read_sheets(read_content(path), ())
    return next((row for row in sheet.rows if any(row)), [])
