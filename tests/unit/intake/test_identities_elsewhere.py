"""Identity numbers in the place of codes, in texts and in names of files: nothing keeps them."""

from datetime import date

import pytest
from intake_rows import Deliver, another, good

from pipelines.intake.identities_elsewhere import without_identities
from pipelines.intake.shown_names import is_plain, is_usable, shown_name
from schemas.column import Kind
from schemas.deliveries import DELIVERIES
from schemas.identity_numbers import holds_identity

PERSON = "195704289999"
"""A test number of the Swedish Tax Agency."""

FORMS = (
    PERSON,
    f"{PERSON[:8]}-{PERSON[8:]}",
    PERSON[2:],
    f"{PERSON[2:8]}+{PERSON[8:]}",
    f"{PERSON[:8]} {PERSON[8:]}",
    f"{PERSON[2:8]}–{PERSON[8:]}",
)

TEXT_COLUMNS = [
    (contract.name, column.name)
    for contract in DELIVERIES
    for column in contract.columns
    if column.kind is Kind.TEXT and column.name not in ("person_id", "list_name", "specialties")
]


@pytest.mark.parametrize(("delivery", "column"), TEXT_COLUMNS)
@pytest.mark.parametrize("form", FORMS)
def test_a_row_with_an_identity_in_another_column_is_rejected(
    deliver: Deliver, delivery: str, column: str, form: str
) -> None:
    taken = deliver(delivery, [another(delivery), good(delivery, **{column: f" {form} "})])
    assert taken.receipt.accepted == 1
    assert taken.rejected.select("line", "rule", "columns").rows() == [
        (3, "identity_elsewhere", column)
    ]
    assert form not in str(taken.receipt)


def test_a_register_that_has_identities_for_codes_is_refused(deliver: Deliver) -> None:
    taken = deliver("physicians", [good("physicians", physician_id=PERSON)])
    assert taken.receipt.rules == {"no_row_accepted": 1, "identity_elsewhere": 1}
    assert PERSON not in (taken.receipt.message or "")


def test_a_row_with_too_many_fields_breaks_that_rule_only(deliver: Deliver) -> None:
    header, row = ",".join(good("units")), ",".join(good("units").values())
    taken = deliver("units", f"{header}\n{row}\nA,{PERSON},1980,region,2010-01-01,,,x\n")
    assert taken.receipt.rules == {"wrong_field_count": 1}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("SE5560001640-195704289999", True),
        ("Vårdcentral 570428-9999", True),
        ("Vårdcentral 19570488-9004", True),  # a samordningsnummer
        ("SE2321000172-0A01", False),
        # An organisation number, a telephone number, another checksum, no day, part of a longer one
        ("SE5704289999-A1", False),
        ("Vårdcentral 5704289999", False),
        ("195704289998", False),
        ("195713019999", False),
        ("11957042899990", False),
        ("E195704289999", False),
    ],
)
def test_what_is_an_identity(text: str, holds: bool) -> None:
    assert holds_identity(text) == holds


@pytest.mark.parametrize("form", FORMS)
def test_a_name_with_an_identity_is_masked_and_not_usable(deliver: Deliver, form: str) -> None:
    for name in (form, f"2025-11-30_{form}", f"2025-11-30_å_{form}.csv"):
        assert shown_name(name) == name.replace(form, "(identity)")
        assert not is_usable(name)
        assert not is_plain(name)
    taken = deliver("units", [good("units")], name=f"2025-11-30_{form}")
    assert taken.receipt.rules == {"name_not_usable": 1}
    assert taken.receipt.file_name == "2025-11-30_(identity).csv"
    assert taken.receipt.reference_date == date(2025, 11, 30)


@pytest.mark.parametrize(
    "name",
    [
        # Written at 12:36 on 1 December 2025, whose digits have a valid checksum
        "2025-11-30_20251201-1236.csv",
        "2025-11-30_202512011236.csv",
        "2025-11-30_1980.csv",
        "2025-11.csv.gz",
        "2024.csv",
    ],
)
def test_a_time_stamp_is_no_identity(name: str) -> None:
    assert without_identities(name) == name
    assert is_usable(name)
