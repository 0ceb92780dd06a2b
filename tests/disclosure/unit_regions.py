"""The table of units and their regions, as disclosure control takes it."""

from collections.abc import Mapping

import polars as pl


def unit_regions(regions: Mapping[str, str], month: str) -> pl.DataFrame:
    """Month, area_code, region_code; `regions`: unit to region."""
    return pl.DataFrame(
        [(month, unit, region) for unit, region in sorted(regions.items())],
        schema=dict.fromkeys(("month", "area_code", "region_code"), pl.String),
        orient="row",
    )


NO_UNITS = unit_regions({}, "2025-11")
