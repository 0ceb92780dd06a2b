"""Looks up the published value that a row of another table is about."""

from collections.abc import Mapping

import polars as pl


def published_value(table: pl.DataFrame, row: Mapping[str, str], month: str) -> float | None:
    """What stands in a published table at the row's level, area, dimensions and column.

    Of both sexes and all ages, where the dimensions do not say.
    """
    area = "area_code" if "area_code" in table.columns else "region_code"
    place = {name: "all" for name in ("sex", "age_group") if name in table.columns}
    place |= {"month": month, area: row["area_code"]}
    if "level" in table.columns:
        place["level"] = row["level"]
    if row["dimensions"]:
        place |= dict(each.split("=") for each in row["dimensions"].split(";"))
    is_there = [pl.col(name).cast(pl.String) == value for name, value in place.items()]
    value: float | None = table.filter(is_there)[row["column_name"]].cast(pl.Float64).item()
    return value
