"""Which region's which delivery of a month is missing."""

from datetime import date, datetime

import polars as pl
import pytest

from pipelines.errors import StepFailedError
from pipelines.publication.request.completeness import missing_by_region, missing_deliveries
from pipelines.publication.request.contents import read_contents
from schemas.receipts import DELIVERIES_TABLE
from schemas.regions import region_names

DELIVERED = ("units", "listings", "physicians", "care_contacts", "care_markings")


def deliveries(*changed: str) -> pl.DataFrame:
    """Every region has delivered November; `19/units/2025-10-31` is the region's only units."""
    places = {
        (region, delivery): ("2025-11-30", "accepted")
        for region in region_names()
        for delivery in DELIVERED
    }
    places["00", "population"] = ("2024-01-01", "accepted")
    for each in changed:
        region, delivery, day, *status = each.split("/")
        places[region, delivery] = (day, *(status or ["accepted"]))
    rows = [
        (region, delivery, f"{day}.csv", "a" * 64, datetime(2025, 12, 1), day, 1, 1, 0, status, "")
        for (region, delivery), (day, status) in places.items()
        if day
    ]
    schema = DELIVERIES_TABLE.polars_schema()
    return pl.DataFrame(
        [(*row[:5], date.fromisoformat(row[5]), *row[6:]) for row in rows],
        schema=schema,
        orient="row",
    )


def missing(*changed: str) -> dict[str, str]:
    """Region to what is missing of November, in English."""
    found = missing_deliveries(deliveries(*changed), "2025-11")
    return {region: words.en for region, words in missing_by_region(found).items()}


def test_nothing_is_missing() -> None:
    assert missing() == {}


def test_what_is_missing_is_named() -> None:
    assert missing("19/care_markings/2025-10-31", "04/listings/2025-10-31") == {
        "04": "listings",
        "19": "care_markings (that of 2025-10-31 stands in)",
    }
    assert missing("19/care_contacts/2025-11-01/refused") == {"19": "care_contacts (refused)"}
    assert missing("19/units/2025-11-30/withdrawn") == {"19": "units"}
    assert missing("19/units/2025-12-31") == {"19": "units"}
    assert missing(*(f"23/{each}/" for each in DELIVERED)) == {"23": "all deliveries"}


def test_the_population_is_missing_when_none_is_of_the_year_or_before() -> None:
    assert missing("00/population/2026-01-01") == {"00": "population"}


def test_the_package_is_refused_with_reasons(statistics_file) -> None:
    with pytest.raises(StepFailedError, match=r"Jämtlands län \(23\): all deliveries.*--partial"):
        read_contents(statistics_file, "2025-11", partial=False)


def test_there_is_no_package_without_figures(statistics_file, tmp_path) -> None:
    with pytest.raises(StepFailedError, match=r"no figures of 2025-09"):
        read_contents(statistics_file, "2025-09", partial=True)
    with pytest.raises(StepFailedError, match="nothing has been published"):
        read_contents(tmp_path / "none.duckdb", "2025-11", partial=True)
