"""Corrections of known errors: what they do to the rows, what is counted, and when they fail."""

import hashlib

import polars as pl
import pytest
from intake_rows import Deliver, csv_text, good

from pipelines.intake.take_in import Intake
from schemas.correction_toml import corrections_of
from schemas.corrections import Corrections

A, B, C = "SE2321000172-0A01", "SE2321000172-0B02", "SE2321000172-0C03"
CONTACTS = [
    good("care_contacts", unit_id=A, contact_type="mottagning"),
    good("care_contacts", unit_id=B, contact_type="besok"),
    good("care_contacts", unit_id=B, contact_type="hembesok"),
    good("care_contacts", unit_id=C, contact_type="video", provider_id=""),
]
"""Lines 2 to 5; line 3 has a code that the layout does not know."""


def corrections(*entries: str) -> Corrections:
    """Corrections of region 19's contacts, numbered from 1; what each says stands in its entry."""
    text = ""
    for place, entry in enumerate(entries, start=1):
        text += f"""
[[correction]]
id = "19-{place}"
delivery = "care_contacts"
file = "2025-1?.csv"
reason = "Test"
reported = 2025-12-03
status = "open"
{entry}
"""
    return Corrections({"19": corrections_of("19.toml", text)})


def taken(deliver: Deliver, *entries: str) -> Intake:
    return deliver("care_contacts", CONTACTS, corrections=corrections(*entries))


def broken(intake: Intake) -> list[tuple[int, str, str | None]]:
    return intake.rejected.select("line", "rule", "columns").rows()


def warned(intake: Intake) -> list[tuple[int, str, str | None]]:
    return intake.warned.select("line", "rule", "columns").rows()


def units(intake: Intake) -> list[tuple[str, str]]:
    assert intake.accepted is not None
    return sorted(intake.accepted.select("unit_id", "contact_type").rows())


def test_without_corrections(deliver: Deliver) -> None:
    intake = taken(deliver)
    assert (intake.receipt.accepted, intake.receipt.rejected) == (3, 1)
    assert broken(intake) == [(3, "unknown_code", "contact_type")]


def test_drop(deliver: Deliver) -> None:
    """Unit B's two rows are left out, also the one that breaks a rule, and count as rejected."""
    intake = taken(deliver, f'action = "drop"\nwhere = {{ unit_id = "{B}" }}')
    receipt = intake.receipt
    assert (receipt.rows, receipt.accepted, receipt.rejected) == (4, 2, 2)
    assert receipt.rules == {"corrected_drop": 2}
    assert receipt.message == "Rows rejected: corrected_drop 2 (19-1)."
    assert broken(intake) == [(3, "corrected_drop", None), (4, "corrected_drop", None)]
    assert units(intake) == [(A, "mottagning"), (C, "video")]


def test_override(deliver: Deliver) -> None:
    """The value replaced is judged like any other; an empty one is a missing value."""
    intake = taken(
        deliver,
        f'action = "override"\nwhere = {{ unit_id = "{B}" }}\ncolumn = "contact_type"\n'
        'value = "telefon"',
        f'action = "override"\nwhere = {{ unit_id = "{A}" }}\ncolumn = "provider_id"\nvalue = ""',
    )
    # Both rows of B are now the same contact, of which the first counts.
    assert broken(intake)[0][:2] == (4, "duplicate_key")
    assert units(intake) == [(A, "mottagning"), (B, "telefon"), (C, "video")]
    assert intake.receipt.rules == {"duplicate_key": 1, "corrected_override": 3}
    assert "Warnings: corrected_override 3 (19-1, 19-2)." in str(intake.receipt.message)
    assert warned(intake) == [
        (2, "corrected_override", "provider_id"),
        (3, "corrected_override", "contact_type"),
        (4, "corrected_override", "contact_type"),
    ]
    assert intake.accepted is not None
    assert intake.accepted["provider_id"].null_count() == 2


def test_an_override_that_is_wrong_itself_is_rejected(deliver: Deliver) -> None:
    intake = taken(
        deliver,
        f'action = "override"\nwhere = {{ unit_id = "{A}" }}\ncolumn = "contact_date"\n'
        'value = "2025-10-31"',
    )
    assert (2, "contact_outside_month", "contact_date") in broken(intake)


def test_an_override_of_a_column_that_the_header_lacks(deliver: Deliver) -> None:
    rows = [{name: row[name] for name in row if name != "contact_time"} for row in CONTACTS[:1]]
    told = corrections(
        'action = "override"\nwhere = { contact_time = "" }\ncolumn = "contact_time"\n'
        'value = "10:15"'
    )
    intake = deliver("care_contacts", rows, corrections=told)
    assert intake.accepted is not None
    assert str(intake.accepted["contact_time"][0]) == "10:15:00"


def test_recode(deliver: Deliver) -> None:
    """Only rows with one of the codes are concerned."""
    intake = taken(
        deliver,
        'action = "recode"\ncolumn = "contact_type"\ncodes = { besok = "mottagning" }\nrows = 1',
    )
    assert intake.receipt.rules == {"corrected_recode": 1}
    assert intake.receipt.rejected == 0
    assert units(intake) == [(A, "mottagning"), (B, "hembesok"), (B, "mottagning"), (C, "video")]


def test_recode_from_and_to_a_missing_value(deliver: Deliver) -> None:
    intake = taken(
        deliver,
        'action = "recode"\ncolumn = "provider_id"\n'
        'codes = { "" = "SE2321000172-P009", "SE2321000172-P001" = "" }',
    )
    assert intake.accepted is not None
    assert intake.accepted.sort("unit_id")["provider_id"].to_list() == [
        None,
        None,
        "SE2321000172-P009",
    ]


def test_flag_changes_nothing_but_says_it(deliver: Deliver) -> None:
    intake = taken(deliver, f'action = "flag"\nwhere = {{ unit_id = ["{A}", "{C}"] }}')
    plain = taken(deliver)
    assert plain.accepted is not None
    assert intake.accepted is not None
    assert intake.accepted.equals(plain.accepted)
    assert intake.receipt.rules == {"unknown_code": 1, "corrected_flag": 2}
    assert warned(intake) == [(2, "corrected_flag", None), (5, "corrected_flag", None)]


def test_each_works_on_what_the_former_left(deliver: Deliver) -> None:
    intake = taken(
        deliver,
        'action = "recode"\ncolumn = "contact_type"\ncodes = { besok = "chatt" }',
        'action = "drop"\nwhere = { contact_type = "chatt" }',
    )
    assert broken(intake) == [(3, "corrected_drop", None)]
    assert intake.receipt.rules == {"corrected_drop": 1, "corrected_recode": 1}


def test_lines_of_one_content(deliver: Deliver) -> None:
    checksum = hashlib.sha256(csv_text(CONTACTS).encode()).hexdigest()
    drop = 'action = "drop"\nlines = [3, 5]\nsha256 = "{}"'
    intake = taken(deliver, drop.format(checksum[:8]))
    assert [line for line, _, _ in broken(intake)] == [3, 5]
    both = drop.format(checksum) + f'\nwhere = {{ unit_id = "{C}" }}'
    assert [line for line, *_ in broken(taken(deliver, both))] == [3, 5]
    other = taken(deliver, drop.format("00000000"))
    assert other.receipt.status == "refused"
    assert "its lines are those of another content of the file." in str(other.receipt.message)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            'action = "drop"\nwhere = { unit_id = "SE2321000172-0D04" }',
            "Correction 19-1 (drop) does not fit the file: it concerns 0 rows, expected at least "
            "1.",
        ),
        (
            'action = "recode"\ncolumn = "contact_type"\ncodes = { fax = "chatt" }\nrows = 2',
            "Correction 19-1 (recode) does not fit the file: it concerns 0 rows, expected 2.",
        ),
        (
            f'action = "flag"\nwhere = {{ unit_id = "{B}" }}\nrows = 1',
            "Correction 19-1 (flag) does not fit the file: it concerns 2 rows, expected 1.",
        ),
    ],
)
def test_a_correction_that_does_not_fit_holds_the_file_back(
    deliver: Deliver, entry: str, said: str
) -> None:
    """Neither used nor silently passed over: the supplier may have mended the fault."""
    intake = taken(deliver, entry)
    receipt = intake.receipt
    assert (receipt.status, receipt.rows, receipt.accepted, receipt.rejected) == (
        "refused",
        4,
        0,
        4,
    )
    assert receipt.rules == {"correction_does_not_fit": 1}
    assert receipt.message == said
    assert intake.refusals[0].sentence_sv.startswith("Rättelse 19-1 (")


def test_dropping_every_row_refuses_the_file(deliver: Deliver) -> None:
    intake = taken(deliver, f'action = "drop"\nwhere = {{ unit_id = ["{A}", "{B}", "{C}"] }}')
    assert intake.receipt.status == "refused"
    assert intake.receipt.rules == {"no_row_accepted": 1, "corrected_drop": 4}
    assert intake.rejected.height == 4


def test_dropped_rows_do_not_make_the_rest_suspect(deliver: Deliver) -> None:
    """20 of 40 rows dropped; without the correction 20 bad ones would refuse the file. 10 bad
    ones of the 20 that are left do."""
    rows = [
        good("care_contacts", contact_time=f"08:{minute:02}", unit_id=A if minute < 20 else B)
        for minute in range(40)
    ]
    faulty = [row | ({"contact_type": "fax"} if row["unit_id"] == B else {}) for row in rows]
    told = corrections(f'action = "drop"\nwhere = {{ unit_id = "{B}" }}')
    assert deliver("care_contacts", faulty).receipt.status == "refused"
    kept = deliver("care_contacts", faulty, corrections=told).receipt
    assert (kept.status, kept.rows, kept.accepted, kept.rejected) == ("accepted", 40, 20, 20)
    worse = [
        row | ({"contact_type": "fax"} if place < 10 else {}) for place, row in enumerate(faulty)
    ]
    refused = deliver("care_contacts", worse, corrections=told)
    assert refused.receipt.status == "refused"
    assert "Rejected: 10 of 20." in str(refused.receipt.message)


def test_other_files_are_left_alone(deliver: Deliver) -> None:
    """Another region, delivery or name, and corrections that have ended."""
    told = corrections(f'action = "drop"\nwhere = {{ unit_id = "{B}" }}')
    plain = taken(deliver).receipt.rules
    elsewhere = deliver("care_contacts", CONTACTS, region="04").receipt.rules
    corrected = deliver("care_contacts", CONTACTS, region="04", corrections=told)
    assert corrected.receipt.rules == elsewhere
    later = deliver("care_contacts", CONTACTS, name="2025-11_b", corrections=told)
    assert later.receipt.rules == plain
    [one] = told.by_region["19"]
    ended = Corrections({"19": (type(one)(**{**vars(one), "status": "fixed"}),)})
    assert deliver("care_contacts", CONTACTS, corrections=ended).receipt.rules == plain


def test_a_batch_where_one_file_is_corrected(deliver: Deliver) -> None:
    """The rejected rows of both kinds stand in one table with one schema."""
    intake = taken(deliver, 'action = "drop"\nwhere = { contact_type = "video" }')
    assert broken(intake) == [(3, "unknown_code", "contact_type"), (5, "corrected_drop", None)]
    assert intake.rejected.schema == taken(deliver).rejected.schema
    assert intake.rejected["sha256"].null_count() == 0
    assert isinstance(intake.rejected, pl.DataFrame)
