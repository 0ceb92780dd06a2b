"""The values of the continuity indices, from counts of persons by n and one measure."""

from collections.abc import Iterable
from typing import NamedTuple

import narwhals as nw

from pipelines.indicators.frame import Frame, code_at, numbered
from pipelines.indicators.indices import indices
from pipelines.indicators.margins import AREA_KEY, in_margins
from pipelines.indicators.spread import moments, spread
from pipelines.indicators.visit_counts import VisitCounts
from pipelines.indicators.visits import selection_number
from schemas import codes
from schemas.parts import AREA_INDEX_VALUES
from schemas.variants import Variant

CHOSEN = ("population", "series", "unit_scope", "window_months", "min_visits")
VALUES = ("persons", "visits", "mean", "sd", "median", "ci_low", "ci_high", "pooled")
AMOUNT = ("n", "measure", "amount")


class CellCounts(NamedTuple):
    """Counts by cell: what index values are made of, which reads them several times.

    `counts`: cell (a whole number), n, measure, amount and persons. `cells`: cell, and the columns
    that it stands for.
    """

    counts: Frame
    cells: Frame


def index_values(of_cells: CellCounts) -> Frame:
    """Persons, visits, mean, sd, median, interval and pooled value, per cell and index.

    In place of the cell's number stand the columns of `cells`. Pooled: Σ numerators /
    Σ denominators over the persons, Σ(Σn_j² − n)/Σ n(n − 1); published for COC only, missing for
    the others. Source: contract, section 3, Continuity.
    """
    counts, cells = of_cells
    amounts = counts.select("cell", "measure", "persons", numerator="amount", denominator="n")
    by_n = moments(amounts, ["cell", "measure"]).rename({"denominator": "n"})
    sums, fractions = [], []
    for place, ratio in enumerate(indices().values()):
        of_measure = nw.col("measure") == ratio.measure
        of_index = {
            "of_index": nw.col("cell") * len(codes.INDEXES) + place,
            "denominator": ratio.denominator,
        }
        sums.append(by_n.filter(of_measure).select("n", "persons", **of_index, **ratio.sums))
        fractions.append(
            counts.filter(of_measure).select("persons", **of_index, numerator=ratio.numerator)
        )
    visits, bottom = (nw.col("persons") * nw.col(name) for name in ("n", "denominator"))
    totals = (
        nw.concat(sums)
        .with_columns(visits=visits, bottom=bottom)
        .group_by("of_index")
        .agg(nw.col("visits", "sum", "bottom").sum())
        .with_columns(nw.col("visits").cast(nw.Int64))
    )
    pooled = nw.when(nw.col("index") == "COC").then(nw.col("sum") / nw.col("bottom"))
    return (
        spread(nw.concat(sums), nw.concat(fractions), ["of_index"])
        .join(totals, on="of_index", how="inner")
        .with_columns(
            cell=nw.col("of_index") // len(codes.INDEXES),
            index=code_at(nw.col("of_index") % len(codes.INDEXES), codes.INDEXES),
        )
        .select("cell", "index", *VALUES[:-1], pooled=pooled)
        .join(cells, on="cell", how="inner")
        .drop("cell")
    )


def counts_of_areas(counts: VisitCounts, variants: Iterable[Variant]) -> CellCounts:
    """Counts by area, population and variant: AREA_KEY and CHOSEN.

    Of the nation or a region by sex and age group, with margins; of a region's units in all.
    """
    of_places, areas = numbered(_areas(counts.places), [*AREA_KEY, "population"], "area")
    in_areas = counts.counts.join(of_places, on="place", how="inner")
    chosen = [
        (variant, series, unit_scope)
        for variant in sorted({(v.window_months, v.min_visits) for v in variants})
        for series in codes.SERIES
        for unit_scope in codes.UNIT_SCOPES
    ]
    in_cells, cells = [], []
    for number, ((window_months, min_visits), series, unit_scope) in enumerate(chosen):
        selection = selection_number(series, unit_scope, window_months)
        cell = nw.col("area") * len(chosen) + number
        in_cells.append(
            in_areas.filter(nw.col("selection") == selection, nw.col("n") >= min_visits).select(
                *AMOUNT, "persons", cell=cell
            )
        )
        cells.append(
            areas.with_columns(
                cell=cell,
                series=nw.lit(series),
                unit_scope=nw.lit(unit_scope),
                window_months=nw.lit(window_months).cast(nw.Int64),
                min_visits=nw.lit(min_visits).cast(nw.Int64),
            ).drop("area")
        )
    return CellCounts(nw.concat(in_cells), nw.concat(cells))


def area_index_values(of_areas: CellCounts) -> Frame:
    """The index values of a region and its units, from `counts_of_areas`.

    Source: contract, sections 3 and 4, Continuity.
    """
    return index_values(of_areas).select(AREA_INDEX_VALUES.column_names)


def _areas(places: Frame) -> Frame:
    """The areas, with margins, and the populations that the persons of each place count in.

    Population: everybody (`listed`), and the SÄBO residents among them (`sabo`).
    """
    everybody = places.with_columns(population=nw.lit("listed"))
    residents = places.filter(nw.col("sabo")).with_columns(population=nw.lit("sabo"))
    columns = ["place", *AREA_KEY, "population"]
    return in_margins(nw.concat([everybody, residents])).select(columns).unique(columns)
