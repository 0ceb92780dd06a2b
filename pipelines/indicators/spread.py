"""Mean, standard deviation and median of fractions, the same in every run.

Floating-point sums depend on the order of their terms. Here whole numbers are summed as far as
they can be, by denominator; the few sums that are left are added in the order of the denominators.
So the result does not depend on the order of rows, files or regions, or on the number of threads.
"""

from collections.abc import Sequence

import narwhals as nw

from pipelines.indicators.frame import Frame
from schemas.codes import Z


def moments(fractions: Frame, keys: Sequence[str]) -> Frame:
    """Persons, and the sums of their numerators and of the squares of these, by denominator.

    `fractions` has the keys, numerator, denominator and persons, whole numbers; so are the sums.
    """
    people, top = nw.col("persons"), nw.col("numerator")
    added = nw.col("persons", "sum", "sum_of_squares")
    return (
        fractions.with_columns(sum=people * top, sum_of_squares=people * top * top)
        .group_by(*keys, "denominator")
        .agg(added.sum())
        .with_columns(added.cast(nw.Int64))
    )


def spread(moments: Frame, fractions: Frame, keys: Sequence[str]) -> Frame:
    """Mean, sd, median and interval of numerator / denominator, weighted by `persons`, per group.

    `moments` are those of the `fractions`, by denominator. Mean: Σ persons·value / Σ persons,
    summed as distances from the smallest mean of a denominator, so that equal values give exactly
    that value. sd: with n − 1, the squares within each denominator from whole numbers and those
    between them from the distances to the mean, so that equal values give exactly 0; missing for
    one person alone. Median: the middle value, of an even number the mean of the two middle ones.
    Interval: mean ± 1.96·sd/√persons, not clipped; missing for one person alone. Numerators,
    denominators and persons are whole numbers; the keys are never missing. Source: contract,
    section 3, Continuity.
    """
    groups = list(keys)
    several = nw.col("persons") > 1
    return (
        _means(moments, groups)
        .join(_medians(fractions, groups), on=groups, how="inner")
        .with_columns(
            sd=nw.when(several).then((nw.col("squares") / (nw.col("persons") - 1)).sqrt())
        )
        .with_columns(half=nw.col("sd") * Z / nw.col("persons").sqrt())
        .with_columns(
            ci_low=nw.col("mean") - nw.col("half"), ci_high=nw.col("mean") + nw.col("half")
        )
        .select(*groups, "persons", "mean", "sd", "median", "ci_low", "ci_high")
    )


def _means(moments: Frame, groups: list[str]) -> Frame:
    """Persons, mean, and the sum of the squared distances to the mean."""
    people = nw.col("persons")
    first = (
        moments.with_columns(
            nw.col("persons", "sum", "sum_of_squares", "denominator").cast(nw.Float64)
        )
        .with_columns(own_mean=nw.col("sum") / (people * nw.col("denominator")))
        .with_columns(
            total=people.sum().over(*groups), lowest=nw.col("own_mean").min().over(*groups)
        )
    )
    # Running sums of terms that are never negative, so the largest of them is the whole sum.
    distance = people * (nw.col("own_mean") - nw.col("lowest"))
    second = first.with_columns(
        distance=distance.cum_sum().over(*groups, order_by="denominator")
    ).with_columns(
        mean=nw.col("lowest") + nw.col("distance").max().over(*groups) / nw.col("total"),
    )
    from_mean = nw.col("own_mean") - nw.col("mean")
    within = (people * nw.col("sum_of_squares") - nw.col("sum") * nw.col("sum")) / (
        people * nw.col("denominator") * nw.col("denominator")
    )
    return (
        second.with_columns(
            squares=(within + people * from_mean * from_mean)
            .cum_sum()
            .over(*groups, order_by="denominator")
        )
        .group_by(*groups)
        .agg(nw.col("total").max().alias("persons"), nw.col("mean").max(), nw.col("squares").max())
        .with_columns(nw.col("persons").cast(nw.Int64))
    )


def _medians(fractions: Frame, groups: list[str]) -> Frame:
    """The middle value; a value is one division of two whole numbers, so equal ones are equal."""
    people = nw.col("persons")
    return (
        fractions.with_columns(value=nw.col("numerator") / nw.col("denominator"))
        .with_columns(
            reached=people.cum_sum().over(*groups, order_by="value"),
            total=people.sum().over(*groups),
        )
        .with_columns(
            lower=nw.when(nw.col("reached") * 2 >= nw.col("total")).then(nw.col("value")),
            upper=nw.when(nw.col("reached") * 2 > nw.col("total")).then(nw.col("value")),
        )
        .group_by(*groups)
        .agg(nw.col("lower").min(), nw.col("upper").min())
        .select(*groups, median=(nw.col("lower") + nw.col("upper")) / 2)
    )
