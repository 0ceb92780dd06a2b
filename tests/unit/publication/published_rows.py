"""Rows of published tables, written by hand."""

from datetime import date

import polars as pl

from schemas.registers import published_table

MONTH = "2025-11"
DAY = date(2025, 11, 30)
AREA = {"month": MONTH, "reference_date": DAY, "level": "region", "area_code": "19"}
NAME = {"area_name": "Västmanlands län"}
ALL = {"sex": "all", "age_group": "all"}


def frame(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    contract = published_table(table)
    return pl.DataFrame(
        [{**dict.fromkeys(contract.column_names), **row} for row in rows],
        schema=contract.polars_schema(),
    )


def coverage_row(**values: object) -> dict[str, object]:
    return {
        **AREA,
        **NAME,
        **ALL,
        "population": "listed",
        "definition": "reported",
        "numerator": 780,
        "denominator": 1000,
        "share": 0.78,
        "ci_low": 0.7533,
        "ci_high": 0.8045,
        "status": "ok",
        **values,
    }


def continuity_row(**values: object) -> dict[str, object]:
    return {
        **AREA,
        **NAME,
        **ALL,
        "population": "listed",
        "series": "physician",
        "unit_scope": "own_unit",
        "window_months": 18,
        "min_visits": 3,
        "index": "COC",
        "persons": 20,
        "visits": 82,
        "mean": 0.25,
        "sd": 0.5,
        "median": 0.2,
        "ci_low": 0.03,
        "ci_high": 0.47,
        "pooled": 0.2978,
        "status": "ok",
        **values,
    }


def quality_row(
    delivery: str,
    metric: str,
    numerator: int | None = None,
    denominator: int | None = None,
    share: float | None = None,
) -> dict[str, object]:
    return {
        "month": MONTH,
        "region_code": "19",
        "delivery": delivery,
        "metric": metric,
        "numerator": numerator,
        "denominator": denominator,
        "share": share,
    }


def target_row(target_id: str, **values: object) -> dict[str, object]:
    place = {"month": MONTH, "level": "region", "area_code": "19", "status": "ok"}
    return {**place, "target_id": target_id, **values}
