"""The registers: every row explains something that is in the file."""

from datetime import date

import polars as pl
import pytest

from pipelines.publication.registers import (
    definitions,
    definitions_of_month,
    dictionary_register,
    guidelines_register,
    municipalities_register,
    regions_register,
    release_info_register,
    targets_register,
    units_register,
)
from schemas.guidelines import guidelines
from schemas.indicator_registry import definition_hashes, indicators
from schemas.registers import PUBLISHED_TABLES, REGISTERS, published_table
from schemas.targets import targets
from schemas.validation import keep_contract


def test_registers_keep_their_contracts(tables):
    without_rows = {"units", "moved_figures"}
    for contract in REGISTERS:
        kept = keep_contract(tables[contract.name], contract)
        assert kept.height or contract.name in without_rows


def test_names_are_unique_and_keys_and_columns_exist():
    names = [contract.name for contract in PUBLISHED_TABLES]
    assert len(names) == len(set(names))
    for contract in PUBLISHED_TABLES:
        assert set(contract.key) <= set(contract.column_names)
        assert len(contract.column_names) == len(set(contract.column_names))


def test_twenty_one_regions_and_290_municipalities():
    assert regions_register().height == 21
    municipalities = municipalities_register()
    assert municipalities.height == 290
    assert set(municipalities["region_code"]) == set(regions_register()["region_code"])
    assert municipalities.row(by_predicate=pl.col("municipality") == "0980")[2] == "09"


def units(*rows):
    return pl.DataFrame(
        [
            {
                "unit_id": unit,
                "unit_name": name,
                "municipality": "1980",
                "operator": "region",
                "valid_from": date.fromisoformat(begins),
                "valid_to": date.fromisoformat(ends) if ends else None,
                "unit_name_key": 1,
            }
            for unit, name, begins, ends in rows
        ],
        schema_overrides={"valid_to": pl.Date},
    )


def test_units_are_those_in_force_on_the_reference_date_once_each():
    snapshot = units(
        ("SE1-A", "Old name", "2015-01-01", None),
        ("SE1-A", "New name", "2025-06-01", None),
        ("SE1-B", "Ends that day", "2015-01-01", "2025-11-30"),
        ("SE1-C", "Ended the day before", "2015-01-01", "2025-11-29"),
        ("SE1-D", "Begins that day", "2025-11-30", None),
        ("SE1-E", "Begins the day after", "2025-12-01", None),
    )
    other = units(("SE1-A", "Same id elsewhere", "2015-01-01", None))
    register = units_register(
        {"19": snapshot, "17": other, "03": other},
        {"19": date(2025, 11, 30), "17": date(2025, 11, 28)},
    )
    assert register.select("region_code", "unit_id", "unit_name").rows() == [
        ("17", "SE1-A", "Same id elsewhere"),
        ("19", "SE1-A", "New name"),
        ("19", "SE1-B", "Ends that day"),
        ("19", "SE1-D", "Begins that day"),
    ]


def test_dictionary_has_every_column_of_every_table_itself_and_the_view():
    published = ["coverage", "regions", "definitions"]
    register = dictionary_register(published)
    described = register.group_by("table_name", maintain_order=True).agg("column_name")
    assert dict(described.rows()) == {
        **{name: published_table(name).column_names for name in [*published, "dictionary"]},
        "indicators": [
            "indicator",
            "definition_hash",
            "month",
            "level",
            "area_code",
            "dimensions",
            "value",
            "numerator",
            "denominator",
            "ci_low",
            "ci_high",
            "status",
        ],
    }
    status = register.row(
        by_predicate=(pl.col("table_name") == "coverage") & (pl.col("column_name") == "status"),
        named=True,
    )
    assert status["codes"] == "ok|suppressed|not_reported|undefined"
    assert status["required"] is True
    assert status["is_key"] is False


def test_targets_name_published_indicators():
    register = targets_register(targets())
    assert set(register["indicator"]) <= set(definition_hashes())
    assert register.filter(target_id="coverage_inhabitants")["indicator"].item() == (
        "coverage.inhabitants.reported.share"
    )


def test_guidelines_keep_what_the_decision_does_not_give_missing():
    register = guidelines_register(guidelines())
    assert register.select("region_code", "guideline_specialist", "guideline_st").rows() == [
        ("00", 1100, 550),
        ("09", 1100, None),
        ("17", 1500, None),
        ("25", 1100, None),
    ]


def test_release_info_takes_only_described_facts():
    assert release_info_register({"release_id": "r1"}).rows() == [
        ("release_id", "r1", "Id of the release.")
    ]
    with pytest.raises(ValueError, match="RELEASE_FACTS does not describe surprise"):
        release_info_register({"surprise": "x"})


def test_months_in_a_row_with_the_same_definition_become_one_row():
    registry = indicators()[:1]

    def of_month(month, digest, text):
        return definitions_of_month(month, registry).with_columns(
            definition_hash=pl.lit(digest), interpretation=pl.lit(text)
        )

    merged = definitions(
        [
            of_month("2025-11", "b", "newest"),
            of_month("2025-06", "a", "first"),
            of_month("2025-08", "a", "second"),
            of_month("2025-09", "b", "third"),
            of_month("2025-10", "a", "fourth"),
        ]
    )
    assert merged.select("from_month", "to_month", "definition_hash", "interpretation").rows() == [
        ("2025-06", "2025-08", "a", "second"),
        ("2025-09", "2025-09", "b", "third"),
        ("2025-10", "2025-10", "a", "fourth"),
        ("2025-11", "2025-11", "b", "newest"),
    ]


def test_an_indicator_that_was_not_made_in_between_is_two_rows():
    first, second = indicators()[:2]
    merged = definitions(
        [
            definitions_of_month("2025-09", [first, second]),
            definitions_of_month("2025-10", [second]),
            definitions_of_month("2025-11", [first, second]),
        ]
    )
    assert merged.select("indicator", "from_month", "to_month").rows() == [
        (first.indicator, "2025-09", "2025-09"),
        (first.indicator, "2025-11", "2025-11"),
        (second.indicator, "2025-09", "2025-11"),
    ]
