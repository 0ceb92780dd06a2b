"""Every table of the sample equals the independent recomputation, for both months."""

import re

import polars as pl
import pytest
from recomputation import target_status_table

from integration.comparing import differences, recomputed_metrics
from integration.running import published, statistics
from integration.sample import RecomputedSample
from pipelines.receipts import read_receipts
from pipelines.store import Store
from schemas.receipts import DELIVERIES_TABLE
from schemas.statistics import DATA_QUALITY, STATISTICS, TARGET_STATUS
from tests.sample_run import MONTHS, SampleRun

# The recomputation holds that a month of contacts has no reference date.
MONTHLY = {"care_contacts", "population"}


def test_it_runs_to_the_end(sample: RecomputedSample) -> None:
    assert [ended.status for ended in sample.ended.values()] == [0, 0]
    assert [ended.err for ended in sample.ended.values()] == ["", ""]


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("contract", STATISTICS, ids=lambda each: each.name)
def test_every_table_is_as_recomputed(contract, month: str, sample: RecomputedSample) -> None:
    ours = statistics(sample.out, contract.name).filter(month=month)
    assert ours.height > 0
    assert differences(ours, sample.recomputed[month][contract.name], contract) == []


@pytest.mark.parametrize("month", MONTHS)
def test_data_quality_is_as_recomputed(month: str, sample: RecomputedSample) -> None:
    compared = recomputed_metrics(statistics(sample.out, "data_quality").filter(month=month))
    assert compared.height > 400
    assert differences(compared, sample.recomputed[month]["data_quality"], DATA_QUALITY) == []


def test_targets_are_as_recomputed(sample: RecomputedSample) -> None:
    """The reason is a sentence, that there is one is compared."""
    ours = statistics(sample.out, "target_status")
    assert ours.filter(comparable=True).height > 200
    assert ours.filter(comparable=False).height > 200
    assert differences(ours, target_status_table(sample.recomputed), TARGET_STATUS) == []


def test_every_receipt_is_as_recomputed(sample: RecomputedSample) -> None:
    ours = statistics(sample.out, "deliveries").with_columns(
        reference_date=pl.when(~pl.col("delivery").is_in(MONTHLY)).then("reference_date")
    )
    theirs = sample.recomputed[MONTHS[0]]["deliveries"]
    theirs = [
        row | {"reference_date": None} if row["delivery"] in MONTHLY else row for row in theirs
    ]
    assert differences(ours, theirs, DELIVERIES_TABLE) == []


def test_every_rejected_row_is_as_recomputed(sample: RecomputedSample) -> None:
    """The same line of the same file, and no row counted both as accepted and as rejected."""
    store = Store(sample.out)
    ours = set()
    for receipt in read_receipts(store, {}).all:
        if receipt.rejected:
            lines = pl.read_parquet(receipt.rejected_rows(store))["line"]
            assert lines.n_unique() == receipt.rejected
            ours |= {(receipt.region_code, receipt.delivery, receipt.file_name, n) for n in lines}
    theirs = {
        (row["region_code"], row["delivery"], row["file_name"], row["line"])
        for row in sample.recomputed[MONTHS[0]]["rejected_rows"]
    }
    assert len(ours) > 10
    assert ours == theirs


def test_both_variants_of_continuity_are_there(sample: RecomputedSample) -> None:
    variants = "select distinct window_months, min_visits from continuity order by all"
    assert published(sample.out, variants) == [(12, 2), (18, 3)]


def test_the_tables_keep_all_months(sample: RecomputedSample) -> None:
    months = "select distinct month from coverage order by month"
    assert published(sample.out, months) == [(month,) for month in MONTHS]


def test_the_summary_names_every_region(sample: RecomputedSample) -> None:
    said = sample.ended["2025-11"].out
    assert "Riket" in said
    assert "Kronobergs län" in said
    assert "Jämtlands län" in said
    assert "not reported" in said
    assert str(sample.out / "published" / "statistics.duckdb") in said


def test_a_run_says_how_far_the_whole_of_it_is(sample_run: SampleRun) -> None:
    said = re.findall(
        r"\((\d+)%(?:, about [^)]+ left)?\)$", sample_run.ended["2025-10"].stdout, re.M
    )
    shares = [int(each) for each in said]
    assert shares == sorted(shares)
    assert shares[0] < 5
    assert 40 < shares[-10] < 80
    assert shares[-1] == 100 > shares[-2]
