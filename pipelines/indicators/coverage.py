"""Coverage: who has a named physician, of inhabitants, listed persons and SÄBO residents."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import narwhals as nw
import polars as pl

from pipelines.indicators.assembly import (
    ability,
    eager,
    finished,
    lazy,
    municipality_areas,
    nation_and_regions,
    only_able,
    silent_regions,
    unit_areas,
    with_ability,
    with_breakdown,
    with_dimensions,
    with_sums,
    without_breakdown,
)
from pipelines.indicators.frame import Frame, in_order, of_runs
from pipelines.indicators.intervals import wilson_bounds
from pipelines.indicators.margins import AREA_KEY, area_sums, summed
from pipelines.indicators.markings import (
    as_persons,
    is_sabo_resident,
    linkable,
    newest_marking,
    protected_anywhere,
    without_known_dead,
)
from pipelines.indicators.months import age_group, day_number
from pipelines.indicators.region_month import CARE_MARKINGS, RegionMonth, complete
from schemas import codes
from schemas.parts import COVERAGE_COUNTS, POPULATION_COUNTS, QUALITY_SUMS, RESIDENT_COUNTS
from schemas.statistics import COVERAGE

PERSONNUMMER = "personnummer"
NAMED = [f"named_{definition}" for definition in codes.DEFINITIONS]

_OF_INHABITANTS = (
    *("region_code", "person", "sex", "age_group", "protected"),
    *("unit_id", "valid_from", "residence_municipality", *NAMED),
)


def resident_counts(people: Frame) -> Frame:
    """A region's listed persons by where they are resident: what inhabitants are counted from.

    `people` are the listed persons of one region. Only personnummer: samordningsnummer and reserve
    identities are not in the population register. Residence: the municipality given, its first two
    digits the region; where missing or protected the region of listing, no municipality. That
    somebody is listed in another region too is not known here. Source: contract, section 3,
    Coverage.
    """
    return _counted(_at_residence(_registered(people))).select(RESIDENT_COUNTS.column_names)


def listed_in_several_regions(people: Frame) -> Frame:
    """The listings of persons who are listed in several regions, of those that inhabitants are.

    `people` are the listed persons of all reporting regions.
    """
    registered = _registered(people)
    listings = in_order(registered.select("person"), "person").with_columns(
        listings=nw.lit(1).cast(nw.Int64)
    )
    several = of_runs(listings, "person", sums=["listings"])
    several = several.filter(nw.col("listings") > 1).select("person")
    return registered.join(several, on="person", how="semi").select(*_OF_INHABITANTS)


def inhabitants_counts(resident_counts: Frame, several: Frame) -> Frame:
    """Listed persons by where they are resident, each once in the nation.

    `resident_counts` are those of all reporting regions; `several` the listings of
    `listed_in_several_regions`, who are taken out of the counts and put back as one person each: in
    the order of latest `valid_from`, then smallest `unit_id`, age and sex by the first listing,
    residence the first that is given, protected in any: the first listing's region; named if named
    in any. Source: contract, section 3, Coverage.
    """
    names = ["persons", *NAMED]
    as_listed = _counted(_at_residence(several))
    taken_out = as_listed.with_columns(*(-nw.col(name) for name in names))
    put_back = _counted(_at_residence(_resolved(several)))
    columns = RESIDENT_COUNTS.column_names
    together = nw.concat([each.select(columns) for each in (resident_counts, taken_out, put_back)])
    return (
        summed(together, RESIDENT_COUNTS.key, names)
        .filter(nw.col("persons") > 0)
        .with_columns(population=nw.lit("inhabitants"))
        .select(COVERAGE_COUNTS.column_names)
    )


def _registered(people: Frame) -> Frame:
    return people.filter(nw.col("identity_kind") == PERSONNUMMER)


def _at_residence(persons: Frame) -> Frame:
    """Persons at the place that they count in as inhabitants."""
    place = nw.col("residence_municipality")
    return persons.with_columns(
        municipality=place,
        region_code=nw.when(place.is_null())
        .then(nw.col("region_code"))
        .otherwise(place.str.slice(0, 2)),
    )


def _resolved(several: Frame) -> Frame:
    """One row per person listed in several regions, as `inhabitants_counts` says."""
    newest_first = several.with_columns(newest_first=-day_number("valid_from"))
    order = ["newest_first", "unit_id", "region_code"]
    first = newest_first.unique(["person"], keep="first", order_by=order)
    given = newest_first.filter(~nw.col("residence_municipality").is_null())
    residence = given.unique(["person"], keep="first", order_by=order)
    flags = ["protected", *NAMED]
    in_any = several.group_by("person").agg(*(nw.col(name).any() for name in flags))
    return (
        first.select("region_code", "person", "sex", "age_group")
        .join(residence.select("person", "residence_municipality"), on="person", how="left")
        .join(in_any, on="person", how="inner")
        .with_columns(
            residence_municipality=nw.when(~nw.col("protected")).then(
                nw.col("residence_municipality")
            )
        )
    )


def sabo_counts(marked: Frame, people: Frame, dead_or_protected: Frame) -> Frame:
    """SÄBO residents by the municipality of the marking, each once in the nation.

    All three inputs are of all reporting regions. Counted: persons with a marking `sabo` with main
    care at the setting that holds on the date of the region that delivered it, from any source.
    Several municipalities: the latest `valid_from`, then the smallest code; the region is that of
    the municipality. Age and sex are the marking's. Left out: persons whom a listings row knows as
    dead on that date. Named: in any reporting region, by `regional` under that region's rule set;
    who is not listed stays in the denominator, as do reserve identities, linked to no listing.
    Protected by any listings row or marking: no municipality. Source: contract, section 3,
    Coverage.
    """
    key = ["person", "reserve_region"]
    all_marked = as_persons(marked)
    residents = newest_marking(all_marked.filter(is_sabo_resident()), key)
    residents = without_known_dead(residents, dead_or_protected)
    protected = protected_anywhere(all_marked, dead_or_protected).with_columns(hidden=nw.lit(True))
    marked_in_listings = linkable(people).join(
        linkable(residents).select("person"), on="person", how="semi"
    )
    named = marked_in_listings.group_by("person").agg(*(nw.col(name).any() for name in NAMED))
    named = named.with_columns(reserve_region=nw.lit(""))
    hidden = nw.col("hidden").fill_null(False)
    counted = (
        residents.join(named, on=key, how="left")
        .join(protected, on=key, how="left")
        .with_columns(
            *(nw.col(name).fill_null(False) for name in NAMED),
            region_code=nw.col("municipality").str.slice(0, 2),
            municipality=nw.when(~hidden).then(nw.col("municipality")),
        )
    )
    return (
        _counted(counted)
        .with_columns(population=nw.lit("sabo"))
        .select(COVERAGE_COUNTS.column_names)
    )


def _counted(persons: Frame) -> Frame:
    ones = persons.with_columns(*(nw.col(name).cast(nw.Int64) for name in NAMED), persons=nw.lit(1))
    return summed(ones, RESIDENT_COUNTS.key, ["persons", *NAMED])


def population_counts(population: Frame) -> Frame:
    """Inhabitants by municipality, sex and age group, of the newest year ≤ the month's.

    Source: contract, section 2, population.
    """
    grouped = (
        population.with_columns(age_group().alias("age_group"))
        .with_columns(region_code=nw.col("municipality").str.slice(0, 2))
        .rename({"count": "persons"})
    )
    keys = ["region_code", "municipality", "sex", "age_group"]
    return summed(grouped, keys, ["persons"]).select(POPULATION_COUNTS.column_names)


def coverage_table(
    coverage_counts: pl.DataFrame,
    listed_counts: pl.DataFrame,
    population_counts: pl.DataFrame,
    unit_names: pl.DataFrame,
    region_months: Sequence[RegionMonth],
) -> pl.DataFrame:
    """The table coverage of a month, before disclosure control.

    `coverage_counts` are the inhabitants and the SÄBO residents. Undefined: nobody in the
    denominator, or a numerator above its denominator. Not reported: a region without what it takes
    to tell who has a named physician by the definition, for `inhabitants` without population, for
    `sabo` without care markings; a region that does not report has its nine rows. The nation sums
    the regions that have it, in the denominator too. Source: contract, sections 3 and 4.
    """
    cells = _coverage_cells(
        coverage_counts, listed_counts, population_counts, unit_names, region_months
    )
    low, high = wilson_bounds(nw.col("numerator"), nw.col("denominator"))
    table = cells.with_columns(
        share=nw.col("numerator") / nw.col("denominator"), ci_low=low, ci_high=high
    )
    return finished(
        table,
        COVERAGE,
        month=complete(region_months)[0].month,
        defined=(nw.col("denominator") > 0) & ~_above_denominator(),
    )


def coverage_quality(
    coverage_counts: pl.DataFrame,
    listed_counts: pl.DataFrame,
    population_counts: pl.DataFrame,
    unit_names: pl.DataFrame,
    region_months: Sequence[RegionMonth],
) -> pl.DataFrame:
    """Data-quality sums: cells of `inhabitants` with more persons than the population has.

    By region (00: the nation's own cells), of all its cells that are reported.
    """
    cells = eager(
        _coverage_cells(
            coverage_counts, listed_counts, population_counts, unit_names, region_months
        ).with_columns(above=_above_denominator())
    )
    return (
        cells.filter(pl.col("able"), pl.col("population") == "inhabitants")
        .group_by("region_code")
        .agg(numerator=pl.col("above").sum().cast(pl.Int64), denominator=pl.len().cast(pl.Int64))
        .with_columns(delivery=pl.lit("population"), metric=pl.lit("numerator_above_denominator"))
        .select(QUALITY_SUMS.column_names)
        .sort("region_code")
    )


def _above_denominator() -> nw.Expr:
    return nw.col("numerator") > nw.col("denominator")


def _coverage_cells(
    coverage_counts: pl.DataFrame,
    listed_counts: pl.DataFrame,
    population_counts: pl.DataFrame,
    unit_names: pl.DataFrame,
    region_months: Sequence[RegionMonth],
) -> Frame:
    """Every row of the table with numerator, denominator and whether it is reported."""
    months = complete(region_months)
    dimensions = ["population", "definition"]
    with_population = set(population_counts["region_code"])

    def is_able(population: str, definition: str, month: RegionMonth) -> bool:
        """Whether the region has what coverage of the population by the definition needs."""
        if population == "inhabitants" and month.region_code not in with_population:
            return False
        if population == "sabo" and not month.has(CARE_MARKINGS):
            return False
        return month.can_tell_named(definition)

    needs: dict[tuple[str, ...], Callable[[RegionMonth], bool]] = {
        (population, definition): partial(is_able, population, definition)
        for population in codes.POPULATIONS
        for definition in codes.DEFINITIONS
    }
    able = ability(months, needs, dimensions)
    counts = {
        "inhabitants": nw.concat(
            [
                *_numerators(coverage_counts.filter(pl.col("population") == "inhabitants")),
                *_denominators(population_counts),
            ]
        ),
        "sabo": nw.concat(
            [*_shares(coverage_counts.filter(pl.col("population") == "sabo"), "persons")]
        ),
        "listed": nw.concat([*_shares(listed_counts, "listed")]),
    }
    municipalities = municipality_areas(population_counts, months)
    units = unit_areas(listed_counts, unit_names, months)
    tables = []
    for population in codes.POPULATIONS:
        small = units if population == "listed" else municipalities
        area = "unit_id" if population == "listed" else "municipality"
        areas = with_breakdown(pl.concat([nation_and_regions(months), small]))
        areas = pl.concat([areas, without_breakdown(silent_regions(months))])
        rows = with_dimensions(areas, {"population": [population], "definition": codes.DEFINITIONS})
        values = ["numerator", "denominator"]
        of_population = counts[population].with_columns(population=nw.lit(population))
        sums = area_sums(
            only_able(of_population, able, dimensions),
            area=area,
            dimensions=dimensions,
            values=values,
        )
        rows = with_ability(rows, able, dimensions)
        tables.append(with_sums(rows, sums, [*AREA_KEY, *dimensions], values))
    return nw.concat(tables)


def _by_definition(
    counts: pl.DataFrame, numerator: str | None, denominator: str | None
) -> Iterator[Frame]:
    """The counts once per definition, as numerator and denominator."""
    area = "unit_id" if "unit_id" in counts.columns else "municipality"
    for definition in codes.DEFINITIONS:
        top = pl.col(f"{numerator}_{definition}") if numerator else pl.lit(0, pl.Int64)
        bottom = pl.col(denominator) if denominator else pl.lit(0, pl.Int64)
        yield lazy(
            counts.select(
                "region_code",
                area,
                "sex",
                "age_group",
                definition=pl.lit(definition),
                numerator=top,
                denominator=bottom,
            )
        )


def _shares(counts: pl.DataFrame, denominator: str) -> Iterator[Frame]:
    return _by_definition(counts, "named", denominator)


def _numerators(counts: pl.DataFrame) -> Iterator[Frame]:
    return _by_definition(counts, "named", None)


def _denominators(counts: pl.DataFrame) -> Iterator[Frame]:
    return _by_definition(counts, None, "persons")
