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


def test_months_and_regions_that_do_not_fit_are_refused() -> None:
    other = RegionMonth("01", "2025-10", None, frozenset(), 0, 0, None)
    for wrong in ([], [month("19"), other], [month("19"), month("19")], [month("99")]):
        with pytest.raises(ValueError, match=r"."):
            complete(wrong)
    assert national_reference_date([other]) is None
