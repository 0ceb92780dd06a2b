"""CSV files in a region's own layout: read onto the standard one, key by key of the profile."""

import gzip
from pathlib import Path

import polars as pl
import pytest
from intake_rows import Deliver, another, csv_text, good
from layouts import layout
from polars.testing import assert_frame_equal

from pipelines.intake.file_reading import FileReading
from pipelines.intake.take_in import Intake

NAME = "Åsögårdens vårdcentral, Örebro é"
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-bom": "utf-8-sig",
    "latin-1": "latin-1",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
}


def assert_same(taken: Intake, plain: Intake) -> None:
    assert taken.receipt.rules == plain.receipt.rules == {}
    assert taken.accepted is not None
    assert plain.accepted is not None
    assert_frame_equal(taken.accepted, plain.accepted)


def reading_of(taken: Intake) -> FileReading:
    assert taken.reading is not None
    return taken.reading


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("packed", [False, True])
def test_swedish_letters_in_every_encoding(deliver: Deliver, encoding: str, packed: bool) -> None:
    rows = [good("units", unit_name=NAME)]
    content = csv_text(rows, ";").encode(ENCODINGS[encoding])
    taken = deliver(
        "units",
        gzip.compress(content) if packed else content,
        extension="csv.gz" if packed else "csv",
        profiles=layout("units", f'encoding = "{encoding}"'),
    )
    assert taken.accepted is not None
    assert taken.accepted["unit_name"].to_list() == [NAME]
    assert reading_of(taken).encoding == encoding


def test_utf_16_without_a_mark_and_big_endian(deliver: Deliver) -> None:
    profiles = layout("units", 'encoding = "utf-16"')
    plain = deliver("units", csv_text([good("units", unit_name=NAME)], ";"))
    text = csv_text([good("units", unit_name=NAME)], ";")
    for content in (text.encode("utf-16-le"), b"\xfe\xff" + text.encode("utf-16-be")):
        assert_same(deliver("units", content, profiles=profiles), plain)


@pytest.mark.parametrize(
    ("encoding", "content", "line"),
    [
        ("utf-8", "a\nb\nå\n".encode() + "ö\n".encode("latin-1"), 4),
        ("utf-8-bom", b"a\n\xff\n", 2),
        ("latin-1", "a\nå\n".encode("latin-1") + "ä\n".encode(), 3),
        ("latin-1", b"a\nb\x85\n", 2),
        ("windows-1252", "a\nå\n".encode("cp1252") + "Ö\n".encode(), 3),
        ("windows-1252", b"a\n\x81\n", 2),
        ("utf-16", b"a\nb\n", 1),
        ("utf-16", "a\nb\nc".encode("utf-16") + b"\x00", 3),
        ("utf-16", b"\xff\xfea\x00\n\x00\x00\xdcb\x00", 2),
    ],
)
def test_mixed_encodings_are_refused_with_the_line(
    deliver: Deliver, encoding: str, content: bytes, line: int
) -> None:
    taken = deliver("units", content, profiles=layout("units", f'encoding = "{encoding}"'))
    assert taken.receipt.rules == {"wrong_encoding": 1}
    assert taken.receipt.message is not None
    assert f"is not text in {encoding}, as the region's profile says; line {line} is the first" in (
        taken.receipt.message
    )


def test_the_line_that_is_not_utf_8_is_told_in_the_standard_layout_too(deliver: Deliver) -> None:
    taken = deliver("units", csv_text([good("units", unit_name="å")]).encode("latin-1"))
    assert taken.receipt.message is not None
    assert taken.receipt.message.endswith("The first such line is 2.")


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_delimiters(deliver: Deliver, delimiter: str) -> None:
    rows = [good("units"), another("units")]
    written = {"\t": "\\t"}.get(delimiter, delimiter)
    for text in (f'delimiter = "{written}"', ""):
        if text or delimiter in ",;":
            taken = deliver("units", csv_text(rows, delimiter), profiles=layout("units", text))
            assert_same(taken, deliver("units", rows))
            assert reading_of(taken).delimiter == delimiter


def test_decimal_comma(deliver: Deliver) -> None:
    rows = [good("physicians", fte="0,75"), another("physicians")]
    profiles = layout("physicians", "decimal_comma = true")
    taken = deliver("physicians", csv_text(rows, ";"), profiles=profiles)
    assert_same(taken, deliver("physicians", [good("physicians"), another("physicians")]))
    assert reading_of(taken).translated == {"fte": 1}
    without = deliver("physicians", csv_text(rows, ";"), profiles=layout("physicians"))
    assert without.receipt.rules == {"fte_out_of_range": 1}


def test_headings_in_swedish_whatever_case_and_white_space(deliver: Deliver) -> None:
    names = {
        "unit_id": "Enhetens HSA-id",
        "unit_name": "Namn på\u00a0 enheten",
        "municipality": "KOMMUN",
    }
    row = {names.get(name, name): value for name, value in good("units").items()}
    profiles = layout(
        "units",
        'columns.unit_id = ["Enhet", "Enhetens  HSA-id"]\n'
        'columns.unit_name = "namn på enheten"\ncolumns.municipality = "kommun"',
    )
    taken = deliver("units", [row], profiles=profiles)
    assert_same(taken, deliver("units", [good("units")]))
    assert reading_of(taken).columns["unit_id"] == "Enhetens HSA-id"
    assert reading_of(taken).columns["valid_to"] == "valid_to"


def test_a_heading_may_serve_two_columns(deliver: Deliver) -> None:
    row = {"Tid": "2025-11-05 08:30:00"} | good("care_contacts")
    del row["contact_date"], row["contact_time"]
    profiles = layout(
        "care_contacts",
        'columns.contact_date = "Tid"\ncolumns.contact_time = "Tid"\n'
        'date_formats = ["YYYY-MM-DD hh:mm:ss"]\ntime_formats = ["YYYY-MM-DD hh:mm:ss"]',
    )
    taken = deliver("care_contacts", [row], profiles=profiles)
    assert_same(taken, deliver("care_contacts", [good("care_contacts")]))


def test_missing_and_repeated_headings_are_named_as_the_profile_calls_them(
    deliver: Deliver,
) -> None:
    profiles = layout("units", 'columns.unit_id = ["Enhet", "HSA"]')
    taken = deliver("units", [good("units")], profiles=profiles)
    assert taken.receipt.rules == {"missing_column": 1}
    assert taken.receipt.rows == 1
    assert "Missing: unit_id (in the profile: Enhet or HSA)." in (taken.receipt.message or "")
    both = {"Enhet": "SE1", "HSA": "SE1"} | good("units")
    taken = deliver("units", [both], profiles=profiles)
    assert taken.receipt.rules == {"duplicate_header": 1}
    assert "Twice: unit_id (in the profile: Enhet or HSA)." in (taken.receipt.message or "")


def test_repeated_headings_that_are_not_read_do_no_harm(deliver: Deliver) -> None:
    text = csv_text([good("units")]).replace("\n", ",x,x\n")
    taken = deliver("units", text, profiles=layout("units", 'ignored = ["X"]'))
    assert_same(taken, deliver("units", [good("units")]))
    assert reading_of(taken).not_read == ("x",)


def test_unknown_headings_are_warned_about_and_ignored_ones_are_not(deliver: Deliver) -> None:
    row = good("units") | {"Telefon": "1", "Namn": "2"}
    taken = deliver("units", [row], profiles=layout("units", 'ignored = ["namn"]'))
    assert taken.receipt.rules == {"unknown_column": 1}
    assert "unknown_column Telefon (not read)" in (taken.receipt.message or "")


@pytest.mark.parametrize(
    ("written", "formats"),
    [
        ("20200501", '"YYYYMMDD"'),
        ("01/05/2020", '"DD/MM/YYYY"'),
        ("1.5.2020", '"YYYYMMDD", "D.M.YYYY"'),
        ("2020-05-01 00:00:00", '"YYYY-MM-DD hh:mm:ss"'),
        ("2020-05-01 00:00:00.000", '"YYYY-MM-DD hh:mm:ss"'),
        ("2020-05-01T13:45:00", '"YYYYMMDD"'),
        ("43952", '"excel"'),
        ("2020-05-01", '"excel"'),
    ],
)
def test_date_formats(deliver: Deliver, written: str, formats: str) -> None:
    profiles = layout("listings", f"date_formats = [{formats}]")
    taken = deliver("listings", [good("listings", valid_from=written)], profiles=profiles)
    assert_same(taken, deliver("listings", [good("listings")]))


@pytest.mark.parametrize("written", ["20200231", "2020051", "1/5/2020", "1", "999999", "x20200501"])
def test_what_is_not_written_in_a_date_format_is_rejected(deliver: Deliver, written: str) -> None:
    profiles = layout("listings", 'date_formats = ["YYYYMMDD", "DD/MM/YYYY", "excel"]')
    rows = [good("listings", valid_from=written), good("listings")]
    taken = deliver("listings", rows, profiles=profiles)
    assert taken.rejected.select("line", "rule").rows() == [(2, "bad_date")]


@pytest.mark.parametrize(
    ("written", "formats"),
    [("08:30:00", '"hh:mm:ss"'), ("0830", '"hhmm"'), ("2025-11-05 08:30", '"YYYY-MM-DD hh:mm"')],
)
def test_time_formats(deliver: Deliver, written: str, formats: str) -> None:
    profiles = layout("care_contacts", f"time_formats = [{formats}]")
    rows = [good("care_contacts", contact_time=written)]
    taken = deliver("care_contacts", rows, profiles=profiles)
    assert_same(taken, deliver("care_contacts", [good("care_contacts")]))


def test_codes_whatever_case_and_missing_on_both_sides(deliver: Deliver) -> None:
    profiles = layout(
        "physicians",
        'list_separator = ","\n'
        '[layouts.codes.equivalent_competence]\nJA = "true"\n"" = "false"\n'
        '[layouts.codes.employment]\nFast = "tillsvidare"\n'
        '[layouts.codes.training]\n"Färdig" = ""\n'
        '[layouts.codes.specialties]\n"Allmänmedicin" = "allmanmedicin"\nFoniatri = "other"\n',
    )
    written = good(
        "physicians",
        equivalent_competence="",
        employment="fast",
        training="färdig",
        specialties='"Allmänmedicin, GERIATRIK,foniatri"',
    ) | {"equivalent_competence": "ja"}
    meant = good(
        "physicians",
        equivalent_competence="true",
        specialties="allmanmedicin|geriatrik|other",
    )
    taken = deliver("physicians", [written], profiles=profiles)
    assert taken.receipt.rules == {"unknown_code": 1, "no_row_accepted": 1}
    written["specialties"] = '"Allmänmedicin, geriatrik,foniatri"'
    taken = deliver("physicians", [written], profiles=profiles)
    assert_same(taken, deliver("physicians", [meant]))
    assert dict(reading_of(taken).translated) == {
        "specialties": 1,
        "training": 1,
        "equivalent_competence": 1,
        "employment": 1,
    }
    taken = deliver("physicians", [written | {"equivalent_competence": ""}], profiles=profiles)
    assert_same(taken, deliver("physicians", [meant | {"equivalent_competence": "false"}]))


def test_a_text_without_a_code_is_judged_as_it_is(deliver: Deliver) -> None:
    profiles = layout("units", '[layouts.codes.operator]\nLandsting = "region"')
    rows = [good("units", operator="Annan"), another("units")]
    assert deliver("units", rows, profiles=profiles).receipt.rules == {"unknown_code": 1}


def test_constants_and_what_the_file_is_called(deliver: Deliver) -> None:
    profiles = layout(
        "care_markings",
        'constants = { setting = "sabo", municipality = "{suffix}", valid_from = "{date}" }',
    )
    row = good("care_markings", municipality="9999")
    del row["setting"], row["valid_from"]
    taken = deliver("care_markings", [row], name="2025-11-30_1962", profiles=profiles)
    meant = good("care_markings", municipality="1962", valid_from="2025-11-30")
    plain = deliver("care_markings", [meant], name="2025-11-30_1962")
    assert taken.accepted is not None
    assert plain.accepted is not None
    assert_frame_equal(taken.accepted, plain.accepted)
    assert taken.receipt.rules == {"unknown_column": 1}
    assert dict(reading_of(taken).constants) == {
        "setting": "sabo",
        "municipality": "1962",
        "valid_from": "2025-11-30",
    }


def test_texts_that_mean_missing(deliver: Deliver) -> None:
    profiles = layout("listings", 'missing = ["-", "NULL"]')
    rows = [good("listings", valid_to="NULL", deceased_on="-")]
    assert_same(
        deliver("listings", rows, profiles=profiles), deliver("listings", [good("listings")])
    )


PREAMBLE = 'Uttag ur FLISA\n"en, rad med\n;;;\n'


@pytest.mark.parametrize("header_line", ["4", '"find"'])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("bottom", "skipped"),
    [
        ("", ()),
        ("Summa;2\n", (8,)),
        ("SUMMA;;;;;2\n\nObs! En not", (8, 10)),
        (";Summa;;;;\n", (8,)),
        ('"Summa";2\n', (8,)),
    ],
)
def test_lines_above_and_below_are_skipped_and_told(
    deliver: Deliver, header_line: str, line_end: str, bottom: str, skipped: tuple[int, ...]
) -> None:
    rows = [good("units"), good("units", operator="x"), another("units")]
    text = (PREAMBLE + csv_text(rows, ";") + bottom).replace("\n", line_end)
    profiles = layout(
        "units", f'header_line = {header_line}\nskip_rows_beginning = ["summa", "Obs"]'
    )
    taken = deliver("units", text, profiles=profiles)

    assert taken.receipt.rows == 3
    assert taken.rejected.select("line", "rule").rows() == [(6, "unknown_code")]
    reading = reading_of(taken)
    assert reading.header_line == 4
    assert [(each.reason, each.lines) for each in reading.skipped] == [
        ("above the headings", (1, 2, 3)),
        *([("begins as the profile says", skipped)] if skipped else []),
    ]
    assert reading.skipped_rows == 3 + len(skipped)
    assert "Skipped, as they are no data: 3 above the headings (line 1, 2, 3)" in (
        taken.receipt.message or ""
    )


def test_totals_and_empty_rows_in_the_middle(deliver: Deliver) -> None:
    lines = csv_text([good("units"), another("units")], ";").splitlines()
    text = "\n".join([lines[0], lines[1], ";;;;;", "Delsumma;;;;;1", "Delsumma;1", lines[2], ""])
    taken = deliver("units", text, profiles=layout("units", 'skip_rows_beginning = ["Delsumma"]'))
    assert (taken.receipt.rows, taken.receipt.accepted) == (2, 2)
    assert {each.reason: each.lines for each in reading_of(taken).skipped} == {
        "without any value": (3,),
        "begins as the profile says": (4, 5),
    }


def test_rows_skipped_for_one_reason_are_told_together(deliver: Deliver) -> None:
    lines = csv_text([good("units"), another("units")], ";").splitlines()
    text = "\n".join([lines[0], "Summa;;;;;1", *lines[1:], "Summa;1", ""])
    taken = deliver("units", text, profiles=layout("units", 'skip_rows_beginning = ["Summa"]'))
    assert (taken.receipt.rows, taken.receipt.accepted) == (2, 2)
    assert reading_of(taken).lines[-1] == (
        "Skipped, as they are no data: 2 begins as the profile says (line 2, 5)."
    )


def test_of_many_skipped_rows_some_are_named_and_all_counted(deliver: Deliver) -> None:
    text = csv_text([good("units")], ";") + ";;;;;\n" * 30
    taken = deliver("units", text, profiles=layout("units"))
    assert reading_of(taken).skipped_rows == 30
    assert "30 without any value (line 3, 4, " in (taken.receipt.message or "")
    assert ", 22, …)" in (taken.receipt.message or "")


def test_a_short_row_that_is_not_skipped_is_rejected(deliver: Deliver) -> None:
    text = csv_text([good("units"), another("units")], ";") + "Totalt;2\n"
    taken = deliver("units", text, profiles=layout("units", 'skip_rows_beginning = ["Summa"]'))
    assert taken.rejected.select("line", "rule").rows() == [(4, "wrong_field_count")]


def test_headings_that_are_not_found(deliver: Deliver) -> None:
    text = csv_text([good("units")])
    found = layout("units", 'header_line = "find"\ncolumns.unit_id = "HSA"')
    taken = deliver("units", text, profiles=found)
    assert taken.receipt.rules == {"missing_column": 1}
    assert "None of the first 50 lines holds a heading of every required column." in (
        taken.receipt.message or ""
    )
    taken = deliver("units", text, profiles=layout("units", "header_line = 9"))
    assert taken.receipt.rules == {"empty_file": 1}


@pytest.mark.parametrize("text", ["", "\n\n", "unit_id;unit_name\n", "unit_id"])
def test_empty_files_are_refused(deliver: Deliver, text: str) -> None:
    assert "empty_file" in deliver("units", text, profiles=layout("units")).receipt.rules


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("195704289999", "195704289999"),
        ("19570428-9999", "195704289999"),
        ("19570428 – 9999", "195704289999"),
        ("5704289999", "195704289999"),
        ("570428-9999", "195704289999"),
        ("000229-2399", "200002292399"),
        ("2292399", "200002292399"),
        ("090527+1474", "190905271474"),
    ],
)
def test_identities_without_century_or_zeros(deliver: Deliver, written: str, meant: str) -> None:
    ages = "[18, 117]"
    profiles = layout("care_markings", f"restore_zeros = true\nten_digit_ages = {ages}")
    taken = deliver("care_markings", [good("care_markings", person_id=written)], profiles=profiles)
    plain = deliver("care_markings", [good("care_markings", person_id=meant)])
    assert_same(taken, plain)


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("570428-9999", ""),
        ("5704289999", "restore_zeros = true"),
        ("570428+9999", "ten_digit_ages = [18, 117]"),  # would be born in 1857
        ("090527-1474", "ten_digit_ages = [18, 117]"),  # 116 years old, written as under 100
        ("5704289999", "ten_digit_ages = [0, 60]"),
        ("2292399", "ten_digit_ages = [18, 117]"),
        ("229239", "restore_zeros = true\nten_digit_ages = [18, 117]"),
    ],
)
def test_identities_that_stay_unclear_are_rejected(
    deliver: Deliver, written: str, keys: str
) -> None:
    rows = [good("care_markings", person_id=written), good("care_markings")]
    taken = deliver("care_markings", rows, profiles=layout("care_markings", keys))
    assert taken.rejected.select("line", "rule").rows() == [(2, "bad_identifier")]


def test_municipalities_without_their_zero(deliver: Deliver) -> None:
    profiles = layout("units", "restore_zeros = true")
    taken = deliver("units", [good("units", municipality="114")], profiles=profiles)
    assert_same(taken, deliver("units", [good("units", municipality="0114")]))


def test_parquet_with_other_headings(deliver: Deliver, tmp_path: Path) -> None:
    frame = pl.DataFrame([good("units"), good("units", operator="x")])
    frame.rename({"unit_id": "Enhet"}).write_parquet(tmp_path / "rows.parquet")
    taken = deliver(
        "units",
        (tmp_path / "rows.parquet").read_bytes(),
        extension="parquet",
        profiles=layout("units", 'format = "parquet"\ncolumns.unit_id = "Enhet"'),
    )
    assert taken.rejected.select("line", "rule").rows() == [(3, "unknown_code")]


def test_a_layout_of_other_files_changes_nothing(deliver: Deliver) -> None:
    profiles = layout("units", 'files = "*_cosmic.csv"\ncolumns.unit_id = "Enhet"')
    taken = deliver("units", [good("units")], profiles=profiles)
    assert_same(taken, deliver("units", [good("units")]))
    assert reading_of(taken).layout == 0


def test_no_value_stands_in_what_is_told(deliver: Deliver) -> None:
    rows = [good("listings", valid_to="20991231", person_id="570428-9999"), good("listings")]
    text = "Lista för Anna Andersson\n" + csv_text(rows, ";") + "Not om 570428-9999\n"
    profiles = layout(
        "listings",
        'header_line = 2\nskip_rows_beginning = ["Not"]\ndate_formats = ["YYYYMMDD"]',
    )
    taken = deliver("listings", text, profiles=profiles)
    told = f"{taken.receipt.message} {reading_of(taken)} {reading_of(taken).lines}"
    for value in ("570428", "Anna", "2099", "9999"):
        assert value not in told


def test_the_reading_of_the_standard_layout(deliver: Deliver) -> None:
    text = "\ufeff" + csv_text([good("units")], ";")
    assert reading_of(deliver("units", text)).lines == [
        "Standard layout, csv, encoding utf-8-bom, delimiter ';', headings on line 1, 6 columns.",
    ]
