"""Markings that only one source has, by file and line, the whole way to the restricted folder.

Which rows they are: `tests/spec/test_marking_differences.py`.
"""

import io
import stat
from datetime import date
from pathlib import Path

import polars as pl
import xlsxwriter

from integration.landing import PERSONS, land, region, row
from integration.without_dagster import figures_without_dagster
from pipelines.parts import STEPS

DAY = "2025-11-30"
COLUMNS = ("municipality", "setting", "missing_in", "file_name", "sheet", "line")


def differences(landing: Path, out: Path) -> list[tuple]:
    """The list of region 19."""
    figures = figures_without_dagster(landing, out, "2025-11", date(2025, 12, 10))
    figures.make_parts(STEPS["marked_persons"], ["19"])
    path = out / "restricted/parts/2025-11/19/marked_persons/marking_differences.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in path.relative_to(out).parents[:-1]:
        assert stat.S_IMODE((out / folder).stat().st_mode) == 0o700
    table = pl.read_parquet(path)
    assert not {"person", "person_id"} & set(table.columns)
    assert set(table["region_code"]) <= {"19"}
    assert not any(person.encode() in path.read_bytes() for person in PERSONS.values())
    return table.select(COLUMNS).sort("file_name", "sheet", "line").rows()


def test_each_source_is_told_what_the_other_lacks(tmp_path: Path) -> None:
    landing, out = tmp_path / "landing", tmp_path / "out"
    land(
        landing,
        f"19/care_markings/{DAY}_1980",
        """
        person  setting      valid_from  valid_to
        anna    sabo         2023-01-01  -
        bo      sabo         2023-01-01  2024-01-01
        cia     sabo         2023-01-01  -
        dan     hemsjukvard  2023-01-01  -
        """,
    )
    region(landing)
    assert differences(landing, out) == [
        ("1980", "sabo", "cosmic", f"{DAY}_1980.csv", None, 4),
        ("1980", "hemsjukvard", "cosmic", f"{DAY}_1980.csv", None, 5),
    ]


def test_a_workbook_of_several_sheets_is_told_by_sheet_and_row(tmp_path: Path) -> None:
    landing, out = tmp_path / "landing", tmp_path / "out"
    (landing / "profiles").mkdir(parents=True)
    (landing / "profiles" / "19.toml").write_text(
        '[[layouts]]\ndelivery = "care_markings"\nformat = "excel"\nsheets = ["A", "B"]\n'
    )
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, persons in (("A", ["anna"]), ("B", ["bo", "cia"])):
            sheet = book.add_worksheet(name)
            for place, person in enumerate(persons, start=1):
                for column, (heading, value) in enumerate(
                    row("care_markings", person=person).items()
                ):
                    sheet.write_string(0, column, heading)
                    sheet.write_string(place, column, value)
    path = landing / f"19/care_markings/{DAY}_1980.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(target.getvalue())
    region(landing)
    assert differences(landing, out) == [
        ("1980", "sabo", "cosmic", f"{DAY}_1980.xlsx", "B", 2),
        ("1980", "sabo", "cosmic", f"{DAY}_1980.xlsx", "B", 3),
    ]
