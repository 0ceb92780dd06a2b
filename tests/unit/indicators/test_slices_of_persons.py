"""The contacts of many persons in slices: whole persons, each in one slice."""

import narwhals as nw
import polars as pl
import pytest

from pipelines.indicators.contacts import DAY, MINUTE, PROVIDER, in_slices

A_PERSON = DAY * PROVIDER * MINUTE


def slices_of(numbers: list[int], *, persons: int, slices: int) -> list[list[int]]:
    """The persons of each slice's contacts; every contact is the last that a person can have."""
    contacts = pl.LazyFrame({"contact": [(number + 1) * A_PERSON - 1 for number in numbers]})
    found = in_slices(nw.from_native(contacts), persons=persons, slices=slices)
    return [(each.to_native().collect()["contact"] // A_PERSON).to_list() for each in found]


@pytest.mark.parametrize(
    ("persons", "slices", "expected"),
    [
        (5, 1, [[0, 0, 1, 3, 4]]),
        (5, 2, [[0, 0, 1], [3, 4]]),
        (5, 3, [[0, 0, 1], [3], [4]]),
        (5, 5, [[0, 0], [1], [], [3], [4]]),
    ],
)
def test_every_contact_stands_in_one_slice_with_all_of_its_person(
    persons: int, slices: int, expected: list[list[int]]
) -> None:
    """Person 2 has no contacts; of five in three slices two, two and one."""
    assert slices_of([0, 0, 1, 3, 4], persons=persons, slices=slices) == expected
