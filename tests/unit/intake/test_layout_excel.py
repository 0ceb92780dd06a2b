"""Excel lists as a municipality keeps them: title rows, merged headings, dates and numbers."""

import io
import zipfile
from datetime import date, datetime

import pytest
from intake_rows import Deliver, another, good
from layouts import Cell, layout, workbook
from polars.testing import assert_frame_equal

from pipelines.intake import workbook as reader
from pipelines.intake.take_in import Intake

PROFILE = """
format = "excel"
header_line = "find"
header_lines = 2
date_formats = ["YYYYMMDD", "excel"]
skip_rows_beginning = ["Antal", "Obs"]
restore_zeros = true
ten_digit_ages = [18, 117]
ignored = ["Namn"]
columns.person_id = "Personnummer"
columns.valid_from = "Inskriven från"
columns.valid_to = "Inskriven till"
columns.main_care_at_setting = "Huvudsaklig vård"
constants = { setting = "sabo", municipality = "{suffix}" }
[layouts.codes.main_care_at_setting]
X = "true"
"" = "false"
"""
HEADINGS: list[list[Cell]] = [
    ["Boende på särskilt boende", None, None, None, None],
    [None] * 5,
    ["Personnummer", "Namn", "Inskriven", None, "Huvudsaklig\nvård"],
    [None, None, "från", "till", None],
]
MERGED = ("A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4")
ROWS: list[list[Cell]] = [
    [190905271474, "A", date(2024, 1, 1), None, "x"],
    ["19570428-9999", "B", "20240201", "2025-12-31", "X"],
    [None] * 5,
    [2292399, "C", 45000, None, None],
    ["Antal boende", None, 3, None, None],
    ["Obs! Uppdateras i december", None, None, None, None],
]
MEANT = [
    good("care_markings", municipality="1962"),
    good(
        "care_markings",
        person_id="195704289999",
        municipality="1962",
        valid_from="2024-02-01",
        valid_to="2025-12-31",
    ),
    good(
        "care_markings",
        person_id="200002292399",
        municipality="1962",
        valid_from="2023-03-15",
        main_care_at_setting="false",
    ),
]
NAME = "2025-11-30_1962"


def delivered(deliver: Deliver, content: bytes, text: str = PROFILE) -> Intake:
    profiles = layout("care_markings", text)
    return deliver("care_markings", content, name=NAME, extension="xlsx", profiles=profiles)


def message(taken: Intake) -> str:
    assert taken.receipt.status == "refused"
    return taken.receipt.message or ""


def test_a_list_as_a_municipality_keeps_it(deliver: Deliver) -> None:
    taken = delivered(deliver, workbook({"Säbo": HEADINGS + ROWS, "Blad2": []}, MERGED))
    plain = deliver("care_markings", MEANT, name=NAME)

    assert taken.receipt.rules == {}
    assert (taken.receipt.rows, taken.receipt.accepted) == (3, 3)
    assert taken.accepted is not None
    assert plain.accepted is not None
    # The lines are those of the delivered file, each its own.
    assert_frame_equal(taken.accepted.drop("line"), plain.accepted.drop("line"))
    assert taken.reading is not None
    assert taken.reading.lines == [
        "Layout 1 of the profile, excel, sheets Säbo, headings on line 3, 4 columns.",
        "Columns: person_id ← Personnummer; main_care_at_setting ← Huvudsaklig vård; valid_from ← "
        "Inskriven från; valid_to ← Inskriven till.",
        "Constant: setting = sabo; municipality = 1962.",
        "Values rewritten: person_id 1; main_care_at_setting 3; valid_from 2.",
        "Not read, as the profile says: Namn.",
        "Skipped, as they are no data: 1 above the headings (line 1); 1 without any value (line "
        "7); 2 begins as the profile says (line 9, 10).",
    ]


def test_the_line_of_a_bad_row_is_the_row_of_the_sheet(deliver: Deliver) -> None:
    bad: list[list[Cell]] = [[190905271475, None, "x", None, None]]
    taken = delivered(deliver, workbook({"Säbo": HEADINGS + ROWS[:3] + bad + ROWS[3:]}, MERGED))
    assert taken.rejected.select("sheet", "line", "rule").rows() == [
        (None, 8, "bad_date"),
        (None, 8, "bad_identifier"),
    ]


def test_sheets_as_parts_of_one_file(deliver: Deliver) -> None:
    text = PROFILE.replace('setting = "sabo"', 'setting = "{sheet}"') + (
        '[layouts.codes.setting]\n"Säbo" = "sabo"\n"Hemsjukvård" = "hemsjukvard"\n'
    )
    text = text.replace("ignored", 'sheets = ["Säbo", "Hemsjukvård"]\nignored')
    bad: list[list[Cell]] = [["x", None, 45000, None, "x"]]
    sheets = {"Säbo": HEADINGS + ROWS, "Hemsjukvård": HEADINGS + ROWS[:1] + bad, "Not": [["x"]]}
    taken = delivered(deliver, workbook(sheets, MERGED), text)

    assert (taken.receipt.rows, taken.receipt.accepted) == (5, 4)
    assert taken.accepted is not None
    assert sorted(taken.accepted["setting"]) == ["hemsjukvard", "sabo", "sabo", "sabo"]
    assert taken.rejected.select("sheet", "line", "rule").rows() == [
        ("Hemsjukvård", 6, "bad_identifier")
    ]
    assert taken.reading is not None
    assert taken.reading.sheets == ("Säbo", "Hemsjukvård")
    assert taken.reading.not_read == ("Namn", "sheet Not")
    assert "sheet Säbo, line 9, 10" in (taken.receipt.message or "")


def test_several_sheets_are_not_guessed_between(deliver: Deliver) -> None:
    taken = delivered(deliver, workbook({"A": HEADINGS + ROWS, "B": [["x"]]}))
    assert "has 2 sheets with content, and the region's profile does not say" in message(taken)


def test_hidden_sheets_are_not_chosen(deliver: Deliver) -> None:
    content = workbook({"Säbo": HEADINGS + ROWS, "B": [["x"]]}, MERGED, hidden=["B"])
    assert delivered(deliver, content).receipt.accepted == 3


def test_a_missing_sheet_is_named(deliver: Deliver) -> None:
    text = PROFILE.replace("ignored", 'sheets = ["Korttid"]\nignored')
    taken = delivered(deliver, workbook({"Säbo": HEADINGS + ROWS}), text)
    assert "The workbook has no sheet Korttid, which the region's profile names." in message(taken)


def test_cells_of_every_kind(deliver: Deliver) -> None:
    rows: list[list[Cell]] = [
        ["  SE1-A ", "Å\nB", 114, "region", datetime(2020, 5, 1, 13, 45), None],
        ["SE1-B", "=B1", "0114", "region", date(2020, 5, 1), "#N/A"],
        ["SE1-C", True, 1980.0, "region", date(2020, 5, 1), date(2021, 1, 1)],
        ["SE1-D", 0.5, 1980, "region", "#REF!", None],
    ]
    content = workbook({"Enheter": [[*good("units")], *rows]})
    profiles = layout("units", 'format = "excel"\nrestore_zeros = true')
    taken = deliver("units", content, extension="xlsx", profiles=profiles)
    assert taken.accepted is not None
    assert taken.accepted.select("unit_id", "unit_name", "municipality").rows() == [
        ("SE1-A", "Å B", "0114"),
        ("SE1-C", "true", "1980"),
    ]
    # An error is no missing value, and a formula counts with its saved value.
    assert taken.rejected.select("line", "rule").rows() == [(3, "bad_date"), (5, "bad_date")]


def test_times_of_day(deliver: Deliver) -> None:
    row: dict[str, Cell] = {**good("care_contacts"), "contact_date": datetime(2025, 11, 5, 8, 30)}
    row["contact_time"] = datetime(2025, 11, 5, 8, 30)
    content = workbook({"A": [[*row], [*row.values()]]})
    profiles = layout("care_contacts", 'format = "excel"')
    taken = deliver("care_contacts", content, extension="xlsx", profiles=profiles)
    plain = deliver("care_contacts", [good("care_contacts")])
    assert taken.accepted is not None
    assert plain.accepted is not None
    assert_frame_equal(taken.accepted, plain.accepted)


@pytest.mark.parametrize(
    ("sheets", "rule"),
    [
        ({"A": []}, "empty_file"),
        ({"A": HEADINGS}, "empty_file"),
        ({"A": HEADINGS[:2] + ROWS}, "missing_column"),
        ({"A": [*HEADINGS[:2], ["Personnummer"] * 5, *HEADINGS[3:], *ROWS]}, "missing_column"),
    ],
)
def test_sheets_without_rows_or_headings(
    deliver: Deliver, sheets: dict[str, list[list[Cell]]], rule: str
) -> None:
    merged = MERGED if sheets["A"] == HEADINGS else ()
    assert rule in delivered(deliver, workbook(sheets, merged)).receipt.rules


def test_repeated_headings_are_refused(deliver: Deliver) -> None:
    text = PROFILE.replace("header_lines = 2", "").replace("Inskriven från", "Från")
    headings: list[Cell] = ["Personnummer", "Personnummer", "Från", "Huvudsaklig vård"]
    taken = delivered(deliver, workbook({"A": [headings, ["1", "2", "3", "4"]]}), text)
    assert "Twice: person_id (in the profile: Personnummer)." in message(taken)


@pytest.mark.parametrize("delivery", ["units", "listings", "physicians", "care_contacts"])
def test_excel_without_a_profile_is_read_in_the_standard_layout(
    deliver: Deliver, delivery: str
) -> None:
    rows = [good(delivery), another(delivery)]
    cells = [[*rows[0]], *([*row.values()] for row in rows)]
    taken = deliver(delivery, workbook({"Blad1": cells, "Blad2": []}), extension="xlsx")
    assert taken.receipt.rules == {}
    assert taken.accepted is not None
    plain = deliver(delivery, rows).accepted
    assert plain is not None
    assert_frame_equal(taken.accepted, plain)
    assert taken.reading is not None
    assert taken.reading.lines[0].startswith("Standard layout, excel, sheets number 1, headings on")


def test_excel_in_the_standard_layout_with_cells_that_are_no_texts(deliver: Deliver) -> None:
    row = good("physicians") | {"fte": 0.75, "valid_from": date(2015, 1, 1)}
    row |= {"equivalent_competence": False, "position_code": 201011, "valid_to": None}
    content = workbook({"A": [[*row], [*row.values()], [*row.values()]]})
    taken = deliver("physicians", content, extension="xlsx")
    assert taken.receipt.rules == {"duplicate_key": 1}
    assert taken.rejected["line"].to_list() == [3]
    plain = deliver("physicians", [good("physicians")]).accepted
    assert taken.accepted is not None
    assert plain is not None
    assert_frame_equal(taken.accepted, plain)


def test_a_workbook_in_the_standard_layout_that_lacks_a_column(deliver: Deliver) -> None:
    taken = deliver("units", workbook({"A": [["unit_id"], ["X"]]}), extension="xlsx")
    assert "Missing: unit_name, municipality, operator, valid_from." in message(taken)


# Damaged and dangerous files


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The workbook with other content in its first sheet, or further parts."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for name in source.namelist():
            is_sheet = name.endswith("sheet1.xml")
            kept.writestr(
                name, parts["sheet"] if is_sheet and "sheet" in parts else source.read(name)
            )
        if "further" in parts:
            kept.writestr("xl/further.xml", parts["further"])
    return target.getvalue()


GOOD = workbook({"Säbo": HEADINGS + ROWS}, MERGED)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and nothing that follows",
        b"Personnummer;Namn\n1;2\n",
        GOOD[:-30],
        GOOD[: len(GOOD) // 2],
        repacked(GOOD, sheet=b"<worksheet><sheetData><row"),
    ],
)
def test_damaged_workbooks_are_refused(deliver: Deliver, content: bytes) -> None:
    assert "The file cannot be read to its end" in message(delivered(deliver, content))


def test_changed_bytes_never_give_an_exception(deliver: Deliver) -> None:
    for place in range(0, len(GOOD), len(GOOD) // 60):
        changed = GOOD[:place] + bytes([GOOD[place] ^ 0xFF]) + GOOD[place + 1 :]
        assert delivered(deliver, changed).receipt.status in ("accepted", "refused")


def test_encrypted_and_old_workbooks_are_refused(deliver: Deliver) -> None:
    taken = delivered(deliver, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "protected by a password or in the old format .xls" in message(taken)


BOMB = b" " * 8_000_000


def test_bombs_are_refused(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "unpacks to far more than a list of persons can hold"
    assert said in message(delivered(deliver, repacked(GOOD, further=BOMB)))
    monkeypatch.setattr(reader, "LARGEST_RATIO", 10_000)
    assert delivered(deliver, repacked(GOOD, further=BOMB)).receipt.status == "accepted"
    monkeypatch.setattr(reader, "LARGEST_WORKBOOK", 1_000_000)
    assert said in message(delivered(deliver, repacked(GOOD, further=BOMB)))


def test_a_size_that_is_understated_does_not_help(deliver: Deliver) -> None:
    content = repacked(GOOD, further=BOMB)
    claimed = len(BOMB).to_bytes(4, "little")
    assert content.count(claimed) == 2
    understated = content.replace(claimed, (100).to_bytes(4, "little"))
    assert "cannot be read to its end" in message(delivered(deliver, understated))


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row>%s</sheetData>%s</worksheet>'
)


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c r = 'xfd1048576'><v>1</v></c></row>",
        b'<row r="1048576">' + b"<c><v>1</v></c>" * 1_000 + b"</row>",
        b'<row r="1000000"><c r="ZZ1000000"><v>1</v></c></row>',
        # Behind Excel's last column and row, which the reader does not mind
        b'<row r="2"><c r="bQqOB2"><v>1</v></c></row>',
        b'<row r="2"><c r="AAAAAAAAAA2"><v>1</v></c></row>',
        b'<row r="99999999"><c r="A00099999999"><v>1</v></c></row>',
        b'<row r="4294967295"><c><v>1</v></c></row>',
    ],
)
def test_a_cell_far_out_is_refused(deliver: Deliver, row: bytes) -> None:
    taken = delivered(deliver, repacked(GOOD, sheet=SHEET % (row, b"")))
    assert "unpacks to far more" in message(taken)


def test_large_merged_ranges_cost_nothing(deliver: Deliver) -> None:
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    text = PROFILE.replace('header_line = "find"\n', "")
    taken = delivered(deliver, repacked(GOOD, sheet=SHEET % (b"", merged)), text)
    assert taken.receipt.rules.keys() == {"missing_column", "empty_file"}


def test_pictures_are_left_out(deliver: Deliver) -> None:
    target = io.BytesIO(GOOD)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/image1.png", BOMB)
    assert delivered(deliver, target.getvalue()).receipt.status == "accepted"
