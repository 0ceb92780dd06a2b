"""Which delivered rows of markings the other source lacks: by file and line, without identity."""

from datetime import date

import polars as pl

from pipelines.indicators.marking_differences import marking_differences
from schemas.parts import MARKING_DIFFERENCES
from schemas.validation import keep_contract
from tests.spec import texts
from tests.spec.texts import collected, lazy

DAY = date(2025, 11, 30)


def differences(text: str, *sources: str) -> list[tuple[object, ...]]:
    """(municipality, setting, missing in, sheet, line) of what the other source lacks."""
    delivered = texts.markings(text, line=2).with_columns(
        file_name=pl.col("source") + ".csv", sha256=pl.lit("0" * 64)
    )
    found = collected(
        marking_differences(
            lazy(delivered),
            sources=sources,
            region_code="19",
            reference_date=DAY,
        )
    )
    keep_contract(found, MARKING_DIFFERENCES)
    assert set(found["region_code"]) <= {"19"}
    assert set(found["reference_date"]) <= {DAY}
    assert set(found.filter(missing_in="municipality")["file_name"]) <= {"cosmic.csv"}
    columns = ("municipality", "setting", "missing_in", "sheet", "line")
    return sorted(found.select(columns).rows(), key=str)


def test_each_source_is_told_what_the_other_lacks() -> None:
    """Anna is in both, bo in Cosmic only, cia in the list only."""
    assert differences(
        """
        person  source  line
        anna    cosmic  2
        bo      cosmic  3
        anna    1980    2
        cia     1980    3
        """,
        "cosmic",
        "1980",
    ) == [
        ("1980", "sabo", "cosmic", None, 3),
        ("1980", "sabo", "municipality", None, 3),
    ]


def test_another_setting_or_municipality_is_another_marking() -> None:
    assert differences(
        """
        person  source  municipality  setting      line
        anna    cosmic  1980          sabo         2
        anna    1980    1980          hemsjukvard  3
        bo      cosmic  1980          sabo         4
        bo      1981    1981          sabo         5
        """,
        "cosmic",
        "1980",
        "1981",
    ) == [
        ("1980", "hemsjukvard", "cosmic", None, 3),
        ("1980", "sabo", "municipality", None, 2),
        ("1980", "sabo", "municipality", None, 4),
        ("1981", "sabo", "cosmic", None, 5),
    ]


def test_every_row_of_the_person_is_told() -> None:
    """Two intervals of one marking, and the same number as a reserve identity is another person."""
    assert differences(
        """
        person  identity_kind  source  valid_from  sheet  line
        anna    personnummer   cosmic  2020-01-01  A      2
        anna    personnummer   cosmic  2021-01-01  B      2
        bo      reserve        cosmic  2020-01-01  A      3
        bo      personnummer   1980    2020-01-01  -      4
        """,
        "cosmic",
        "1980",
    ) == [
        ("1980", "sabo", "cosmic", None, 4),
        ("1980", "sabo", "municipality", "A", 2),
        ("1980", "sabo", "municipality", "A", 3),
        ("1980", "sabo", "municipality", "B", 2),
    ]


def test_only_what_holds_on_the_day_counts_with_both_its_ends() -> None:
    """The list has anna from the day on and bo up to the day: both are in both. Cia has ended."""
    assert (
        differences(
            """
            person  source  valid_from  valid_to
            anna    cosmic  2020-01-01  -
            anna    1980    2025-11-30  -
            bo      cosmic  2020-01-01  -
            bo      1980    2020-01-01  2025-11-30
            cia     cosmic  2020-01-01  2025-11-29
            dan     1980    2025-12-01  -
            """,
            "cosmic",
            "1980",
        )
        == []
    )
    assert differences(
        """
        person  source  valid_from  valid_to    line
        cia     cosmic  2020-01-01  -           2
        cia     1980    2020-01-01  2025-11-29  2
        """,
        "cosmic",
        "1980",
    ) == [("1980", "sabo", "municipality", None, 2)]


def test_only_with_a_source_that_has_delivered_is_anything_compared() -> None:
    of_cosmic = "person source municipality\nanna cosmic 1980\nbo cosmic 1981"
    assert differences(of_cosmic, "cosmic") == []
    assert differences(of_cosmic, "cosmic", "1981") == [("1981", "sabo", "municipality", None, 2)]
    of_list = "person source\nanna 1980"
    assert differences(of_list, "1980") == []
    assert differences(of_list, "1980", "cosmic") == [("1980", "sabo", "cosmic", None, 2)]
