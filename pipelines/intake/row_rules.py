"""The rules that look at several columns of a row, or at a row and the file that it stands in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.intake.checks import Check, check
from pipelines.intake.text_table import WRONG_FIELD_COUNT
from schemas.contract import DeliveryContract
from schemas.regions import organisation_numbers

FILE = "file"
"""The column that says in which file of a batch a row stands: its place in the batch, from 0."""

_HSA_BEGINNING = len("SE2321000172-")
"""Characters of an HSA-id before its local part."""


@dataclass(frozen=True)
class Circumstances:
    """What the rules must know besides the rows of a batch.

    `files` has a row for each file of the batch, in order: region_code, delivery, file_name,
    sha256, and content_date and suffix as the file's name says. `known_units` are the HSA-ids of
    the units registers by region; a region that has none to compare with is left out.
    """

    files: pl.DataFrame
    today: date
    known_units: Mapping[str, frozenset[str]]

    def of_file(self, name: str) -> pl.Expr:
        """For every row: what is known of the file that it stands in."""
        return self.worked_out(pl.col(name)).alias(name)

    def worked_out(self, value: pl.Expr) -> pl.Expr:
        """For every row: what is worked out, once, from what is known of its file."""
        return pl.lit(self.files.select(value).to_series()).gather(pl.col(FILE))


def row_checks(contract: DeliveryContract, around: Circumstances) -> list[Check]:
    """The checks across columns that a delivery's rows are put to; they use the values read."""
    names = contract.column_names
    checks = [check("wrong_field_count", (), pl.col(WRONG_FIELD_COUNT))]
    if "valid_to" in names:
        checks.append(
            check(
                "valid_to_before_valid_from",
                ("valid_from", "valid_to"),
                pl.col("valid_to") < pl.col("valid_from"),
            )
        )
    if "contact_date" in names:
        checks += _contact_checks(around)
    if "year" in names:
        other_year = pl.col("year") != around.of_file("content_date").dt.year()
        checks.append(check("year_outside_file", "year", other_year))
    if contract.name == "care_markings":
        suffix = around.of_file("suffix")
        other = suffix.str.contains("^[0-9]+$") & (pl.col("municipality") != suffix)
        checks.append(check("other_municipality", "municipality", other))
    return checks


def _contact_checks(around: Circumstances) -> list[Check]:
    day = pl.col("contact_date")
    first_day = around.of_file("content_date")
    last_day = around.worked_out(pl.col("content_date").dt.month_end())
    return [
        check("contact_outside_month", "contact_date", ~day.is_between(first_day, last_day)),
        check("contact_in_future", "contact_date", day > around.today),
    ]


def unit_checks(contract: DeliveryContract, around: Circumstances) -> list[Check]:
    """The checks of a unit in the deliveries of a region: of `unit_id` and `region_code`."""
    checks = [_organisation_check()]
    if contract.name != "units" and around.known_units:
        checks.append(_register_check(around))
    return checks


def _organisation_check() -> Check:
    """Whether a unit's HSA-id begins with the number of another region; others are anybody's."""
    beginnings = {region: f"SE{number}-" for region, number in organisation_numbers().items()}
    a_regions = pl.col("unit_id").str.head(_HSA_BEGINNING).is_in(list(beginnings.values()))
    own = pl.col("region_code").replace_strict(beginnings, default=None)
    return check(
        "unit_of_other_region", "unit_id", a_regions & ~pl.col("unit_id").str.starts_with(own)
    )


def _register_check(around: Circumstances) -> Check:
    unknown = [
        (pl.col("region_code") == region)
        & ~pl.col("unit_id").is_in(sorted(unit.strip().upper() for unit in units))
        for region, units in around.known_units.items()
        if region in around.files["region_code"]
    ]
    return check("unit_not_in_register", "unit_id", pl.any_horizontal(pl.lit(False), *unknown))
