"""Do the figures add up? Each check finds what it is for, and nothing in what is right."""

import polars as pl
import pytest

from pipelines.indicators.reconciliation import (
    ADDITIVE,
    PARTS_OF_WHOLES,
    broken_rows,
    checks_of,
    tables_that_disagree,
    values_without_ok,
)
from schemas.receipts import DELIVERIES_TABLE
from schemas.statistics import (
    CARE_MARKINGS,
    CONTINUITY,
    COVERAGE,
    DATA_QUALITY,
    DEFINITION_COMPARISON,
    LIST_KINDS,
    LIST_LOAD,
    REPORTING,
    statistics_table,
)
from tests.spec import texts

WHOLE = {"month": "2025-11", "sex": "all", "age_group": "all", "status": "ok"}
COVERED = {**WHOLE, "population": "listed", "definition": "reported"}

RIGHT = """
level  area_code sex   age_group numerator denominator share
nation 00        all   all       30        100         0.3
region 19        all   all       20        60          0.333
region 18        all   all       10        40          0.25
unit   A         all   all       15        40          0.375
unit   B         all   all       4         15          0.267
region 19        women all       12        35          0.34
region 19        men   all       8         24          0.33
region 19        all   19-44     9         30          0.3
region 19        all   45-64     11        30          0.367
"""


def coverage(text: str = RIGHT, **defaults: str) -> pl.DataFrame:
    return texts.frame(COVERAGE, text, **{**COVERED, **defaults})


def broken(frame: pl.DataFrame, table: str = "coverage") -> dict[str, int]:
    """Only the checks that found something."""
    return {name: count for name, count in broken_rows(table, frame).items() if count}


def test_what_adds_up_breaks_nothing() -> None:
    """Protected persons are in no unit, and who has no readable sex in `all` only."""
    assert broken(coverage()) == {}


def changed(line: str, to: str) -> pl.DataFrame:
    """The right table with one line changed."""
    assert RIGHT.count(line) == 1
    return coverage(RIGHT.replace(line, to))


@pytest.mark.parametrize(
    ("line", "to", "check", "rows"),
    [
        # The nation has one too many in the numerator, one too few in the denominator.
        ("30        100 ", "31        100 ", "regions_add_up_to_the_nation", 1),
        ("30        100 ", "30        99  ", "regions_add_up_to_the_nation", 1),
        # Units together have one more than all regions: 46 + 15 of 100 is fine, 90 + 15 is not.
        ("15        40 ", "15        90 ", "units_and_municipalities_fit_their_region", 1),
        ("15        40 ", "27        40 ", "units_and_municipalities_fit_their_region", 1),
        ("12        35 ", "12        37 ", "margins_add_up", 1),
        ("12        35 ", "13        35 ", "margins_add_up", 1),
        ("11        30 ", "11        31 ", "margins_add_up", 1),
        ("0.25\n", "1.01\n", "shares_lie_between_0_and_1", 1),
        ("0.25\n", "-0.01\n", "shares_lie_between_0_and_1", 1),
    ],
)
def test_what_does_not_add_up_is_found(line: str, to: str, check: str, rows: int) -> None:
    assert broken(changed(line, to)) == {check: rows}


@pytest.mark.parametrize("share", ["0.0", "1.0"])
def test_nothing_and_everything_are_shares(share: str) -> None:
    assert broken(changed("0.25\n", f"{share}\n")) == {}


def test_a_row_that_stands_twice_is_a_join_that_fanned_out() -> None:
    twice = pl.concat([coverage(), coverage().filter(pl.col("area_code") == "B")])
    assert broken(twice) == {"rows_do_not_repeat": 1}


def test_municipalities_fit_their_own_region() -> None:
    """41 in municipality 1880 of a region with 40: too many, though the nation has room."""
    rows = """
        level        area_code numerator denominator
        nation       00        30        100
        region       19        20        60
        region       18        10        40
        municipality 1980      20        60
        municipality 1880      6         {first}
        municipality 1881      4         20
        """
    inhabitants = {"population": "inhabitants"}
    assert broken(coverage(rows.format(first=20), **inhabitants)) == {}
    too_many = coverage(rows.format(first=21), **inhabitants)
    assert broken(too_many) == {"units_and_municipalities_fit_their_region": 1}


def test_cells_are_compared_with_their_own_kind() -> None:
    """Another month, definition or population is another cell."""
    for name, other in (
        ("month", "2025-10"),
        ("definition", "national"),
        ("population", "sabo"),
    ):
        rows = "level area_code numerator denominator\nnation 00 5 10\nregion 19 5 10"
        assert broken(pl.concat([coverage(), coverage(rows, **{name: other})])) == {}


def test_where_a_regions_cell_is_undefined_the_nation_is_at_least_the_others() -> None:
    rows = """
        level  area_code numerator denominator status
        nation 00        {nation}  100         ok
        region 19        20        60          ok
        region 18        -         -           undefined
        """
    assert broken(coverage(rows.format(nation=70))) == {}
    assert broken(coverage(rows.format(nation=20))) == {}
    assert broken(coverage(rows.format(nation=19))) == {"regions_add_up_to_the_nation": 1}
    hidden = coverage(rows.format(nation=70).replace("undefined", "not_reported"))
    assert broken(hidden) == {"regions_add_up_to_the_nation": 1}


def test_a_nation_without_regions_does_not_add_up() -> None:
    rows = "level area_code numerator denominator\nnation 00 1 2"
    assert broken(coverage(rows)) == {"regions_add_up_to_the_nation": 1}
    nothing = "level area_code numerator denominator\nnation 00 0 0"
    assert broken(coverage(nothing)) == {}


def test_a_value_without_ok_and_an_ok_without_a_value() -> None:
    rows = """
        level  area_code numerator denominator status
        nation 00        -         -           undefined
        region 19        5         -           undefined
        region 18        -         4           not_reported
        region 17        5         -           ok
        region 20        -         -           not_reported
        """
    assert broken(coverage(rows)) == {"values_go_with_status": 3}


def test_means_are_bounded_but_intervals_are_not() -> None:
    rows = """
        level  area_code persons visits mean median pooled ci_low ci_high
        nation 00        2       6      {mean} {median} {pooled} -0.5 1.5
        region 19        2       6      0.5  0.5    0.5    -0.5   1.5
        """
    where = {**WHOLE, "population": "listed", "series": "physician", "index": "COC"}
    for values, expected in (
        ((0.5, 0.5, 0.5), {}),
        ((1.1, 0.5, 0.5), {"shares_lie_between_0_and_1": 1}),
        ((0.5, -0.1, 0.5), {"shares_lie_between_0_and_1": 1}),
        ((0.5, 0.5, 1.1), {"shares_lie_between_0_and_1": 1}),
    ):
        text = rows.format(**dict(zip(("mean", "median", "pooled"), values, strict=True)))
        assert broken(texts.frame(CONTINUITY, text, **where), "continuity") == expected


def test_a_table_without_sex_and_age_groups() -> None:
    rows = """
        level  area_code listed named
        nation 00        100    30
        region 19        60     20
        region 18        40     {named}
        """
    right = texts.frame(LIST_LOAD, rows.format(named=10), **WHOLE)
    assert broken(right, "list_load") == {}
    wrong = texts.frame(LIST_LOAD, rows.format(named=11), **WHOLE)
    assert broken(wrong, "list_load") == {"regions_add_up_to_the_nation": 1}


def test_rows_of_a_file_are_accepted_or_rejected() -> None:
    rows = "file_name rows accepted rejected\na.csv 10 9 1\nb.csv 10 9 {rejected}"
    assert broken(texts.frame(DELIVERIES_TABLE, rows.format(rejected=1)), "deliveries") == {}
    lost = texts.frame(DELIVERIES_TABLE, rows.format(rejected=0))
    assert broken(lost, "deliveries") == {"rows_are_accepted_or_rejected": 1}


EVERYWHERE = {"rows_do_not_repeat", "shares_lie_between_0_and_1"}
WHERE_IT_ADDS_UP = {
    "values_go_with_status",
    "regions_add_up_to_the_nation",
    "units_and_municipalities_fit_their_region",
    "margins_add_up",
}


def test_which_checks_a_table_has() -> None:
    for table in ADDITIVE:
        assert set(checks_of(table)) >= EVERYWHERE | WHERE_IT_ADDS_UP
        assert set(ADDITIVE[table]) <= set(statistics_table(table).column_names)
    for table in PARTS_OF_WHOLES:
        assert "parts_do_not_exceed_wholes" in checks_of(table)
    assert set(checks_of("reporting")) == EVERYWHERE | {"population_adds_up_to_the_nation"}
    assert set(checks_of("deliveries")) == {"rows_are_accepted_or_rejected"}


def test_a_table_without_counts_that_add_up_has_none_to_be_missing() -> None:
    reporting = texts.frame(REPORTING, "region_code population\n19 -")
    assert values_without_ok(reporting, REPORTING) == 0


def test_a_part_is_not_larger_than_its_whole() -> None:
    rows = "level area_code numerator denominator\nnation 00 9 8\nregion 19 9 8"
    assert broken(coverage(rows)) == {"parts_do_not_exceed_wholes": 2}


def test_working_time_and_shortage_of_the_nation_are_the_regions_together() -> None:
    rows = """
        level  area_code listed named fte_specialist fte_st capacity specialists_short status
        nation 00        100    30    {fte}          1      1980     0.5               ok
        region 19        60     20    1.1            1      1760     0                 ok
        region 18        40     10    0.2            0      220      0.5               {status}
        """
    for fte, status, expected in (
        ("1.3", "ok", {}),
        ("1.31", "ok", {"amounts_add_up_to_the_nation": 1}),
        ("1.2", "ok", {"amounts_add_up_to_the_nation": 1}),
    ):
        table = texts.frame(LIST_LOAD, rows.format(fte=fte, status=status), **WHOLE)
        assert broken(table, "list_load") == expected


@pytest.mark.parametrize(
    ("nation", "municipality", "both", "expected"),
    [
        (10, 7, 4, {}),
        # One of the ten is marked in both regions.
        (9, 7, 4, {}),
        (11, 7, 4, {"areas_fit_into_each_other": 1}),
        (6, 7, 4, {"areas_fit_into_each_other": 1}),
        (10, 8, 4, {"areas_fit_into_each_other": 1}),
        # 6 + 5 − 3 are 8.
        (10, 7, 3, {"sources_fit_together": 1}),
    ],
)
def test_markings(nation: int, municipality: int, both: int, expected: dict[str, int]) -> None:
    """A person may be marked in several municipalities and regions, and counts once above them."""
    rows = f"""
        level        area_code source       persons
        nation       00        any          {nation}
        region       19        any          7
        region       19        cosmic       6
        region       19        municipality 5
        region       19        both         {both}
        region       18        any          3
        municipality 1980      any          {municipality}
        municipality 1981      any          4
        """
    where = {"month": "2025-11", "setting": "sabo", "status": "ok"}
    assert broken(texts.frame(CARE_MARKINGS, rows, **where), "care_markings") == expected


def test_quality_and_population_of_the_nation_are_the_regions_together() -> None:
    rows = """
        region_code delivery metric           numerator denominator
        00          listings reserve_identity {nation}  100
        19          listings reserve_identity 2         60
        18          listings reserve_identity 1         40
        """
    for nation, expected in ((3, {}), (4, {"regions_add_up_to_the_nation": 1})):
        table = texts.frame(DATA_QUALITY, rows.format(nation=nation), month="2025-11")
        assert broken(table, "data_quality") == expected
    two = pl.concat(
        texts.frame(DATA_QUALITY, rows.format(nation=nation), month=month)
        for nation, month in ((4, "2025-10"), (2, "2025-11"))
    )
    assert broken(two, "data_quality") == {"regions_add_up_to_the_nation": 2}, "month by month"
    population = "region_code population\n00 {}\n19 60\n18 40"
    for nation, expected in ((100, {}), (99, {"population_adds_up_to_the_nation": 1})):
        table = texts.frame(REPORTING, population.format(nation), month="2025-11")
        assert broken(table, "reporting") == expected


def test_tables_that_count_the_same_give_the_same() -> None:
    def tables(named: int, unit: str = "A", compared: int = 60) -> dict[str, pl.DataFrame]:
        areas = f"""
            level  area_code {{}}    {{}}
            region 19        20    60
            region 18        {{named}} 40
            unit   {unit}    5     9
            """
        return {
            "coverage": coverage(areas.format("numerator", "denominator", named=10)),
            "list_kinds": texts.frame(
                LIST_KINDS, areas.format("persons", "listed", named=named), kind="named", **WHOLE
            ),
            "list_load": texts.frame(LIST_LOAD, areas.format("named", "listed", named=10), **WHOLE),
            "definition_comparison": texts.frame(
                DEFINITION_COMPARISON,
                f"""
                area_code rule_set numerator denominator
                19        reported 20        {compared}
                18        reported 10        40
                19        national 15        60
                """,
                month="2025-11",
                status="ok",
            ),
        }

    assert tables_that_disagree(tables(10)) == []
    assert tables_that_disagree(tables(10, unit="19")) == [], "a unit's code is no region's"
    assert tables_that_disagree(tables(11)) == [
        "coverage and list_kinds: not the same listed (1 areas)"
    ]
    assert tables_that_disagree(tables(10, compared=61)) == [
        "coverage and definition_comparison: not the same listed (1 areas)"
    ]
