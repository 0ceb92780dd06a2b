"""Intervals and spread at their edges."""

import narwhals as nw
import polars as pl
import pytest

from pipelines.indicators.intervals import wilson_bounds
from pipelines.indicators.spread import spread


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10, 99, 127, 1000, 10_587_710])
def test_wilson_is_exactly_0_and_1_at_the_ends(n: int) -> None:
    low, high = wilson_bounds(nw.col("x"), nw.col("n"))
    table = nw.from_native(pl.LazyFrame({"x": [0, n], "n": [n, n]})).select(low=low, high=high)
    (first_low, first_high), (last_low, last_high) = table.to_native().collect().rows()
    assert first_low == 0.0
    assert last_high == 1.0
    assert 0 < first_high < 1
    assert 0 < last_low < 1


def test_spread_of_a_country_of_equal_values_is_exactly_0() -> None:
    values = pl.LazyFrame({"g": ["a"], "value": [0.1], "persons": [10_587_710]})
    found = spread(nw.from_native(values), ["g"]).to_native().collect().row(0, named=True)
    assert (found["mean"], found["sd"], found["ci_low"]) == (0.1, 0.0, 0.1)


def test_spread_far_from_0_keeps_its_digits() -> None:
    # 1 + 1e-9 and 1 - 1e-9: sums of squares would lose every digit of the variance.
    values = pl.LazyFrame({"g": ["a"] * 2, "value": [1 - 1e-9, 1 + 1e-9], "persons": [1, 1]})
    found = spread(nw.from_native(values), ["g"]).to_native().collect().row(0, named=True)
    assert found["sd"] == pytest.approx(2**0.5 * 1e-9, rel=1e-6)
    assert found["median"] == 1.0
