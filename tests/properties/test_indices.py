"""Every index against exact fractions counted from the visits themselves, sharing no code."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.indicators.contacts import listed_contacts
from pipelines.indicators.frame import numbered
from pipelines.indicators.index_values import CellCounts, index_values
from pipelines.indicators.indices import MEASURES, indices
from pipelines.indicators.visits import selected_visits, visit_profiles, with_selection
from schemas.deliveries import delivery
from schemas.parts import PEOPLE
from schemas.variants import Variant
from tests.spec.texts import collected, lazy, people

DAY = date(2025, 11, 30)
VISITS = st.lists(st.sampled_from("ABCDE"), min_size=2, max_size=12)
PERSONS = st.lists(VISITS, min_size=1, max_size=8)


def exact(visits: list[str]) -> dict[str, Fraction]:
    """The six indices of one person, from the definitions' words."""
    n = len(visits)
    by_provider = Counter(visits).values()
    pairs = [first == second for first, second in pairwise(visits)]
    shares = [Fraction(visits_to_one, n) for visits_to_one in by_provider]
    tenth = n + Fraction(1, 10)
    same_of_all_pairs = sum(
        visits[first] == visits[second]
        for first in range(n)
        for second in range(n)
        if first != second
    )
    return {
        "COC": Fraction(same_of_all_pairs, n * (n - 1)),
        "UPC": max(shares),
        "HHI": sum((share * share for share in shares), Fraction(0)),
        "SECON": Fraction(sum(pairs), n - 1),
        "K": Fraction(n - len(by_provider), n - 1),
        "MMCI": (1 - len(by_provider) / tenth) / (1 - 1 / tenth),
    }


def frames(persons: list[list[str]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Listed persons and one visit a day."""
    listed = people("person\n" + "\n".join(f"p{place}" for place in range(len(persons))))
    keys = listed["person"].to_list()
    rows = [
        (keys[place], "personnummer", DAY - timedelta(days=100 - day), None, "A", provider)
        for place, visits in enumerate(persons)
        for day, provider in enumerate(visits)
    ]
    schema = delivery("care_contacts").stored.polars_schema()
    contacts = pl.DataFrame(rows, schema=dict(list(schema.items())[:6]), orient="row")
    return listed, contacts.with_columns(
        profession=pl.lit("lakare"), contact_type=pl.lit("mottagning")
    )


def profiles(listed: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    found = listed_contacts(lazy(listed), lazy(contacts), reference_date=DAY, window_months=18)
    visited = visit_profiles(found, selected_visits(found.contacts), variants=[Variant(18, 2)])
    return collected(with_selection(visited)).filter(
        pl.col("series") == "physician", pl.col("unit_scope") == "any_unit"
    )


def values(table: pl.DataFrame) -> dict[str, dict[str, float | None]]:
    """The values of each index, of all persons."""
    counts = table.unpivot(
        MEASURES, index=["series", "n", "persons"], variable_name="measure", value_name="amount"
    )
    of_cells = CellCounts(*numbered(lazy(counts), ["series"], "cell"))
    found = collected(index_values(of_cells))
    return {row["index"]: row for row in found.iter_rows(named=True)}


@given(PERSONS)
def test_indices_equal_exact_fractions(persons: list[list[str]]) -> None:
    of_index = values(profiles(*frames(persons)))
    for index in indices():
        expected = sorted(exact(visits)[index] for visits in persons)
        count = len(expected)
        mean = sum(expected, Fraction(0)) / count
        found = of_index[index]
        assert found["persons"] == count
        assert found["mean"] == pytest.approx(float(mean), abs=1e-14)
        middle = (expected[(count - 1) // 2] + expected[count // 2]) / 2
        assert found["median"] == pytest.approx(float(middle), abs=1e-15)
        if count == 1:
            assert found["sd"] is None
            assert found["ci_low"] is None
            continue
        variance = sum((value - mean) ** 2 for value in expected) / (count - 1)
        assert found["sd"] == pytest.approx(float(variance) ** 0.5, abs=1e-12)
        if len(set(expected)) == 1:
            assert found["sd"] == 0.0
            assert found["mean"] == float(expected[0])


@given(VISITS)
def test_invariants_of_one_person(visits: list[str]) -> None:
    of_index = values(profiles(*frames([visits])))
    found = {index: of_index[index]["mean"] for index in indices()}
    n = len(visits)
    coc, upc, hhi, secon, k = (found[name] or 0.0 for name in ("COC", "UPC", "HHI", "SECON", "K"))
    slack = 1e-12
    assert -slack <= coc <= upc + slack <= 1 + 2 * slack
    assert coc == pytest.approx((n * hhi - 1) / (n - 1))
    assert upc >= hhi - slack
    assert hhi >= 1 / n - slack
    assert secon <= k + slack


@given(PERSONS, st.randoms(use_true_random=False))
def test_row_order_and_provider_names_change_nothing(persons, random) -> None:  # type: ignore[no-untyped-def]
    listed, contacts = frames(persons)
    first = profiles(listed, contacts).sort(pl.all())
    shuffled = contacts.sample(fraction=1, shuffle=True, seed=random.randrange(1000))
    assert first.equals(profiles(listed.reverse(), shuffled).sort(pl.all()))
    letters = "VWXYZ"
    renamed = contacts.with_columns(
        provider_id=pl.col("provider_id").replace_strict(
            dict(zip("ABCDE", random.sample(letters, 5), strict=True))
        )
    )
    assert first.equals(profiles(listed, renamed).sort(pl.all()))


@given(VISITS, st.randoms(use_true_random=False))
def test_visit_order_changes_secon_only(visits, random) -> None:  # type: ignore[no-untyped-def]
    moved = random.sample(visits, len(visits))
    first, second = (profiles(*frames([some])) for some in (visits, moved))
    assert first.drop("same").equals(second.drop("same"))


def test_the_reference_uses_all_columns_of_people() -> None:
    assert frames([["A", "B"]])[0].columns == PEOPLE.column_names
