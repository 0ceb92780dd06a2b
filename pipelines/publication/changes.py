"""The difference between two releases: which published values are not the same, and why.

Both sides are what was published: nothing can be read here that does not stand in one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from schemas.column import Kind
from schemas.contract import TableContract
from schemas.disclosure_rules import value_columns
from schemas.registers import ABSENT, CHANGES
from schemas.statistics import OF_TARGETS, PUBLISHED

DEFINITION = "definition"
NEW_DELIVERY = "new_delivery"
CORRECTION = "correction"
DISCLOSURE = "disclosure"
COMPUTATION = "computation"

SAME_WITHIN = 1e-12

_COUNTED = (Kind.WHOLE_NUMBER, Kind.DECIMAL, Kind.TRUTH)
_AREAS = ("area_code", "region_code")


@dataclass(frozen=True)
class Causes:
    """What has changed between two releases: month to causes, and the (table, month) whose
    definitions have."""

    of_month: Mapping[str, frozenset[str]] = field(default_factory=dict)
    definitions: frozenset[tuple[str, str]] = frozenset()

    def of(self, table: str, month: str) -> str:
        """The causes that may explain a change, joined by |; a target is held against figures of
        several months."""
        months = list(self.of_month) if table in _TARGET_TABLES else [month]
        found = {cause for each in months for cause in self.of_month.get(each, ())}
        if any((table, each) in self.definitions for each in months):
            found.add(DEFINITION)
        order = (DEFINITION, NEW_DELIVERY, CORRECTION, COMPUTATION, DISCLOSURE)
        return "|".join(cause for cause in order if cause in found)


_TARGET_TABLES = frozenset(contract.name for contract in OF_TARGETS)


def changes(
    before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame], causes: Causes
) -> pl.DataFrame:
    """The table `changes`: every value of a month in both releases that is not the same.

    Counts, shares, indices and truth values (1 and 0) of the statistics, data quality, reporting
    and targets; dates and texts are no figures. A row that one release lacks is absent there.
    """
    compared = [
        _changes_of(contract, before[contract.name], after[contract.name], causes)
        for contract in PUBLISHED
        if "month" in contract.column_names and contract.name in before and contract.name in after
    ]
    return pl.concat([CHANGES.empty(), *compared]).sort(CHANGES.key, nulls_last=False)


def _changes_of(
    contract: TableContract, before: pl.DataFrame, after: pl.DataFrame, causes: Causes
) -> pl.DataFrame:
    kinds = {column.name: column.kind for column in contract.columns}
    shared = set(before.columns) & set(after.columns)
    values = [
        name for name in value_columns(contract) if name in shared and kinds[name] in _COUNTED
    ]
    months = sorted(set(before["month"]) & set(after["month"]))
    rows = _side(contract, before, values, months).join(
        _side(contract, after, values, months),
        on=contract.key,
        how="full",
        coalesce=True,
        nulls_equal=True,
        suffix=":after",
        validate="1:1",
    )
    rows = rows.with_columns(
        _status_before=pl.col("_status").fill_null(ABSENT),
        _status_after=pl.col("_status:after").fill_null(ABSENT),
    )
    hidden = (pl.col("_status_before") == "suppressed") | (pl.col("_status_after") == "suppressed")
    because = pl.col("month").replace_strict(
        months, [causes.of(contract.name, month) for month in months], return_dtype=pl.String
    )
    reason = (
        pl.when((pl.col("_status_before") != pl.col("_status_after")) & hidden)
        .then(
            pl.when(because.str.contains(DISCLOSURE) | (because == ""))
            .then(because.replace("", DISCLOSURE))
            .otherwise(because + f"|{DISCLOSURE}")
        )
        .otherwise(because.replace("", COMPUTATION))
    )
    keyed = rows.lazy().with_columns(
        table_name=pl.lit(contract.name),
        level=pl.col("level") if "level" in contract.key else pl.lit(None, pl.String),
        area_code=pl.col(next(name for name in _AREAS if name in contract.key)),
        dimensions=_dimensions(contract),
        reason=reason,
    )
    each_value = [
        keyed.filter(_differs(name)).select(
            "table_name",
            "month",
            "level",
            "area_code",
            "dimensions",
            column_name=pl.lit(name),
            value_before=pl.col(name),
            value_after=pl.col(f"{name}:after"),
            difference=pl.col(f"{name}:after") - pl.col(name),
            status_before="_status_before",
            status_after="_status_after",
            reason="reason",
        )
        for name in values
    ]
    return pl.concat(each_value).collect() if each_value else CHANGES.empty()


def _side(
    contract: TableContract, frame: pl.DataFrame, values: list[str], months: list[str]
) -> pl.DataFrame:
    """The rows of these months: key, values as decimal numbers, status."""
    if "status" in contract.column_names:
        status = pl.col("status")
    elif "numerator" in values:
        # data_quality says by a missing count that it is hidden.
        status = (
            pl.when(pl.col("numerator").is_null())
            .then(pl.lit("suppressed"))
            .otherwise(pl.lit("ok"))
        )
    else:
        status = pl.lit("ok")
    return frame.filter(pl.col("month").is_in(months)).select(
        *contract.key,
        *(pl.col(name).cast(pl.Float64) for name in values),
        status.alias("_status"),
    )


def _differs(name: str) -> pl.Expr:
    """Whether a value is another; the last digits of a decimal number are no change."""
    before, after = pl.col(name), pl.col(f"{name}:after")
    same = (before - after).abs() <= SAME_WITHIN * pl.max_horizontal(1.0, before.abs())
    return before.ne_missing(after) & ~same.fill_null(False)


def _dimensions(contract: TableContract) -> pl.Expr:
    rest = [name for name in contract.key if name not in ("month", "level", *_AREAS)]
    if not rest:
        return pl.lit("")
    return pl.concat_str(
        [pl.concat_str(pl.lit(f"{name}="), pl.col(name).cast(pl.String)) for name in rest],
        separator=";",
    )
