"""Workbooks read back: a sheet's headings and rows."""

from pathlib import Path

from python_calamine import CalamineWorkbook

CODES = ("Kod\n", "Enhet (HSA-id)\n")


def sheet(path: Path, name: str) -> list[list[object]]:
    """The rows below the headings, as Excel would show their values."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)
    heading = next(
        n for n, row in enumerate(rows) if any(str(cell).startswith(CODES) for cell in row)
    )
    return rows[heading + 1 :]


def texts(path: Path, name: str) -> str:
    """All that is written in a sheet."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)
    return "\n".join(" ".join(str(cell) for cell in row if cell != "") for row in rows)
