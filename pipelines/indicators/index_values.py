"""The values of the continuity indices, from counts of persons by n and one measure."""

from collections.abc import Collection, Iterable, Sequence

import narwhals as nw

from pipelines.indicators.frame import Frame, numbered
from pipelines.indicators.indices import indices
from pipelines.indicators.margins import AREA_KEY, region_sums, without_breakdown
from pipelines.indicators.spread import spread
from pipelines.indicators.visit_counts import VisitCounts
from schemas.parts import AREA_INDEX_VALUES
from schemas.variants import Variant

SELECTION = ("population", "series", "unit_scope", "window_months")
CHOSEN = (*SELECTION, "min_visits")
VALUES = ("persons", "visits", "mean", "sd", "median", "ci_low", "ci_high", "pooled")
AMOUNT = ("n", "measure", "amount")


def index_values(counts: Frame, keys: Sequence[str]) -> Frame:
    """Persons, visits, mean, sd, median, interval and pooled value, per group of `keys` and index.

    `counts` has `keys` (never missing), n, measure, amount and persons. Pooled: Σ numerators /
    Σ denominators over the persons, Σ(Σn_j² − n)/Σ n(n − 1); published for COC only, missing for
    the others. Source: contract, section 3, Continuity.
    """
    of_index = [*keys, "index"]
    fractions = nw.concat(
        [
            counts.filter(nw.col("measure") == ratio.measure).select(
                *keys,
                "persons",
                "n",
                index=nw.lit(index),
                numerator=ratio.numerator,
                denominator=ratio.denominator,
            )
            for index, ratio in indices().items()
        ]
    )
    in_cells, cells = numbered(fractions, of_index, "cell")
    people = nw.col("persons")
    sums = (
        in_cells.with_columns(
            visits=people * nw.col("n"),
            top=people * nw.col("numerator"),
            bottom=people * nw.col("denominator"),
        )
        .group_by("cell")
        .agg(nw.col("visits").sum(), nw.col("top").sum(), nw.col("bottom").sum())
        .with_columns(nw.col("visits").cast(nw.Int64))
    )
    pooled = nw.when(nw.col("index") == "COC").then(nw.col("top") / nw.col("bottom"))
    return (
        cells.join(spread(in_cells, ["cell"]), on="cell", how="inner")
        .join(sums, on="cell", how="inner")
        .with_columns(pooled=pooled)
        .select(*of_index, *VALUES)
    )


def selected(counts: Frame, variants: Iterable[Variant]) -> Frame:
    """Counts of each population with at least the visits of each variant: adds both as columns.

    Population: everybody (`listed`), and the SÄBO residents among them (`sabo`).
    """
    chosen = []
    for window_months, min_visits in sorted({(v.window_months, v.min_visits) for v in variants}):
        of_variant = counts.filter(
            nw.col("window_months") == window_months, nw.col("n") >= min_visits
        ).with_columns(min_visits=nw.lit(min_visits).cast(nw.Int64))
        chosen += [
            of_variant.with_columns(population=nw.lit("listed")),
            of_variant.filter(nw.col("sabo")).with_columns(population=nw.lit("sabo")),
        ]
    return nw.concat(chosen).drop("sabo")


def visits_of_areas(counts: VisitCounts, variants: Collection[Variant]) -> Frame:
    """A region's counts added up for `area_index_values`, which reads them several times.

    AREA_KEY, the variant, n, measure, amount and persons; of the region by sex and age group, with
    margins, of its units in all.
    """
    of_region = region_sums(
        selected(counts.region, variants), dimensions=[*CHOSEN, *AMOUNT], values=["persons"]
    )
    of_units = without_breakdown(selected(counts.units, variants), area="unit_id", level="unit")
    return nw.concat([of_region, of_units.select(*AREA_KEY, *CHOSEN, *AMOUNT, "persons")])


def area_index_values(visits: Frame) -> Frame:
    """The index values of a region and its units, from `visits_of_areas`.

    Source: contract, sections 3 and 4, Continuity.
    """
    return index_values(visits, [*AREA_KEY, *CHOSEN]).select(AREA_INDEX_VALUES.column_names)
