"""The oracle's reading of files and its arithmetic; the pipeline is not tested here."""

import gzip
import zipfile
from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars
import pytest

from . import recompute
from .continuity import coc, hhi, index_values, k_index, mmci, secon, upc
from .figures import (
    Row,
    Spread,
    months_before,
    months_touched,
    share_values,
    spread_of,
)
from .identifiers import age_group, age_on, read_hsa_id, read_person_id
from .reading import UnreadableError, read_table
from .small_landing import (
    ANNA,
    BO,
    CIA,
    DOCTOR,
    LISTINGS_HEADER,
    MONTH,
    TODAY,
    UNIT,
    UNITS,
    fraction,
    land,
    listing,
    number,
    only,
    region_19,
)

# identities


@pytest.mark.parametrize(
    ("text", "kind", "sex"),
    [
        ("20000229-2399", "personnummer", "men"),
        ("195704289999", "personnummer", "men"),
        ("19090527+1474", "personnummer", "men"),
        ("19730288-9931", "samordningsnummer", "men"),
        ("20210791-9967", "samordningsnummer", "women"),
        ("20000101t220", "reserve", "women"),
        ("2000010ATA20", "reserve", None),
    ],
)
def test_identities(text: str, kind: str, sex: str | None) -> None:
    person = read_person_id(text)
    assert person is not None
    assert (person.kind, person.sex) == (kind, sex)


@pytest.mark.parametrize(
    "text", ["19700428-9895", "19600430-9886", "20230229-1231", "0002292399", "2000-02292399", ""]
)
def test_no_identities(text: str) -> None:
    assert read_person_id(text) is None


def test_hsa_id() -> None:
    assert read_hsa_id(" se5560001640-ab1 ") == "SE5560001640-AB1"
    assert read_hsa_id("SE5560001640-" + "A" * 18) is not None  # 31 characters
    assert read_hsa_id("SE5560001640-" + "A" * 19) is None
    assert read_hsa_id("SE232100016-A") is None


def test_leap_day_birthday_is_on_1_march_in_common_years() -> None:
    born = date(2004, 2, 29)
    assert [age_on(born, date(2023, 2, 28)), age_on(born, date(2023, 3, 1))] == [18, 19]
    assert [age_on(born, date(2024, 2, 28)), age_on(born, date(2024, 2, 29))] == [19, 20]


def test_age_groups() -> None:
    ages = (0, 18, 19, 44, 45, 64, 65, 74, 75, 84, 85, 110)
    assert [age_group(age) for age in ages] == [
        "0-18", "0-18", "19-44", "19-44", "45-64", "45-64", "65-74", "65-74", "75-84", "75-84",
        "85+", "85+",
    ]  # fmt: skip


# arithmetic


def test_window() -> None:
    assert months_before(date(2024, 8, 31), 18) == date(2023, 2, 28)
    assert months_before(date(2025, 8, 31), 18) == date(2024, 2, 29)
    assert months_before(date(2024, 11, 30), 18) == date(2023, 5, 30)
    assert months_touched(date(2024, 11, 30), 18)[0] == "2023-05"  # 31 May 2023 is within
    assert len(months_touched(date(2024, 11, 30), 18)) == 19
    assert len(months_touched(date(2024, 8, 31), 18)) == 18


def test_wilson() -> None:
    """8/10: (0.8 + 0.19208 ∓ 1.96·√(0.016 + 0.009604)) / 1.38416."""
    row = share_values(8, 10)
    assert row["ci_low"] == pytest.approx(0.490157, abs=1e-6)
    assert row["ci_high"] == pytest.approx(0.943319, abs=1e-6)
    assert share_values(0, 0)["status"] == share_values(3, 2)["status"] == "undefined"
    assert share_values(3, 2)["denominator"] is None


def test_mean_median_variance() -> None:
    """½ ½ 1 2: mean 1, (¼ + ¼ + 0 + 1) / 3 = ½, middle ¾."""
    spread = spread_of([(Fraction(2), 1), (Fraction(1, 2), 2), (Fraction(1), 1)])
    assert spread == Spread(4, Fraction(1), Fraction(1, 2), Fraction(3, 4))
    assert spread_of([(Fraction(1, 3), 1)]) == Spread(1, Fraction(1, 3), None, Fraction(1, 3))


def test_indices_of_aabca() -> None:
    """Visits A A B C A: n = 5, n_j = 3 1 1, p = 3, one pair of four alike."""
    assert coc((3, 1, 1), 1) == Fraction(6, 20)
    assert upc((3, 1, 1), 1) == Fraction(3, 5)
    assert hhi((3, 1, 1), 1) == Fraction(11, 25)
    assert secon((3, 1, 1), 1) == Fraction(1, 4)
    assert k_index((3, 1, 1), 1) == Fraction(2, 4)
    assert mmci((3, 1, 1), 1) == (1 - Fraction(30, 51)) / (1 - Fraction(10, 51))


def test_one_person_alone_has_no_interval() -> None:
    row = index_values("COC", Counter({((2, 1), 1): 1}))
    assert (row["mean"], row["sd"], row["ci_low"], row["status"]) == (1 / 3, None, None, "ok")
    assert index_values("COC", Counter())["persons"] is None


# intake


def receipt(landing: Path, files: Mapping[str, str], name: str) -> Row:
    tables = recompute(land(landing, files), MONTH, TODAY)
    return only(tables["deliveries"], file_name=name.rsplit("/", 1)[1])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("19/units/november.csv", UNITS, "name_without_date"),
        ("19/units/2024-13-01.csv", UNITS, "name_without_date"),
        ("19/units/2025-01-01.csv", UNITS, "snapshot_after_run"),
        ("19/units/2024-11-01.csv", "", "empty_file"),
        ("19/units/2024-11-01.csv", UNITS.splitlines()[0], "header_only"),
        ("19/units/2024-11-01.csv", UNITS.replace("operator", "owner"), "missing_required_column"),
        ("19/units/2024-11-01.csv", UNITS.replace("operator", "unit_id"),
         "duplicate_header missing_required_column"),
        ("19/units/2024-11-01.csv", UNITS.replace("Ett", '"Ett'), ""),
        ("19/units/2024-11-01.csv", UNITS.replace(",Två", ',"Två'), "unreadable_or_truncated"),
        ("19/units/2024-11-01.csv", UNITS.replace("1980", "9999"), "no_row_accepted"),
        ("19/care_markings/2024-11-01.csv", "person_id\n1\n",
         "name_without_source missing_required_column"),
    ],
)  # fmt: skip
def test_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    row = receipt(tmp_path, {name: text}, name)
    assert row["message"] == message
    assert row["status"] == ("refused" if message else "accepted")
    assert row["rows"] == row["accepted"] + row["rejected"]  # type: ignore[operator]


def test_other_layouts_read_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "19" / "units"
    folder.mkdir(parents=True)
    semicolons = "\ufeff" + UNITS.replace(",", " ; ").replace("\n", "\r\n")
    (folder / "2024-11-01_a.csv.gz").write_bytes(gzip.compress(semicolons.encode()))
    (folder / "2024-11-01_b.csv.gz").write_bytes(gzip.compress(semicolons.encode())[:-9])
    polars.DataFrame(
        {"unit_id": [UNIT], "unit_name": ["Ett"], "municipality": ["1980"],
         "operator": ["region"], "valid_from": [date(2020, 1, 1)]}
    ).write_parquet(folder / "2024-11-01_c.parquet")  # fmt: skip
    (folder / "2024-11-01_d.csv").write_bytes(UNITS.encode("latin-1"))
    (folder / "2024-11-01_e.csv").symlink_to(folder / "2024-11-01_d.csv")
    (folder / "2024-11-01_a.csv").write_text(UNITS)
    rows = recompute(tmp_path, MONTH, TODAY)["deliveries"]
    assert [(row["rows"], row["accepted"], row["message"]) for row in rows] == [
        (2, 2, ""),
        (2, 0, "same_name_twice"),
        (0, 0, "unreadable_or_truncated"),
        (1, 1, ""),
        (0, 0, "not_utf8"),
        (0, 0, "link"),
    ]


SHEET = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1">{header}</row><row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3"><v>1.0</v></c>
<c r="C3" t="inlineStr"><is><t>1980</t></is></c><c r="D3" t="str"><v>region</v></c>
<c r="E3" s="1"><v>43831</v></c></row></sheetData></worksheet>"""
STYLES = """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"""
STRINGS = """<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<si><t>{unit}</t></si></sst>"""


def test_spreadsheet(tmp_path: Path) -> None:
    """A shared string, a whole number, text, and the date 2020-01-01 as a serial number."""
    names = UNITS.splitlines()[0].split(",")
    header = "".join(
        f'<c r="{column}1" t="str"><v>{name}</v></c>'
        for column, name in zip("ABCDE", names, strict=True)
    )
    path = tmp_path / "units.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", SHEET.format(header=header))
        book.writestr("xl/styles.xml", STYLES)
        book.writestr("xl/sharedStrings.xml", STRINGS.format(unit=UNIT))
    table = read_table(path, ".xlsx")
    assert table.header == names
    assert table.rows == [(3, [UNIT, "1", "1980", "region", "2020-01-01"])]
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UnreadableError):
        read_table(path, ".xlsx")


def test_parts_of_a_snapshot(tmp_path: Path) -> None:
    """The key in two parts counts once: the first by file name, which has no physician."""
    files = region_19(listing(ANNA, physician=""))
    files["19/listings/2024-11-30_b.csv"] = LISTINGS_HEADER + listing(ANNA) + listing(BO)
    coverage = recompute(land(tmp_path, files), MONTH, TODAY)["coverage"]
    row = only(coverage, level="unit", area_code=UNIT, population="listed", definition="reported")
    assert fraction(row) == (1, 2)


def test_rejected_rows_and_the_first_good_row_stays(tmp_path: Path) -> None:
    listings = (
        listing(ANNA, valid_from="2021-02-30")  # line 2
        + listing(ANNA, physician="dr who")  # line 3: breaks a rule, so line 4 is the first
        + listing(ANNA[:8] + "-" + ANNA[8:], physician=DOCTOR.lower())
        + listing(ANNA, physician="")  # line 5: same key
        + listing(BO, residence="9999", protected="")  # read as missing, read as true
        + listing(CIA, queue="nej")  # line 7
        + listing("", kind="")  # line 8
    )
    tables = recompute(land(tmp_path, region_19(listings)), MONTH, TODAY)
    assert [(row["line"], row["rule"]) for row in tables["rejected_rows"]] == [
        (2, "bad_date_or_time"),
        (3, "bad_identifier"),
        (5, "second_row_with_key"),
        (7, "value_outside_codes"),
        (8, "missing_required_value"),
    ]
    row = only(tables["coverage"], level="region", area_code="19", population="listed",
               definition="reported", sex="all", age_group="all")  # fmt: skip
    assert fraction(row) == (2, 2)


def test_ten_per_cent_only_from_ten_rows(tmp_path: Path) -> None:
    good = [listing(number("19700101", f"{place:03d}")) for place in range(90)]
    for bad, status in ((9, "accepted"), (10, "accepted"), (11, "refused")):
        files = {"19/listings/2024-11-30.csv": LISTINGS_HEADER + "".join(good) + "x\n" * bad}
        row = receipt(tmp_path, files, "19/listings/2024-11-30.csv")
        assert (row["rows"], row["status"]) == (90 + bad, status)
    files = {"19/listings/2024-11-30.csv": LISTINGS_HEADER + good[0] + "x\n" * 9}
    assert receipt(tmp_path, files, "19/listings/2024-11-30.csv")["status"] == "accepted"


def test_refused_newer_listings_do_not_move_the_reference_date(tmp_path: Path) -> None:
    files = region_19(listing(ANNA)) | {"19/listings/2024-11-30_b.csv": "nothing\n1\n"}
    files["19/listings/2024-11-15.csv"] = files["19/listings/2024-11-30.csv"]
    files["19/listings/2024-11-30.csv"] = "nothing\n1\n"
    row = only(recompute(land(tmp_path, files), MONTH, TODAY)["own_physician"], level="region",
               sex="all", age_group="all")  # fmt: skip
    assert row["reference_date"] == date(2024, 11, 15)
