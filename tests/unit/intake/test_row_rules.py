"""Every rule about rows: a row that breaks it, on which line and in which columns it is found."""

from datetime import date

import pytest
from intake_rows import GOOD_ROWS, Deliver, another, good

from schemas.deliveries import delivery as contract_of
from schemas.rules import RULES

# delivery, what is changed in a good row, the rule it then breaks, the columns concerned
REJECTED = [
    # missing_value
    ("units", {"unit_name": ""}, "missing_value", "unit_name"),
    ("units", {"unit_name": "  "}, "missing_value", "unit_name"),
    ("listings", {"person_id": ""}, "missing_value", "person_id"),
    ("listings", {"listing_type": ""}, "missing_value", "listing_type"),
    ("listings", {"in_queue": "", "unit_id": ""}, "missing_value", "unit_id, in_queue"),
    ("physicians", {"fte": ""}, "missing_value", "fte"),
    ("physicians", {"equivalent_competence": ""}, "missing_value", "equivalent_competence"),
    ("care_contacts", {"contact_date": ""}, "missing_value", "contact_date"),
    ("care_markings", {"main_care_at_setting": ""}, "missing_value", "main_care_at_setting"),
    ("fixed_contacts", {"holder_id": ""}, "missing_value", "holder_id"),
    ("population", {"count": ""}, "missing_value", "count"),
    # bad_identifier
    ("listings", {"person_id": "197004289895"}, "bad_identifier", "person_id"),
    ("listings", {"person_id": "20000229239"}, "bad_identifier", "person_id"),
    ("care_contacts", {"person_id": "0002292399"}, "bad_identifier", "person_id"),
    ("care_markings", {"person_id": "199902302395"}, "bad_identifier", "person_id"),
    ("fixed_contacts", {"person_id": "20000229 2399"}, "bad_identifier", "person_id"),
    # bad_date
    ("units", {"valid_from": "2025-02-29"}, "bad_date", "valid_from"),
    ("units", {"valid_to": "2025-1-05"}, "bad_date", "valid_to"),
    ("listings", {"deceased_on": "25-01-05"}, "bad_date", "deceased_on"),
    ("physicians", {"valid_from": "20150101"}, "bad_date", "valid_from"),
    ("care_contacts", {"contact_date": "2025-11-31"}, "bad_date", "contact_date"),
    ("care_contacts", {"contact_date": "2025-11-05T08:00"}, "bad_date", "contact_date"),
    ("care_markings", {"valid_from": "2025-+1-05"}, "bad_date", "valid_from"),
    ("fixed_contacts", {"valid_from": "0000-01-01"}, "bad_date", "valid_from"),
    # bad_time
    ("care_contacts", {"contact_time": "24:00"}, "bad_time", "contact_time"),
    ("care_contacts", {"contact_time": "8:30"}, "bad_time", "contact_time"),
    ("care_contacts", {"contact_time": "08:60"}, "bad_time", "contact_time"),
    ("care_contacts", {"contact_time": "08:30:00"}, "bad_time", "contact_time"),
    # bad_number
    ("population", {"age": "101"}, "bad_number", "age"),
    ("population", {"age": "-1"}, "bad_number", "age"),
    ("population", {"count": "17.5"}, "bad_number", "count"),
    ("population", {"count": "1 000"}, "bad_number", "count"),
    # fte_out_of_range
    ("physicians", {"fte": "0"}, "fte_out_of_range", "fte"),
    ("physicians", {"fte": "1.51"}, "fte_out_of_range", "fte"),
    ("physicians", {"fte": "-0.5"}, "fte_out_of_range", "fte"),
    ("physicians", {"fte": "heltid"}, "fte_out_of_range", "fte"),
    ("physicians", {"fte": "nan"}, "fte_out_of_range", "fte"),
    # valid_to_before_valid_from
    (
        "listings",
        {"valid_from": "2020-01-01", "valid_to": "2019-12-31"},
        "valid_to_before_valid_from",
        "valid_from, valid_to",
    ),
    # unknown_code
    ("units", {"operator": "Region"}, "unknown_code", "operator"),
    ("listings", {"in_queue": "nej"}, "unknown_code", "in_queue"),
    ("listings", {"protected_identity": "0"}, "unknown_code", "protected_identity"),
    ("physicians", {"specialties": "allmanmedicin|kirurgi"}, "unknown_code", "specialties"),
    ("physicians", {"specialties": "allmanmedicin|"}, "unknown_code", "specialties"),
    ("physicians", {"training": "st"}, "unknown_code", "training"),
    ("physicians", {"employment": "timanställd"}, "unknown_code", "employment"),
    ("care_contacts", {"profession": "tandlakare"}, "unknown_code", "profession"),
    ("care_contacts", {"contact_type": "brev"}, "unknown_code", "contact_type"),
    ("care_markings", {"setting": "korttid"}, "unknown_code", "setting"),
    ("care_markings", {"protected_identity": "okänt"}, "unknown_code", "protected_identity"),
    ("fixed_contacts", {"kind": "5"}, "unknown_code", "kind"),
    ("population", {"sex": "kvinnor"}, "unknown_code", "sex"),
    # unknown_municipality
    ("units", {"municipality": "9999"}, "unknown_municipality", "municipality"),
    ("units", {"municipality": "114"}, "unknown_municipality", "municipality"),
    ("care_markings", {"municipality": "19"}, "unknown_municipality", "municipality"),
    # contact_outside_month, year_outside_file
    ("care_contacts", {"contact_date": "2025-10-31"}, "contact_outside_month", "contact_date"),
    ("care_contacts", {"contact_date": "2024-11-05"}, "contact_outside_month", "contact_date"),
    ("population", {"year": "2023"}, "year_outside_file", "year"),
]

ACCEPTED = [
    ("units", {"valid_to": "2010-01-01"}),
    ("units", {"unit_name": "Hälso- och vårdcentral"}),
    ("listings", {"listing_type": "anything"}),
    ("listings", {"in_queue": "TRUE", "protected_identity": "False"}),
    ("listings", {"list_name": "", "physician_id": "", "residence_municipality": ""}),
    ("listings", {"valid_from": "2020-02-29", "valid_to": "2020-02-29"}),
    ("physicians", {"fte": "1.5"}),
    ("physicians", {"fte": "0.01"}),
    ("physicians", {"fte": "1"}),
    ("physicians", {"specialties": "", "training": "BT", "position_code": ""}),
    ("physicians", {"specialties": "other"}),
    ("care_contacts", {"contact_time": "", "provider_id": ""}),
    ("care_contacts", {"contact_time": "00:00"}),
    ("care_contacts", {"contact_time": "23:59"}),
    ("care_contacts", {"contact_date": "2025-11-30"}),
    ("care_contacts", {"unit_id": " se2321000172-0a01 "}),
    ("care_markings", {"protected_identity": "true"}),
    ("fixed_contacts", {"kind": "4"}),
    ("population", {"age": "0", "count": "0"}),
]


@pytest.mark.parametrize(("delivery", "changes", "rule", "columns"), REJECTED)
def test_a_row_that_breaks_a_rule_is_rejected_with_line_and_columns(
    deliver: Deliver, delivery: str, changes: dict[str, str], rule: str, columns: str
) -> None:
    taken = deliver(delivery, [another(delivery), good(delivery, **changes)])

    assert taken.receipt.status == "accepted"
    assert (taken.receipt.accepted, taken.receipt.rejected) == (1, 1)
    assert taken.rejected.select("line", "rule", "columns").rows() == [(3, rule, columns)]
    assert taken.receipt.rules == {rule: 1}


@pytest.mark.parametrize(("delivery", "changes"), ACCEPTED)
def test_a_row_that_breaks_no_rule_is_accepted(
    deliver: Deliver, delivery: str, changes: dict[str, str]
) -> None:
    taken = deliver(delivery, [good(delivery, **changes)])

    assert taken.receipt.accepted == 1
    assert taken.rejected.is_empty()
    assert taken.receipt.message is None


@pytest.mark.parametrize("delivery", GOOD_ROWS)
def test_columns_that_may_be_empty_may_be_absent(deliver: Deliver, delivery: str) -> None:
    required = contract_of(delivery).required_columns
    taken = deliver(delivery, [{name: GOOD_ROWS[delivery][name] for name in required}])

    assert taken.receipt.accepted == 1
    assert taken.accepted is not None
    assert taken.accepted.columns == contract_of(delivery).stored.column_names


def test_a_contact_after_the_day_of_the_run_is_rejected(deliver: Deliver) -> None:
    rows = [
        good("care_contacts", contact_date="2025-11-10"),
        good("care_contacts", contact_date="2025-11-11"),
    ]
    taken = deliver("care_contacts", rows, today=date(2025, 11, 10))

    assert taken.rejected.select("line", "rule").rows() == [(3, "contact_in_future")]


def test_a_row_with_several_faults_is_listed_once_for_each_rule(deliver: Deliver) -> None:
    bad = good("physicians", fte="9", training="x", employment="y", unit_id="")
    taken = deliver("physicians", [another("physicians"), bad])

    assert taken.receipt.rejected == 1
    assert taken.rejected.select("rule", "columns").rows() == [
        ("fte_out_of_range", "fte"),
        ("missing_value", "unit_id"),
        ("unknown_code", "training, employment"),
    ]


# Second rows with the same key


def test_the_first_row_with_a_key_stays(deliver: Deliver) -> None:
    rows = [
        good("listings", physician_id="SE1-A"),
        good("listings", physician_id="SE1-B"),
        good("listings", physician_id="SE1-C"),
    ]
    taken = deliver("listings", rows)

    assert taken.accepted is not None
    assert taken.accepted["physician_id"].to_list() == ["SE1-A"]
    assert taken.rejected.select("line", "rule", "columns").rows() == [
        (3, "duplicate_key", "person_id, unit_id, valid_from"),
        (4, "duplicate_key", "person_id, unit_id, valid_from"),
    ]


def test_a_row_that_breaks_another_rule_does_not_take_the_key(deliver: Deliver) -> None:
    rows = [
        good("listings", physician_id="SE1-A", in_queue="x"),
        good("listings", physician_id="SE1-B"),
        good("listings", physician_id="SE1-C", in_queue="x"),
    ]
    taken = deliver("listings", rows)

    assert taken.accepted is not None
    assert taken.accepted["physician_id"].to_list() == ["SE1-B"]
    assert taken.rejected.select("line", "rule").rows() == [
        (2, "unknown_code"),
        (4, "unknown_code"),
    ]


def test_keys_are_compared_after_normalising(deliver: Deliver) -> None:
    rows = [
        good("listings", person_id="200002292399", unit_id="SE2321000172-0A01"),
        good("listings", person_id="20000229-2399", unit_id="se2321000172-0a01 "),
    ]
    assert deliver("listings", rows).receipt.rules == {"duplicate_key": 1}


@pytest.mark.parametrize(
    ("delivery", "changes", "same_key"),
    [
        ("units", {"unit_name": "Other"}, True),
        ("units", {"valid_from": "2011-01-01"}, False),
        ("listings", {"list_name": "Other"}, True),
        ("listings", {"unit_id": "SE2321000172-0A02"}, False),
        ("physicians", {"fte": "1"}, True),
        ("physicians", {"unit_id": "SE2321000172-0A02"}, False),
        ("care_contacts", {}, True),
        ("care_contacts", {"contact_time": ""}, False),
        ("care_contacts", {"contact_type": "video"}, False),
        ("care_markings", {"main_care_at_setting": "false"}, True),
        ("care_markings", {"setting": "hemsjukvard"}, False),
        ("fixed_contacts", {"valid_to": "2030-01-01"}, True),
        ("fixed_contacts", {"kind": "1"}, False),
        ("population", {"count": "18"}, True),
        ("population", {"sex": "men"}, False),
    ],
)
def test_what_the_key_of_each_delivery_is(
    deliver: Deliver, delivery: str, changes: dict[str, str], same_key: bool
) -> None:
    taken = deliver(delivery, [good(delivery), good(delivery, **changes)])

    assert taken.receipt.rules == ({"duplicate_key": 1} if same_key else {})


def test_two_contacts_without_time_and_provider_are_the_same(deliver: Deliver) -> None:
    row = good("care_contacts", contact_time="", provider_id="")
    assert deliver("care_contacts", [row, row]).receipt.rules == {"duplicate_key": 1}


# Warnings


def test_an_unknown_residence_is_read_as_missing_with_a_warning(deliver: Deliver) -> None:
    taken = deliver("listings", [good("listings", residence_municipality="9999")])

    assert taken.receipt.rules == {"unknown_residence_municipality": 1}
    assert taken.accepted is not None
    assert taken.accepted["residence_municipality"].to_list() == [None]


def test_missing_protection_is_read_as_true_with_a_warning(deliver: Deliver) -> None:
    taken = deliver("listings", [good("listings", protected_identity="")])

    assert taken.receipt.rules == {"missing_protection": 1}
    assert taken.accepted is not None
    assert taken.accepted["protected_identity"].to_list() == [True]


def test_missing_protection_of_a_marking_is_not_known_and_no_warning(deliver: Deliver) -> None:
    taken = deliver("care_markings", [good("care_markings", protected_identity="")])

    assert taken.receipt.rules == {}
    assert taken.accepted is not None
    assert taken.accepted["protected_identity"].to_list() == [None]


def test_a_unit_outside_the_register_counts_with_a_warning(deliver: Deliver) -> None:
    rows = [
        good("care_contacts", unit_id="SE2321000172-0A01"),
        good("care_contacts", unit_id="SE2321000172-0A99"),
    ]
    known = frozenset({"SE2321000172-0A01"})

    assert deliver("care_contacts", rows).receipt.rules == {}
    taken = deliver("care_contacts", rows, known_units=known)
    assert taken.receipt.accepted == 2
    assert taken.receipt.rules == {"unit_not_in_register": 1}


def test_a_municipal_list_with_another_municipality_is_warned_about(deliver: Deliver) -> None:
    rows = [good("care_markings"), good("care_markings", municipality="1984")]

    assert deliver("care_markings", rows, name="2025-11-30_cosmic").receipt.rules == {}
    taken = deliver("care_markings", rows, name="2025-11-30_1980")
    assert taken.receipt.accepted == 2
    assert taken.receipt.rules == {"other_municipality": 1}


def test_every_rule_about_rows_is_tried_here() -> None:
    tried_elsewhere = {
        "wrong_field_count",
        "duplicate_key",
        "contact_in_future",
        "corrected_drop",
        "bad_code",  # test_hostile_input.py
        "identity_elsewhere",  # test_identities_elsewhere.py
    }
    tried = {rule for _, _, rule, _ in REJECTED} | tried_elsewhere
    assert tried == {rule.code for rule in RULES if rule.grade == "reject_row"}
