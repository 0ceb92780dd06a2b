"""Mean, standard deviation and median of a weighted set of values, the same in every run.

Floating-point sums depend on the order of their terms. Here the values of a group are distinct and
their persons are whole numbers, so there is one sorted order, and running sums follow it: the
result does not depend on the order of rows, files or regions, or on the number of threads.
"""

from collections.abc import Sequence

import narwhals as nw

from pipelines.indicators.frame import Frame
from schemas.codes import Z


def spread(values: Frame, keys: Sequence[str]) -> Frame:
    """Mean, sd, median and interval of `value`, weighted by `persons`, per group of `keys`.

    Mean: Σ persons·value / Σ persons, summed as distances from the smallest value, so that equal
    values give exactly that value. sd: with n − 1, from the distances to the mean (two passes), so
    that equal values give exactly 0; missing for one person alone. Median: the middle value, of an
    even number the mean of the two middle ones. Interval: mean ± 1.96·sd/√persons, not clipped;
    missing for one person alone. `values` has one row per group and value.
    Source: contract, section 3, Continuity.
    """
    groups = list(keys)
    # Running sums of terms that are never negative, so the largest of them is the whole sum.
    first = values.with_columns(
        total=nw.col("persons").sum().over(*groups).cast(nw.Int64),
        lowest=nw.col("value").min().over(*groups),
        reached=nw.col("persons").cum_sum().over(*groups, order_by="value").cast(nw.Int64),
    ).with_columns(
        distance=(
            (nw.col("persons") * (nw.col("value") - nw.col("lowest")))
            .cum_sum()
            .over(*groups, order_by="value")
        ),
    )
    second = first.with_columns(
        mean=nw.col("lowest") + nw.col("distance").max().over(*groups) / nw.col("total")
    ).with_columns(from_mean=nw.col("value") - nw.col("mean"))
    second = second.with_columns(
        squares=(
            (nw.col("persons") * nw.col("from_mean") * nw.col("from_mean"))
            .cum_sum()
            .over(*groups, order_by="value")
        ),
        lower=nw.when(nw.col("reached") * 2 >= nw.col("total")).then(nw.col("value")),
        upper=nw.when(nw.col("reached") * 2 > nw.col("total")).then(nw.col("value")),
    )
    several = nw.col("persons") > 1
    return (
        second.group_by(*groups)
        .agg(
            nw.col("total").max().alias("persons"),
            nw.col("mean").max(),
            nw.col("squares").max(),
            nw.col("lower").min(),
            nw.col("upper").min(),
        )
        .with_columns(
            sd=nw.when(several).then((nw.col("squares") / (nw.col("persons") - 1)).sqrt()),
            median=(nw.col("lower") + nw.col("upper")) / 2,
        )
        .with_columns(half=nw.col("sd") * Z / nw.col("persons").sqrt())
        .with_columns(
            ci_low=nw.col("mean") - nw.col("half"), ci_high=nw.col("mean") + nw.col("half")
        )
        .select(*groups, "persons", "mean", "sd", "median", "ci_low", "ci_high")
    )
