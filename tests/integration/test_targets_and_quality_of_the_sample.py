"""Targets and data quality of the sample: published, and not a number more than the other tables.

What the figures are is in spec/test_targets.py and spec/test_data_quality.py.
"""

import polars as pl
import pytest

from integration.running import published, statistics
from schemas.indicator_registry import indicator_of
from schemas.statistics import DATA_QUALITY, TARGET_PROJECTION, TARGET_STATUS
from schemas.targets import targets
from schemas.validation import keep_contract
from tests.sample_run import MONTHS, SampleRun

BY_ID = {each.target_id: each for each in targets()}


@pytest.fixture(scope="module")
def out(sample_run: SampleRun):
    assert [each.returncode for each in sample_run.ended.values()] == [0, 0]
    return sample_run.out


@pytest.mark.parametrize("contract", [TARGET_STATUS, TARGET_PROJECTION, DATA_QUALITY])
def test_the_restricted_tables_keep_their_contracts_for_both_months(contract, out) -> None:
    frame = statistics(out, contract.name)
    keep_contract(frame, contract)
    assert frame["month"].unique().sort().to_list() == list(MONTHS)
    assert published(out, f"select count(*) from {contract.name}") == [(frame.height,)]


def test_november_is_compared_with_october(out) -> None:
    rows = statistics(out, "target_status").filter(month="2025-11", level="nation")
    by_id = {row["target_id"]: row for row in rows.to_dicts()}
    assert by_id.keys() == BY_ID.keys()
    for target_id, row in by_id.items():
        assert row["status"] == "ok"
        if BY_ID[target_id].compares:
            assert (row["baseline_month"], row["comparable"]) == ("2025-10", True)
            assert row["change_ci_low"] < row["relative_change"] < row["change_ci_high"]
        else:
            assert row["met"] is (row["value"] >= row["target"])


def test_every_figure_is_that_of_the_table_it_is_about(out) -> None:
    """Value and status of every published row are the figure's, published or hidden there."""
    found = 0
    for target in targets():
        where = " and ".join(f"f.\"{name}\" = '{code}'" for name, code in target.where.items())
        rows = published(
            out,
            f"select t.month, t.status, t.value, f.status, f.{target.column}, b.status "
            f"from target_status t left join {target.table} f on f.month = t.month "
            f"and f.level = t.level and f.area_code = t.area_code and f.sex = 'all' "
            f"and f.age_group = 'all' and {where} left join {target.table} b "
            f"on b.month = '2025-10' and b.level = t.level and b.area_code = t.area_code "
            f"and b.sex = 'all' and b.age_group = 'all' and {where.replace('f.', 'b.')} "
            f"where t.target_id = '{target.target_id}'",
        )
        for _, status, value, of_figure, figure, of_baseline in rows:
            found += 1
            hidden = target.compares and of_baseline == "suppressed" and of_figure == "ok"
            assert status == ("suppressed" if hidden else of_figure)
            assert value == (figure if status == "ok" else None)
    assert found > 500


def test_the_operator_has_more_than_is_published(out) -> None:
    """Suppression comes from the tables of figures: before it, nothing is suppressed here."""
    counts = "select count(*) from target_status where status = 'suppressed'"
    assert published(out, counts)[0][0] > 50
    assert statistics(out, "target_status").filter(status="suppressed").is_empty()
    assert statistics(out, "data_quality")["numerator"].null_count() == 0
    hidden = "select count(*) from data_quality where numerator is null"
    assert published(out, hidden)[0][0] > 50


def test_no_hidden_count_of_data_quality_can_be_had_from_the_others(out) -> None:
    """Where the nation's metric is shown no region's is hidden alone; nor what list_kinds hides."""
    assert published(
        out,
        "select count(*) from (select 1 from data_quality group by month, delivery, metric "
        "having count(*) filter (where numerator is null) = 1)",
    ) == [(0,)]
    assert published(
        out,
        "select count(*) from data_quality q join list_kinds k on q.month = k.month "
        "and q.region_code = k.area_code and q.metric = k.kind "
        "where k.status = 'suppressed' and q.numerator is not null",
    ) == [(0,)]


def test_every_region_that_reports_has_its_quality(out) -> None:
    quality = statistics(out, "data_quality").filter(month="2025-11")
    reporting = statistics(out, "reporting").filter(month="2025-11", reported=True)
    assert set(quality["region_code"]) == set(reporting["region_code"])
    provider = quality.filter(metric="without_provider_physician")
    assert provider.height == reporting.height
    regions = provider.filter(pl.col("region_code") != "00")
    nation = provider.filter(pl.col("region_code") == "00")
    sums = regions.select("numerator", "denominator").sum()
    assert nation.select("numerator", "denominator").equals(sums)
    # Region 20 delivers its contacts in two parts, some of them in both.
    parts = quality.filter(region_code="20", delivery="care_contacts", metric="keys_in_two_parts")
    assert 0 < parts["numerator"].item() < parts["denominator"].item()


def test_every_change_stands_beside_its_definition(out) -> None:
    rows = published(
        out,
        "select indicator, count(distinct definition_hash), count(*) from indicators "
        "where indicator like 'target_status.%' and month = '2025-11' group by all order by all",
    )
    compared = [each for each in targets() if each.compares]
    assert [name for name, _, _ in rows] == sorted(
        f"target_status.{each.target_id}.relative_change" for each in compared
    )
    assert all(hashes == 1 and values > 20 for _, hashes, values in rows)
    for each in compared:
        assert indicator_of(each.table, each.column, each.where).startswith("continuity.")
