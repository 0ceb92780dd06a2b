"""The 21 regions and 290 municipalities (SCB's county and municipality codes)."""

import csv
from functools import cache
from importlib.resources import files


@cache
def municipality_names() -> dict[str, str]:
    """Municipality code (4 digits) to name, sorted by code. Source: SCB."""
    text = files("schemas.reference").joinpath("municipalities.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["kommun_kod"]: row["kommun"] for row in sorted(rows, key=lambda r: r["kommun_kod"])}


@cache
def region_names() -> dict[str, str]:
    """Region code (2 digits) to the county's name, sorted by code. Source: SCB."""
    text = files("schemas.reference").joinpath("municipalities.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return dict(sorted({row["lan_kod"]: row["lan"] for row in rows}.items()))


@cache
def organisation_numbers() -> dict[str, str]:
    """Region code to the region's organisation number, ten digits, as HSA-ids begin with it.

    Source: Bolagsverket/SCB, the regions' own numbers; private providers have others.
    """
    text = files("schemas.reference").joinpath("region_organisation_numbers.csv").read_text("utf-8")
    return {
        row["region_code"]: row["organisation_number"] for row in csv.DictReader(text.splitlines())
    }


def region_of(municipality: str) -> str:
    """The region that a municipality lies in: the first two digits of its code."""
    return municipality[:2]
