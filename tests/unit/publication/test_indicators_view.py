"""The long view: every published value once, beside the hash of its definition."""

import duckdb
import polars as pl
import pytest
from published_rows import continuity_row, coverage_row, frame
from releasing import release

from pipelines.publication.registers import definitions, definitions_of_month
from schemas.indicator_registry import definition_hashes, indicators
from schemas.indicator_registry_values import PUBLISHED_VALUES
from schemas.registers import INDICATORS_VIEW, PUBLISHED_TABLES, published_table


@pytest.fixture
def view(tables, tmp_path):
    path = tmp_path / "statistics.duckdb"
    release(tables, path.parent)
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


def rows_of(view, indicator):
    return view.execute(
        "SELECT level, area_code, dimensions, value, numerator, denominator, ci_low, ci_high, "
        "status FROM indicators WHERE indicator = ? ORDER BY level",
        [indicator],
    ).fetchall()


def test_columns_are_those_of_the_contract(view):
    columns = view.execute("DESCRIBE indicators").fetchall()
    assert [name for name, *_ in columns] == INDICATORS_VIEW.column_names
    assert {name: type_ for name, type_, *_ in columns}["value"] == "DOUBLE"


ALL = "sex=all;age_group=all"


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        (
            "coverage.listed.reported.share",
            [
                ("region", "19", ALL, 0.78, 780, 1000, 0.7533, 0.8045, "ok"),
                ("unit", "SE2321000172-1A01", ALL, *[None] * 5, "suppressed"),
            ],
        ),
        (
            "continuity.listed.physician.own_unit.18m.3v.COC.mean",
            [("region", "19", ALL, 0.25, None, 20, 0.03, 0.47, "ok")],
        ),
        (
            "continuity.listed.physician.own_unit.18m.3v.COC.median",
            [("region", "19", ALL, 0.2, None, None, None, None, "ok")],
        ),
        (
            "continuity.listed.physician.own_unit.18m.3v.COC.pooled",
            [("region", "19", ALL, 0.2978, None, None, None, None, "ok")],
        ),
        ("continuity.listed.physician.own_unit.18m.3v.UPC.pooled", []),
        ("own_physician.share", [("region", "19", ALL, 39 / 82, 39, 82, 0.37, 0.58, "ok")]),
        ("list_load.load", [("region", "19", "", 2200 / 1650, 2200, 1650, None, None, "ok")]),
        ("list_load.specialists_short", [("region", "19", "", 0.5, *[None] * 4, "ok")]),
        ("list_kinds.locum.share", [("region", "19", "", 0.1, 100, 1000, None, None, "ok")]),
        ("care_markings.sabo.both.persons", [("region", "19", "", 41, *[None] * 4, "ok")]),
        ("reporting.reported", [("region", "19", "", 1, *[None] * 4, "ok")]),
        ("reporting.contact_months", [("region", "19", "", 17, 17, 19, None, None, "ok")]),
        (
            "target_status.continuity_physician.relative_change",
            [("region", "19", "", 0.2, None, None, 0.0941, 0.3162, "ok")],
        ),
        # A month that may not be compared has a value of its own, but no change.
        (
            "target_status.continuity_all_professions.relative_change",
            [("region", "19", "", *[None] * 5, "undefined")],
        ),
        (
            "target_status.continuity_sabo_physician.relative_change",
            [("region", "19", "", *[None] * 5, "suppressed")],
        ),
        # A target that compares nothing stands under the indicator that it is about.
        ("target_status.coverage_inhabitants.relative_change", []),
        (
            "data_quality.listings.reserve_identity.share",
            [("region", "19", "", 0.02, 20, 1000, None, None, "ok")],
        ),
        (
            "data_quality.listings.protected_identity.share",
            [("region", "19", "", *[None] * 5, "suppressed")],
        ),
        (
            "data_quality.care_contacts.without_provider_physician.share",
            [("region", "19", "", None, 0, 0, None, None, "undefined")],
        ),
        (
            "data_quality.units.snapshot_age_days.numerator",
            [("region", "19", "", 31, *[None] * 4, "ok")],
        ),
    ],
)
def test_a_value_of_every_kind(view, indicator, expected):
    assert rows_of(view, indicator) == expected


def test_every_value_has_a_definition_and_its_hash(view):
    assert view.execute(
        "SELECT count(*) FROM indicators i ANTI JOIN definitions d "
        "ON i.indicator = d.indicator AND i.definition_hash = d.definition_hash"
    ).fetchone() == (0,)
    seen = dict(
        view.execute("SELECT DISTINCT indicator, definition_hash FROM indicators").fetchall()
    )
    assert seen.items() <= definition_hashes().items()


def test_keys_are_unique(view):
    keys = ", ".join(INDICATORS_VIEW.key)
    assert view.execute(
        f"SELECT count(*) FROM (SELECT {keys} FROM indicators GROUP BY ALL HAVING count(*) > 1)"
    ).fetchone() == (0,)


def test_each_month_keeps_the_hash_that_its_figures_were_made_by(tables, tmp_path):
    now = indicators()
    then = definitions_of_month("2025-10", now).with_columns(
        definition_hash=pl.lit("former_hash_0000")
    )
    tables["definitions"] = definitions([then, definitions_of_month("2025-11", now)])
    tables["coverage"] = frame(
        "coverage", [coverage_row(month="2025-10"), coverage_row(month="2025-11")]
    )
    path = tmp_path / "statistics.duckdb"
    release(tables, path.parent)
    with duckdb.connect(path, read_only=True) as connection:
        hashes = connection.execute(
            "SELECT month, definition_hash FROM indicators WHERE indicator = "
            "'coverage.listed.reported.share' ORDER BY month"
        ).fetchall()
    assert hashes == [
        ("2025-10", "former_hash_0000"),
        ("2025-11", definition_hashes()["coverage.listed.reported.share"]),
    ]


def test_the_view_works_where_the_file_is_attached_under_another_name(tables, tmp_path):
    path = tmp_path / "statistics.duckdb"
    release(tables, path.parent)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS flk (READ_ONLY)")
        assert connection.execute("SELECT count(*) > 10 FROM flk.indicators").fetchone() == (True,)


def test_without_definitions_there_is_no_view(tables, tmp_path):
    path = tmp_path / "statistics.duckdb"
    release({"continuity": frame("continuity", [continuity_row()])}, path.parent)
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.execute(
            "SELECT count(*) FROM duckdb_views() WHERE NOT internal"
        ).fetchone() == (0,)


def test_published_values_name_columns_that_exist():
    names = {contract.name for contract in PUBLISHED_TABLES}
    for value in PUBLISHED_VALUES:
        assert value.table in names
        columns = published_table(value.table).column_names
        used = [value.column, *value.parameters, *value.dimensions, *value.only_where]
        used += [name for name in (value.numerator, value.denominator) if name]
        assert set(used) <= set(columns), value
