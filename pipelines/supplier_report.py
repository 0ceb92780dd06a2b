"""The report on checked files that a supplier can open in Excel, in Swedish.

Rule codes, line numbers and names of the layout's columns; never a value of a file. The same files
give the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import islice

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.checking import CheckedFile
from schemas.deliveries import delivery

MOST_ROWS = 100_000
"""Lines on the sheet Rader. Excel takes a million; nobody reads them."""

GRADES = {"reject_delivery": "Avvisar filen", "reject_row": "Avvisar raden", "warn": "Varning"}
STATUSES = {"accepted": "Godkänd", "refused": "Avvisad"}

Cell = str | int | None

_SUMMARY = (
    ("Region", 8),
    ("Leverans", 18),
    ("Fil", 28),
    ("Gäller", 12),
    ("Utfall", 10),
    ("Rader", 10),
    ("Godkända", 10),
    ("Avvisade", 10),
    ("Varningar", 10),
    ("Varför avvisad", 60),
    ("Läst som", 44),
    ("Att veta", 50),
    ("Kontrollsumma (SHA-256)", 66),
)
_RULES = (
    ("Fil", 28),
    ("Regel", 30),
    ("Följd", 14),
    ("Antal", 9),
    ("Kolumner", 30),
    ("Första raderna", 30),
    ("Vad som är fel och vad som ska göras", 90),
)
_ROWS = (("Fil", 28), ("Rad", 10), ("Regel", 30), ("Följd", 14), ("Kolumner", 40))

_EXPLANATION = (
    "Rader är filens radnummer; rubriken är rad 1. Godkända + avvisade = alla rader. Inga värden "
    "ur filen visas: leta upp raden i den egna filen."
)


def supplier_report(files: Sequence[CheckedFile], made_at: datetime) -> bytes:
    """The workbook with the sheets Sammanfattning, Regler and Rader.

    `made_at` is written into the workbook as the moment that it was made.
    """
    content = BytesIO()
    with Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as workbook:
        workbook.set_properties({"title": "Kontroll av leveranser", "created": made_at})
        looks = _Looks(workbook)
        notes = [_EXPLANATION]
        if (found := sum(each.rows.height for each in files)) > MOST_ROWS:
            notes.append(
                f"Bladet Rader visar de första {MOST_ROWS} av {found}. Bladet Regler räknar alla."
            )
        _sheet(workbook, looks, "Sammanfattning", _SUMMARY, map(_summary_cells, files), notes)
        rules = (row for each in files for row in _rule_cells(each))
        _sheet(workbook, looks, "Regler", _RULES, rules)
        rows = (row for each in files for row in _row_cells(each))
        _sheet(workbook, looks, "Rader", _ROWS, islice(rows, MOST_ROWS), notes[1:])
    return content.getvalue()


class _Looks:
    """How headings and texts look."""

    def __init__(self, workbook: Workbook) -> None:
        self.heading: Format = workbook.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.text: Format = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.note: Format = workbook.add_format({"italic": True})


def _sheet(
    workbook: Workbook,
    looks: _Looks,
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Cell]],
    notes: Sequence[str] = (),
) -> None:
    sheet: Worksheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for place, (heading, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, looks.heading)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(last, place, value, looks.text)
            elif value:
                sheet.write_string(last, place, value, looks.text)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    for place, note in enumerate(notes, start=last + 2):
        sheet.write_string(place, 0, note, looks.note)


def _summary_cells(checked: CheckedFile) -> list[Cell]:
    receipt = checked.receipt
    why = [each.sentence.swedish for each in checked.rules if each.rule.grade == "reject_delivery"]
    return [
        receipt.region_code,
        f"{delivery(receipt.delivery).title} ({receipt.delivery})",
        receipt.file_name,
        receipt.reference_date.isoformat() if receipt.reference_date else None,
        STATUSES[receipt.status],
        receipt.rows,
        receipt.accepted,
        receipt.rejected,
        checked.warnings,
        "\n".join(why),
        checked.reading.swedish if checked.reading else "Kunde inte läsas",
        "\n".join(note.swedish for note in checked.notes),
        receipt.sha256,
    ]


def _rule_cells(checked: CheckedFile) -> list[list[Cell]]:
    return [
        [
            checked.receipt.file_name,
            each.rule.code,
            GRADES[each.rule.grade],
            each.count,
            each.columns,
            ", ".join(map(str, each.lines)) + (" …" if each.count > len(each.lines) > 0 else ""),
            each.sentence.swedish,
        ]
        for each in checked.rules
    ]


def _row_cells(checked: CheckedFile) -> Iterator[list[Cell]]:
    grades = {each.rule.code: GRADES[each.rule.grade] for each in checked.rules}
    for line, code, columns in checked.rows.select("line", "rule", "columns").iter_rows():
        yield [checked.receipt.file_name, line, code, grades[code], columns]
