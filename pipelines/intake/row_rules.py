"""The rules that look at several columns of a row, or at a row and the file that it stands in."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.intake.checks import Check, check
from pipelines.intake.text_table import WRONG_FIELD_COUNT
from schemas.contract import DeliveryContract


@dataclass(frozen=True)
class Circumstances:
    """What the rules must know besides the row.

    `content_date` and `suffix` are those of the file's name; `known_units` the HSA-ids of the
    units register, None where there is none to compare with.
    """

    region_code: str
    content_date: date
    suffix: str
    today: date
    known_units: frozenset[str] | None


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
        other_year = pl.col("year") != around.content_date.year
        checks.append(check("year_outside_file", "year", other_year))
    if "unit_id" in names and contract.name != "units" and around.known_units is not None:
        known = sorted(unit.strip().upper() for unit in around.known_units)
        unknown = ~pl.col("unit_id").is_in(pl.lit(pl.Series(known, dtype=pl.String)).implode())
        checks.append(check("unit_not_in_register", "unit_id", unknown))
    if contract.name == "care_markings" and around.suffix.isdecimal():
        other = pl.col("municipality") != around.suffix
        checks.append(check("other_municipality", "municipality", other))
    return checks


def _contact_checks(around: Circumstances) -> list[Check]:
    day = pl.col("contact_date")
    same_month = (day.dt.year() == around.content_date.year) & (
        day.dt.month() == around.content_date.month
    )
    return [
        check("contact_outside_month", "contact_date", ~same_month),
        check("contact_in_future", "contact_date", day > around.today),
    ]
