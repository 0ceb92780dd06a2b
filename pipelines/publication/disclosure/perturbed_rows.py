"""What stands beside the perturbed counts of a row: visits, shares, intervals, means, load.

A share and its interval, a load and a shortage are worked out from the published numbers. Visits,
means and deviations get noise of their own, as much as persons who come or go could change them:
with exact ones beside each other (both sexes, women, men) the exact numbers of persons could be
solved for. Each has a key of its own, the same whenever it is of the same persons.
"""

from collections.abc import Callable

import narwhals as nw
import polars as pl

from pipelines.publication.disclosure.cell_keys import keys_of
from pipelines.publication.disclosure.perturbation_table import PerturbationTable
from schemas import codes
from schemas.disclosure_relations import relations
from schemas.disclosure_rules import DISCLOSURE_RULES, value_columns
from schemas.quality_metrics import quality_metrics
from schemas.registers import published_table
from schemas.statistics import CONTINUITY, DATA_QUALITY, LIST_LOAD, OWN_PHYSICIAN

NAME = "name of the number"
"""The column with the name of whom a row is about (`cell_keys.names_of`)."""
TRUE = "true "
"""What the columns of the table before noise begin with."""
DECIMALS = 4
OK, UNDEFINED = "ok", "undefined"

ShareInterval = Callable[[nw.Expr, nw.Expr], tuple[nw.Expr, nw.Expr]]
"""The bounds of numerator / denominator."""


def following(
    table: str,
    true: pl.DataFrame,
    perturbed: pl.DataFrame,
    noise: PerturbationTable,
    secret: str,
    share_interval: ShareInterval,
) -> pl.DataFrame:
    """The table with perturbed counts and all that follows from them.

    `true` is the table before noise, `perturbed` has the published counts of persons and the column
    NAME. A row whose values cannot be worked out, as it is about nobody now, is `undefined`.
    """
    columns = true.columns
    rows = perturbed.hstack(true.rename({name: f"{TRUE}{name}" for name in columns}))
    if table == CONTINUITY.name:
        rows, is_defined = _continuity(rows, noise, secret), pl.col("persons") > 0
    elif table == OWN_PHYSICIAN.name:
        rows, is_defined = _own_physician(rows, noise, secret), pl.col("visits") > 0
        rows = _with_share(rows, "own_visits", "visits", share_interval)
    elif table == LIST_LOAD.name:
        rows, is_defined = _loads(rows), pl.lit(True)
    elif table == DATA_QUALITY.name:
        return _quality(rows).select(columns)
    else:
        shares = {rule.table: rule.shares for rule in DISCLOSURE_RULES}[table]
        is_defined = pl.lit(True)
        for numerator, denominator in shares:
            rows = _with_share(rows, numerator, denominator, share_interval)
            is_defined = pl.col(denominator) > 0
    is_ok = pl.col("status") == OK
    return rows.with_columns(
        *(
            pl.when(~is_ok | is_defined).then(name)
            for name in value_columns(published_table(table))
        ),
        status=pl.when(~is_ok | is_defined).then("status").otherwise(pl.lit(UNDEFINED)),
    ).select(columns)


def _with_share(
    rows: pl.DataFrame, numerator: str, denominator: str, share_interval: ShareInterval
) -> pl.DataFrame:
    """Adds the share, and its interval where the table has one."""
    known = pl.col(denominator) > 0
    # Where the denominator is of fewer regions than the numerator lies within.
    rows = rows.with_columns(pl.min_horizontal(numerator, denominator).alias(numerator))
    rows = rows.with_columns(share=pl.when(known).then(pl.col(numerator) / pl.col(denominator)))
    if "ci_low" not in rows.columns:
        return rows
    low, high = share_interval(nw.col(numerator), nw.col(denominator))
    bounds = nw.from_native(rows).select(ci_low=low, ci_high=high).to_native()
    return rows.with_columns(bounds).with_columns(
        pl.when(known).then(name) for name in ("ci_low", "ci_high")
    )


def _drawn(rows: pl.DataFrame, label: pl.Expr, noise: PerturbationTable, secret: str) -> pl.Series:
    """So many persons' worth of noise for each row, by whom it is about and what is labelled.

    As of large numbers of persons; 0 where the row has no values.
    """
    name = pl.concat_str(NAME, f"{TRUE}persons", label, separator="|").fill_null("")
    keys = keys_of(rows.select(name=name).to_series(), secret)
    return pl.Series(noise.of_many(keys))


def _visits(rows: pl.DataFrame, least: pl.Expr, noise: PerturbationTable, secret: str) -> pl.Expr:
    """The visits of as many persons as are published, and of a few more or fewer."""
    drawn = _drawn(rows, pl.lit("visits"), noise, secret)
    persons = (pl.col("persons") + drawn).clip(0) / pl.col(f"{TRUE}persons")
    visits = (pl.col(f"{TRUE}visits") * persons).round().cast(pl.Int64)
    # Nobody has fewer visits than it takes to be counted.
    return pl.when(pl.col("persons") > 0).then(pl.max_horizontal(visits, least)).otherwise(0)


def _own_physician(rows: pl.DataFrame, noise: PerturbationTable, secret: str) -> pl.DataFrame:
    drawn = _drawn(rows, pl.lit("own_visits"), noise, secret)
    share = pl.col(f"{TRUE}own_visits") / pl.col(f"{TRUE}visits")
    deviation = (share * (1 - share)).sqrt()
    moved = (share + drawn * deviation / pl.col(f"{TRUE}persons")).clip(0, 1)
    rows = rows.with_columns(visits=_visits(rows, pl.col("persons"), noise, secret))
    return rows.with_columns(own_visits=(moved * pl.col("visits")).round().cast(pl.Int64))


def _continuity(rows: pl.DataFrame, noise: PerturbationTable, secret: str) -> pl.DataFrame:
    def drawn(value: str) -> pl.Series:
        return _drawn(rows, pl.concat_str("index", pl.lit(value), separator="|"), noise, secret)

    persons, deviation = pl.col(f"{TRUE}persons"), pl.col(f"{TRUE}sd")
    least = pl.col("persons") * pl.col("min_visits")
    rows = rows.with_columns(
        visits=_visits(rows, least, noise, secret),
        mean=(pl.col(f"{TRUE}mean") + drawn("mean") * deviation / persons).clip(0, 1),
        sd=(deviation * (1 + drawn("sd") / (2 * persons))).clip(0),
        pooled=(pl.col(f"{TRUE}pooled") + drawn("pooled") * deviation / persons).clip(0, 1),
    ).with_columns(pl.col("mean", "sd", "pooled").round(DECIMALS))
    half = codes.Z * pl.col("sd") / pl.col("persons").sqrt()
    return rows.with_columns(ci_low=pl.col("mean") - half, ci_high=pl.col("mean") + half)


def _loads(rows: pl.DataFrame) -> pl.DataFrame:
    """Load and shortage of the published number of listed persons; the nation sums its regions."""
    listed, capacity = pl.col("listed"), pl.col("capacity")
    short = pl.max_horizontal(listed - capacity, 0) / pl.col("guideline_specialist")
    of_regions = pl.when(level="region", status=OK).then(short)
    return rows.with_columns(
        load=listed / capacity,
        specialists_short=pl.when(level="nation")
        .then(of_regions.sum().over("month"))
        .otherwise(short),
    )


def _sums_of_regions() -> list[str]:
    """The metrics of data_quality whose row of the nation adds up the regions' rows."""
    sheets = relations((), (), quality_metrics()).sheets
    return [str(sheet.where["metric"]) for sheet in sheets if sheet.nation_is_another_sum]


def _quality(rows: pl.DataFrame) -> pl.DataFrame:
    """Shares; and the nation's rows that are no count of their own but the sum of the regions'."""
    is_nation = pl.col("region_code") == codes.NATION
    in_all = ["month", "delivery", "metric"]
    sums = {
        name: pl.when(~is_nation).then(name).sum().over(in_all)
        for name in ("numerator", "denominator")
    }
    is_sum = pl.col(NAME).is_null() & pl.col("metric").is_in(_sums_of_regions()) & is_nation
    return rows.with_columns(
        pl.when(is_sum).then(total).otherwise(name).alias(name) for name, total in sums.items()
    ).with_columns(
        share=pl.when(pl.col(NAME).is_null() & ~is_sum)
        .then(f"{TRUE}share")
        .when(pl.col("denominator") > 0)
        .then(pl.col("numerator") / pl.col("denominator"))
    )
