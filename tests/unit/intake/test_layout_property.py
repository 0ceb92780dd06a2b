"""Any rows, written in any layout and read by the matching profile, are the standard table."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from layouts import layout, workbook
from polars.testing import assert_frame_equal

from pipelines.intake.distinct_texts import trimmed
from pipelines.intake.landing import LandingFile
from pipelines.intake.layout import read_by_layout
from pipelines.intake.text_table import TextTable, read_table
from schemas.deliveries import delivery

CONTRACT = delivery("physicians")
HEADINGS = {
    "physician_id": "Läkare",
    "unit_id": "Vårdcentral / enhet",
    "fte": "Tjänstgöringsgrad",
    "valid_from": "Från och med",
    "employment": "Anställning",
}
EMPLOYMENT = {"tillsvidare": "Tillsvidareanställd", "hyr": "Hyrläkare"}
DATE_FORMATS = {"": "%Y-%m-%d", "YYYYMMDD": "%Y%m%d", "DD/MM/YYYY": "%d/%m/%Y"}
TEXT = st.text(
    st.sampled_from([*"abcåäöÅÄÖé019 ;,|'-", "\n", '"']), min_size=1, max_size=12
).filter(lambda text: not text.strip().lower().startswith("summa"))


@dataclass(frozen=True)
class Written:
    """A way of writing: what the profile says, and how the file is made."""

    format: str
    encoding: str
    delimiter: str
    date_format: str
    decimal_comma: bool
    preamble: int
    total: bool
    find: bool

    @property
    def profile(self) -> str:
        keys = [f'format = "{self.format}"']
        if self.format != "excel":
            keys.append(f'encoding = "{self.encoding}"')
        if self.format == "csv":
            keys.append(f'delimiter = "{self.delimiter}"'.replace("\t", "\\t"))
        if self.format != "json":
            keys.append(
                'header_line = "find"' if self.find else f"header_line = {self.preamble + 1}"
            )
            keys.append('skip_rows_beginning = ["Summa"]')
        if self.date_format:
            keys.append(f'date_formats = ["{self.date_format}"]')
        keys.append(f"decimal_comma = {str(self.decimal_comma).lower()}")
        keys += [f'columns.{name} = "{heading}"' for name, heading in HEADINGS.items()]
        keys += [f'codes.employment."{theirs}" = "{ours}"' for ours, theirs in EMPLOYMENT.items()]
        return "\n".join(keys)

    def content(self, rows: list[dict[str, str]]) -> bytes:
        theirs = [self._row(row) for row in rows]
        if self.format == "json":
            return json.dumps(theirs, ensure_ascii=False).encode(self._python_encoding)
        names = [*theirs[0]]
        table = [names, *([row[name] for name in names] for row in theirs)]
        above = [["Uttag"]] * self.preamble
        below = [["Summa", str(len(rows))]] if self.total else []
        if self.format == "excel":
            cells = [[value or None for value in row] for row in [*above, *table, *below]]
            return workbook({"Läkare": cells})
        target = io.StringIO(newline="")
        csv.writer(target, delimiter=self.delimiter).writerows([*above, *table, *below])
        return target.getvalue().encode(self._python_encoding)

    @property
    def _python_encoding(self) -> str:
        return {"utf-8-bom": "utf-8-sig", "windows-1252": "cp1252"}.get(
            self.encoding, self.encoding
        )

    def _row(self, row: dict[str, str]) -> dict[str, str]:
        day = date.fromisoformat(row["valid_from"])
        number = row["fte"].replace(".", ",") if self.decimal_comma else row["fte"]
        theirs = row | {
            "employment": EMPLOYMENT.get(row["employment"], row["employment"]),
            "valid_from": day.strftime(DATE_FORMATS[self.date_format]),
            "fte": number,
        }
        return {HEADINGS.get(name, name): value for name, value in theirs.items()}


WAYS = st.builds(
    Written,
    format=st.sampled_from(["csv", "csv", "excel", "json"]),
    encoding=st.sampled_from(["utf-8", "utf-8-bom", "latin-1", "windows-1252", "utf-16"]),
    delimiter=st.sampled_from([",", ";", "|", "\t"]),
    date_format=st.sampled_from([*DATE_FORMATS]),
    decimal_comma=st.booleans(),
    preamble=st.integers(0, 3),
    total=st.booleans(),
    find=st.booleans(),
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "physician_id": st.from_regex(r"SE[0-9]{10}-[A-Z]{1,4}", fullmatch=True),
            "unit_id": TEXT,
            "position_code": st.sampled_from(["", "201011", "x"]),
            "specialties": st.sampled_from(["", "allmanmedicin", "allmanmedicin|geriatrik"]),
            "equivalent_competence": st.sampled_from(["true", "FALSE", "ja", ""]),
            "employment": st.sampled_from(["tillsvidare", "hyr", "visstid", "annan"]),
            "fte": st.sampled_from(["1.0", "0.75", "2", "x"]),
            "valid_from": st.dates(date(1990, 1, 1), date(2025, 12, 31)).map(date.isoformat),
        }
    ),
    min_size=1,
    max_size=6,
)


def standard(rows: list[dict[str, str]]) -> TextTable:
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, [*rows[0]])
    writer.writeheader()
    writer.writerows(rows)
    return read_table(target.getvalue().encode(), ".csv", CONTRACT)


def by_profile(way: Written, rows: list[dict[str, str]]) -> TextTable:
    extension = {"excel": "xlsx"}.get(way.format, way.format)
    file = LandingFile(Path("x"), "19", "physicians", f"2025-11-30.{extension}", 0, 0, False)
    used = layout("physicians", way.profile).layout_of("19", "physicians", file.file_name)
    assert used is not None
    return read_by_layout(way.content(rows), file, CONTRACT, used)


def texts(table: TextTable, way: Written) -> Any:
    # White space around the texts of the standard layout is taken off when its rows are read.
    frame = table.frame.drop("line").with_columns(trimmed(pl.col(pl.String)))
    # A cell of Excel keeps its line breaks and blanks as one blank.
    if way.format == "excel":
        frame = frame.with_columns(frame["unit_id"].str.replace_all(r"\s+", " "))
    return frame


@settings(deadline=None, max_examples=150)
@given(rows=ROWS, way=WAYS)
def test_any_layout_gives_the_table_of_the_standard_layout(
    rows: list[dict[str, str]], way: Written
) -> None:
    taken, plain = by_profile(way, rows), standard(rows)
    assert taken.refusals == plain.refusals == ()
    assert taken.unknown_columns == ()
    assert_frame_equal(texts(taken, way), texts(plain, way), check_column_order=False)
    assert taken.frame.height == len(rows)
    if way.format != "json":
        assert taken.reading.skipped_rows == way.preamble + way.total
        if way.format == "excel":
            first = way.preamble + 2
            assert taken.frame["line"].to_list() == [*range(first, first + len(rows))]
        else:
            lines = [line + way.preamble for line in plain.frame["line"]]
            assert taken.frame["line"].to_list() == lines
