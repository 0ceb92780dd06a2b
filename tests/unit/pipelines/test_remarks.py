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
    assert said == "units: nothing delivered. Withdrawn and not used: units/2025-11-30.csv."


def test_what_is_no_longer_needed_may_be_taken_away() -> None:
    """Older registers and listings, contacts before the window."""
    old = [
        "19/units/2025-10-31.csv",
        "19/listings/2025-10-31.csv",
        "19/listings/2025-11-02.csv",
        "19/care_contacts/2024-04.csv",
        "19/care_markings/2025-10-31_cosmic.csv",
    ]
    assert remarks(*map(receipt, old), withdrawn=tuple(old)) is None


def test_a_withdrawn_source_of_markings() -> None:
    own_list = "19/care_markings/2025-10-31_1980.csv"
    said = remarks(receipt(own_list), withdrawn=(own_list,))
    assert said == "Withdrawn and not used: care_markings/2025-10-31_1980.csv."


def test_a_withdrawn_snapshot_that_was_the_newest_of_the_month() -> None:
    """Figures are then made from the one before, of the same month, and it is said."""
    said = remarks(receipt("19/listings/2025-11-15.csv"), withdrawn=("19/listings/2025-11-30.csv",))
    assert said is not None
    assert "Withdrawn and not used: listings/2025-11-30.csv." in said


def test_withdrawn_listings_are_why_a_region_does_not_report() -> None:
    found = receipts(
        [receipt("19/listings/2025-11-30.csv")], withdrawn=["19/listings/2025-11-30.csv"]
    )
    assert select(found, "2025-11")["19"].region_month.remarks == (
        "No accepted listings snapshot in the month; 2025-11-30.csv withdrawn and not used."
    )


def test_a_file_sent_again_and_refused() -> None:
    """The former content stands in, under the same name."""
    refused = receipt("19/units/2025-11-30.csv", status="refused", sha256="b", hour=1)
    contacts = receipt("19/care_contacts/2025-11.csv", status="refused", sha256="b", hour=1)
    assert remarks(refused) == (
        "units: 2025-11-30.csv refused; the former 2025-11-30.csv stands in."
    )
    assert remarks(contacts) == (
        "care_contacts: 2025-11.csv refused; the former 2025-11.csv stands in."
    )


def test_why_a_region_does_not_report() -> None:
    nothing = select(receipts([]), "2025-11")["19"].region_month.remarks
    assert nothing == "No listings snapshot delivered in the month."
    refused = receipts([receipt("19/listings/2025-11-30.csv", status="refused")])
    said = select(refused, "2025-11")["19"].region_month.remarks
    assert said == "No accepted listings snapshot in the month; 2025-11-30.csv refused."
