"""Data quality: what is counted of the deliveries, and the flag in reporting."""

from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from pipelines.delivery_quality import receipt_sums
from pipelines.indicators.data_quality import FACTS, data_quality_table, few_provider_ids
from pipelines.indicators.fixed_contacts import physician_agreement
from pipelines.indicators.region_month import RegionMonth
from pipelines.indicators.reporting import reporting_table
from pipelines.receipts import StoredReceipt
from pipelines.selection import Selection
from schemas.comparability import comparability
from schemas.parts import POPULATION_COUNTS, QUALITY_SUMS
from schemas.quality_metrics import quality_metrics
from schemas.statistics import CARE_MARKINGS, DATA_QUALITY, LIST_KINDS
from schemas.validation import keep_contract
from tests.spec import texts
from tests.spec.texts import collected, lazy

DAY = date(2025, 11, 15)
ALL = frozenset({"listings", "units", "physicians", "care_contacts", "care_markings"})


def month(region_code: str, contact_months: int = 19, remarks: str | None = None) -> RegionMonth:
    return RegionMonth(region_code, "2025-11", DAY, ALL, contact_months, 19, remarks)


def sums(text: str) -> pl.DataFrame:
    return texts.frame(QUALITY_SUMS, text).select(list(FACTS))


def table_of(
    text: str,
    list_kinds: str = "",
    care_markings: str = "",
    months: tuple[RegionMonth, ...] = (month("17"), month("19")),
) -> pl.DataFrame:
    made = data_quality_table(
        sums(text),
        texts.frame(LIST_KINDS, list_kinds, status="ok"),
        texts.frame(CARE_MARKINGS, care_markings, status="ok", level="region"),
        months,
    )
    keep_contract(made, DATA_QUALITY)
    return made


def numbers(table: pl.DataFrame, metric: str) -> dict[str, tuple[object, ...]]:
    """Region to numerator, denominator and share of a metric."""
    rows = table.filter(pl.col("metric") == metric)
    return {
        region: tuple(values)
        for region, *values in rows.select(
            "region_code", "numerator", "denominator", "share"
        ).iter_rows()
    }


def test_the_nation_is_the_sum_of_its_regions() -> None:
    table = table_of(
        """
        region_code delivery  metric            numerator denominator
        17          listings  reserve_identity  10        100
        19          listings  reserve_identity  20        300
        """
    )
    assert numbers(table, "reserve_identity") == {
        "17": (10, 100, 0.1),
        "19": (20, 300, 20 / 300),
        "00": (30, 400, 0.075),
    }


def test_of_ages_the_nation_has_the_largest_and_there_is_no_share() -> None:
    table = table_of(
        """
        region_code delivery  metric            numerator denominator
        17          units     snapshot_age_days 31        -
        19          units     snapshot_age_days 0         -
        """
    )
    ages = {"17": (31, None, None), "19": (0, None, None), "00": (31, None, None)}
    assert numbers(table, "snapshot_age_days") == ages


def test_what_is_counted_for_the_nation_itself_is_not_added_up() -> None:
    table = table_of(
        """
        region_code delivery    metric                      numerator denominator
        00          population  numerator_above_denominator 1         63
        19          population  numerator_above_denominator 3         70
        """
    )
    found = numbers(table, "numerator_above_denominator")
    assert found == {"00": (1, 63, 1 / 63), "19": (3, 70, 3 / 70)}


def test_a_share_of_nothing_is_missing() -> None:
    table = table_of(
        """
        region_code delivery      metric                     numerator denominator
        19          care_contacts without_provider_physician 0         0
        """
    )
    assert numbers(table, "without_provider_physician")["19"] == (0, 0, None)


def test_unknown_and_absent_physicians_are_those_of_list_kinds() -> None:
    table = table_of(
        "region_code delivery metric numerator denominator",
        list_kinds="""
        level  area_code kind                persons listed status
        region 19        unknown_physician   7       500    ok
        region 19        physician_elsewhere 9       500    ok
        region 19        locum               30      500    ok
        region 17        unknown_physician   -       -      not_reported
        unit   A         unknown_physician   7       500    ok
        """,
    )
    expected = (7, 500, 7 / 500)
    assert numbers(table, "unknown_physician") == {"19": expected, "00": expected}
    assert numbers(table, "physician_elsewhere")["19"] == (9, 500, 9 / 500)
    assert not numbers(table, "locum")


def test_the_sabo_sources_agree_where_both_have_marked_somebody() -> None:
    table = table_of(
        "region_code delivery metric numerator denominator",
        care_markings="""
        area_code setting     source       persons
        19        sabo        cosmic       40
        19        sabo        municipality 30
        19        sabo        both         20
        19        sabo        any          50
        19        hemsjukvard both         99
        17        sabo        cosmic       12
        17        sabo        municipality 0
        17        sabo        both         0
        17        sabo        any          12
        """,
    )
    assert numbers(table, "sabo_in_both_sources") == {"19": (20, 50, 0.4), "00": (20, 50, 0.4)}


def test_missing_months_of_contacts_of_those_who_report() -> None:
    silent = RegionMonth("01", "2025-11", None, frozenset(), 0, 0, None)
    table = table_of(
        "region_code delivery metric numerator denominator",
        months=(month("17", 17), month("19"), silent),
    )
    assert numbers(table, "missing_months") == {
        "17": (2, 19, 2 / 19),
        "19": (0, 19, 0.0),
        "00": (2, 38, 2 / 38),
    }


def test_a_metric_that_no_text_describes_is_not_published() -> None:
    with pytest.raises(ValueError, match="does not describe guesses"):
        table_of("region_code delivery metric numerator denominator\n19 listings guesses 1 2")


def test_every_metric_is_told_apart_and_described() -> None:
    metrics = quality_metrics()
    assert len({each.key for each in metrics}) == len(metrics)
    assert all(each.sv and each.en and each.numerator for each in metrics)
    with pytest.raises(ValueError, match="nation"):
        replace(metrics[0], nation="mean")


# The registered fast läkarkontakt and the listing


def test_the_registered_physician_is_the_listings() -> None:
    """Of four listed persons with a contact of kind 2, anna and carl have the listing's."""
    people = texts.people(
        """
        person  physician_id
        anna    DR1
        bertil  DR1
        carl    DR1
        doris   -
        erik    DR1
        """
    )
    contacts = texts.fixed_contacts(
        """
        person  kind  holder_id  valid_from  valid_to
        anna    2     DR1        2020-01-01  -
        bertil  2     DR2        2020-01-01  -
        bertil  1     DR1        2020-01-01  -
        carl    2     DR2        2020-01-01  -
        carl    2     DR1        2021-01-01  -
        doris   2     DR1        2020-01-01  -
        erik    2     DR1        2020-01-01  2025-11-14
        stina   2     DR1        2020-01-01  -
        """
    )
    made = physician_agreement(lazy(people), lazy(contacts), region_code="19", reference_date=DAY)
    row = collected(made).row(0, named=True)
    assert (row["numerator"], row["denominator"]) == (2, 4)
    assert (row["delivery"], row["region_code"]) == ("fixed_contacts", "19")


# Receipts


def receipt(delivery: str, day: date, **values: object) -> StoredReceipt:
    given: dict[str, object] = {
        "region_code": "19",
        "delivery": delivery,
        "file_name": f"{day}.csv",
        "sha256": "00",
        "received_at": datetime(2025, 12, 1),
        "reference_date": day,
        "rows": 100,
        "accepted": 100,
        "rejected": 0,
        "status": "accepted",
        "message": None,
    }
    return StoredReceipt(**given | values)  # type: ignore[arg-type]


def receipts_of(region: str, files: dict[str, tuple[StoredReceipt, ...]]) -> Selection:
    return Selection(month(region), files)


def test_rejected_rows_by_rule_of_the_files_used() -> None:
    """A row may break two rules; a warning rejects nothing; both parts of a snapshot count."""
    first = receipt(
        "listings",
        DAY,
        accepted=97,
        rejected=3,
        rules={"bad_date": 2, "bad_identifier": 2, "missing_protection": 50},
    )
    second = receipt("listings", DAY, accepted=99, rejected=1, rules={"bad_date": 1})
    selections = {
        "19": receipts_of("19", {"listings": (first, second), "units": ()}),
        "17": receipts_of("17", {"listings": (receipt("listings", DAY),)}),
        "01": Selection(RegionMonth("01", "2025-11", None, frozenset(), 0, 0, None)),
    }
    found = receipt_sums(selections, ())
    rejected = found.filter(pl.col("metric").str.starts_with("rejected"))
    assert sorted(rejected.rows()) == [
        ("17", "listings", "rejected_bad_date", 0, 100),
        ("17", "listings", "rejected_bad_identifier", 0, 100),
        ("17", "listings", "rejected_rows", 0, 100),
        ("19", "listings", "rejected_bad_date", 3, 200),
        ("19", "listings", "rejected_bad_identifier", 2, 200),
        ("19", "listings", "rejected_rows", 4, 200),
    ]


def test_the_age_of_snapshots() -> None:
    """To the reference date; listings to the last day of the month; the oldest source of markings.

    Months of contacts have no age.
    """
    files = {
        "listings": (receipt("listings", DAY),),
        "units": (receipt("units", date(2025, 10, 15)),),
        "physicians": (receipt("physicians", DAY),),
        "care_markings": (
            receipt("care_markings", date(2025, 11, 10)),
            receipt("care_markings", date(2025, 11, 1)),
        ),
        "care_contacts": (receipt("care_contacts", date(2025, 11, 1)),),
    }
    found = receipt_sums({"19": receipts_of("19", files)}, ())
    ages = found.filter(pl.col("metric") == "snapshot_age_days")
    assert dict(ages.select("delivery", "numerator").iter_rows()) == {
        "listings": 15,
        "units": 31,
        "physicians": 0,
        "care_markings": 14,
    }


def test_the_population_register_is_the_nations() -> None:
    files = (receipt("population", date(2025, 1, 1), accepted=98, rejected=2, rules={}),)
    assert receipt_sums({}, files).rows() == [("00", "population", "rejected_rows", 2, 100)]


# The flag in reporting


PROVIDERS = """
region_code delivery      metric                           numerator denominator
17          care_contacts without_provider_physician       20        100
19          care_contacts without_provider_physician       21        100
18          care_contacts without_provider_physician       0         0
20          care_contacts without_provider_all_professions 90        100
"""


def test_which_regions_have_too_few_provider_ids() -> None:
    """80 of 100 is enough, 79 is not; other professions count as little as no visits at all."""
    quality = texts.frame(QUALITY_SUMS, PROVIDERS)
    assert few_provider_ids(quality, comparability()) == ["19"]
    stricter = replace(comparability(), provider_id_threshold=0.81)
    assert few_provider_ids(quality, stricter) == ["17", "19"]


def test_the_flag_is_added_to_what_is_said_of_the_deliveries() -> None:
    months = [month("17"), month("19", remarks="units: nothing delivered."), month("20")]
    table = reporting_table(
        POPULATION_COUNTS.empty(), months, texts.frame(QUALITY_SUMS, PROVIDERS), comparability()
    )
    remarks = dict(table.select("region_code", "remarks").iter_rows())
    assert remarks["17"] is None
    assert remarks["20"] is None
    assert remarks["19"] == (
        "units: nothing delivered. care_contacts: below 80 per cent of the visits to physicians "
        "have a provider id; read the continuity with care (see data_quality)."
    )
    assert table.filter(pl.col("region_code") == "19")["reported"].item()
