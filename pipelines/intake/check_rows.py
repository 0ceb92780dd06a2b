"""All rows of a file through all checks in one pass: accepted | rejected, and the warnings."""

from dataclasses import dataclass

import polars as pl

from pipelines.intake.checks import Check, text, text_name
from pipelines.intake.identities import IDENTITY_KIND, PERSON_ID, with_identities
from pipelines.intake.row_rules import Circumstances, row_checks
from pipelines.intake.stored import person_columns
from pipelines.intake.text_table import LINE, WRONG_FIELD_COUNT
from pipelines.intake.values import reading
from schemas.contract import DeliveryContract

_BROKEN_RULES = pl.Schema({LINE: pl.Int64(), "rule": pl.String(), "columns": pl.String()})

_MANY_ROWS = 50_000
"""From here on the streaming engine, which uses all cores, earns back what it costs to start."""


@dataclass(frozen=True)
class CheckedRows:
    """`accepted`: the values of the rows that break no rule, pseudonymised, sorted by the stored
    key; the names that are still to be hashed stand in it. `broken`: line, rule and columns of
    every rule that a rejected row breaks, by line and rule. `rejected`: the number of rejected
    rows. `warnings`: for each warning the number of accepted rows that it concerns."""

    accepted: pl.DataFrame
    broken: pl.DataFrame
    rejected: int
    warnings: dict[str, int]


def check_rows(
    frame: pl.DataFrame, contract: DeliveryContract, around: Circumstances, key: str
) -> CheckedRows:
    """Read, check and pseudonymise the rows of a text table that has the required columns."""
    readings = [reading(column, contract.name) for column in contract.columns]
    checks = [each for one in readings for each in one.checks] + row_checks(contract, around)
    read = _read(
        frame,
        contract,
        values={name: value for one in readings for name, value in one.values.items()},
        persons=person_columns(contract, key, around.region_code),
        checks=checks,
    )
    rejecting = [each for each in checks if not each.is_warning]
    is_broken = pl.any_horizontal(each.name for each in rejecting)
    broken = read.filter(is_broken)
    answered = [each.name for each in rejecting]
    sound = read.filter(~is_broken).drop(answered).sort(*contract.stored.key, LINE)
    is_repeated = sound.select(_repeats_the_row_before(contract.stored.key)).to_series()
    repeated = sound.filter(is_repeated)
    accepted = sound.filter(~is_repeated) if repeated.height else sound
    warning = {each.rule: each.name for each in checks if each.is_warning}
    warnings = {code: accepted.filter(name).height for code, name in warning.items()}
    return CheckedRows(
        accepted=accepted.drop(warning.values()),
        broken=_broken_rules(broken, rejecting, repeated[LINE], contract),
        rejected=broken.height + repeated.height,
        warnings={code: count for code, count in warnings.items() if count},
    )


def _read(
    frame: pl.DataFrame,
    contract: DeliveryContract,
    values: dict[str, pl.Expr],
    persons: dict[str, pl.Expr],
    checks: list[Check],
) -> pl.DataFrame:
    """Values, pseudonyms and the answer of every check, in one pass; `person_id` stays behind."""
    delivered = [
        (pl.col(name) if name in frame.columns else pl.lit(None, pl.String)).alias(text_name(name))
        for name in contract.column_names
    ]
    # A row with too many or few fields breaks that rule only: its values are not where they belong.
    asked = [
        each.breaks if each.rule == WRONG_FIELD_COUNT else each.breaks & ~pl.col(WRONG_FIELD_COUNT)
        for each in checks
    ]
    read = frame.lazy().select(*delivered, LINE, WRONG_FIELD_COUNT)
    kept = list(values)
    if PERSON_ID in contract.column_names:
        read = with_identities(read, text(PERSON_ID))
        kept.append(IDENTITY_KIND)
    return (
        read.with_columns(value.alias(name) for name, value in values.items())
        .select(
            LINE,
            *kept,
            *(value.alias(name) for name, value in persons.items()),
            *(answer.alias(each.name) for each, answer in zip(checks, asked, strict=True)),
        )
        .collect(engine="streaming" if frame.height > _MANY_ROWS else "in-memory")
    )


def _repeats_the_row_before(key: tuple[str, ...]) -> pl.Expr:
    """In rows sorted by key and line: whether the row has the key of the row before it.

    So the first row of the file stays. Missing values are equal to each other.
    """
    same = [pl.col(name).eq_missing(pl.col(name).shift(1)) for name in key]
    return pl.all_horizontal(*same) & (pl.int_range(pl.len()) > 0)


def _broken_rules(
    broken: pl.DataFrame, checks: list[Check], repeated: pl.Series, contract: DeliveryContract
) -> pl.DataFrame:
    """One row for each line and rule, with the columns joined in the order of the layout."""
    if broken.is_empty() and repeated.is_empty():
        return pl.DataFrame(schema=_BROKEN_RULES)
    parts = [
        broken.filter(pl.col(each.name)).select(
            LINE,
            rule=pl.lit(each.rule),
            columns=pl.lit(", ".join(each.columns) or None, dtype=pl.String),
        )
        for each in checks
    ]
    parts.append(
        pl.select(
            repeated.alias(LINE),
            rule=pl.lit("duplicate_key"),
            columns=pl.lit(", ".join(contract.key)),
        )
    )
    return (
        pl.concat(parts)
        .group_by(LINE, "rule", maintain_order=True)
        .agg(pl.col("columns").drop_nulls())
        .with_columns(
            columns=pl.when(pl.col("columns").list.len() > 0).then(
                pl.col("columns").list.join(", ")
            )
        )
        .sort(LINE, "rule")
    )
