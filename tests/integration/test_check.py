"""`flk check`: what a supplier reads before sending."""

import gzip
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from integration.excel import parts, sheets
from integration.landing import PERSONS, land
from integration.running import PROJECT, flk, flk_apart
from integration.searching import persons
from integration.without_dagster import take_in
from pipelines import supplier_report
from pipelines.checking import check_files
from pipelines.store import Store
from pipelines.supplied_files import supplied_files

TODAY = date(2025, 12, 10)
REFUSED = PROJECT / "data" / "refused"
ANNA = PERSONS["anna"]


@pytest.fixture
def faulty(landing: Path) -> Path:
    """Ten sound rows; line 12 breaks two rules, line 13 has the key of line 2, 3 and 4 warn."""
    rows = [
        "person  unit_id  physician_id  valid_from  protected_identity  residence_municipality",
        "anna    A        DR19          2020-01-01  false               1980",
        "bo      X        DR19          2020-01-01  false               1980",
        "cia     X        DR19          2020-01-01  -                   9999",
        *(
            f"dan    A        DR19          2020-01-{day:02}  false      1980"
            for day in range(1, 8)
        ),
        f"{ANNA[:-1]}9  A    DR19        2020-13-01  false               1980",
        "anna    A        DR19          2020-01-01  false               1980",
    ]
    return land(landing, "19/listings/2025-11-30", "\n".join(rows))


def test_what_is_said_of_a_file(faulty: Path, out: Path) -> None:
    """Counted by hand: 12 rows, 2 rejected; 2 unknown units, 1 missing flag, 1 residence."""
    ended = flk("check", faulty)
    assert (ended.status, ended.err) == (0, "")
    lines = [line.strip() for line in ended.out.splitlines()]
    assert lines[:3] == [
        "19/listings/2025-11-30.csv",
        "Read as: Standard layout, csv, encoding utf-8, delimiter ',', headings on line 1, "
        "11 columns.",
        "Rows: 12, accepted 10, rejected 2, warnings 4",
    ]
    assert "bad_identifier (rejects the row): 1, line 12; person_id" in lines
    assert "bad_date (rejects the row): 1, line 12; valid_from" in lines
    assert "duplicate_key (rejects the row): 1, line 13; person_id, unit_id, valid_from" in lines
    assert "unit_not_in_register (warning): 2, line 3, 4; unit_id" in lines
    assert "missing_protection (warning): 1, line 4; protected_identity" in lines
    assert lines[-1] == "Accepted."
    assert not out.exists()


def test_it_says_what_the_pipeline_says(faulty: Path, landing: Path, out: Path) -> None:
    """The receipts of all files are the same, but for when they were taken in."""
    checked = list(check_files(supplied_files([landing])[0], TODAY))
    take_in(landing, Store(out), TODAY)
    stored = {
        (each["region_code"], each["delivery"], each["file_name"]): each
        for each in Store(out).read_json_lines("receipts.jsonl")
    }
    assert len(checked) == len(stored) == 11
    for each in checked:
        receipt = each.receipt
        of_pipeline = stored[receipt.region_code, receipt.delivery, receipt.file_name]
        for name in ("sha256", "rows", "accepted", "rejected", "status", "message", "rules"):
            assert getattr(receipt, name) == of_pipeline[name]


def test_it_says_what_the_pipeline_says_of_refused_files(tmp_path: Path, out: Path) -> None:
    checked = list(check_files(supplied_files([REFUSED])[0], TODAY))
    take_in(REFUSED, Store(out), TODAY)
    stored = {
        (each["region_code"], each["delivery"], each["file_name"]): each["message"]
        for each in Store(out).read_json_lines("receipts.jsonl")
    }
    assert {
        (each.receipt.region_code, each.receipt.delivery, each.receipt.file_name): (
            each.receipt.message
        )
        for each in checked
    } == stored


def test_a_refused_file_ends_with_1(landing: Path) -> None:
    ended = flk("check", REFUSED / "13")
    assert ended.status == 1
    assert "bad_identifier (rejects the row): 10, line 16, 17, 18, 19, 20 …; person_id" in ended.out
    assert "Refused: no row of the file would count." in ended.out
    assert "Rejected: 10 of 24." in ended.out


def test_fewer_rows_than_the_previous_snapshot(landing: Path) -> None:
    """4 rows, then 2: half of them are gone. The refused one between them does not count."""
    land(landing, "19/listings/2025-12-01", "person  unit_id\nanna  A\nanna  A")
    (landing / "19/listings/2025-12-01.csv").write_text("person_id\n1\n")
    file = land(landing, "19/listings/2025-12-02", "person  unit_id\nanna  A\nbo  A")
    ended = flk("check", file)
    assert ended.status == 0
    assert "fewer_rows (warning): 1" in ended.out
    assert "The previous delivery has 4 rows." in ended.out


def test_a_file_anywhere(faulty: Path, tmp_path: Path) -> None:
    """It is told what it is, and says that nothing was compared."""
    file = tmp_path / "2025-11-30_part.csv"
    file.write_bytes(faulty.read_bytes())
    ended = flk("check", file, "--region", "19", "--delivery", "listings")
    assert ended.status == 0
    assert "19/listings/2025-11-30_part.csv" in ended.out
    assert "unit_not_in_register" not in ended.out
    assert "The file lies in no landing folder" in ended.out
    of_folder = flk("check", tmp_path, "--region", "19", "--delivery", "listings")
    assert "19/listings/2025-11-30_part.csv" in of_folder.out


def test_a_file_anywhere_says_by_its_headings_what_it_is(faulty: Path, tmp_path: Path) -> None:
    """As a supplier has it in front of him: told the region only, or nothing of the population."""
    landing = faulty.parents[2]
    of_19 = {each: landing / "19" / each for each in ("units", "care_contacts", "care_markings")}
    for name, folder in of_19.items():
        for path in folder.iterdir():
            (tmp_path / path.name).write_bytes(path.read_bytes())
            ended = flk("check", tmp_path / path.name, "--region", "19")
            assert (ended.status, ended.out.splitlines()[0]) == (0, f"19/{name}/{path.name}")
            (tmp_path / path.name).unlink()
    (tmp_path / "2024.csv").write_bytes((landing / "reference/population/2024.csv").read_bytes())
    assert flk("check", tmp_path / "2024.csv").out.startswith("00/population/2024.csv")
    (tmp_path / "list.csv").write_text("name;phone\nA;1\n")
    ended = flk("check", tmp_path / "list.csv", "--region", "19")
    assert ended.status == 2
    assert "list.csv is. Give --region and --delivery" in ended.err


def test_the_population_is_of_no_region(landing: Path, tmp_path: Path) -> None:
    file = tmp_path / "2024.csv"
    file.write_bytes((landing / "reference/population/2024.csv").read_bytes())
    ended = flk("check", file, "--delivery", "population")
    assert (ended.status, ended.out.splitlines()[0]) == (0, "00/population/2024.csv")
    assert flk("check", landing / "reference").status == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "2025-11-30.csv",
            "\n\nunit_id;municipality\nA;1980\n",
            "delimiter ';', headings on line 3, 2 columns.",
        ),
        (
            "2025-11-30.csv",
            "\ufeffunit_id,municipality\nA,1980\n",
            "delimiter ',', headings on line 1, 2 columns.",
        ),
        ("2025-11-30.csv", "", "could not be read"),
    ],
)
def test_how_a_file_is_read(name: str, content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    ended = flk("check", tmp_path / name, "--region", "19", "--delivery", "units")
    read_as = next(line for line in ended.out.splitlines() if "Read as: " in line)
    assert said in read_as


def test_how_other_kinds_of_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "2025-11-30.csv.gz").write_bytes(gzip.compress(b"unit_id,municipality\nA,1980\n"))
    pl.DataFrame({"unit_id": ["A"]}).write_parquet(tmp_path / "2025-11-29.parquet")
    ended = flk("check", tmp_path, "--region", "19", "--delivery", "units")
    assert "Read as: Standard layout, parquet, 1 columns." in ended.out
    assert "delimiter ',', headings on line 1, 2 columns." in ended.out


def test_a_link_is_refused_and_not_followed(landing: Path, tmp_path: Path) -> None:
    link = landing / "19/units/2025-11-29.csv"
    link.symlink_to(landing / "19/units/2025-11-30.csv")
    ended = flk("check", link)
    assert ended.status == 1
    assert "link (refuses the file)" in ended.out


def test_what_is_no_delivery_is_named(landing: Path) -> None:
    (landing / "19/units/lista.docx").touch()
    (landing / "19/unit").mkdir()
    ended = flk("check", landing / "19")
    assert ended.status == 0
    assert f"Not a delivery, not read: {landing}/19/unit\n" in ended.out
    assert f"Not a delivery, not read: {landing}/19/units/lista.docx\n" in ended.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "required"),
        (["nowhere.csv"], "There is no file or folder nowhere.csv."),
        (["lone.csv"], "Give --region and --delivery"),
        (["lone.csv", "--region", "19"], "Give --region and --delivery"),
        (["lone.csv", "--delivery", "units"], "Give --region and --delivery"),
        (["lone.csv", "--region", "99", "--delivery", "units"], "county codes"),
        (["lone.csv", "--region", "19", "--delivery", "unit"], "units"),
        (["lone.docx", "--region", "19", "--delivery", "units"], "not taken for a delivery"),
        (["lone.csv", "--report", "report.pdf"], ".xlsx"),
    ],
)
def test_wrong_use(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "lone.csv").touch()
    (tmp_path / "lone.docx").touch()
    ended = flk("check", *arguments)
    assert ended.status == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_a_report_that_cannot_be_written(faulty: Path, tmp_path: Path) -> None:
    ended = flk("check", faulty, "--report", tmp_path / "nowhere" / "report.xlsx")
    assert ended.status == 1
    assert "cannot be written (No such file or directory)" in ended.err


def test_it_starts_quickly_and_needs_no_dagster(landing: Path) -> None:
    """A supplier who checks a file does not wait for Dagster."""
    ended = flk_apart("check", landing / "19/units", PYTHONPROFILEIMPORTTIME="1")
    assert ended.status == 0
    assert "dagster" not in {line.rsplit("|", 1)[-1].strip() for line in ended.err.splitlines()}


# The report


def test_the_report(faulty: Path, tmp_path: Path) -> None:
    """Three sheets in Swedish; rows by line, warnings with them."""
    file = tmp_path / "rapport.xlsx"
    ended = flk("check", faulty, "--report", file)
    assert f"Report: {file}" in ended.out
    found = sheets(file)
    assert list(found) == ["Sammanfattning", "Regler", "Rader"]
    heading, summary, *notes = found["Sammanfattning"]
    assert dict(zip(heading, summary, strict=False)) == {
        "Region": "19",
        "Leverans": "Listning (listings)",
        "Fil": "2025-11-30.csv",
        "Gäller": "2025-11-30",
        "Utfall": "Godkänd",
        "Rader": "12",
        "Godkända": "10",
        "Avvisade": "2",
        "Varningar": "4",
        "Varför avvisad": "",
        "Läst som": "Standardlayout, csv, teckenkodning utf-8, skiljetecken ',', "
        "rubriker på rad 1, 11 kolumner",
        "Att veta": "",
        "Kontrollsumma (SHA-256)": summary[-1],
    }
    assert notes[-1][0].startswith("Rader är filens radnummer; rubriken är rad 1.")
    rules = {row[1]: row[2:6] for row in found["Regler"][1:]}
    assert rules["bad_identifier"] == ["Avvisar raden", "1", "person_id", "12"]
    assert rules["unit_not_in_register"] == ["Varning", "2", "unit_id", "3, 4"]
    assert [row[1:3] for row in found["Rader"][1:]] == [
        ["3", "unit_not_in_register"],
        ["4", "missing_protection"],
        ["4", "unit_not_in_register"],
        ["4", "unknown_residence_municipality"],
        ["12", "bad_date"],
        ["12", "bad_identifier"],
        ["13", "duplicate_key"],
    ]


def test_a_long_report_says_that_it_is_cut(
    faulty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supplier_report, "MOST_ROWS", 3)
    flk("check", faulty, "--report", tmp_path / "rapport.xlsx")
    found = sheets(tmp_path / "rapport.xlsx")
    note = "Bladet Rader visar de första 3 av 7. Bladet Regler räknar alla."
    assert [row[1] for row in found["Rader"][1:4]] == ["3", "4", "4"]
    assert found["Rader"][-1] == [note]
    assert found["Sammanfattning"][-1] == [note]
    assert len(found["Regler"]) == 7


def test_the_report_holds_no_value_of_a_file(faulty: Path, landing: Path, tmp_path: Path) -> None:
    """Neither an identity nor a list name, also not in a header that is a row; no formula."""
    headless = landing / "04/listings/2025-11-28.csv"
    headless.write_text("\n".join(headless.read_text().splitlines()[1:]), "utf-8")
    land(landing, "04/units/2025-11-29", "unit_id  unit_name\n=1+1  =cmd\nB  B").rename(
        landing / "04/units/=1+1.csv"
    )
    ended = flk("check", landing, "--report", tmp_path / "rapport.xlsx")
    assert ended.status == 1
    content = parts(tmp_path / "rapport.xlsx")
    forbidden = persons(landing)
    assert ANNA[-10:] in forbidden.ten_digits
    for said in (content, ended.out.encode(), ended.err.encode()):
        assert forbidden.found_in(said) == set()
    assert b"<f>" not in content
    assert b"=1+1.csv" in content


def test_the_same_files_give_the_same_report(faulty: Path, tmp_path: Path) -> None:
    made = [
        supplier_report.supplier_report(
            list(check_files(supplied_files([faulty])[0], TODAY)), datetime(2025, 12, 10, 4, 15)
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
