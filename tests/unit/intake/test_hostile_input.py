"""Hostile and broken input: for each case a real file, and the very sentence that is said of it."""

import gzip
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from intake_rows import KEY, RECEIVED_AT, TODAY, Deliver, another, csv_text, good

from pipelines.intake import content, text_table
from pipelines.intake.landing import landing_file, landing_files
from pipelines.intake.shown_names import LONGEST_NAME, shown_name
from pipelines.intake.take_in import Intake, take_in, take_in_files
from schemas.deliveries import DELIVERIES
from schemas.profile_toml import read_profile
from schemas.profiles import Profiles
from schemas.rules import rule

ROWS = [good("units"), another("units")]
UNITS = csv_text(ROWS).encode()
HEADER, FIRST_ROW = csv_text(ROWS[:1]).splitlines()

DAMAGED = rule("unreadable").sentence
PROFILE = """
[[layouts]]
delivery = "units"
format = "excel"

[[layouts]]
delivery = "units"
format = "json"
"""


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    """Region 19 delivers Excel and JSON with the headings of the standard layout."""
    (tmp_path / "19.toml").write_text(PROFILE)
    return Profiles({"19": read_profile(tmp_path / "19.toml")})


def parquet(frame: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


def workbook(**cells: str) -> bytes:
    """A good row, and cells of the second row that are written otherwise, by their place."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, (name, value) in enumerate(good("units").items()):
            sheet.write_string(0, column, name)
            sheet.write_string(1, column, value)
        for place, formula in cells.items():
            sheet.write_formula(place, formula, value="Vårdcentralen Bäcken")
    return target.getvalue()


def repacked(packed: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook whose parts have been changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for name in source.namelist():
            changed.writestr(name, change(name, source.read(name)))
    return target.getvalue()


def zip_bomb() -> bytes:
    """A sheet with 300 MB of blanks."""

    def blown_up(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return part
        return part.replace(b"</sheetData>", b" " * 300 * 1024**2 + b"</sheetData>")

    return repacked(workbook(), blown_up)


def formula_without_value() -> bytes:
    """A formula as programs write it that do not calculate."""

    def without_value(name: str, part: bytes) -> bytes:
        return part.replace("<v>Vårdcentralen Bäcken</v>".encode(), b"")

    return repacked(workbook(B2="=A2"), without_value)


def many_laughs() -> bytes:
    """A workbook whose XML names a text that names a text, and so on."""
    names = ['<!ENTITY a0 "ha">']
    for number in range(1, 12):
        names.append(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">')
    doctype = f"<!DOCTYPE sst [{''.join(names)}]>".encode()

    def laughing(name: str, part: bytes) -> bytes:
        if not name.endswith("sharedStrings.xml"):
            return part
        return part.replace(b"<sst", doctype + b"<sst", 1).replace(
            "Vårdcentralen Bäcken".encode(), b"&a11;"
        )

    return repacked(workbook(), laughing)


def gzip_bomb() -> bytes:
    return gzip.compress(UNITS + b"\n" * 128 * 1024**2)


def wide(number: int) -> bytes:
    """A header of so many unknown columns."""
    more = "".join(f",c{place}" for place in range(number))
    return f"{HEADER}{more}\n{FIRST_ROW}{',' * number}\n".encode()


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "truncated gzip": (lambda: gzip.compress(UNITS)[:-12], "csv.gz", DAMAGED),
    "truncated Parquet": (lambda: parquet(pl.DataFrame(ROWS))[:-20], "parquet", DAMAGED),
    "truncated workbook": (lambda: workbook()[:-200], "xlsx", DAMAGED),
    "truncated JSON": (lambda: json.dumps(ROWS).encode()[:-20], "json", DAMAGED),
    "zip bomb": (
        zip_bomb,
        "xlsx",
        "The workbook unpacks to far more than a list of persons can hold. Remove empty rows and "
        "columns with formats, or deliver CSV.",
    ),
    "XML bomb": (many_laughs, "xlsx", DAMAGED),
    "gzip bomb": (
        gzip_bomb,
        "csv.gz",
        "The file unpacks to far more than a list of persons can hold, so it was not read. Export "
        "it again and look at it unpacked.",
    ),
    "zero bytes": (
        lambda: UNITS.replace("Bäcken".encode(), b"B\x00cken", 1),
        "csv",
        "The file is not UTF-8 text. Export it as UTF-8. It holds zero bytes, first in line 2: it "
        "is UTF-16, or damaged in transfer.",
    ),
    "a million columns": (
        lambda: wide(1_000_000),
        "csv",
        "Line 1 is longer than 1048576 bytes, as where the line ends are missing. Export the file "
        "again.",
    ),
    "many columns": (
        lambda: wide(10_000),
        "csv",
        "The file has 10006 columns, and at most 1000 are read. Export only the columns of the "
        "layout.",
    ),
    "many columns of Parquet": (
        lambda: parquet(pl.DataFrame({f"c{place}": [1] for place in range(1001)})),
        "parquet",
        "The file has 1001 columns, and at most 1000 are read. Export only the columns of the "
        "layout.",
    ),
    "many names in JSON": (
        lambda: json.dumps([{f"c{place}": "x"} for place in range(1001)]).encode(),
        "json",
        "The file has 1001 columns, and at most 1000 are read. Export only the columns of the "
        "layout.",
    ),
    "duplicate headers": (
        lambda: UNITS.replace(b"valid_to", b"unit_name", 1),
        "csv",
        "Two columns have the same name. Give each column one name. Twice: unit_name.",
    ),
    "mixed encodings": (
        lambda: UNITS + FIRST_ROW.replace("2010", "2012").encode("latin-1") + b"\n",
        "csv",
        "The file is not UTF-8 text. Export it as UTF-8. The first such line is 4.",
    ),
    "quote never closed": (
        lambda: UNITS + b'SE1-B,"Backen,1980,region,2010-01-01,\n' + UNITS * 5000,
        "csv",
        "The row that begins in line 4 cannot be taken apart: a quotation mark is never closed, or "
        "stands within a value. Double the quotation marks within values.",
    ),
    "formula without value": (
        formula_without_value,
        "xlsx",
        "The workbook has formulas without a saved value, and nothing is calculated here. Open and "
        "save it in Excel, or paste the values in their place.",
    ),
    "JSON without records": (lambda: b"[[[]]]", "json", rule("empty_file").sentence),
    "deep JSON": (lambda: b"[" + b'{"a":' * 10_000, "json", DAMAGED),
    "half a character": (lambda: b'[{"unit_id": "\\ud800"}]', "json", DAMAGED),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_why(case: str, deliver: Deliver, profiles: Profiles) -> None:
    make, extension, sentence = REFUSED[case]
    receipt = deliver("units", make(), extension=extension, profiles=profiles).receipt
    assert (receipt.status, receipt.message) == ("refused", sentence)


def test_a_line_of_a_gigabyte(deliver: Deliver) -> None:
    long_line = b"SE1-B," + b"x" * 1024**3 + b",1980,region,2010-01-01,\n"
    receipt = deliver("units", UNITS + long_line).receipt
    assert receipt.message == (
        "Line 4 is longer than 1048576 bytes, as where the line ends are missing. Export the file "
        "again."
    )


def test_a_parquet_file_that_is_mostly_a_promise(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_table, "LARGEST_TABLE", 1_000_000)
    frame = pl.select(pl.repeat("SE1", 2_000_000, dtype=pl.String).alias("unit_id"))
    packed = parquet(frame)
    assert len(packed) < 20_000
    assert deliver("units", packed, extension="parquet").receipt.message == (
        "The file holds 2000000 rows, far more than a list of persons can. Export it again."
    )


def test_a_file_that_is_too_large_is_not_opened(
    tmp_path: Path,
) -> None:
    path = tmp_path / "2025-11-30.csv"
    with path.open("wb") as file:
        file.truncate(9 * 1024**3)  # it takes no room on the disk
    receipt = taken_in(path).receipt
    assert receipt.message == (
        "The file is larger than 8 GiB, so it was not read. Deliver it in parts with different "
        "suffixes."
    )
    assert receipt.sha256 is None


def test_a_csv_that_unpacks_to_more_than_is_read(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(UNITS + b"\n" * 1024**2)
    assert deliver("units", packed, extension="csv.gz").receipt.status == "accepted"
    monkeypatch.setattr(content, "LARGEST_FILE", 1024**2)
    assert deliver("units", packed, extension="csv.gz").receipt.message == REFUSED["gzip bomb"][2]


def test_long_lines_end_with_either_line_end(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_table, "LONGEST_LINE", 100)
    for line_end in (b"\n", b"\r\n", b"\r"):
        whole = UNITS.replace(b"\n", line_end)
        assert deliver("units", whole).receipt.status == "accepted"
        broken = deliver("units", whole + b"x" * 101 + line_end).receipt
        assert "is longer than 100 bytes" in (broken.message or "")


# Values


def test_a_formula_counts_with_the_value_that_was_saved_with_it(
    deliver: Deliver, profiles: Profiles
) -> None:
    taken = deliver("units", workbook(B2="=A2"), extension="xlsx", profiles=profiles)
    assert taken.accepted is not None
    assert taken.accepted["unit_name"].to_list() == ["Vårdcentralen Bäcken"]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+46 21", "-2"])
def test_a_text_that_looks_like_a_formula_is_a_text(deliver: Deliver, name: str) -> None:
    taken = deliver("units", [good("units", unit_name=name)])
    assert taken.accepted is not None
    assert taken.accepted["unit_name"].to_list() == [name]


@pytest.mark.parametrize("bad", ["SE1\n-A", "SE1\x1b[31m", "SE1\u202eA", "S" * 101])
def test_an_hsa_id_that_cannot_be_shown_rejects_the_row(deliver: Deliver, bad: str) -> None:
    rows = [good("units"), good("units", unit_id=bad)]
    taken = deliver("units", parquet(pl.DataFrame(rows)), extension="parquet")
    assert taken.rejected.select("line", "rule", "columns").rows() == [(3, "bad_code", "unit_id")]


@pytest.mark.parametrize("code", ["00", "19", " 1980 "])
def test_a_unit_with_the_code_of_another_area_is_rejected(deliver: Deliver, code: str) -> None:
    """Tables hold both in one column: a nation without a publication is what came of it."""
    for delivery in WITH_UNITS:
        taken = deliver(delivery, [another(delivery), good(delivery, unit_id=code)])
        rules = taken.rejected.select("line", "rule", "columns").rows()
        assert rules == [(3, "bad_code", "unit_id")]
    numbered = [good("units", unit_id="1979"), good("units", unit_id="2")]
    assert deliver("units", numbered).receipt.accepted == 2


def test_control_characters_in_a_units_name_become_blanks(deliver: Deliver) -> None:
    rows = [good("units", unit_name="Vård\x00\x1b[31m\u202ecentral" + "x" * 300)]
    taken = deliver("units", parquet(pl.DataFrame(rows)), extension="parquet")
    assert taken.accepted is not None
    [name] = taken.accepted["unit_name"].to_list()
    assert name.startswith("Vård  [31m central")
    assert len(name) == 200


WITH_UNITS = ("units", "listings", "physicians", "care_contacts", "fixed_contacts")


@pytest.mark.parametrize("delivery", WITH_UNITS)
def test_a_unit_with_another_regions_number_is_warned_about(
    deliver: Deliver, delivery: str
) -> None:
    units = ("SE2321000016-0A01", " se2321000016-0a02", "SE5560000000-0A01", "SE2321000016")
    rows = [good(delivery), *(good(delivery, unit_id=unit) for unit in units)]
    taken = deliver(delivery, rows)
    assert taken.receipt.accepted == 5
    assert taken.receipt.message == "Warnings: unit_of_other_region 2."
    assert taken.warned.select("line", "rule", "columns").rows() == [
        (3, "unit_of_other_region", "unit_id"),
        (4, "unit_of_other_region", "unit_id"),
    ]
    assert rule("unit_of_other_region").sentence == (
        "The unit's HSA-id has the organisation number of another region. Check that the file is "
        "this region's."
    )


def test_the_organisation_number_is_asked_of_every_delivery_with_units() -> None:
    assert set(WITH_UNITS) == {each.name for each in DELIVERIES if "unit_id" in each.column_names}


def test_a_units_number_is_compared_with_the_region_of_its_own_file(tmp_path: Path) -> None:
    files = []
    for region in ("01", "19"):
        path = tmp_path / region / "2025-11-30.csv"
        path.parent.mkdir()
        path.write_text(csv_text([good("units"), good("units", unit_id="SE2321000016-0A01")]))
        files.append(landing_file(path, region, "units"))
    taken = take_in_files(
        files,
        key=KEY,
        today=TODAY,
        received_at=RECEIVED_AT,
        known_units={},
        previous_rows=lambda _: None,
    )
    warned = [each.warned.select("region_code", "line").rows() for each in taken]
    assert warned == [[("01", 2)], [("19", 3)]]


# Compared with other files


@pytest.mark.parametrize(("rows", "warned"), [(19, False), (20, True)])
def test_ten_times_the_rows_are_warned_about(deliver: Deliver, rows: int, warned: bool) -> None:
    many = [good("units", unit_id=f"SE1-{number}") for number in range(rows)]
    receipt = deliver("units", many, previous_rows=2).receipt
    expected = f"Warnings: more_rows 1 ({rows} rows, 2 before)."
    assert (receipt.status, receipt.message) == ("accepted", expected if warned else None)


def test_ten_times_the_contacts_are_warned_about(deliver: Deliver) -> None:
    rows = [
        good("care_contacts", contact_time=f"{hour:02}:{minute:02}")
        for hour in range(5)
        for minute in range(2)
    ]
    assert deliver("care_contacts", rows, previous_rows=1).receipt.rules == {"more_rows": 1}


def test_the_content_of_an_earlier_file_is_warned_about(deliver: Deliver) -> None:
    receipt = deliver("listings", [good("listings")], same_content_as="2025-10-31.csv").receipt
    assert receipt.status == "accepted"
    assert receipt.message == "Warnings: same_content 1 (2025-10-31.csv)."


# Names and kinds of files

BAD_NAMES = {
    "2025-11-30_a\nb.csv": "2025-11-30_a\\nb.csv",
    "2025-11-30\n.csv": "2025-11-30\\n.csv",
    "2025-11-30_\x1b[2J.csv": "2025-11-30_\\x1b[2J.csv",
    "2025-11-30_\u202egpj.csv": "2025-11-30_\\u202egpj.csv",
    os.fsdecode(b"2025-11-30_\xe5.csv"): "2025-11-30_\\udce5.csv",
    # As another is told
    "2025-11-30_\\udce5.csv": "2025-11-30_\\udce5.csv",
    "2025-11-30_(identity).csv": "2025-11-30_(identity).csv",
}


def taken_in(path: Path) -> Intake:
    return take_in(landing_file(path, "19", "units"), key=KEY, today=TODAY, received_at=RECEIVED_AT)


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_cannot_be_shown_refuses(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(UNITS)
    receipt = taken_in(tmp_path / name).receipt
    assert receipt.file_name == BAD_NAMES[name]
    assert receipt.message == (
        "The file's name holds a personal identity number, or characters that are not shown, such "
        "as line breaks, or is longer than 150 bytes. Name it by its date, with letters, digits, "
        "hyphens and underscores."
    )


def test_a_name_that_is_too_long_refuses(tmp_path: Path) -> None:
    names = [f"2025-11-30_{letter * 200}.csv" for letter in "ab"]
    shown = {shown_name(name) for name in names}
    assert len(shown) == 2
    for name in names:
        (tmp_path / name).write_bytes(UNITS)
        receipt = taken_in(tmp_path / name).receipt
        assert receipt.rules == {"name_not_usable": 1}
        assert receipt.file_name in shown
        assert receipt.file_name.endswith(".csv")
        assert len(receipt.file_name.encode()) <= LONGEST_NAME


@pytest.mark.parametrize("name", ["2025-11-30_å.csv", "2025-11-30_'; drop table x; --.csv"])
def test_an_odd_name_that_can_be_shown_is_taken_in(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(UNITS)
    receipt = taken_in(tmp_path / name).receipt
    assert (receipt.status, receipt.file_name) == ("accepted", name)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "gone"])
def test_what_has_been_put_in_the_place_of_a_file_is_not_opened(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "2025-11-30.csv"
    path.write_bytes(UNITS)
    listed = landing_file(path, "19", "units")
    path.unlink()
    if kind == "link":
        path.symlink_to("/etc/passwd")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    receipt = take_in(listed, key=KEY, today=TODAY, received_at=RECEIVED_AT).receipt
    expected = rule("link" if kind == "link" else "unreadable").sentence
    assert (receipt.message, receipt.sha256) == (expected, None)


@pytest.mark.parametrize(
    "name",
    ["2025-11-30.csv.part", "2025-11-30.csv.tmp", ".2025-11-30.csv.x7Gh", "~$2025-11-30.xlsx"],
)
def test_a_temporary_name_is_no_delivery(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "19" / "units"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(UNITS)
    assert landing_files(tmp_path) == []


def test_a_device_is_no_delivery(tmp_path: Path) -> None:
    folder = tmp_path / "19" / "units"
    folder.mkdir(parents=True)
    try:
        os.mknod(folder / "2025-11-30.csv", 0o600 | stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device")
    assert landing_files(tmp_path) == []


# Found by fuzzing

FOUND = sorted((Path(__file__).parent / "found").glob("2025-11-30_*"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_a_fuzzer_found_is_refused(path: Path, profiles: Profiles, deliver: Deliver) -> None:
    """The Parquet file ended the whole process; the others raised an error of their own."""
    extension = path.name.split(".", 1)[1]
    receipt = deliver("units", path.read_bytes(), extension=extension, profiles=profiles).receipt
    assert (receipt.status, receipt.message) == ("refused", DAMAGED)
