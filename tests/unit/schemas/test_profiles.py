"""Region profiles: every key is read, and every mistake is said with what is allowed."""

from pathlib import Path

import pytest

from schemas.correction_toml import CorrectionsError, read_corrections
from schemas.profile_keys import LAYOUT_KEYS, PROFILE_KEYS
from schemas.profile_toml import ProfileError, profile, read_profiles
from schemas.profiles import Layout, Profiles

ALL_KEYS = """
contact = "Listningsenheten"
fictitious_name_rule = false

[[layouts]]
delivery = "care_contacts"
files = "*_cosmic.csv"
format = "csv"
encoding = "windows-1252"
delimiter = ";"
decimal_comma = true
header_line = 3
ignored = ["Namn"]
missing = ["-"]
list_separator = ","
date_formats = ["YYYYMMDD", "excel"]
time_formats = ["hh:mm:ss"]
skip_rows_beginning = ["Summa"]
restore_zeros = true
ten_digit_ages = [18, 110]
columns.person_id = "Personnr"
columns.unit_id = ["Enhet", "Enhets-id"]
constants.contact_type = "mottagning"
[layouts.codes.profession]
"Läkare" = "lakare"

[[layouts]]
delivery = "listings"
format = "excel"
header_line = "find"
header_lines = 2
sheets = ["Listade"]

[[layouts]]
delivery = "listings"
format = "json"
records = "listings[]"
"""


def mistakes(text: str) -> str:
    with pytest.raises(ProfileError) as error:
        profile("19", text)
    return str(error.value)


def in_layout(text: str) -> str:
    return mistakes(f'[[layouts]]\ndelivery = "listings"\n{text}')


def test_every_key_is_read() -> None:
    read = profile("19", ALL_KEYS)
    assert (read.contact, read.fictitious_name_rule) == ("Listningsenheten", False)
    csv, excel, json = read.layouts
    assert csv == Layout(
        place=1,
        delivery="care_contacts",
        files="*_cosmic.csv",
        encoding="windows-1252",
        delimiter=";",
        decimal_comma=True,
        header_line=3,
        columns={"person_id": ("Personnr",), "unit_id": ("Enhet", "Enhets-id")},
        ignored=("Namn",),
        constants={"contact_type": "mottagning"},
        codes={"profession": {"Läkare": "lakare"}},
        list_separator=",",
        date_formats=("YYYYMMDD", "excel"),
        time_formats=("hh:mm:ss",),
        missing=("-",),
        skip_rows_beginning=("Summa",),
        restore_zeros=True,
        ten_digit_ages=(18, 110),
    )
    assert (excel.header_line, excel.header_lines, excel.sheets) == ("find", 2, ("Listade",))
    assert json.records == "listings[]"


def test_the_text_above_has_every_key() -> None:
    for key in (*PROFILE_KEYS, *LAYOUT_KEYS):
        assert f"\n{key} = " in ALL_KEYS or f"{key}." in ALL_KEYS or f"[[{key}]]" in ALL_KEYS, key


def test_an_empty_profile_is_the_standard_layout() -> None:
    read = profile("19", "")
    assert read.fictitious_name_rule
    assert Profiles({"19": read}).layout_of("19", "listings", "2025-11-30.csv") is None


def test_the_first_layout_that_fits_counts() -> None:
    profiles = Profiles({"19": profile("19", ALL_KEYS)})

    def place(delivery: str, name: str, region: str = "19") -> int | None:
        layout = profiles.layout_of(region, delivery, name)
        return None if layout is None else layout.place

    assert place("care_contacts", "2025-11_cosmic.csv") == 1
    assert place("care_contacts", "2025-11.csv") is None
    assert place("listings", "2025-11-30.xlsx") == 2
    assert place("listings", "2025-11-30.json") == 3
    assert place("listings", "2025-11-30.csv") is None
    assert place("listings", "2025-11-30.xlsx", "01") == 0
    assert place("listings", "2025-11-30.json", "01") is None
    assert profiles.without_name_rule == {"19"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kontakt = "x"', "unknown key kontakt. The keys of a profile are contact, fict"),
        ("contact = 1", "contact must be a text."),
        ('fictitious_name_rule = "no"', "fictitious_name_rule must be true or false."),
        ("layouts = 1", "layouts must be blocks that begin with [[layouts]]."),
        ("[[layouts]]", "layout 1: delivery is missing."),
        ('[[layouts]]\ndelivery = "listing"', "layout 1: delivery must be one of units, listings"),
        ('[[layouts]]\ndelivery = ["units"]', "layout 1: delivery must be one of units, listings"),
        ("a b", "it is not TOML: Expected '=' after a key"),
    ],
)
def test_a_mistake_in_the_profile_is_said(text: str, said: str) -> None:
    assert said in mistakes(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colums = {}", "layout 1: unknown key colums. The keys of a layout are delivery, files"),
        ("files = 1", 'files must be a pattern for file names, such as "*_flisa.csv".'),
        ('format = "xls"', "format must be one of csv, parquet, excel, json."),
        ('encoding = "ascii"', "encoding must be one of utf-8, utf-8-bom, latin-1, windows-1252"),
        ('delimiter = ";;"', "delimiter must be one ASCII character that is no quote"),
        ("delimiter = '\"'", "delimiter must be one ASCII character that is no quote"),
        ('decimal_comma = "yes"', "decimal_comma must be true or false."),
        ("header_line = 0", 'header_line must be a line from 1 to 1000, or "find".'),
        ("header_line = true", "header_line must be a line from 1"),
        ('format = "excel"\nheader_lines = 4', "header_lines must be a whole number from 1 to 3."),
        ('format = "excel"\nsheets = "A"', "sheets must be a list of names of sheets."),
        ('format = "json"\nrecords = []', 'records must be a path such as "response[]'),
        ("columns = {}", "columns must be a table of headings, such as person_id ="),
        ("columns.person_id = 1", "columns must be a table of headings"),
        ('columns.pnr = "Pnr"', "columns names pnr. The columns of listings are person_id, "),
        ('ignored = "Namn"', "ignored must be a list of headings."),
        ("constants.in_queue = true", "constants must be a table of texts"),
        ('constants.in_queue = "nej"', "constants.in_queue must be one of true, false."),
        ('constants.x = "y"', "constants names x. The columns of listings"),
        ('constants.unit_id = "{sheet}"', "constants.unit_id: {sheet} is for the format excel."),
        (
            'columns.unit_id = "Enhet"\nconstants.unit_id = "SE1"',
            "unit_id stands in both columns and constants. Choose one.",
        ),
        ("codes = []", "codes must be a table for each column"),
        ("codes.in_queue = 1", 'codes.in_queue must be a table of texts, such as "Ja" = "true".'),
        ('codes.in_queue.Ja = "ja"', "codes.in_queue leads to ja. The codes are true, false"),
        ('codes.x.Ja = "ja"', "codes names x. The columns of listings"),
        ('list_separator = ""', "list_separator must be a text"),
        ('date_formats = ["YYMMDD"]', "date_formats must be a list of formats of YYYY, MM, DD"),
        ('date_formats = ["%Y%m%d"]', "date_formats must be a list of formats"),
        ('date_formats = ["YYYYMMYYYY"]', "date_formats must be a list of formats"),
        (
            'date_formats = ["DD/MM/YYYY", "MM/DD/YYYY"]',
            "date_formats has two formats that look the same. Keep the one that is used.",
        ),
        ('time_formats = ["hh"]', "time_formats must be a list of formats with hh and mm"),
        ("missing = [1]", "missing must be a list of texts."),
        ('skip_rows_beginning = [""]', "skip_rows_beginning must be a list of texts."),
        ("restore_zeros = 1", "restore_zeros must be true or false."),
        ("ten_digit_ages = [0, 100]", "ten_digit_ages must be [youngest, oldest], at most 99"),
        ("ten_digit_ages = [90, 20]", "ten_digit_ages must be [youngest, oldest]"),
        ("ten_digit_ages = [20]", "ten_digit_ages must be [youngest, oldest]"),
        ('sheets = ["A"]', "sheets means nothing in the format csv; it is for excel."),
        ('format = "json"\ndelimiter = ";"', "delimiter means nothing in the format json"),
        ('format = "parquet"\nencoding = "utf-8"', "encoding means nothing in the format parquet"),
    ],
)
def test_a_mistake_in_a_layout_is_said(text: str, said: str) -> None:
    assert f"{said}" in in_layout(text)


@pytest.mark.parametrize(
    "text",
    [
        '195704289999 = "x"',
        'contact = "570428-9999"',
        "[[layouts]] # 570428 9999",
        '[[layouts]]\ncolumns.person_id = "Pnr 5704289999"',
        'x = "570428+9999',
    ],
)
def test_a_profile_with_an_identity_is_not_read_and_does_not_say_it(text: str) -> None:
    said = mistakes(f"# 021-17 30 00, 232100-0172\n\n{text}")
    assert said == (
        f"line {2 + len(text.splitlines())} holds a personal identity number. Take it away; if it "
        "is a telephone number, write it with more spaces."
    )


def test_a_name_with_an_identity_is_not_said(tmp_path: Path) -> None:
    (tmp_path / "195704289999.toml").write_text("")
    for read, kind in ((read_profiles, ProfileError), (read_corrections, CorrectionsError)):
        with pytest.raises(kind) as error:
            read(tmp_path)
        assert "(identity).toml" in str(error.value)
        assert "9999" not in str(error.value)


def test_all_mistakes_are_said_at_once() -> None:
    said = mistakes("contact = 1\n[[layouts]]\n[[layouts]]\ndelivery = 'units'\nformat = 'x'")
    assert "contact must" in said
    assert "layout 1: delivery is missing." in said
    assert "layout 2: format must" in said


def test_profiles_of_a_folder(tmp_path: Path) -> None:
    assert read_profiles(tmp_path / "none") == Profiles()
    (tmp_path / "19.toml").write_text(ALL_KEYS, "utf-8")
    (tmp_path / "README.md").write_text("x")
    assert [*read_profiles(tmp_path).by_region] == ["19"]


def test_mistakes_of_a_folder_name_the_file(tmp_path: Path) -> None:
    (tmp_path / "19.toml").write_text("contact = 1")
    (tmp_path / "20.toml").write_bytes('contact = "å"'.encode("latin-1"))
    (tmp_path / "vastmanland.toml").write_text("")
    with pytest.raises(ProfileError) as error:
        read_profiles(tmp_path)
    assert str(error.value).split(": ", 1)[0] == str(tmp_path / "19.toml")
    assert f"{tmp_path / '20.toml'}: it cannot be read as UTF-8 text." in str(error.value)
    assert "a profile is named after its region's two-digit code" in str(error.value)
