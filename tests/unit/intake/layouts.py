"""Profiles for the tests of intake, and workbooks written cell by cell."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import xlsxwriter

from schemas.profile_toml import profile
from schemas.profiles import Profiles

Cell = str | float | bool | date | None


def profiles(text: str, region: str = "19") -> Profiles:
    """A region's profile from TOML."""
    return Profiles({region: profile(region, text)})


def layout(delivery: str, text: str = "", region: str = "19") -> Profiles:
    """A profile with one layout."""
    return profiles(f'[[layouts]]\ndelivery = "{delivery}"\n{text}', region)


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> bytes:
    """A workbook; `merged` are ranges such as "B3:C3", whose text stands in their first cell."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for cells in merged:
                sheet.merge_range(cells, "")
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, datetime):
                        sheet.write_datetime(row, column, value, moment)
                    elif isinstance(value, date):
                        sheet.write_datetime(row, column, value, day)
                    elif isinstance(value, str) and value.startswith("#"):
                        sheet.write_formula(row, column, "=NA()", None, value)
                    elif isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(row, column, value, None, 17)
                    elif value is not None:
                        sheet.write(row, column, value)
    return target.getvalue()
