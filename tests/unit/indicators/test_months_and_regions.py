"""What a region's month can tell, and the completion of a month to 21 regions."""

from datetime import date

import pytest

from pipelines.indicators.region_month import (
    RegionMonth,
    complete,
    national_reference_date,
)


def month(region_code: str, *deliveries: str, name_rule: bool = True) -> RegionMonth:
    return RegionMonth(
        region_code, "2025-11", date(2025, 11, 30), frozenset(deliveries), 19, 19, None, name_rule
    )


def test_named_physicians_need_the_units_register_for_the_name_rule() -> None:
    assert month("19", "listings", "units").can_tell_named("reported")
    assert not month("19", "listings", "units").can_tell_named("national")
    assert month("19", "listings", "units", "physicians").can_tell_named("regional")
    assert not month("19", "listings", "physicians").can_tell_named("national")
    assert month("19", "listings", name_rule=False).can_tell_named("reported")


def test_a_month_is_completed_to_the_21_regions() -> None:
    months = complete([month("19"), month("01")])
    assert len(months) == 21
    assert [entry.region_code for entry in months if entry.reports] == ["01", "19"]
    assert national_reference_date(months) == date(2025, 11, 30)
    nothing = RegionMonth("25", "2025-11", None, frozenset(), 0, 0, None)
    assert months[-1] == nothing
    assert not nothing.has("listings")


def test_the_nations_date_is_the_latest_of_its_regions() -> None:
    early = RegionMonth("01", "2025-11", date(2025, 11, 14), frozenset(), 0, 0, None)
    assert national_reference_date([early, month("19")]) == date(2025, 11, 30)
    assert national_reference_date([early]) == date(2025, 11, 14)


@pytest.mark.parametrize(
    ("newest", "in_18", "in_12"),
    [
        ("2024-04", False, False),
        ("2024-05", True, False),
        ("2024-11", True, False),
        ("2024-12", True, True),
        (None, True, True),
    ],
)
def test_contacts_are_in_a_window_that_touches_their_month(
    newest: str | None, in_18: bool, in_12: bool
) -> None:
    """18 months before 30 November 2025 begin on 31 May 2024, 12 months on 1 December 2024."""
    known = RegionMonth(
        "19", "2025-11", date(2025, 11, 30), frozenset({"care_contacts"}), 1, 19, None, True, newest
    )
    assert (known.has_contacts_in(18), known.has_contacts_in(12)) == (in_18, in_12)


def test_who_does_not_report_or_deliver_has_no_contacts() -> None:
    silent = RegionMonth("19", "2025-11", None, frozenset({"care_contacts"}), 19, 19, None)
    assert not silent.has_contacts_in(18)
    assert not month("19", "listings").has_contacts_in(18)


def test_months_and_regions_that_do_not_fit_are_refused() -> None:
    other = RegionMonth("01", "2025-10", None, frozenset(), 0, 0, None)
    repeated = "^Region codes are unknown or stand twice\\.$"
    for wrong, message in (
        ([], "^No region and month given\\.$"),
        ([month("19"), other], "^One month at a time, not 2025-10, 2025-11\\.$"),
        ([month("19"), month("19")], repeated),
        ([month("99")], repeated),
    ):
        with pytest.raises(ValueError, match=message):
            complete(wrong)
    assert national_reference_date([other]) is None
