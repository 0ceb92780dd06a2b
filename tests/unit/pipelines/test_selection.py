"""Which deliveries a month's figures are made from, by the contract's section 3."""

from datetime import date

from receipts_of_tests import receipt, receipts

from pipelines.selection import (
    Selection,
    month_of_request,
    newest_month,
    population_files,
    select,
)


def chosen(*places: str, month: str = "2025-11", refused: tuple[str, ...] = ()) -> Selection:
    """What region 19's figures are made from when these files were delivered."""
    found = [
        receipt(place, status="refused" if place in refused else "accepted") for place in places
    ]
    return select(receipts(found), month)["19"]


def names(selection: Selection, delivery: str) -> list[str]:
    return [each.file_name for each in selection.files[delivery]]


LISTINGS = "19/listings/2025-11-20.csv"


def test_the_reference_date_is_the_newest_accepted_of_the_month() -> None:
    selection = chosen(
        LISTINGS,
        "19/listings/2025-11-05.csv",
        "19/listings/2025-11-30.csv",
        "19/listings/2025-12-31.csv",
        refused=("19/listings/2025-11-30.csv",),
    )
    assert selection.region_month.reference_date == date(2025, 11, 20)
    assert names(selection, "listings") == ["2025-11-20.csv"]


def test_listings_of_another_month_never_stand_in() -> None:
    selection = chosen("19/listings/2025-10-31.csv", "19/units/2025-11-01.csv")
    assert not selection.reports
    assert selection.files == {}


def test_registers_are_the_newest_on_or_before_the_reference_date() -> None:
    selection = chosen(
        LISTINGS,
        "19/units/2024-01-01.csv",
        "19/units/2025-11-21.csv",
        "19/physicians/2025-11-20.csv",
        "19/physicians/2025-11-20_hyr.csv",
        "19/physicians/2025-10-31.csv",
    )
    assert names(selection, "units") == ["2024-01-01.csv"]
    assert names(selection, "physicians") == ["2025-11-20.csv", "2025-11-20_hyr.csv"]


def test_every_source_of_markings_has_its_own_newest() -> None:
    selection = chosen(
        LISTINGS,
        "19/care_markings/2025-11-20_cosmic.csv",
        "19/care_markings/2025-10-20_cosmic.csv",
        "19/care_markings/2025-09-30_1980.csv",
        "19/care_markings/2025-11-21_1960.csv",
    )
    assert names(selection, "care_markings") == ["2025-09-30_1980.csv", "2025-11-20_cosmic.csv"]


def test_contacts_of_the_months_that_the_window_touches() -> None:
    """18 months before 20 November 2025 is 20 May 2024, which is not in the window; 21 May is."""
    selection = chosen(
        LISTINGS,
        *(
            f"19/care_contacts/{month}.csv"
            for month in ("2024-04", "2024-05", "2025-11", "2025-12")
        ),
    )
    assert names(selection, "care_contacts") == ["2024-05.csv", "2025-11.csv"]
    month = selection.region_month
    assert (month.contact_months, month.contact_months_expected) == (2, 19)


def test_a_window_from_the_first_of_a_month_touches_18() -> None:
    """18 months before 31 August 2025 is 29 February 2024, so the window begins on 1 March."""
    selection = chosen("19/listings/2025-08-31.csv", month="2025-08")
    assert selection.region_month.contact_months_expected == 18


def test_other_regions_deliveries_do_not_count() -> None:
    selection = chosen(LISTINGS, "04/units/2025-11-01.csv")
    assert selection.files["units"] == ()


def test_population_is_the_newest_year_not_after_the_month() -> None:
    found = receipts(
        receipt(f"00/population/{year}.csv") for year in ("2023", "2025", "2026", "2025_more")
    )
    years = [each.file_name for each in population_files(found, "2025-01")]
    assert years == ["2025.csv", "2025_more.csv"]
    assert population_files(found, "2022-12") == ()


def test_the_newest_month_is_that_of_accepted_listings() -> None:
    found = [
        receipt("19/listings/2025-11-30.csv"),
        receipt("04/listings/2025-12-31.csv", status="refused"),
        receipt("04/units/2026-01-31.csv"),
    ]
    assert newest_month(receipts(found)) == "2025-11"
    assert newest_month(receipts([])) is None


def test_a_request_is_answered_for_november_if_delivered() -> None:
    found = receipts(
        [
            receipt("19/listings/2025-11-30.csv"),
            receipt("19/listings/2025-12-31.csv"),
            receipt("19/listings/2024-08-31.csv"),
            receipt("04/listings/2024-09-30.csv"),
            receipt("04/listings/2024-11-30.csv", status="refused"),
        ]
    )
    assert month_of_request(found, 2025) == "2025-11"
    assert month_of_request(found, 2024) == "2024-09"
    assert month_of_request(found, 2023) is None
