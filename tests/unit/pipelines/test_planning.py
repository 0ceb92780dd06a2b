"""What is out of date is covered, what is up to date left alone, in as few runs as it takes."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.planning import PlannedRun, Rectangle, Stage, cover, planned_runs

ALL_19 = Rectangle("2025-10", "2025-11", "19", "19")

months = st.sampled_from(["2025-09", "2025-10", "2025-11", "2026-01"])
regions = st.sampled_from(["01", "03", "19", "25"])
cells = st.sets(st.tuples(months, regions))


def test_nothing_is_covered_by_nothing() -> None:
    assert cover(set(), {("2025-10", "19")}) == []


def test_one_rectangle_where_it_does_no_harm() -> None:
    """A partition that nobody has delivered to may lie in it."""
    stale = {("2025-10", "01"), ("2025-11", "19")}
    assert cover(stale, set()) == [Rectangle("2025-10", "2025-11", "01", "19")]


def test_it_is_split_where_something_up_to_date_lies_in_between() -> None:
    stale = {("2025-10", "01"), ("2025-11", "19")}
    assert cover(stale, {("2025-10", "03")}) == [
        Rectangle("2025-10", "2025-10", "01", "01"),
        Rectangle("2025-11", "2025-11", "19", "19"),
    ]


@given(cells, cells)
def test_all_that_is_stale_and_nothing_that_is_fresh(
    stale: set[tuple[str, str]], others: set[tuple[str, str]]
) -> None:
    fresh = others - stale
    rectangles = cover(stale, fresh)
    assert all(any(each.holds(cell) for each in rectangles) for cell in stale)
    assert not any(each.holds(cell) for each in rectangles for cell in fresh)
    assert len(rectangles) <= len(stale)


def test_stages_of_the_same_rectangle_share_a_run() -> None:
    stale = frozenset({("2025-10", "19"), ("2025-11", "19")})
    runs = planned_runs([Stage("people", stale, frozenset()), Stage("visits", stale, frozenset())])
    assert runs == [PlannedRun(("people", "visits"), ALL_19)]


def test_a_stage_ends_before_the_next_begins() -> None:
    """A region's part may need the former stage of all regions."""
    two = frozenset({("2025-11", "01"), ("2025-11", "25")})
    one = frozenset({("2025-11", "01")})
    runs = planned_runs(
        [
            Stage("marked_persons", one, two - one),
            Stage("people", two, frozenset()),
            Stage("visits", one, two - one),
        ]
    )
    assert [run.names for run in runs] == [("marked_persons",), ("people",), ("visits",)]
