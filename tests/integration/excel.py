"""Reading a workbook the simplest way: the texts and numbers of its sheets, from its XML."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Sheet = list[list[str]]


def sheets(path: Path) -> dict[str, Sheet]:
    """Sheet name to its rows; a cell without a value is an empty text."""
    with zipfile.ZipFile(path) as packed:
        names = re.findall(r'<sheet name="([^"]+)"', packed.read("xl/workbook.xml").decode())
        shared = [
            "".join(text.itertext())
            for text in ElementTree.fromstring(packed.read("xl/sharedStrings.xml"))
        ]
        return {
            name: _rows(
                ElementTree.fromstring(packed.read(f"xl/worksheets/sheet{place}.xml")), shared
            )
            for place, name in enumerate(names, start=1)
        }


def parts(path: Path) -> bytes:
    """Everything in the workbook, unpacked."""
    with zipfile.ZipFile(path) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


def _rows(sheet: ElementTree.Element, shared: list[str]) -> Sheet:
    rows: Sheet = []
    for row in sheet.iter(f"{NAMESPACE}row"):
        rows += [[] for _ in range(int(row.get("r", "0")) - len(rows))]
        for cell in row:
            column = _place(re.sub(r"\d", "", cell.get("r", "")))
            value = cell.findtext(f"{NAMESPACE}v") or ""
            rows[-1] += [""] * (column - len(rows[-1]))
            rows[-1].append(shared[int(value)] if cell.get("t") == "s" else value)
    return rows


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
