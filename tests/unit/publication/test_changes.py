"""The difference between two releases: what changed, by how much, and why."""

import polars as pl
from published_rows import coverage_row, frame, quality_row

from pipelines.publication.changes import Causes, changes

NO_CAUSE = Causes()
HIDDEN = {
    **dict.fromkeys(("numerator", "denominator", "share", "ci_low", "ci_high")),
    "status": "suppressed",
}


def coverage(*rows: dict[str, object]) -> dict[str, pl.DataFrame]:
    return {"coverage": frame("coverage", list(rows))}


def told(found: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return found.select(columns).rows()


def test_the_same_figures_have_no_changes():
    tables = coverage(coverage_row(), coverage_row(area_code="20", **HIDDEN))
    assert changes(tables, tables, NO_CAUSE).is_empty()


def test_each_value_that_changed_and_by_how_much():
    before = coverage(coverage_row(numerator=780, share=0.78))
    after = coverage(coverage_row(numerator=790, share=0.79))
    found = changes(before, after, Causes({"2025-11": frozenset({"new_delivery"})}))
    assert told(found, "column_name", "value_before", "value_after", "reason") == [
        ("numerator", 780.0, 790.0, "new_delivery"),
        ("share", 0.78, 0.79, "new_delivery"),
    ]
    assert found["difference"].round(9).to_list() == [10.0, 0.01]
    assert told(found, "table_name", "month", "level", "area_code", "dimensions")[0] == (
        "coverage",
        "2025-11",
        "region",
        "19",
        "population=listed;definition=reported;sex=all;age_group=all",
    )


def test_a_figure_that_is_hidden_now_is_told_without_its_value():
    found = changes(coverage(coverage_row()), coverage(coverage_row(**HIDDEN)), NO_CAUSE)
    assert set(found["value_after"]) == {None}
    assert set(zip(found["status_before"], found["status_after"], strict=True)) == {
        ("ok", "suppressed")
    }
    assert set(found["reason"]) == {"disclosure"}


def test_a_figure_that_was_hidden_is_told_without_what_it_was():
    found = changes(coverage(coverage_row(**HIDDEN)), coverage(coverage_row()), NO_CAUSE)
    assert found.height > 0
    assert set(found["value_before"]) == set(found["difference"]) == {None}
    assert set(found["status_before"]) == {"suppressed"}


def test_a_row_that_came_or_went_is_absent_on_one_side():
    one, two = coverage_row(), coverage_row(area_code="20")
    gone = changes(coverage(one, two), coverage(one), NO_CAUSE)
    assert set(gone["status_after"]) == {"absent"}
    assert set(gone["area_code"]) == {"20"}
    come = changes(coverage(one), coverage(one, two), NO_CAUSE)
    assert set(come["status_before"]) == {"absent"}


def test_months_that_only_one_release_has_are_no_changes():
    october = coverage_row(month="2025-10")
    assert changes(coverage(october), coverage(october, coverage_row()), NO_CAUSE).is_empty()


def test_all_that_may_explain_a_change_is_named_in_order():
    causes = Causes(
        {"2025-11": frozenset({"new_delivery", "disclosure"}), "2025-10": frozenset()},
        frozenset({("coverage", "2025-11")}),
    )
    before, after = coverage(coverage_row()), coverage(coverage_row(numerator=1))
    assert set(changes(before, after, causes)["reason"]) == {"definition|new_delivery|disclosure"}
    other = Causes({"2025-10": frozenset({"new_delivery"})})
    assert set(changes(before, after, other)["reason"]) == {"computation"}
    # A target is held against other months' figures too.
    assert other.of("target_status", "2025-11") == "new_delivery"
    assert other.of("coverage", "2025-11") == ""


def test_a_table_without_status_is_hidden_where_its_count_is_missing():
    before = {"data_quality": frame("data_quality", [quality_row("listings", "x", 9, 90, 0.1)])}
    after = {"data_quality": frame("data_quality", [quality_row("listings", "x")])}
    found = changes(before, after, NO_CAUSE)
    assert set(found["status_after"]) == {"suppressed"}
    assert found["area_code"].to_list() == ["19"] * 3


def test_the_last_digit_of_a_decimal_number_is_no_change():
    before = coverage(coverage_row(share=0.1 + 0.2, ci_low=0.25))
    assert changes(before, coverage(coverage_row(share=0.3, ci_low=0.25)), NO_CAUSE).is_empty()
    after = coverage(coverage_row(share=0.3, ci_low=0.2500001))
    assert changes(before, after, NO_CAUSE)["column_name"].to_list() == ["ci_low"]
