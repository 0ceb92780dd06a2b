"""How deliveries are written: the formats that regions use, byte for byte the same every time."""

import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

LARGE_POPULATION = 1_000_000
"""From here on everything is plain CSV: compressing a country takes longer than making it."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class FileForm:
    """The habit of one region's export."""

    extension: str = "csv.gz"
    separator: str = ","
    bom: bool = False
    line_end: str = "\n"
    typed: bool = False
    """Parquet with dates, booleans and numbers instead of text."""


_FORMS = {
    "03": FileForm("parquet"),
    "04": FileForm("csv.gz", ";"),
    "05": FileForm("csv.gz", ";", bom=True, line_end="\r\n"),
    "07": FileForm("csv", ";", bom=True),
    "08": FileForm("csv.gz", ";"),
    "09": FileForm("csv"),
    "10": FileForm("parquet", typed=True),
    "13": FileForm("csv.gz", ";"),
    "18": FileForm("csv.gz", bom=True),
    "25": FileForm("parquet"),
}


def form_of(region_code: str, population: int) -> FileForm:
    """The form in which a region delivers."""
    form = _FORMS.get(region_code, FileForm())
    if population >= LARGE_POPULATION:
        return FileForm("csv", form.separator, form.bom, form.line_end)
    return form


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column as the text that a CSV file holds: ISO dates, true and false."""
    return frame.with_columns(pl.all().cast(pl.String))


def write_delivery(frame: pl.DataFrame, folder: Path, name: str, form: FileForm) -> None:
    """Write one delivered file; nothing where there are no rows, as suppliers are asked to."""
    if not frame.height:
        return
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.{form.extension}"
    if form.extension == "parquet":
        frame.write_parquet(path, compression="zstd", statistics=False)
    elif form.extension == "csv":
        with path.open("wb") as target:
            _write_csv(frame, target, form)
    else:
        # The modification time is part of a gzip file: 0 keeps the bytes the same.
        buffer = io.BytesIO()
        _write_csv(frame, buffer, form)
        path.write_bytes(gzip.compress(buffer.getvalue(), compresslevel=9, mtime=0))


def _write_csv(frame: pl.DataFrame, target: BinaryIO, form: FileForm) -> None:
    if form.bom:
        target.write(_BOM)
    frame.write_csv(target, separator=form.separator, line_terminator=form.line_end)
