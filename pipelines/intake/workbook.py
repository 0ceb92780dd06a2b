"""The sheets of an Excel workbook as rows of text. Nothing is calculated and no link is followed.

A formula counts with the value that was saved with it. What the rows mean stands in `layout.py`.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipelines.intake.refusal import FileRefusedError, Refusal

LARGEST_WORKBOOK = 256 * 1024**2
"""Bytes that a workbook may unpack to. Guards the memory."""

LARGEST_RATIO = 200
"""How many times its size a workbook may unpack to; a list of persons is about ten times."""

SMALL_WORKBOOK = 4 * 1024**2
"""Up to so many unpacked bytes the ratio does not matter."""

MOST_PARTS = 1_000
"""Files that a workbook may be packed of."""

LARGEST_SHEET = 10_000_000
"""Cells from the first to the last of a sheet, empty ones too: they all stand in memory."""

MOST_COLUMNS = 16_384
"""Excel's own; the reader takes more, and a table of a million columns takes gigabytes."""

_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\b[^<>]*?\bt\s*=\s*)(?:"e"|'e')""")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)0*([0-9]*)["']""")
"""Of any length: the reader takes columns and rows behind Excel's last."""
_LONGEST = 8
"""Letters or digits of a reference that are looked at: more than so many are out of bounds."""
_FORMULA_WITHOUT_VALUE = re.compile(
    rb"<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f\s*>)\s*</(?:\w+:)?c\s*>"
)
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_MIDNIGHT = time(0)


@dataclass(frozen=True)
class Sheet:
    """A sheet: the text of every cell from A1 on, and its merged ranges.

    A merged range is (first row, first column), (last row, last column), counted from 0; its
    text stands in its first cell only.
    """

    name: str
    rows: list[list[str]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]


def read_sheets(content: bytes, wanted: Sequence[str]) -> tuple[list[Sheet], dict[int, str]]:
    """The sheets of those names in that order; without names the only one that has content.

    Beside them place and name of the visible sheets that were left out.

    Raises FileRefusedError where the workbook is encrypted, damaged or far too large, a sheet is
    missing, or there are several to choose from.
    """
    packed = _within_bounds(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(packed))
        visible = [
            each.name
            for each in book.sheets_metadata
            if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
        ]
        missing = [name for name in wanted if name not in book.sheet_names]
        if missing:
            raise _refused(
                f"The workbook has no sheet {', '.join(missing)}, which the region's profile "
                "names. Deliver it with that sheet, or correct the profile."
            )
        sheets = [_sheet(book, name) for name in wanted or visible]
    except (CalamineError, OSError, ValueError):
        raise FileRefusedError(Refusal("unreadable")) from None
    if wanted:
        left_out = {
            place: name for place, name in enumerate(visible, start=1) if name not in wanted
        }
        return sheets, left_out
    filled = [each for each in sheets if each.rows]
    if len(filled) > 1:
        raise _refused(
            f"The workbook has {len(filled)} sheets with content, and the region's profile does "
            "not say which are the delivery. Name them in its key sheets, or deliver one sheet."
        )
    if not filled:
        raise FileRefusedError(Refusal("empty_file"))
    return filled, {}


def _sheet(book: CalamineWorkbook, name: str) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    rows = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    while rows and not any(rows[-1]):
        rows.pop()
    return Sheet(name, rows, tuple(sheet.merged_cell_ranges or ()))


def _text(value: object) -> str:
    """A cell as the standard layout writes it; white space around and within is made one blank."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        at_midnight = value.time() == _MIDNIGHT
        return value.date().isoformat() if at_midnight else f"{value:%Y-%m-%dT%H:%M:%S}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = value // timedelta(minutes=1)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(value)


def _within_bounds(content: bytes) -> bytes:
    """The workbook packed anew from parts that were unpacked within the bounds.

    So its reader meets no other sizes than those that were looked at here. Pictures stay out, and
    cells with an error become text: an error is no missing value.
    """
    if content.startswith(_OLD_OR_ENCRYPTED):
        raise _refused(
            "The workbook is protected by a password or in the old format .xls. Save it as .xlsx "
            "without a password."
        )
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            parts = [each for each in source.infolist() if _is_needed(each.filename)]
            size = sum(each.file_size for each in parts)
            ratio_is_large = size > SMALL_WORKBOOK and size > LARGEST_RATIO * len(content)
            if len({each.filename for each in parts}) < len(parts):
                raise FileRefusedError(Refusal("unreadable"))
            if len(parts) > MOST_PARTS or size > LARGEST_WORKBOOK or ratio_is_large:
                raise _too_large()
            with zipfile.ZipFile(target, "w") as kept:
                for part in parts:
                    with source.open(part) as packed:
                        # Without the number it would unpack more than the size it claims to have.
                        unpacked = packed.read(part.file_size)
                    kept.writestr(part.filename, _checked(part.filename, unpacked))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        raise FileRefusedError(Refusal("unreadable")) from None
    return target.getvalue()


def _is_needed(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and "/media/" not in name


def _checked(name: str, content: bytes) -> bytes:
    """A part of the workbook; a sheet whose cells reach too far is refused."""
    if "worksheets/" not in name or not name.endswith(".xml"):
        return content
    references = set(_REFERENCE.findall(content))
    # Cells and rows may also stand without their places, one after the other.
    cells = [len(_CELL.findall(row)) for row in _ROW.split(content)]
    rows = max([len(cells), *(int(row[:_LONGEST] or b"0") for _, row in references)])
    columns = max([*cells, *(_column(letters[:_LONGEST]) for letters, _ in references)])
    if columns > MOST_COLUMNS or rows * columns > LARGEST_SHEET:
        raise _too_large()
    if _FORMULA_WITHOUT_VALUE.search(content):
        raise _refused(
            "The workbook has formulas without a saved value, and nothing is calculated here. Open "
            "and save it in Excel, or paste the values in their place.",
            "Arbetsboken har formler utan sparat värde, och inget räknas ut här. Öppna och spara "
            "den i Excel, eller klistra in värdena i deras ställe.",
        )
    return _ERROR_CELL.sub(rb'\1"str"', content)


def _column(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _refused(sentence: str, swedish: str = "") -> FileRefusedError:
    return FileRefusedError(Refusal("unreadable", instead=sentence, instead_sv=swedish))


def _too_large() -> FileRefusedError:
    return _refused(
        "The workbook unpacks to far more than a list of persons can hold. Remove empty rows and "
        "columns with formats, or deliver CSV."
    )
