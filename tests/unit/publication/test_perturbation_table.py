"""Perturbation tables: rows worked by hand, tables that the R package ptable prints, moments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.publication.disclosure import DisclosureSettings
from pipelines.publication.disclosure.perturbation_table import (
    STEPS,
    PerturbationTable,
    most_even,
    perturbation_table,
)


def row(table: PerturbationTable, count: int) -> dict[int, float]:
    """The published numbers of a true count, and how likely each is."""
    return {count + by: share for by, share in table.probabilities(count).items()}


def moments(table: PerturbationTable, count: int) -> tuple[float, float]:
    """Mean and variance of a true count's noise."""
    noise = table.probabilities(count)
    mean = sum(by * share for by, share in noise.items())
    return mean, sum(by * by * share for by, share in noise.items()) - mean**2


def test_small_numbers_become_0_or_5_as_often_as_keeps_the_mean() -> None:
    # 1 = 0.8 · 0 + 0.2 · 5, and so on: no number between is allowed.
    table = perturbation_table(6, 3.0, 4)
    assert row(table, 0) == {0: 1.0}
    for count in (1, 2, 3, 4):
        assert row(table, count) == pytest.approx({0: 1 - count / 5, 5: count / 5}, abs=1e-9)


def test_the_greatest_variance_without_a_limit_is_even() -> None:
    # Of −2 to 2, each a fifth: (4 + 1 + 0 + 1 + 4) / 5 = 2.
    assert most_even([-2, -1, 0, 1, 2], 2.0) == pytest.approx([0.2] * 5)
    # Beyond what can be reached: only the ends.
    assert most_even([-2, -1, 0, 1, 2], 9.0) == pytest.approx([0.5, 0, 0, 0, 0.5])


def test_the_published_tables_of_ptable() -> None:
    """Introduction to the ptable package 1.0.0; without the rows that its monotony changes."""
    table = perturbation_table(2, 1.0, 0)
    assert row(table, 2) == pytest.approx(
        {0: 0.06382714, 1: 0.2446915, 2: 0.3829628, 3: 0.2446915, 4: 0.06382714}, abs=1e-6
    )
    table = perturbation_table(2, 0.9, 0)
    assert row(table, 2) == pytest.approx(
        {0: 0.05154609, 1: 0.2438156, 2: 0.4092765, 3: 0.2438156, 4: 0.05154609}, abs=1e-6
    )
    table = perturbation_table(5, 3.0, 2)
    published = {
        1: [0.73446954, 0.136720190, 0.07279631, 0.03742956, 0.018584399],
        2: [0.40880704, 0.406643537, 0.14762401, 0.03231882, 0.004266868, 0.0003397188],
        3: [
            *(0.20398618, 0.393662525, 0.24749239, 0.11056847, 0.035102043, 0.0079189055),
            0.001269491,
        ],
        6: [
            *(0.072029825, 0.13671708, 0.19735138, 0.216652933, 0.1808822561, 0.114850887),
            *(0.055459983, 0.020367237, 0.005688418),
        ],
        8: [
            *(0.003791861, 0.01659093, 0.05229263, 0.118730368, 0.1941934608, 0.228801496),
            *(0.194193460, 0.118730371, 0.052292634, 0.016590928, 0.00379186),
        ],
    }
    for count, shares in published.items():
        assert list(row(table, count).values()) == pytest.approx(shares, abs=1e-6)


@given(st.integers(0, 9), st.integers(1, 4), st.floats(1, 12))
@settings(max_examples=8)
def test_mean_variance_and_what_is_allowed(forbidden: int, more: int, variance: float) -> None:
    largest = forbidden + more
    table = perturbation_table(largest, variance, forbidden)
    for count in range(1, table.rows):
        noise = table.probabilities(count)
        assert sum(noise.values()) == 1
        assert all(abs(by) <= largest for by in noise)
        assert all(count + by == 0 or count + by > forbidden for by in noise)
        mean, reached = moments(table, count)
        assert abs(mean) <= 2 * largest * len(noise) / STEPS
        if count > largest + forbidden:
            most = largest**2
            assert reached == pytest.approx(min(variance, most), abs=1e-5)


def test_where_a_variance_is_not_reached_it_is_the_nearest() -> None:
    # From 2 to 0 or 5 alone: (−2)² · 3/5 + 3² · 2/5 = 6, where 3 was asked for.
    assert moments(perturbation_table(6, 3.0, 4), 2)[1] == pytest.approx(6)
    assert moments(perturbation_table(6, 3.0, 4), 5)[1] == pytest.approx(3)


def test_a_key_draws_where_the_cumulated_probabilities_say() -> None:
    table = perturbation_table(6, 3.0, 4)
    edge = round(0.6 * STEPS)  # 2 becomes 0 below it, 5 from it on.
    keys = np.array([0, edge - 1, edge, STEPS - 1])
    assert table.deviation(np.array([2, 2, 2, 2]), keys).tolist() == [-2, -2, 3, 3]
    # Large numbers all have the last row; 0 never changes.
    assert table.deviation(np.array([0, 10**6, 10**6]), keys[[0, 0, 3]]).tolist() == [0, -6, 6]


def test_the_default_lets_every_number_become_smaller_and_greater() -> None:
    for threshold in (5, 10):
        rules = DisclosureSettings(method="perturbation", threshold=threshold)
        table = rules.perturbation_table
        for count in range(1, table.rows):
            assert min(table.probabilities(count)) < 0 < max(table.probabilities(count))


def test_noise_that_cannot_lead_anywhere_is_refused() -> None:
    with pytest.raises(ValueError, match="to no number allowed"):
        perturbation_table(2, 1.0, 4)
