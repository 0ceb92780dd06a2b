"""What is kept: pseudonyms, list keys and names, and nothing that identifies a person."""

import hashlib
import hmac
import random
import string

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_rows import GOOD_ROWS, KEY, Deliver, csv_text, good
from polars.testing import assert_frame_equal

from pipelines.intake.pseudonyms import pseudonym
from schemas.deliveries import LIST_NAMES, delivery


def by_standard_library(text: str, key: str = KEY) -> int:
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@given(st.lists(st.text(max_size=40), min_size=1), st.text(string.printable, min_size=1))
def test_the_pseudonym_is_the_hmac_of_the_standard_library(texts: list[str], key: str) -> None:
    frame = pl.DataFrame({"text": texts})
    found = frame.select(pseudonym(pl.col("text"), key)).to_series()
    assert found.dtype == pl.Int64
    assert found.to_list() == [by_standard_library(text, key) for text in texts]


def test_missing_has_no_pseudonym_and_an_empty_key_is_refused() -> None:
    frame = pl.DataFrame({"text": [None]}, schema={"text": pl.String})
    assert frame.select(pseudonym(pl.col("text"), KEY)).to_series().to_list() == [None]
    with pytest.raises(ValueError, match="key is empty"):
        pseudonym(pl.col("text"), "")


@pytest.mark.parametrize(
    ("delivery_name", "identity", "hashed"),
    [
        ("listings", "20000229-2399", "200002292399"),
        ("care_markings", "197302889931", "197302889931"),
        ("listings", "20000101t220", "20000101T220|SE2321000172-0A01"),
        ("care_contacts", "20000101T220", "20000101T220|SE2321000172-0A01"),
        ("fixed_contacts", "20000101T220", "20000101T220|SE2321000172-0A01"),
        ("care_markings", "20000101T220", "20000101T220|marking|19"),
    ],
)
def test_what_stands_for_a_person(
    deliver: Deliver, delivery_name: str, identity: str, hashed: str
) -> None:
    taken = deliver(delivery_name, [good(delivery_name, person_id=identity)])
    assert taken.accepted is not None
    assert taken.accepted["person"].to_list() == [by_standard_library(hashed)]


def test_a_reserve_identity_at_two_units_is_two_persons(deliver: Deliver) -> None:
    rows = [
        good("listings", person_id="20000101T220", unit_id="SE1-A"),
        good("listings", person_id="20000101T220", unit_id="SE1-B"),
    ]
    taken = deliver("listings", rows)
    assert taken.accepted is not None
    assert taken.accepted["person"].n_unique() == 2


def test_a_list_name_is_kept_as_keyed_hashes_of_its_beginnings(deliver: Deliver) -> None:
    taken = deliver("listings", [good("listings", list_name="Bo  Ek\u00a0Ö")])

    assert taken.accepted is not None
    assert taken.list_names is not None
    list_key = by_standard_library("SE2321000172-0A01|boekö")
    assert taken.accepted["list_key"].to_list() == [list_key]
    expected = sorted(
        (list_key, by_standard_library(beginning))
        for beginning in ("b", "bo", "boe", "boek", "boekö")
    )
    assert taken.list_names.rows() == expected
    assert taken.list_names.schema == LIST_NAMES.polars_schema()


def test_a_unit_name_is_found_among_the_beginnings_of_its_fictitious_lists(
    deliver: Deliver,
) -> None:
    units = deliver("units", [good("units", unit_name="Vårdcentralen Bäcken")])
    rows = [
        good("listings", list_name="VÅRDCENTRALEN  BÄCKEN lista 2"),
        good("listings", valid_from="2021-01-01", list_name="Vårdcentralen Bäck"),
        good("listings", valid_from="2022-01-01", list_name=""),
    ]
    listings = deliver("listings", rows)

    assert units.accepted is not None
    assert listings.accepted is not None
    assert listings.list_names is not None
    keys = listings.accepted.sort("valid_from")["list_key"].to_list()
    found = listings.list_names.filter(
        pl.col("beginning_key").is_in(units.accepted["unit_name_key"].to_list())
    )
    assert found["list_key"].to_list() == [keys[0]]
    assert keys[1] is not None
    assert keys[2] is None


@pytest.mark.parametrize("delivery_name", GOOD_ROWS)
def test_what_is_kept_has_the_contract_and_no_identity(
    deliver: Deliver, delivery_name: str
) -> None:
    taken = deliver(delivery_name, [good(delivery_name)])

    assert taken.accepted is not None
    assert taken.accepted.schema == delivery(delivery_name).stored.polars_schema()
    kept = taken.accepted.write_csv()
    for name in ("person_id", "list_name"):
        if name in GOOD_ROWS[delivery_name]:
            assert GOOD_ROWS[delivery_name][name] not in kept


def contacts_in_any_order() -> list[dict[str, str]]:
    persons = ["200002292399", "195704289999", "190905271474", "20000101T220"]
    return [
        good("care_contacts", person_id=person, contact_date=day, contact_time=time)
        for person in persons
        for day in ("2025-11-05", "2025-11-06")
        for time in ("", "08:00", "09:30")
    ]


def listings_in_any_order() -> list[dict[str, str]]:
    return [
        good("listings", valid_from=f"2020-01-{day:02d}", list_name=name)
        for day, name in enumerate(["Bo", "Anna", "", "Bo", "Vårdcentralen"], start=1)
    ]


@pytest.mark.parametrize(
    ("delivery_name", "rows"),
    [("care_contacts", contacts_in_any_order()), ("listings", listings_in_any_order())],
)
def test_the_order_of_the_rows_changes_nothing(
    deliver: Deliver, delivery_name: str, rows: list[dict[str, str]]
) -> None:
    first = deliver(delivery_name, rows)
    assert first.accepted is not None
    assert first.accepted.equals(first.accepted.sort(delivery(delivery_name).stored.key))
    for seed in range(5):
        shuffled = random.Random(seed).sample(rows, len(rows))
        other = deliver(delivery_name, shuffled)
        assert other.accepted is not None
        assert_frame_equal(other.accepted, first.accepted)
        if first.list_names is not None and other.list_names is not None:
            assert_frame_equal(other.list_names, first.list_names)


def test_the_same_file_gives_the_same_result(deliver: Deliver) -> None:
    text = csv_text(contacts_in_any_order())
    one, two = deliver("care_contacts", text), deliver("care_contacts", text)
    assert one.receipt == two.receipt
    assert one.accepted is not None
    assert two.accepted is not None
    assert_frame_equal(one.accepted, two.accepted)
