"""Intervals and spread at their edges."""

import narwhals as nw
import polars as pl
import pytest

from pipelines.indicators.intervals import wilson_bounds
from pipelines.indicators.spread import moments, spread


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10, 99, 127, 1000, 10_587_710])
def test_wilson_is_exactly_0_and_1_at_the_ends(n: int) -> None:
    low, high = wilson_bounds(nw.col("x"), nw.col("n"))
    table = nw.from_native(pl.LazyFrame({"x": [0, n], "n": [n, n]})).select(low=low, high=high)
    (first_low, first_high), (last_low, last_high) = table.to_native().collect().rows()
    assert first_low == 0.0
    assert last_high == 1.0
    assert 0 < first_high < 1
    assert 0 < last_low < 1


def spread_of(rows: list[tuple[int, int, int]]) -> dict[str, float]:
    """Of (numerator, denominator, persons)."""
    fractions = nw.from_native(
        pl.LazyFrame(
            [("a", *row) for row in rows],
            schema=["g", "numerator", "denominator", "persons"],
            orient="row",
        )
    )
    found = spread(moments(fractions, ["g"]), fractions, ["g"])
    return found.to_native().collect().row(0, named=True)


def test_spread_of_a_country_of_equal_values_is_exactly_0() -> None:
    found = spread_of([(1, 10, 10_587_710)])
    assert (found["mean"], found["sd"], found["ci_low"]) == (0.1, 0.0, 0.1)


def test_equal_fractions_of_different_denominators_are_equal_values() -> None:
    found = spread_of([(1, 3, 7), (2, 6, 11), (10, 30, 1_000_003)])
    assert (found["mean"], found["sd"], found["median"]) == (1 / 3, 0.0, 1 / 3)


def test_spread_of_nearly_equal_values_keeps_its_digits() -> None:
    # 499/1000 and 501/1000, half each, of ten million: sd is 0.001 by hand.
    found = spread_of([(499, 1000, 5_000_000), (501, 1000, 5_000_000)])
    assert found["sd"] == pytest.approx(0.001, rel=1e-6)
    assert found["mean"] == pytest.approx(0.5, rel=1e-15)
    assert found["median"] == 0.5
