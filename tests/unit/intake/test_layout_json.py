"""JSON exports: nested records become rows, headings are paths of names."""

import json
from typing import Any

import pytest
from intake_rows import Deliver, good
from layouts import layout
from polars.testing import assert_frame_equal

from pipelines.intake.records import read_records
from pipelines.intake.take_in import Intake

PROFILE = """
format = "json"
records = "getListingResponse[].listings[]"
columns.person_id = "getListingResponse.subjectOfCare.personId"
columns.protected_identity = "getListingResponse.subjectOfCare.protected"
columns.residence_municipality = "getListingResponse.subjectOfCare.municipality"
columns.unit_id = "getListingResponse.listings.healthcareFacility.id"
columns.list_name = "getListingResponse.listings.listName"
columns.physician_id = "getListingResponse.listings.healthcarePersonnel.id"
columns.listing_type = "getListingResponse.listings.listingType.code"
columns.in_queue = "getListingResponse.listings.isInQueue"
columns.valid_from = "getListingResponse.listings.validFromDate"
columns.valid_to = "getListingResponse.listings.validToDate"
codes = { listing_type = { primaryCare = "PV" } }
"""


def person(number: object, *listings: dict[str, Any]) -> dict[str, Any]:
    return {
        "subjectOfCare": {"personId": number, "protected": False, "municipality": "1980"},
        "listings": [
            {
                "healthcareFacility": {"id": "SE2321000172-0A01"},
                "listName": "Anna Andersson",
                "healthcarePersonnel": {"id": "SE2321000172-P001"},
                "listingType": {"code": "primaryCare"},
                "isInQueue": False,
                "validFromDate": "2020-05-01",
                "validToDate": None,
            }
            | listing
            for listing in listings
        ],
    }


def delivered(deliver: Deliver, data: object, text: str = PROFILE) -> Intake:
    content = data if isinstance(data, bytes | str) else json.dumps(data, ensure_ascii=False)
    return deliver("listings", content, extension="json", profiles=layout("listings", text))


def test_an_export_shaped_as_get_listing(deliver: Deliver) -> None:
    data = {
        "getListingResponse": [
            person(200002292399, {}),
            person("195704289999", {}, {"isInQueue": True, "validFromDate": "2025-01-01"}),
            person("190905271474"),
        ]
    }
    taken = delivered(deliver, data)
    other = {"person_id": "195704289999"}
    plain = deliver(
        "listings",
        [
            good("listings"),
            good("listings", **other),
            good("listings", **other, in_queue="true", valid_from="2025-01-01"),
        ],
    )
    assert taken.receipt.rules == {}
    assert taken.accepted is not None
    assert plain.accepted is not None
    assert_frame_equal(taken.accepted, plain.accepted)
    assert taken.reading is not None
    assert taken.reading.lines[0] == "Layout 1 of the profile, json, encoding utf-8, 9 columns."


def test_the_line_of_a_bad_record_is_its_number(deliver: Deliver) -> None:
    data = {
        "getListingResponse": [person("200002292399", {}, {"validFromDate": "x"}), person(1, {})]
    }
    taken = delivered(deliver, data)
    assert taken.rejected.select("line", "rule").rows() == [
        (2, "bad_date"),
        (3, "bad_identifier"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "windows-1252", "utf-16"])
def test_encodings(deliver: Deliver, encoding: str) -> None:
    rows = [good("units", unit_name="Åsögården")]
    python = "cp1252" if encoding == "windows-1252" else encoding
    content = json.dumps(rows, ensure_ascii=False).encode(python)
    profiles = layout("units", f'format = "json"\nencoding = "{encoding}"')
    taken = deliver("units", content, extension="json", profiles=profiles)
    assert taken.accepted is not None
    assert taken.accepted["unit_name"].to_list() == ["Åsögården"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "cannot be read to its end"),
        ("[" * 100_000, "cannot be read to its end"),
        ('{"a": 1, "a": 2}', "cannot be read to its end"),
        ('{"getListingResponse": NaN}', "cannot be read to its end"),
        ('{"getListingResponse": [{"listings": [{"a": "\\ud800"}]}]}', "cannot be read to its end"),
        ({}, "has no list at getListingResponse, where the region's profile says"),
        ({"getListingResponse": {}}, "has no list at getListingResponse, where"),
        ([], "has no list at getListingResponse, where"),
        ({"getListingResponse": [1]}, "has no list at getListingResponse.listings, where"),
        ({"getListingResponse": []}, "The file is empty or has only a header"),
    ],
)
def test_what_is_no_such_export_is_refused(deliver: Deliver, data: object, said: str) -> None:
    taken = delivered(deliver, data)
    assert taken.receipt.status == "refused"
    assert said in (taken.receipt.message or "")


def test_paths_and_texts() -> None:
    text = '{"d": "x", "a": {"e": 1, "b": [{"c": 1.50, "t": [true, null, "å"], "u": [{}]}, {}]}}'
    assert read_records(text, "a.b[]") == [
        {"d": "x", "a.e": "1", "a.b.c": "1.50", "a.b.t": "true||å"},
        {"d": "x", "a.e": "1"},
    ]
    assert read_records('[{"a": 1}, {"a": 12345678901234567890}]', "") == [
        {"a": "1"},
        {"a": "12345678901234567890"},
    ]
    assert read_records('{"a": [{"b": null}, {}, {"b": [{"c": 1}]}]}', "a[].b[]") == [
        {"a.b.c": "1"}
    ]


def test_json_without_a_profile_is_refused(deliver: Deliver) -> None:
    taken = deliver("units", json.dumps([good("units")]), extension="json")
    assert "Files of the kind .json are not read." in (taken.receipt.message or "")
