"""What is said beside a region's figures: file names and months, never contents."""

from receipts_of_tests import receipt, receipts

from pipelines.selection import select

EVERYTHING = [
    receipt("19/listings/2025-11-30.csv"),
    receipt("19/units/2025-11-30.csv"),
    receipt("19/physicians/2025-11-30.csv"),
    receipt("19/care_markings/2025-11-30_cosmic.csv"),
    *(receipt(f"19/care_contacts/2024-{month:02}.csv") for month in range(5, 13)),
    *(receipt(f"19/care_contacts/2025-{month:02}.csv") for month in range(1, 12)),
]


def remarks(*more, without: str = "", withdrawn: tuple[str, ...] = ()) -> str | None:
    found = [
        each
        for each in EVERYTHING
        if f"{each.delivery}/{each.file_name}" != without or each.delivery not in without
    ]
    chosen = receipts([*found, *more], withdrawn=withdrawn)
    return select(chosen, "2025-11")["19"].region_month.remarks


def test_nothing_is_said_when_all_is_there() -> None:
    assert remarks() is None


def test_a_register_that_stands_in() -> None:
    former = receipt("19/units/2025-10-31.csv")
    refused = receipt("19/units/2025-11-30.csv", status="refused")
    said = remarks(former, refused, without="units/2025-11-30.csv")
    assert said == "units: 2025-11-30.csv refused; 2025-10-31.csv stands in."


def test_a_refused_register_without_a_former() -> None:
    refused = receipt("19/units/2025-11-30.csv", status="refused")
    assert remarks(refused, without="units/2025-11-30.csv") == "units: 2025-11-30.csv refused."


def test_a_register_that_was_never_delivered() -> None:
    assert remarks(without="units/2025-11-30.csv") == "units: nothing delivered."


def test_an_old_refused_register_is_no_news() -> None:
    assert remarks(receipt("19/units/2025-10-31.csv", status="refused")) is None


def test_a_missing_month_of_contacts() -> None:
    said = remarks(without="care_contacts/2025-03.csv")
    assert said == "care_contacts: no accepted delivery for 2025-03."


def test_a_refused_month_of_contacts() -> None:
    refused = receipt("19/care_contacts/2025-03.csv", status="refused")
    assert remarks(refused, without="care_contacts/2025-03.csv") == (
        "care_contacts: 2025-03.csv refused. care_contacts: no accepted delivery for 2025-03."
    )


def test_a_withdrawn_file() -> None:
    said = remarks(withdrawn=("19/units/2025-11-30.csv",))
    assert said == "units: nothing delivered. Withdrawn and not used: 2025-11-30.csv."


def test_why_a_region_does_not_report() -> None:
    nothing = select(receipts([]), "2025-11")["19"].region_month.remarks
    assert nothing == "No listings snapshot delivered in the month."
    refused = receipts([receipt("19/listings/2025-11-30.csv", status="refused")])
    said = select(refused, "2025-11")["19"].region_month.remarks
    assert said == "No accepted listings snapshot in the month; 2025-11-30.csv refused."
