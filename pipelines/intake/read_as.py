"""How a file was read, said to its supplier: encoding, delimiter, header line, columns.

It looks at the file's beginning as the reading itself does, and judges nothing.
"""

from dataclasses import dataclass
from io import BytesIO

import polars as pl

from pipelines.intake.content import read_content, unpacked
from pipelines.intake.landing import LandingFile
from pipelines.intake.refusal import FileRefusedError
from pipelines.intake.text_table import BYTE_ORDER_MARK, found_header
from schemas.deliveries import delivery

_DELIMITER_NAMES = {",": ("comma", "komma"), ";": ("semicolon", "semikolon")}


@dataclass(frozen=True)
class ReadAs:
    """How a file was read, in English and in Swedish."""

    english: str
    swedish: str


def read_as(file: LandingFile) -> ReadAs | None:
    """How the file is read; None where it is refused before its header is understood."""
    if file.is_link:
        return None
    try:
        content = read_content(file.path)
        if file.extension == ".parquet":
            return _parquet(content)
        if file.extension in (".csv", ".csv.gz"):
            return _csv(unpacked(content) if file.extension == ".csv.gz" else content, file)
    except FileRefusedError:
        return None
    return None


def _parquet(content: bytes) -> ReadAs | None:
    try:
        columns = len(pl.read_parquet_schema(BytesIO(content)))
    except Exception:  # the reader raises many kinds, and their texts can quote values
        return None
    return ReadAs(f"Parquet, {columns} columns", f"Parquet, {columns} kolumner")


def _csv(content: bytes, file: LandingFile) -> ReadAs | None:
    try:
        names, delimiter, line = found_header(
            content.removeprefix(BYTE_ORDER_MARK), delivery(file.delivery)
        )
    except UnicodeDecodeError:
        return None
    if not names:
        return None
    english, swedish = _DELIMITER_NAMES[delimiter]
    return ReadAs(
        f"UTF-8, {english}, header on line {line}, {len(names)} columns",
        f"UTF-8, {swedish}, rubrik på rad {line}, {len(names)} kolumner",
    )
