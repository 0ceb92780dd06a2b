"""The primary rule, by hand and for any table; further rows are in tests/disclosure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from published_rows import AREA, NAME, continuity_row, coverage_row, frame

from pipelines.publication.disclosure import DisclosureSettings
from pipelines.publication.disclosure.primary import hide, primary_cells
from schemas.disclosure_rules import DISCLOSURE_RULES, value_columns
from schemas.registers import published_table
from schemas.statistics import STATISTICS

SETTINGS = DisclosureSettings()
NO_UNITS: frozenset[tuple[str, str]] = frozenset()
PLACE = {**AREA, **NAME}


def suppress(tables, settings, units):
    """The tables with what the primary rule alone hides."""
    return {
        name: hide(before, name, primary_cells(before, name, settings, units))
        for name, before in tables.items()
    }


def suppressed(table: str, row: dict[str, object], settings=SETTINGS, units=NO_UNITS) -> bool:
    """Whether the row is suppressed; checks that it is so wholly or not at all."""
    before = frame(table, [row])
    after = suppress({table: before}, settings, units)[table]
    assert after.schema == before.schema
    hidden = after["status"].item() == "suppressed"
    if not hidden:
        assert after.equals(before)
        return False
    values = value_columns(published_table(table))
    assert after.select(values).null_count().sum_horizontal().item() == len(values)
    kept = [name for name in before.columns if name not in values and name != "status"]
    assert after.select(kept).equals(before.select(kept))
    return True


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (0, 0, False),  # nobody is nobody
        (0, 4, True),  # fewer than 5 persons
        (0, 5, False),
        (1, 100, True),  # few with
        (4, 100, True),
        (5, 100, False),
        (95, 100, False),
        (96, 100, True),  # few without
        (99, 100, True),
        (100, 100, False),  # all: none without
        (5, 9, True),
        (5, 10, False),
    ],
)
def test_coverage(numerator, denominator, expected):
    row = coverage_row(numerator=numerator, denominator=denominator)
    assert suppressed("coverage", row) is expected


@pytest.mark.parametrize(
    ("persons", "visits", "expected"), [(4, 900, True), (5, 15, False), (1, 3, True)]
)
def test_continuity_counts_persons_not_visits(persons, visits, expected):
    assert suppressed("continuity", continuity_row(persons=persons, visits=visits)) is expected


@pytest.mark.parametrize(
    ("persons", "own_visits", "visits", "expected"),
    [
        (4, 20, 40, True),
        (5, 20, 40, False),
        (30, 4, 40, True),
        (30, 36, 40, True),
        (30, 0, 40, False),
        (30, 40, 40, False),
    ],
)
def test_own_physician(persons, own_visits, visits, expected):
    row = {
        **PLACE,
        "sex": "all",
        "age_group": "all",
        "persons": persons,
        "own_visits": own_visits,
        "visits": visits,
        "share": own_visits / visits,
        "status": "ok",
    }
    assert suppressed("own_physician", row) is expected


@pytest.mark.parametrize(
    ("listed", "named", "expected"),
    [(4, 0, True), (900, 4, True), (900, 896, True), (900, 895, False), (900, 0, False)],
)
def test_list_load(listed, named, expected):
    row = {**PLACE, "listed": listed, "named": named, "capacity": 1100.0, "status": "ok"}
    assert suppressed("list_load", row) is expected


def test_the_load_of_one_physician():
    """Hidden where one physician's time is the unit's capacity; who is listed there is not his."""
    unit = {**PLACE, "level": "unit", "area_code": "A", "status": "ok"}
    loads = frozenset({(unit["month"], "A")})
    load = frame("list_load", [{**unit, "listed": 900, "named": 700, "capacity": 1100.0}])
    covered = frame("coverage", [coverage_row(level="unit", area_code="A")])
    for table, rows, expected in (("list_load", load, True), ("coverage", covered, False)):
        assert primary_cells(rows, table, SETTINGS, NO_UNITS, loads).to_list() == [expected]
        off = DisclosureSettings(one_physician_units=False)
        assert primary_cells(rows, table, off, NO_UNITS, loads).to_list() == [False]


@pytest.mark.parametrize(("persons", "expected"), [(0, False), (1, True), (4, True), (5, False)])
def test_care_markings(persons, expected):
    row = {**PLACE, "setting": "sabo", "source": "both", "persons": persons, "status": "ok"}
    assert suppressed("care_markings", row) is expected


@pytest.mark.parametrize("table", ["list_kinds", "fixed_contacts"])
@pytest.mark.parametrize(
    ("persons", "listed", "expected"),
    [(3, 100, True), (97, 100, True), (50, 100, False), (100, 100, False), (0, 3, True)],
)
def test_kinds(table, persons, listed, expected):
    kind = "locum" if table == "list_kinds" else "2"
    row = {**PLACE, "kind": kind, "persons": persons, "listed": listed, "status": "ok"}
    assert suppressed(table, row) is expected


def test_definition_comparison():
    row = {
        "month": "2025-11",
        "area_code": "19",
        "rule_set": "national",
        "numerator": 97,
        "denominator": 100,
        "share": 0.97,
        "status": "ok",
    }
    assert suppressed("definition_comparison", row)
    assert not suppressed("definition_comparison", {**row, "numerator": 95})


def test_a_unit_on_one_physician_in_that_month_only():
    units = frozenset({("2025-11", "SE1-A"), ("2025-10", "SE1-B")})
    unit = {"level": "unit", "area_code": "SE1-A"}
    assert suppressed("coverage", coverage_row(**unit), units=units)
    assert suppressed("continuity", continuity_row(**unit), units=units)
    assert not suppressed("coverage", coverage_row(**unit, month="2025-10"), units=units)
    assert not suppressed("coverage", coverage_row(level="unit", area_code="SE1-B"), units=units)
    assert not suppressed("coverage", coverage_row(area_code="SE1-A"), units=units)
    off = DisclosureSettings(one_physician_units=False)
    assert not suppressed("coverage", coverage_row(**unit), off, units)


def test_settings():
    row = coverage_row(numerator=9, denominator=100)
    assert suppressed("coverage", row, DisclosureSettings(threshold=10))
    few_without = coverage_row(numerator=97, denominator=100)
    assert not suppressed("coverage", few_without, DisclosureSettings(shares=False))
    assert (
        DisclosureSettings()
        .described()
        .startswith(
            "persons below 5; numerator or remainder of a share below 5; "
            "units that rest on one physician, and the list load of units whose capacity is the "
            "time of one; further rows"
        )
    )


@pytest.mark.parametrize("status", ["undefined", "not_reported", "suppressed"])
def test_what_is_not_ok_stays_as_it_is(status):
    row = coverage_row(
        level="unit",
        area_code="SE1-A",
        numerator=None,
        denominator=None,
        share=None,
        ci_low=None,
        ci_high=None,
        status=status,
    )
    before = frame("coverage", [row])
    units = frozenset({("2025-11", "SE1-A")})
    assert suppress({"coverage": before}, SETTINGS, units)["coverage"].equals(before)


def test_tables_without_counts_of_persons_and_empty_tables_pass(tables):
    given_tables = {
        name: tables[name] for name in ("reporting", "deliveries", "regions", "definitions")
    } | {"coverage": frame("coverage", [])}
    after = suppress(given_tables, SETTINGS, frozenset({("2025-11", "19")}))
    assert list(after) == list(given_tables)
    assert all(after[name].equals(given_tables[name]) for name in given_tables)


def test_every_table_with_a_status_has_a_rule_whose_columns_exist():
    with_status = {each.name for each in STATISTICS if "status" in each.column_names}
    assert {rule.table for rule in DISCLOSURE_RULES} == with_status
    for rule in DISCLOSURE_RULES:
        used = {*rule.persons, *(name for share in rule.shares for name in share)}
        assert used <= set(value_columns(published_table(rule.table)))


COUNT = st.one_of(st.integers(0, 12), st.integers(0, 5000))


@st.composite
def any_rows(draw):
    """A table with a rule and rows of any counts, numerators within denominators."""
    rule = draw(st.sampled_from(DISCLOSURE_RULES))
    contract = published_table(rule.table)
    rows = []
    for number in range(draw(st.integers(1, 8))):
        status = draw(st.sampled_from(["ok", "ok", "ok", "undefined", "not_reported"]))
        row: dict[str, object] = dict.fromkeys(contract.column_names)
        row |= {"month": "2025-11", "area_code": f"A{number}", "status": status}
        if "level" in row:
            row["level"] = draw(st.sampled_from(["nation", "region", "unit"]))
        if status == "ok":
            row |= {name: draw(COUNT) for name in rule.persons}
            for numerator, denominator in rule.shares:
                row[denominator] = draw(COUNT)
                row[numerator] = draw(st.integers(0, int(str(row[denominator]))))
        rows.append(row)
    return rule, frame(rule.table, rows)


@given(any_rows(), st.integers(1, 12), st.frozensets(st.integers(0, 7)))
def test_no_ok_row_breaks_the_rule_and_no_other_row_is_touched(case, threshold, numbers):
    rule, before = case
    settings = DisclosureSettings(threshold=threshold)
    units = frozenset(("2025-11", f"A{number}") for number in numbers)
    after = suppress({rule.table: before}, settings, units)[rule.table]
    values = value_columns(published_table(rule.table))
    assert after.height == before.height

    def small(count: object) -> bool:
        return isinstance(count, int) and 0 < count < threshold

    for old, new in zip(before.to_dicts(), after.to_dicts(), strict=True):
        breaks = old["status"] == "ok" and (
            any(small(old[name]) for name in rule.persons)
            or any(small(old[n]) or small(old[d] - old[n]) for n, d in rule.shares)
            or (old.get("level") == "unit" and ("2025-11", old["area_code"]) in units)
        )
        if breaks:
            assert new["status"] == "suppressed"
            assert all(new[name] is None for name in values)
        else:
            assert new == old
