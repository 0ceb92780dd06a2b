"""A delivered file → text rows with line numbers, or the reason why it cannot be read.

Bytes and layout only; what the values mean is deliveries.py and rules.py."""

import csv
import gzip
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import polars

EXTENSIONS = (".csv.gz", ".csv", ".parquet", ".xlsx")


class UnreadableError(Exception):
    """The file cannot be read at all; the message is the rule's name."""


@dataclass
class TextTable:
    """A header and its rows, each with the line the supplier finds it on. Values are trimmed."""

    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def split_name(file_name: str) -> tuple[str, str] | None:
    """'<name>.{csv,csv.gz,parquet,xlsx}' → (name, extension); None: not a delivery."""
    for extension in EXTENSIONS:
        if file_name.endswith(extension) and len(file_name) > len(extension):
            return file_name[: -len(extension)], extension
    return None


def read_table(path: Path, extension: str) -> TextTable:
    """'Every value is read as text first, trimmed and parsed by rule.'"""
    content = path.read_bytes()
    if not content:
        raise UnreadableError("empty_file")
    if extension == ".parquet":
        table = _read_parquet(content)
    elif extension == ".xlsx":
        table = _read_xlsx(content)
    else:
        table = _read_csv(_unpacked(content) if extension == ".csv.gz" else content)
    table.header = [name.strip() for name in table.header]
    table.rows = [(line, [value.strip() for value in values]) for line, values in table.rows]
    return table


def _unpacked(content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        raise UnreadableError("unreadable_or_truncated") from None


def _read_csv(content: bytes) -> TextTable:
    """'UTF-8 (a BOM is tolerated), header row, `,` or `;`'."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("not_utf8") from None
    if not text.strip():
        raise UnreadableError("empty_file")
    first_line = text.lstrip("\r\n").splitlines()[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for values in reader:
            if values and header is None:
                header = values
            elif values:
                rows.append((line, values))
            line = reader.line_num + 1
    except csv.Error:
        raise UnreadableError("unreadable_or_truncated") from None
    return TextTable(header or [], rows)


def _read_parquet(content: bytes) -> TextTable:
    try:
        frame = polars.read_parquet(io.BytesIO(content))
    except Exception:  # the reader raises many kinds; none of their texts may leave
        raise UnreadableError("unreadable_or_truncated") from None
    rows = [(number + 2, [_as_text(value) for value in row]) for number, row in
            enumerate(frame.iter_rows())]  # fmt: skip
    return TextTable(list(frame.columns), rows)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if hasattr(value, "hour") and not isinstance(value, datetime):
        return str(value)[:5]
    return str(value)


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _read_xlsx(content: bytes) -> TextTable:
    """The first sheet; date cells as ISO dates, booleans as true/false, the rest as text."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = book.namelist()
            shared = _shared_strings(book) if "xl/sharedStrings.xml" in names else []
            dates = _date_styles(book) if "xl/styles.xml" in names else set()
            sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, zlib.error, EOFError):
        raise UnreadableError("unreadable_or_truncated") from None
    header: list[str] | None = None
    rows: list[tuple[int, list[str]]] = []
    for row in sheet.iter(f"{_MAIN}row"):
        cells = {_column(cell.get("r", "A1")): _cell_text(cell, shared, dates) for cell in row}
        values = [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]
        if not any(value.strip() for value in values):
            continue
        if header is None:
            header = values
        else:
            rows.append((int(row.get("r", "0")), values + [""] * (len(header) - len(values))))
    if header is None:
        raise UnreadableError("empty_file")
    return TextTable(header, rows)


def _shared_strings(book: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in root]


def _date_styles(book: zipfile.ZipFile) -> set[int]:
    root = ElementTree.fromstring(book.read("xl/styles.xml"))
    formats = {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in
               root.iter(f"{_MAIN}numFmt")}  # fmt: skip
    found = set()
    for place, style in enumerate(root.findall(f"{_MAIN}cellXfs/{_MAIN}xf")):
        number = int(style.get("numFmtId", "0"))
        if 14 <= number <= 22 or re.search("[yd]", formats.get(number, "").lower()):
            found.add(place)
    return found


def _column(reference: str) -> int:
    number = 0
    for letter in re.sub("[^A-Z]", "", reference):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cell_text(cell: ElementTree.Element, shared: list[str], dates: set[int]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return shared[int(value)]
    if kind == "b":
        return "true" if value == "1" else "false"
    if kind == "n" and value and int(cell.get("s", "0")) in dates:
        return (date(1899, 12, 30) + timedelta(days=int(float(value)))).isoformat()
    if kind == "n" and re.fullmatch(r"[0-9]+\.0+", value):
        return value.split(".")[0]
    return value
