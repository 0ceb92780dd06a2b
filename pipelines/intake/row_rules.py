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
        return pl.lit(self.files[name]).gather(pl.col(FILE)).alias(name)


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
    if "unit_id" in names:
        checks.append(_organisation_check(around))
        if contract.name != "units":
            checks += _unit_checks(around)
    if contract.name == "care_markings":
        suffix = around.of_file("suffix")
        other = suffix.str.contains("^[0-9]+$") & (pl.col("municipality") != suffix)
        checks.append(check("other_municipality", "municipality", other))
    return checks


def _organisation_check(around: Circumstances) -> Check:
    """Whether a unit's HSA-id begins with the number of another region; others are anybody's.

    Beginnings are compared, not numbers taken out by a pattern: this is asked of every contact.
    """
    beginnings = {region: f"SE{number}-" for region, number in organisation_numbers().items()}
    a_regions = pl.col("unit_id").str.head(_HSA_BEGINNING).is_in(list(beginnings.values()))
    own = around.of_file("region_code").replace_strict(beginnings, default=None)
    return check(
        "unit_of_other_region", "unit_id", a_regions & ~pl.col("unit_id").str.starts_with(own)
    )


def _contact_checks(around: Circumstances) -> list[Check]:
    day = pl.col("contact_date")
    first_day = around.of_file("content_date")
    same_month = (day >= first_day) & (day <= first_day.dt.month_end())
    return [
        check("contact_outside_month", "contact_date", ~same_month),
        check("contact_in_future", "contact_date", day > around.today),
    ]


def _unit_checks(around: Circumstances) -> list[Check]:
    unknown = []
    for (region,), files in around.files.with_row_index(FILE).group_by("region_code"):
        if (units := around.known_units.get(str(region))) is not None:
            known = pl.Series(sorted(unit.strip().upper() for unit in units), dtype=pl.String)
            of_region = pl.col(FILE).is_in(pl.lit(files[FILE]).implode())
            unknown.append(of_region & ~pl.col("unit_id").is_in(pl.lit(known).implode()))
    if not unknown:
        return []
    return [check("unit_not_in_register", "unit_id", pl.any_horizontal(unknown))]
