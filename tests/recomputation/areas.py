"""The map: 21 regions, 290 municipalities, and the columns that say where a row belongs."""

import csv
from datetime import date
from pathlib import Path

from .figures import Row

NATION = "00"


def _read() -> tuple[dict[str, str], dict[str, str]]:
    regions: dict[str, str] = {}
    municipalities: dict[str, str] = {}
    path = Path(__file__).parent / "municipalities.csv"
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            municipalities[row["kommun_kod"]] = row["kommun"]
            regions[row["lan_kod"]] = row["lan"]
    return dict(sorted(regions.items())), dict(sorted(municipalities.items()))


REGIONS, MUNICIPALITIES = _read()


def place(month: str, day: date | None, level: str, code: str, name: str | None = None) -> Row:
    """The first five columns of most tables."""
    names = {"nation": {NATION: "Riket"}, "region": REGIONS, "municipality": MUNICIPALITIES}
    if level != "unit":
        name = names[level].get(code)
    return {"month": month, "reference_date": day, "level": level,
            "area_code": code, "area_name": name}  # fmt: skip
