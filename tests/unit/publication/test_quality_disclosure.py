"""data_quality has no status: what is hidden is missing, in the region and then in the nation."""

import polars as pl
import pytest
from published_rows import AREA, MONTH, frame

from pipelines.publication.disclosure import DisclosureSettings, OnOnePhysician, suppress
from tests.disclosure.unit_regions import NO_UNITS

NOBODY = OnOnePhysician(frozenset())
HIDDEN = (None, None, None)


def rows(metric: str, delivery: str, *numbers: tuple[str, int, int]) -> list[dict[str, object]]:
    return [
        {
            "month": MONTH,
            "region_code": region,
            "delivery": delivery,
            "metric": metric,
            "numerator": numerator,
            "denominator": denominator,
            "share": numerator / denominator if denominator else None,
        }
        for region, numerator, denominator in numbers
    ]


def published(
    quality: list[dict[str, object]],
    settings: DisclosureSettings | None = None,
    **others: pl.DataFrame,
) -> dict[str, tuple[object, ...]]:
    """Region to what is left of numerator, denominator and share."""
    before = frame("data_quality", quality)
    after = suppress(
        {"data_quality": before, **others}, settings or DisclosureSettings(), NOBODY, NO_UNITS
    )["data_quality"]
    assert after.select("month", "region_code", "delivery", "metric").equals(
        before.select("month", "region_code", "delivery", "metric")
    )
    return {
        region: tuple(values)
        for region, *values in after.select(
            "region_code", "numerator", "denominator", "share"
        ).iter_rows()
    }


@pytest.mark.parametrize(
    ("numerator", "denominator", "hidden"),
    [(0, 100, False), (1, 100, True), (4, 100, True), (5, 100, False), (95, 100, False),
     (96, 100, True), (99, 100, True), (100, 100, False), (0, 4, True), (0, 0, False)],
)  # fmt: skip
def test_small_counts_of_persons(numerator: int, denominator: int, hidden: bool) -> None:
    found = published(rows("reserve_identity", "listings", ("19", numerator, denominator)))
    assert (found["19"] == HIDDEN) is hidden


def test_a_hidden_region_is_not_the_nation_less_the_others() -> None:
    quality = rows(
        "reserve_identity", "listings", ("00", 53, 500), ("17", 30, 100), ("18", 20, 200),
        ("19", 3, 200),
    )  # fmt: skip
    shown = published(quality)
    assert shown["19"] == HIDDEN
    assert [shown[area] == HIDDEN for area in ("00", "17", "18")].count(True) == 1
    assert shown["00"] == (53, 500, 53 / 500)  # the nation is worth most
    other = rows("protected_identity", "listings", ("00", 50, 100), ("17", 50, 100))
    assert published(quality + other)["00"] == (50, 100, 0.5)  # another metric is not concerned


@pytest.mark.parametrize(
    ("delivery", "metric"),
    [("care_contacts", "rejected_rows"), ("listings", "rejected_bad_date"),
     ("population", "numerator_above_denominator"), ("units", "snapshot_age_days"),
     ("listings", "keys_in_two_parts"), ("care_contacts", "missing_months")],
)  # fmt: skip
def test_what_counts_no_persons_is_published(delivery: str, metric: str) -> None:
    assert published(rows(metric, delivery, ("19", 3, 200)))["19"] == (3, 200, 0.015)


def list_kinds(persons: int | None, status: str = "ok") -> pl.DataFrame:
    row = {
        **AREA,
        "kind": "unknown_physician",
        "persons": persons,
        "listed": 1000,
        "share": None,
        "status": status,
    }
    return frame("list_kinds", [row])


def test_a_count_that_another_table_hides_is_hidden() -> None:
    quality = rows("unknown_physician", "listings", ("00", 40, 1000), ("19", 40, 1000))
    shown = (40, 1000, 0.04)
    assert published(quality, list_kinds=list_kinds(40)) == {"00": shown, "19": shown}


def test_settings() -> None:
    quality = rows("reserve_identity", "listings", ("19", 9, 100))
    assert published(quality, DisclosureSettings(threshold=10))["19"] == HIDDEN
    few_left = rows("reserve_identity", "listings", ("19", 97, 100))
    assert published(few_left, DisclosureSettings(shares=False))["19"] == (97, 100, 0.97)
