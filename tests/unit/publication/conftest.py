"""Small published tables, written by hand, and the mark for tests that need an older DuckDB."""

from datetime import datetime

import polars as pl
import pytest
from published_rows import (
    ALL,
    AREA,
    DAY,
    MONTH,
    NAME,
    continuity_row,
    coverage_row,
    frame,
    quality_row,
    target_row,
)

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
from schemas.deliveries import UNITS
from schemas.guidelines import guidelines
from schemas.indicator_registry import indicators
from schemas.registers import published_table
from schemas.targets import targets


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "older_client: installs an older DuckDB from the package index"
    )


@pytest.fixture
def tables() -> dict[str, pl.DataFrame]:
    """Every kind of published table with a row or two, and the registers."""
    published = {
        "coverage": frame(
            "coverage",
            [
                coverage_row(),
                coverage_row(
                    level="unit",
                    area_code="SE2321000172-1A01",
                    area_name=None,
                    numerator=None,
                    denominator=None,
                    share=None,
                    ci_low=None,
                    ci_high=None,
                    status="suppressed",
                ),
            ],
        ),
        "continuity": frame(
            "continuity", [continuity_row(), continuity_row(index="UPC", pooled=None)]
        ),
        "own_physician": frame(
            "own_physician",
            [
                {
                    **AREA,
                    **NAME,
                    **ALL,
                    "persons": 30,
                    "own_visits": 39,
                    "visits": 82,
                    "share": 39 / 82,
                    "ci_low": 0.37,
                    "ci_high": 0.58,
                    "status": "ok",
                }
            ],
        ),
        "list_load": frame(
            "list_load",
            [
                {
                    **AREA,
                    **NAME,
                    "listed": 2200,
                    "named": 2000,
                    "fte_specialist": 1.0,
                    "fte_st": 1.0,
                    "guideline_specialist": 1100.0,
                    "guideline_st": 550.0,
                    "capacity": 1650.0,
                    "load": 2200 / 1650,
                    "specialists_short": 0.5,
                    "status": "ok",
                }
            ],
        ),
        "list_kinds": frame(
            "list_kinds",
            [
                {
                    **AREA,
                    **NAME,
                    "kind": "locum",
                    "persons": 100,
                    "listed": 1000,
                    "share": 0.1,
                    "status": "ok",
                }
            ],
        ),
        "care_markings": frame(
            "care_markings",
            [
                {
                    **AREA,
                    **NAME,
                    "setting": "sabo",
                    "source": "both",
                    "persons": 41,
                    "status": "ok",
                }
            ],
        ),
        "reporting": frame(
            "reporting",
            [
                {
                    "month": MONTH,
                    "region_code": "19",
                    "reported": True,
                    "population": 280_000,
                    "contact_months": 17,
                    "contact_months_expected": 19,
                    "remarks": "Two months of contacts are missing; 'quoted' text.",
                }
            ],
        ),
        "data_quality": frame(
            "data_quality",
            [
                quality_row("listings", "reserve_identity", 20, 1000, 0.02),
                quality_row("listings", "protected_identity"),
                quality_row("care_contacts", "without_provider_physician", 0, 0),
                quality_row("units", "snapshot_age_days", 31),
            ],
        ),
        "target_status": frame(
            "target_status",
            [
                target_row("coverage_inhabitants", value=0.78, target=0.55, met=True),
                target_row(
                    "continuity_physician",
                    value=0.36,
                    target=0.2,
                    met=True,
                    baseline_month="2025-10",
                    baseline_value=0.3,
                    relative_change=0.2,
                    change_ci_low=0.0941,
                    change_ci_high=0.3162,
                    comparable=True,
                ),
                target_row(
                    "continuity_all_professions",
                    value=0.2,
                    target=0.2,
                    comparable=False,
                    reason="…",
                ),
                target_row("continuity_sabo_physician", status="suppressed"),
            ],
        ),
        "deliveries": frame(
            "deliveries",
            [
                {
                    "region_code": "19",
                    "delivery": "units",
                    "file_name": "2025-11-30.csv",
                    "sha256": "ab" * 32,
                    "received_at": datetime(2025, 12, 1, 4, 15, 0, 123456),
                    "reference_date": DAY,
                    "rows": 2,
                    "accepted": 2,
                    "rejected": 0,
                    "status": "accepted",
                    "message": None,
                }
            ],
        ),
        "definitions": definitions([definitions_of_month(MONTH, indicators())]),
        "targets": targets_register(targets()),
        "guidelines": guidelines_register(guidelines()),
        "regions": regions_register(),
        "municipalities": municipalities_register(),
        "units": units_register({"19": UNITS.stored.empty()}, {"19": DAY}),
        "revisions": frame(
            "revisions",
            [
                {
                    "table_name": "coverage",
                    "month": MONTH,
                    "level": "region",
                    "area_code": "19",
                    "dimensions": "population=listed;definition=reported;sex=all;age_group=all",
                    "column_name": "numerator",
                    "value_before": 779.0,
                    "value_after": 780.0,
                    "difference": 1.0,
                    "status_before": "ok",
                    "status_after": "ok",
                    "reason": "new_delivery",
                    "revised_on": DAY,
                    "correction": "The region had left out a list.",
                }
            ],
        ),
        "corrections": frame(
            "corrections",
            [
                {
                    "corrected_on": DAY,
                    "release_before": "2025-11-0001-0123456789ab",
                    "correction": "The region had left out a list.",
                }
            ],
        ),
        "moved_figures": published_table("moved_figures").empty(),
        "information_lost": frame(
            "information_lost",
            [
                {
                    "month": MONTH,
                    "table_name": "coverage",
                    "level": level,
                    "cells": 3,
                    "suppressed": hidden,
                    "persons_suppressed_percent": percent,
                }
                for level, hidden, percent in (("region", 1, 35), ("unit", 3, None))
            ],
        ),
        "release_info": release_info_register({"release_id": "2025-11-test"}),
    }
    return published | {"dictionary": dictionary_register(published)}
