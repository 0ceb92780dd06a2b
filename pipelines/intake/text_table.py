"""A delivered file as a table of text: what every row holds, and on which line it stands.

Bytes and layout only; what the text means is read in `values.py`. CSV is read by Polars where the
line of every row is certain, otherwise by Python's csv module, which is slower and exact.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import polars as pl
from polars.exceptions import DuplicateError, PanicException

from pipelines.intake.content import unpacked
from pipelines.intake.encodings import demand_utf_8
from pipelines.intake.file_reading import FileReading
from pipelines.intake.parquet_trial import ends_no_process
from pipelines.intake.refusal import FileRefusedError, Refusal
from schemas.contract import DeliveryContract

LINE = "line"
WRONG_FIELD_COUNT = "wrong_field_count"

LINES_OF_A_SHEET = 2**20
"""The rows that a sheet of Excel has."""

LONGEST_LINE = 1024**2
"""Bytes of a line; a row of the widest delivery has a few hundred."""

MOST_COLUMNS = 1_000
"""Columns that a file may have; the widest delivery has eleven."""

LARGEST_TABLE = 1_000_000_000
"""Cells that a Parquet file may hold: packed, a column of one value takes no room at all."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DELIMITERS = (",", ";")
_OTHER_KINDS_OF_FILE = (b"PK\x03\x04", b"PAR1", b"\x1f\x8b")
_DECODED_AT_A_TIME = 1024**2
"""So few bytes that their text stays in the cache of the processor."""
_SAFE_HEADING = re.compile(r"[A-Za-zÅÄÖåäö_][A-Za-zÅÄÖåäö_ -]{0,39}")


@dataclass(frozen=True)
class TextTable:
    """The rows of a file.

    `frame`: one text column for each column of the layout that the file has (as it stands there,
    with white space around it), `line` (Int64: where the row begins; the header is line 1) and
    `wrong_field_count` (true where the row has more or fewer fields than the header; its values
    are then empty).
    `refusals` are those that the header gives; the frame then serves for its number of rows only.
    `unknown_columns` are headings that the layout does not have, or their place where the heading
    could hold something else than a heading. `reading` says how the file was read. `sheets` are
    the names of the sheets that the rows come from, where there are several; `line` then counts
    on from sheet to sheet, and `LINES_OF_A_SHEET` lines belong to each.
    """

    frame: pl.DataFrame
    refusals: tuple[Refusal, ...]
    unknown_columns: tuple[str, ...]
    reading: FileReading = field(default_factory=FileReading)
    sheets: tuple[str, ...] = ()


def read_table(content: bytes, extension: str, contract: DeliveryContract) -> TextTable:
    """The rows of a file of that extension (.csv, .csv.gz or .parquet).

    Raises FileRefusedError where the file cannot be read: empty_file, unreadable, wrong_encoding.
    """
    if not content:
        raise FileRefusedError(Refusal("empty_file"))
    if extension == ".parquet":
        return _read_parquet(content, contract)
    if extension == ".csv":
        return _read_csv(content, contract)
    if extension == ".csv.gz":
        return _read_csv(unpacked(content), contract)
    raise FileRefusedError(
        Refusal(
            "unreadable",
            instead=f"Files of the kind {extension or 'without a known extension'} are not read. "
            "Deliver CSV (csv, csv.gz), Parquet or Excel (xlsx).",
            instead_sv=f"Filer av slaget {extension or 'utan känd filändelse'} läses inte. "
            "Leverera CSV (csv, csv.gz) eller Parquet.",
        )
    )


# CSV


def _read_csv(content: bytes, contract: DeliveryContract) -> TextTable:
    has_mark = content.startswith(BYTE_ORDER_MARK)
    content = content.removeprefix(BYTE_ORDER_MARK)
    demand_text(content)
    if content.endswith((b"\n\n", b"\n\r\n")):
        # Blank last lines are common, and without them the quick way can be taken.
        content = content.rstrip(b"\r\n") + b"\n"
    header, delimiter, header_lines = found_header(content, contract)
    rows = csv_rows(content, len(header), delimiter, header_lines)
    reading = FileReading(
        encoding="utf-8-bom" if has_mark else "utf-8",
        delimiter=delimiter,
        header_line=header_lines,
    )
    return _as_table(header, rows, contract, reading)


def csv_rows(
    content: bytes,
    fields: int,
    delimiter: str,
    header_lines: int,
    leave_out: Callable[[list[str], int], bool] | None = None,
) -> pl.DataFrame:
    """All rows below the header, which takes the first lines: text columns `column_0` and on.

    `line` and `wrong_field_count` as in TextTable. `leave_out` is asked with the fields and line
    of rows that have too many or few fields, and may be of use for others. Raises FileRefusedError
    where the rows cannot be read.
    """
    rows = _quickly(content, fields, delimiter) if header_lines == 1 else None
    return _exactly(content, fields, delimiter, leave_out) if rows is None else rows


def demand_text(content: bytes) -> None:
    """Raises FileRefusedError where the content is no text in UTF-8, or nothing but blanks."""
    if content.startswith(_OTHER_KINDS_OF_FILE):
        raise FileRefusedError(Refusal("unreadable"))
    # A zero byte is valid UTF-8, but in practice it is UTF-16.
    if (place := content.find(b"\x00")) >= 0:
        raise FileRefusedError(_zero_bytes(content.count(b"\n", 0, place) + 1))
    _demand_short_lines(content)
    if not content.isascii():
        try:
            # Piece by piece, so that a large file's text never stands in memory beside its bytes.
            start = 0
            while start < len(content):
                end = start + _DECODED_AT_A_TIME
                piece = memoryview(content)[start:end]
                start += codecs.utf_8_decode(piece, "strict", end >= len(content))[1]
        except UnicodeDecodeError:
            demand_utf_8(content)
            raise FileRefusedError(Refusal("wrong_encoding")) from None
    if not content or content.isspace():
        raise FileRefusedError(Refusal("empty_file"))


def _demand_short_lines(content: bytes) -> None:
    """Raises FileRefusedError for a line that no row of persons can be: it would fill the memory
    many times over."""
    start = 0
    while len(content) - start > LONGEST_LINE:
        end = start + LONGEST_LINE
        line_end = content.rfind(b"\n", start, end)
        if line_end < 0:
            line_end = content.rfind(b"\r", start, end)
        if line_end < 0:
            raise FileRefusedError(_long_line(content.count(b"\n", 0, start) + 1))
        start = line_end + 1


def demand_few_columns(number: int) -> None:
    """Raises FileRefusedError where there are more columns than any delivery can have."""
    if number > MOST_COLUMNS:
        raise FileRefusedError(
            Refusal(
                "unreadable",
                instead=f"The file has {number} columns, and at most {MOST_COLUMNS} are read. "
                "Export only the columns of the layout.",
                instead_sv=f"Filen har {number} kolumner, och högst {MOST_COLUMNS} läses. "
                "Exportera bara layoutens kolumner.",
            )
        )


def _lines(content: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")


def found_header(content: bytes, contract: DeliveryContract) -> tuple[list[str], str, int]:
    """The headings, the delimiter, and how many lines they and blank lines before them take.

    The delimiter is the one under which more headings are columns of the layout. Raises
    FileRefusedError where there is no reading the header.
    """
    known = set(contract.column_names)
    candidates = []
    for delimiter in _DELIMITERS:
        reader = csv.reader(_lines(content), delimiter=delimiter, strict=True)
        try:
            names = [name.strip() for name in next((row for row in reader if row), [])]
        except csv.Error:
            continue
        candidates.append((len(known & set(names)), len(names), names, delimiter, reader.line_num))
    if not candidates:
        raise FileRefusedError(Refusal("unreadable"))
    _, _, names, delimiter, lines = max(candidates, key=lambda candidate: candidate[:2])
    demand_few_columns(len(names))
    return names, delimiter, lines


def column_names(number: int) -> list[str]:
    """The names of the columns of rows whose headings have not been looked at."""
    return [f"column_{place}" for place in range(number)]


def _quickly(content: bytes, fields: int, delimiter: str) -> pl.DataFrame | None:
    """All rows by Polars, or None where a row's line or its number of fields is not certain."""
    if _has_other_line_ends(content):
        return None
    first_newline = content.find(b"\n")
    if first_newline < 0:
        return None
    try:
        frame = pl.read_csv(
            content,
            has_header=False,
            skip_lines=1,
            separator=delimiter,
            # Looking out for quotes takes as long again as all the rest.
            quote_char='"' if b'"' in content else None,
            schema=dict.fromkeys(column_names(fields), pl.String),
            glob=False,
        )
    except Exception:  # Polars' texts quote cells; the exact reading decides what is wrong
        return None
    delimiters = content.count(delimiter.encode(), first_newline + 1)
    if b'"' in content:
        delimiters -= _occurrences(frame, delimiter)
    # Polars fills rows that are too short without a word, and refuses rows that are too long.
    # So no row is too short exactly when the delimiters are as many as they should be.
    # As many rows as lines means that no value holds a line break.
    if frame.height != _lines_of_rows(content) or delimiters != frame.height * (fields - 1):
        return None
    line = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True).alias(LINE)
    return frame.with_columns(line, pl.lit(False).alias(WRONG_FIELD_COUNT))


def _has_other_line_ends(content: bytes) -> bool:
    """Whether a carriage return stands alone."""
    return b"\r" in content and content.count(b"\r") != content.count(b"\r\n")


def _lines_of_rows(content: bytes) -> int:
    """The lines below the first."""
    return content.count(b"\n") - 1 + (not content.endswith(b"\n"))


def _occurrences(frame: pl.DataFrame, text: str) -> int:
    counts = frame.select(pl.all().str.count_matches(text, literal=True).sum()).row(0)
    return sum(counts)


def _exactly(
    content: bytes,
    fields: int,
    delimiter: str,
    leave_out: Callable[[list[str], int], bool] | None,
) -> pl.DataFrame:
    """All rows by Python's csv module: blank lines skipped, line breaks in values understood."""
    reader = csv.reader(_lines(content), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    wrong: list[bool] = []
    header_seen = False
    line = 1
    last = fields
    try:
        for row in reader:
            if row and not header_seen:
                header_seen = True
            elif row:
                if leave_out is not None and leave_out(row, line):
                    line = reader.line_num + 1
                    continue
                last = len(row)
                wrong.append(last != fields)
                rows.append(row if last == fields else [""] * fields)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error:
        raise FileRefusedError(_open_quote(line)) from None
    if last < fields and not content.endswith((b"\n", b"\r")):
        raise FileRefusedError(
            Refusal("unreadable", "Its last line breaks off.", detail_sv="Dess sista rad bryts av.")
        )
    columns = zip(*rows, strict=True) if rows else [()] * fields
    frame = pl.DataFrame(
        [
            pl.Series(name, column, dtype=pl.String)
            for name, column in zip(column_names(fields), columns, strict=True)
        ]
    )
    return frame.with_columns(
        pl.Series(LINE, lines, dtype=pl.Int64),
        pl.Series(WRONG_FIELD_COUNT, wrong, dtype=pl.Boolean),
    )


# Parquet


def _read_parquet(content: bytes, contract: DeliveryContract) -> TextTable:
    header, frame = parquet_rows(content)
    reading = FileReading(format="parquet")
    return _as_table(header, frame, contract, reading)


def parquet_rows(content: bytes) -> tuple[list[str], pl.DataFrame]:
    """Headings and rows as text. A row's line is its number plus 1, as if the header were line 1.

    Raises FileRefusedError where the file cannot be read.
    """
    if not ends_no_process(content, LARGEST_TABLE):
        raise FileRefusedError(Refusal("unreadable"))
    try:
        _demand_bounds(content)
        delivered = pl.read_parquet(io.BytesIO(content))
        header = [name.strip() for name in delivered.columns]
        delivered.columns = column_names(len(header))
        frame = delivered.select(_as_layout_text(series) for series in delivered.get_columns())
    except DuplicateError:
        raise FileRefusedError(Refusal("duplicate_header")) from None
    except FileRefusedError:
        raise
    except (
        Exception,
        PanicException,
    ):  # the reader raises many kinds, and their texts can quote values
        raise FileRefusedError(Refusal("unreadable")) from None
    frame = frame.with_columns(
        pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True).alias(LINE),
        pl.lit(False).alias(WRONG_FIELD_COUNT),
    )
    return header, frame


def _demand_bounds(content: bytes) -> None:
    """Raises FileRefusedError where the file says that it holds more than is read."""
    columns = len(pl.read_parquet_schema(io.BytesIO(content)))
    demand_few_columns(columns)
    rows = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
    if rows * columns > LARGEST_TABLE:
        raise FileRefusedError(
            Refusal(
                "unreadable",
                instead=f"The file holds {rows} rows, far more than a list of persons can. Export "
                "it again.",
                instead_sv=f"Filen har {rows} rader, långt fler än en lista över personer kan ha. "
                "Exportera den på nytt.",
            )
        )


def _as_layout_text(series: pl.Series) -> pl.Expr:
    """A column's values as the layout writes them; kinds that it cannot write become empty text.

    Whole numbers that stand as decimal numbers (34.0) are written without decimals; times
    without seconds; a moment at midnight as its date, as some systems have no type for dates.
    """
    column = pl.col(series.name)
    kind = series.dtype
    if kind == pl.String:
        return column
    if kind.is_float():
        whole = column.cast(pl.Int64, strict=False)
        return (
            pl.when(column == whole).then(whole.cast(pl.String)).otherwise(column.cast(pl.String))
        ).alias(series.name)
    if kind == pl.Time:
        return column.dt.to_string("%H:%M")
    if isinstance(kind, pl.Datetime):
        return (
            pl.when(column.dt.time() == pl.time(0))
            .then(column.dt.to_string("%Y-%m-%d"))
            .otherwise(column.dt.to_string("%Y-%m-%dT%H:%M:%S"))
            .alias(series.name)
        )
    if kind.is_nested() or kind in (pl.Binary, pl.Object):
        return pl.lit("").alias(series.name).cast(pl.String)
    return column.cast(pl.String)


# Both


def _as_table(
    header: list[str],
    rows: pl.DataFrame,
    contract: DeliveryContract,
    reading: FileReading,
) -> TextTable:
    """The columns of the layout."""
    refusals = _header_refusals(header, contract)
    if not rows.height:
        refusals.append(Refusal("empty_file"))
    known = [column for column in contract.column_names if column in header]
    unknown = [
        shown_heading(name, place)
        for place, name in enumerate(header, start=1)
        if name not in known
    ]
    frame = rows
    if not refusals:
        places = {f"column_{header.index(name)}": name for name in known}
        frame = rows.select(*places, LINE, WRONG_FIELD_COUNT).rename(places)
    reading = replace(reading, columns={name: name for name in known})
    return TextTable(frame, tuple(refusals), tuple(unknown), reading)


def _zero_bytes(line: int) -> Refusal:
    return Refusal(
        "wrong_encoding",
        f"It holds zero bytes, first in line {line}: it is UTF-16, or damaged in transfer.",
        detail_sv=f"Den innehåller nollbyte, först på rad {line}: den är UTF-16, eller skadad vid "
        "överföringen.",
    )


def _long_line(line: int) -> Refusal:
    return Refusal(
        "unreadable",
        instead=f"Line {line} is longer than {LONGEST_LINE} bytes, as where the line ends are "
        "missing. Export the file again.",
        instead_sv=f"Rad {line} är längre än {LONGEST_LINE} byte, som när radbrytningarna saknas. "
        "Exportera filen på nytt.",
    )


def _open_quote(line: int) -> Refusal:
    return Refusal(
        "unreadable",
        instead=f"The row that begins in line {line} cannot be taken apart: a quotation mark is "
        "never closed, or stands within a value. Double the quotation marks within values.",
        instead_sv=f"Raden som börjar på rad {line} går inte att dela upp: ett citattecken stängs "
        "aldrig, eller står inne i ett värde. Dubblera citattecken inne i värden.",
    )


def shown_heading(name: str, place: int) -> str:
    """A heading as it may be shown: its place where it could hold something else, as it does where
    the header is missing."""
    return name if _SAFE_HEADING.fullmatch(name) else f"number {place}"


_ONE_HEADING = " The first line has neither a comma nor a semicolon between headings."
_ONE_HEADING_SV = " På första raden står varken komma eller semikolon mellan rubrikerna."


def _header_refusals(header: list[str], contract: DeliveryContract) -> list[Refusal]:
    """What is wrong with the header. Only names of the layout are repeated: where the header is
    missing, the first line is a row with a person in it."""
    refusals = []
    missing = [name for name in contract.required_columns if name not in header]
    if missing:
        names = ", ".join(missing)
        refusals.append(
            Refusal(
                "missing_column",
                f"Missing: {names}.{_ONE_HEADING if len(header) == 1 else ''}",
                detail_sv=f"Saknas: {names}.{_ONE_HEADING_SV if len(header) == 1 else ''}",
            )
        )
    twice = [name for name in contract.column_names if header.count(name) > 1]
    named = [name for name in header if name]
    if len(set(named)) < len(named):
        names = ", ".join(twice)
        refusals.append(
            Refusal(
                "duplicate_header",
                f"Twice: {names}." if twice else "",
                detail_sv=f"Dubbelt: {names}." if twice else "",
            )
        )
    return refusals
