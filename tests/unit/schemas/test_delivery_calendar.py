"""When deliveries are expected: the day, the region's own agreement, what is optional."""

from datetime import date

import pytest

from schemas.deliveries import REGIONAL_DELIVERIES
from schemas.delivery_calendar import Expectation, due_date, expectations

CALENDAR = (
    Expectation("units", "00", date(2022, 1, 1), 10, "national"),
    Expectation("units", "19", date(2023, 6, 1), 31, "own agreement"),
    Expectation("units", "00", date(2024, 1, 1), 5, "national"),
)


@pytest.mark.parametrize(
    ("delivery", "region", "month", "due"),
    [
        ("units", "01", "2022-01", date(2022, 2, 10)),
        ("units", "01", "2023-12", date(2024, 1, 10)),
        ("units", "01", "2024-01", date(2024, 2, 5)),
        ("units", "19", "2023-05", date(2023, 6, 10)),
        ("units", "19", "2024-01", date(2024, 2, 29)),
        ("units", "19", "2025-01", date(2025, 2, 28)),
        ("units", "01", "2021-12", None),
        ("fixed_contacts", "01", "2024-01", None),
    ],
)
def test_due_dates(delivery: str, region: str, month: str, due: date | None) -> None:
    assert due_date(delivery, region, month, CALENDAR) == due


def test_the_calendar_in_force() -> None:
    """Every delivery but the optional one is expected; each expectation says where it is from."""
    names = {contract.name for contract in REGIONAL_DELIVERIES}
    assert {each.delivery for each in expectations()} == names - {"fixed_contacts"}
    assert all(each.source and 1 <= each.due_day <= 31 for each in expectations())
