"""The oracle itself, on landings small enough to work by hand. The pipeline is not tested here."""

import csv
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
from .identifiers import age_group, age_on, checksum_holds, read_hsa_id, read_person_id
from .reading import UnreadableError, read_table

TODAY = date(2024, 12, 31)
MONTH = "2024-11"
UNIT, OTHER_UNIT = "SE5560001640-VC1", "SE5560001640-VC2"
DOCTOR, LOCUM, GERIATRICIAN = "SE5560001640-D1", "SE5560001640-D2", "SE5560001640-D3"
GOLDEN = Path(__file__).parent.parent / "golden" / "sidaway_lee_2023.csv"


def number(born: str, serial: str) -> str:
    """A person number: eight digits of birth, three of serial, and the digit that fits."""
    return next(
        born + serial + str(last)
        for last in range(10)
        if checksum_holds(born[2:] + serial + str(last))
    )


ANNA = number("19500615", "120")  # woman, 74
BO = number("20060101", "111")  # man, 18
CIA = number("19900101", "200")  # woman, 34
DAN = number("19300101", "131")  # man, 94
SAMORD = number("19800162", "151")  # samordningsnummer, man, 44
RESERVE = "20000101T220"  # 11th character 2: woman, 24

UNITS = f"""unit_id,unit_name,municipality,operator,valid_from
{UNIT},Vårdcentralen Ett,1980,region,2020-01-01
{OTHER_UNIT},Två,1980,privat,2020-01-01
"""
PHYSICIANS = f"""\
physician_id,unit_id,specialties,training,equivalent_competence,employment,fte,valid_from
{DOCTOR},{UNIT},allmanmedicin,,false,tillsvidare,0.5,2020-01-01
{LOCUM},{UNIT},allmanmedicin,,false,hyr,1,2020-01-01
{GERIATRICIAN},{UNIT},geriatrik,,false,visstid,0.4,2020-01-01
SE5560001640-D4,{UNIT},allmanmedicin,ST,false,visstid,1,2020-01-01
"""
LISTINGS_HEADER = (
    "person_id,protected_identity,residence_municipality,deceased_on,unit_id,list_name,"
    "physician_id,listing_type,in_queue,valid_from\n"
)
POPULATION = """year,municipality,sex,age,count
2023,1980,women,34,4
2023,1980,women,74,2
2023,1980,men,18,3
2023,1980,men,94,1
2023,0380,men,44,10
"""


def listing(person: str, physician: str = DOCTOR, unit: str = UNIT, list_name: str = "Lista",
            residence: str = "1980", protected: str = "false", dead: str = "", kind: str = "PV",
            queue: str = "false", valid_from: str = "2021-01-01") -> str:  # fmt: skip
    values = (person, protected, residence, dead, unit, list_name, physician, kind, queue,
              valid_from)  # fmt: skip
    return ",".join(values) + "\n"


def land(landing: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return landing


def region_19(listings: str, **more: str) -> dict[str, str]:
    files = {
        "19/units/2024-10-31.csv": UNITS,
        "19/physicians/2024-10-31.csv": PHYSICIANS,
        "19/listings/2024-11-30.csv": LISTINGS_HEADER + listings,
        "reference/population/2023.csv": POPULATION,
    }
    return files | {name.replace("__", "/") + ".csv": text for name, text in more.items()}


def only(rows: list[Row], **wanted: object) -> Row:
    found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    assert len(found) == 1, (len(found), wanted)
    return found[0]


def fraction(row: Row) -> tuple[object, object]:
    return row["numerator"], row["denominator"]


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


def test_golden_table(tmp_path: Path) -> None:
    """Sidaway-Lee 2023 through the whole oracle: 20 patients, one letter per visit."""
    with GOLDEN.open(encoding="utf-8", newline="") as source:
        patients = list(csv.DictReader(source))
    listings, visits = "", "person_id,contact_date,unit_id,provider_id,profession,contact_type\n"
    for place, patient in enumerate(patients):
        person = number("19700101", f"{place:03d}")
        listings += listing(person, f"SE5560001640-{patient['list']}")
        for day, letter in enumerate(patient["visits"], start=1):
            provider = f"SE5560001640-{letter}"
            visits += f"{person},2024-11-{day:02d},{UNIT},{provider},lakare,mottagning\n"
    files = region_19(listings, **{"19__care_contacts__2024-11": visits})
    tables = recompute(land(tmp_path, files), MONTH, TODAY, [(18, 2), (18, 3)])

    own = only(tables["own_physician"], level="region", sex="all", age_group="all")
    assert (own["own_visits"], own["visits"]) == (39, 82)

    def value(index: str, minimum: int, column: str = "mean") -> object:
        return only(
            tables["continuity"], level="region", area_code="19", population="listed",
            series="physician", unit_scope="own_unit", min_visits=minimum, index=index, sex="all",
            age_group="all",
        )[column]  # fmt: skip

    assert value("UPC", 2) == pytest.approx(0.5741, abs=5e-5)
    assert value("COC", 2) == pytest.approx(0.3194, abs=5e-5)
    assert value("UPC", 3) == pytest.approx(0.5238, abs=5e-5)
    assert value("COC", 3) == pytest.approx(0.2679, abs=5e-5)
    assert value("COC", 3, "pooled") == pytest.approx(0.2978, abs=5e-5)


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


# named physician and coverage


@pytest.mark.parametrize(
    ("row", "reported", "national", "regional"),
    [
        (listing(CIA), 1, 1, 1),
        (listing(CIA, physician=""), 0, 0, 0),
        (listing(CIA, list_name="vårdCentralen  ETT 1"), 0, 0, 0),
        (listing(CIA, list_name="Vårdcentralen 1"), 1, 1, 1),
        (listing(CIA, unit="SE5560001640-VC9"), 1, 0, 0),  # unit unknown, physician elsewhere
        (listing(CIA, unit=OTHER_UNIT), 1, 0, 0),
        (listing(CIA, physician=LOCUM), 1, 1, 0),
        (listing(CIA, physician=GERIATRICIAN), 1, 0, 0),
        (listing(ANNA, physician=GERIATRICIAN), 1, 1, 0),  # visstid
        (listing(CIA, physician="SE5560001640-D4"), 1, 1, 1),  # ST visstid
    ],
)
def test_named(tmp_path: Path, row: str, reported: int, national: int, regional: int) -> None:
    coverage = recompute(land(tmp_path, region_19(row)), MONTH, TODAY)["coverage"]
    numerators = [
        only(coverage, level="region", area_code="19", population="listed", definition=definition,
             sex="all", age_group="all")["numerator"]
        for definition in ("reported", "national", "regional")
    ]  # fmt: skip
    assert numerators == [reported, national, regional]


def test_who_is_listed(tmp_path: Path) -> None:
    listings = (
        listing(ANNA, physician="", valid_from="2021-01-01")
        + listing(ANNA, unit=OTHER_UNIT, valid_from="2022-01-01")  # this one counts
        + listing(BO, queue="true")
        + listing(CIA, kind="BVC")
        + listing(DAN, dead="2024-11-30")  # dead on d
        + listing(SAMORD, dead="2024-12-01")  # alive on d
        + listing(RESERVE)
        + listing(RESERVE, unit=OTHER_UNIT)
        + listing(number("19600101", "100"), valid_from="2024-12-01")
    )
    coverage = recompute(land(tmp_path, region_19(listings)), MONTH, TODAY)["coverage"]
    row = only(coverage, level="region", area_code="19", population="listed",
               definition="reported", sex="all", age_group="all")  # fmt: skip
    assert fraction(row) == (4, 4)  # Anna, the samordningsnummer, two reserve persons
    women = only(coverage, level="region", area_code="19", population="listed",
                 definition="reported", sex="women", age_group="19-44")  # fmt: skip
    assert fraction(women) == (2, 2)
    unit = only(coverage, level="unit", area_code=OTHER_UNIT, population="listed",
                definition="reported")  # fmt: skip
    assert fraction(unit) == (2, 2)


def test_inhabitants(tmp_path: Path) -> None:
    listings = (
        listing(ANNA)
        + listing(BO, protected="true", residence="0380")  # counts in 19, no municipality
        + listing(CIA, residence="0380")  # lives where nothing is reported
        + listing(DAN, residence="")
        + listing(SAMORD)  # no inhabitant
    )
    coverage = recompute(land(tmp_path, region_19(listings)), MONTH, TODAY)["coverage"]

    def cell(level: str, sex: str = "all", group: str = "all") -> Row:
        codes = {"nation": "00", "region": "19", "municipality": "1980"}
        return only(coverage, level=level, area_code=codes[level], population="inhabitants",
                    definition="reported", sex=sex, age_group=group)  # fmt: skip

    assert fraction(cell("nation")) == (3, 10)
    assert fraction(cell("region")) == (3, 10)
    assert fraction(cell("region", "men", "0-18")) == (1, 3)
    assert fraction(cell("region", "men", "85+")) == (1, 1)
    assert cell("region", "women", "85+")["status"] == "undefined"
    assert fraction(cell("municipality")) == (1, 10)
    others = [row for row in coverage if row["area_code"] == "03"]
    assert len(others) == 9
    assert {row["status"] for row in others} == {"not_reported"}


def test_listed_in_two_regions(tmp_path: Path) -> None:
    """The nation counts the inhabitant once, the listed person twice; either region's physician
    counts; residence is the newest listing's, or the next where that is missing."""
    files = region_19(listing(CIA, physician="", residence="1980", valid_from="2021-01-01"))
    files["03/units/2024-11-01.csv"] = UNITS
    files["03/physicians/2024-11-01.csv"] = PHYSICIANS
    files["03/listings/2024-11-29.csv"] = LISTINGS_HEADER + listing(
        CIA, residence="", valid_from="2023-01-01"
    )
    coverage = recompute(land(tmp_path, files), MONTH, TODAY)["coverage"]
    nation = {
        population: fraction(
            only(coverage, level="nation", population=population, definition="reported",
                 sex="all", age_group="all")
        )
        for population in ("inhabitants", "listed")
    }  # fmt: skip
    assert nation == {"inhabitants": (1, 20), "listed": (1, 2)}
    row = only(coverage, level="region", area_code="19", population="inhabitants",
               definition="reported", sex="women", age_group="19-44")  # fmt: skip
    assert fraction(row) == (1, 4)


MARKINGS = "person_id,municipality,setting,main_care_at_setting,valid_from,valid_to\n"


def test_sabo_and_care_markings(tmp_path: Path) -> None:
    listings = listing(ANNA, GERIATRICIAN) + listing(BO) + listing(CIA, dead="2024-11-01")
    listings += listing(SAMORD, GERIATRICIAN, protected="true")
    cosmic = (
        MARKINGS
        + f"{ANNA},1980,sabo,true,2024-01-01,\n"
        + f"{BO},1980,sabo,false,2024-01-01,\n"  # main care elsewhere
        + f"{CIA},1980,sabo,true,2024-01-01,\n"  # known dead
        + f"{DAN},1980,sabo,true,2024-01-01,2024-11-30\n"  # not listed, last day
        + f"{RESERVE},1980,sabo,true,2024-01-01,\n"
    )
    municipal = (
        MARKINGS
        + f"{ANNA},1980,sabo,true,2024-02-01,\n"
        + f"{SAMORD},1980,sabo,true,2024-02-01,\n"
        + f"{BO},1980,dagverksamhet,true,2024-02-01,\n"
    )
    stale = MARKINGS + f"{number('19400101', '100')},1980,sabo,true,2024-01-01,\n"
    files = region_19(listings) | {
        "19/care_markings/2024-11-20_cosmic.csv": cosmic,
        "19/care_markings/2024-10-20_cosmic.csv": stale,
        "19/care_markings/2024-11-10_1980.csv": municipal,
    }
    tables = recompute(land(tmp_path, files), MONTH, TODAY)

    def sabo(level: str, code: str, definition: str = "national") -> object:
        return fraction(only(tables["coverage"], level=level, area_code=code, population="sabo",
                             definition=definition, sex="all", age_group="all"))  # fmt: skip

    assert sabo("region", "19") == (2, 4)  # Anna, protected; Dan and the reserve unlisted
    assert sabo("nation", "00", "regional") == (0, 4)  # the geriatrician is on visstid
    assert sabo("municipality", "1980") == (1, 3)  # without the protected person

    def marked(level: str, code: str) -> list[object]:
        return [only(tables["care_markings"], level=level, area_code=code, setting="sabo",
                     source=source)["persons"]
                for source in ("cosmic", "municipality", "both", "any")]  # fmt: skip

    assert marked("region", "19") == [4, 2, 1, 5]
    assert marked("municipality", "1980") == [4, 1, 1, 4]


# lists


def test_list_load_and_kinds(tmp_path: Path) -> None:
    listings = (
        listing(ANNA)
        + listing(BO, physician=LOCUM)
        + listing(CIA, physician="")
        + listing(DAN, unit=OTHER_UNIT)
        + listing(SAMORD, physician="SE5560001640-D9")
    )
    tables = recompute(land(tmp_path, region_19(listings)), MONTH, TODAY)
    load = only(tables["list_load"], level="region")
    assert (load["listed"], load["named"]) == (5, 4)
    assert (load["fte_specialist"], load["fte_st"]) == (0.9, 1.0)  # 0.5 + 0.4 geriatrik; no hyr
    assert load["capacity"] == 1100 * 0.9 + 550
    assert load["load"] == pytest.approx(5 / 1540)
    assert load["specialists_short"] == 0.0
    assert only(tables["list_load"], level="unit", area_code=OTHER_UNIT)["status"] == "undefined"
    nation = only(tables["list_load"], level="nation")
    assert (nation["guideline_specialist"], nation["capacity"]) == (None, 1540.0)
    kinds = {row["kind"]: row["persons"] for row in tables["list_kinds"]
             if row["level"] == "region"}  # fmt: skip
    assert kinds == {"named": 4, "fictitious": 1, "locum": 1, "unknown_physician": 1,
                     "physician_elsewhere": 1}  # fmt: skip


# continuity

CONTACTS = "person_id,contact_date,contact_time,unit_id,provider_id,profession,contact_type\n"


def contact(day: str, provider: str, time: str = "", unit: str = UNIT, person: str = ANNA,
            profession: str = "lakare", kind: str = "mottagning") -> str:  # fmt: skip
    return f"{person},{day},{time},{unit},{provider},{profession},{kind}\n"


def test_visits(tmp_path: Path) -> None:
    """d = 2024-11-30, so the window opens on 2023-05-31."""
    november = (
        contact("2024-11-01", LOCUM, "08:00")
        + contact("2024-11-01", DOCTOR, "07:00")
        + contact("2024-11-01", DOCTOR, "09:00")  # same provider, same day: one visit
        + contact("2024-11-02", DOCTOR, "")  # time missing: last of its day
        + contact("2024-11-02", LOCUM, "23:59")
        + contact("2024-11-03", "")  # no provider: left out
        + contact("2024-11-04", DOCTOR, unit=OTHER_UNIT)  # any_unit only
        + contact("2024-11-05", DOCTOR, kind="telefon")  # all_professions only
        + contact("2024-11-06", DOCTOR, profession="sjukskoterska")
        + contact("2024-11-07", DOCTOR, person=RESERVE)
    )
    may = contact("2023-05-30", DOCTOR) + contact("2023-05-31", DOCTOR)
    files = region_19(listing(ANNA) + listing(RESERVE)) | {
        "19/care_contacts/2024-11.csv": CONTACTS + november,
        "19/care_contacts/2023-05.csv": CONTACTS + may,
    }
    tables = recompute(land(tmp_path, files), MONTH, TODAY)

    def mean(index: str, series: str = "physician", scope: str = "own_unit") -> object:
        row = only(tables["continuity"], level="unit", area_code=UNIT, population="listed",
                   series=series, unit_scope=scope, index=index)  # fmt: skip
        assert row["persons"] == 1
        return row["mean"]

    # own unit: D | D L | L D — n = 5, n_j = 3 2, pairs DD DL LL LD
    assert mean("COC") == pytest.approx((9 + 4 - 5) / 20)
    assert mean("SECON") == pytest.approx(2 / 4)
    assert mean("K") == pytest.approx(3 / 4)
    assert mean("UPC", scope="any_unit") == pytest.approx(4 / 6)
    assert mean("UPC", series="all_professions") == pytest.approx(5 / 7)
    own = only(tables["own_physician"], level="region", sex="all", age_group="all")
    assert (own["persons"], own["own_visits"], own["visits"]) == (1, 4, 6)
    reporting = only(tables["reporting"], region_code="19")
    assert (reporting["contact_months"], reporting["contact_months_expected"]) == (2, 19)


def test_not_reported_where_a_delivery_is_lacking(tmp_path: Path) -> None:
    files = {"19/listings/2024-11-30.csv": LISTINGS_HEADER + listing(ANNA)}
    tables = recompute(land(tmp_path, files), MONTH, TODAY)
    for name in ("coverage", "continuity", "own_physician", "list_load", "list_kinds",
                 "care_markings", "definition_comparison", "fixed_contacts"):  # fmt: skip
        assert {row["status"] for row in tables[name]} == {"not_reported"}, name
    assert any(row["level"] == "unit" for row in tables["continuity"])
    # 2 populations × 2 series × 2 scopes × 6 indices × (21 nation + 21 region + 1 unit)
    assert len(tables["continuity"]) == 2 * 2 * 2 * 6 * 43
