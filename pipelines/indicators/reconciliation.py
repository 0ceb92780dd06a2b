"""Do the figures of a table add up? Questions asked of every table before it is published.

Each check gives the number of rows that break it; 0 is right. Before disclosure control.
"""

from collections.abc import Callable, Mapping

import polars as pl

from schemas import codes
from schemas.contract import TableContract
from schemas.quality_metrics import quality_metrics
from schemas.receipts import DELIVERIES_TABLE
from schemas.statistics import statistics_table

Check = Callable[[pl.DataFrame, TableContract], int]

ADDITIVE = {
    "coverage": ("numerator", "denominator"),
    "continuity": ("persons", "visits"),
    "own_physician": ("persons", "own_visits", "visits"),
    "list_load": ("listed", "named"),
    "list_kinds": ("persons", "listed"),
    "fixed_contacts": ("persons", "listed"),
}
"""The counts of each table that add up over areas."""

PARTS_OF_WHOLES = {
    "coverage": ("numerator", "denominator"),
    "own_physician": ("own_visits", "visits"),
    "list_load": ("named", "listed"),
    "list_kinds": ("persons", "listed"),
    "fixed_contacts": ("persons", "listed"),
    "definition_comparison": ("numerator", "denominator"),
}
"""The count of each table that is a part of another."""

AMOUNTS = ("fte_specialist", "fte_st", "capacity", "specialists_short")
"""What list_load sums over regions that is no count."""
_SAME_WITHIN = 1e-6


def rows_repeat(frame: pl.DataFrame, contract: TableContract) -> int:
    """Rows whose key another row has too: a join that fanned out."""
    return frame.height - frame.select(contract.key).n_unique()


def shares_out_of_bounds(frame: pl.DataFrame, contract: TableContract) -> int:
    """Rows with a share, or a mean of an index, below 0 or above 1."""
    columns = [name for name in ("share", "mean", "median", "pooled") if name in frame.columns]
    outside = [(pl.col(name) < 0) | (pl.col(name) > 1) for name in columns]
    return frame.filter(pl.any_horizontal(outside)).height if outside else 0


def values_without_ok(frame: pl.DataFrame, contract: TableContract) -> int:
    """Rows that have a value although their status is not ok, or a count missing although it is."""
    counts = ADDITIVE.get(contract.name, ())
    ok = pl.col("status") == "ok"
    wrong = [ok & pl.col(name).is_null() | ~ok & pl.col(name).is_not_null() for name in counts]
    return frame.filter(pl.any_horizontal(wrong)).height if wrong else 0


def regions_do_not_add_up(frame: pl.DataFrame, contract: TableContract) -> int:
    """Cells of the nation that are not the sum of the regions' cells.

    Where a region's cell is undefined (a numerator above its denominator, no capacity) its numbers
    are in the nation but not in its own row: there the nation is at least the sum of the others.
    """
    counts = list(ADDITIVE[contract.name])
    cells = _cells(contract)
    known = frame.filter(pl.col("status") == "ok")
    regions = frame.filter(pl.col("level") == "region")
    sums = regions.group_by(cells).agg(
        pl.col(counts).sum(), hidden=(pl.col("status") == "undefined").any()
    )
    whole = known.filter(pl.col("level") == "nation").select(*cells, *counts)
    both = whole.join(sums, on=cells, suffix="_below", how="left", nulls_equal=True)
    wrong = []
    for name in counts:
        below = pl.col(f"{name}_below").fill_null(0)
        wrong.append(pl.when("hidden").then(pl.col(name) < below).otherwise(pl.col(name) != below))
    return both.filter(pl.any_horizontal(wrong)).height


def units_exceed_regions(frame: pl.DataFrame, contract: TableContract) -> int:
    """Cells of a region in which units or municipalities add up to more than the region.

    They may add up to less: protected persons count in no unit and no municipality.
    """
    above = 0
    for lower in ("unit", "municipality"):
        above += _exceeding(frame, contract, lower)
    return above


def margins_do_not_add_up(frame: pl.DataFrame, contract: TableContract) -> int:
    """Cells of `all` ages that the age groups exceed, or of `all` sexes that women and men do.

    They may add up to less: a reserve identity without readable birth date or sex counts in `all`
    only.
    """
    above = 0
    for dimension in ("sex", "age_group"):
        if dimension not in frame.columns:
            continue
        key = [name for name in contract.key if name != dimension]
        counts = list(ADDITIVE[contract.name])
        known = frame.filter(pl.col("status") == "ok")
        parts = known.filter(pl.col(dimension) != codes.ALL).group_by(key).agg(pl.col(counts).sum())
        whole = known.filter(pl.col(dimension) == codes.ALL).select(*key, *counts)
        both = parts.join(whole, on=key, suffix="_of_all", nulls_equal=True)
        exceeding = [pl.col(name) > pl.col(f"{name}_of_all") for name in counts]
        above += both.filter(pl.any_horizontal(exceeding)).height
    return above


def _cells(contract: TableContract) -> list[str]:
    return [name for name in contract.key if name not in ("level", "area_code")]


def _exceeding(frame: pl.DataFrame, contract: TableContract, lower: str) -> int:
    counts = list(ADDITIVE[contract.name])
    cells = _cells(contract)
    known = frame.filter(pl.col("status") == "ok")
    below = known.filter(pl.col("level") == lower)
    if lower == "municipality":
        below = below.with_columns(region=pl.col("area_code").str.slice(0, 2))
        regions = known.filter(pl.col("level") == "region").with_columns(region="area_code")
        cells = [*cells, "region"]
    else:
        regions = known.filter(pl.col("level") == "region")
    sums = below.group_by(cells).agg(pl.col(counts).sum())
    whole = regions.group_by(cells).agg(pl.col(counts).sum())
    both = sums.join(whole, on=cells, suffix="_above", nulls_equal=True)
    exceeding = [pl.col(name) > pl.col(f"{name}_above") for name in counts]
    return both.filter(pl.any_horizontal(exceeding)).height


def parts_exceed_wholes(frame: pl.DataFrame, contract: TableContract) -> int:
    """Rows in which a part is larger than its whole: a numerator than its denominator."""
    part, whole = PARTS_OF_WHOLES[contract.name]
    return frame.filter(pl.col("status") == "ok", pl.col(part) > pl.col(whole)).height


def amounts_do_not_add_up(frame: pl.DataFrame, contract: TableContract) -> int:
    """Months in which working time, capacity or shortage of the nation is not the sum of the
    regions'. Where a region has no capacity its row is undefined and the nation's at least the
    others'."""
    regions = frame.filter(pl.col("level") == "region")
    sums = regions.group_by("month").agg(
        pl.col(AMOUNTS).sum(), hidden=(pl.col("status") == "undefined").any()
    )
    nation = frame.filter(pl.col("level") == "nation", pl.col("status") == "ok")
    both = nation.join(sums, on="month", suffix="_below", validate="1:1")
    wrong = []
    for name in AMOUNTS:
        above = pl.col(name) - pl.col(f"{name}_below")
        wrong.append(
            pl.when("hidden").then(above < -_SAME_WITHIN).otherwise(above.abs() > _SAME_WITHIN)
        )
    return both.filter(pl.any_horizontal(wrong)).height


def sources_do_not_fit(frame: pl.DataFrame, contract: TableContract) -> int:
    """Areas and settings in which the sources do not give any = cosmic + municipality − both."""
    key = [name for name in contract.key if name != "source"]
    wide = (
        frame.filter(pl.col("status") == "ok")
        .group_by(key)
        .agg(
            pl.col("persons").filter(pl.col("source") == source).first().alias(source)
            for source in codes.MARKING_SOURCES
        )
    )
    expected = pl.col("cosmic") + pl.col("municipality") - pl.col("both")
    return wide.filter(expected != pl.col("any")).height


def areas_do_not_fit(frame: pl.DataFrame, contract: TableContract) -> int:
    """Cells of care_markings in which an area has more than the one that it lies in, or the regions
    together fewer than the nation. They may have more: a person who is marked in several
    municipalities or regions counts in each of them, and in the nation once."""
    key = ["month", "setting", "source"]
    known = frame.filter(pl.col("status") == "ok")
    of_level = {
        level: known.filter(pl.col("level") == level).select(*key, "area_code", "persons")
        for level in ("nation", "region", "municipality")
    }
    regions = (
        of_level["region"]
        .group_by(key)
        .agg(pl.col("persons").sum().alias("together"), pl.col("persons").max().alias("largest"))
    )
    # In Cosmic in one region and in a list of another: in both sources of the nation alone.
    nation = of_level["nation"].filter(pl.col("source") != "both")
    nation = nation.join(regions, on=key, how="left")
    municipalities = (
        of_level["municipality"]
        .with_columns(area_code=pl.col("area_code").str.slice(0, 2))
        .join(of_level["region"], on=[*key, "area_code"], suffix="_of_region")
    )
    outside = (pl.col("persons") > pl.col("together").fill_null(0)) | (
        pl.col("persons") < pl.col("largest").fill_null(0)
    )
    return (
        nation.filter(outside).height
        + municipalities.filter(pl.col("persons") > pl.col("persons_of_region")).height
    )


def population_does_not_add_up(frame: pl.DataFrame, contract: TableContract) -> int:
    """Months in which the nation's population is not that of the 21 regions."""
    is_nation = pl.col("region_code") == codes.NATION
    sums = frame.group_by("month").agg(
        nation=pl.col("population").filter(is_nation).sum(),
        regions=pl.col("population").filter(~is_nation).sum(),
    )
    return sums.filter(pl.col("nation") != pl.col("regions")).height


def quality_does_not_add_up(frame: pl.DataFrame, contract: TableContract) -> int:
    """Nation rows of metrics that are summed which are not the sum of the regions'; those of the
    population register are the nation's alone."""
    summed = [each.key for each in quality_metrics() if each.nation == "sum"]
    rows = frame.join(
        pl.DataFrame(summed, schema=["delivery", "metric"], orient="row"), on=["delivery", "metric"]
    )
    is_nation = pl.col("region_code") == codes.NATION
    wrong = []
    sums = rows.group_by("month", "delivery", "metric").agg(
        *(
            pl.col(name).filter(which).sum().alias(f"{name}_{of}")
            for name in ("numerator", "denominator")
            for of, which in (("nation", is_nation), ("regions", ~is_nation))
        )
    )
    for name in ("numerator", "denominator"):
        wrong.append(pl.col(f"{name}_nation") != pl.col(f"{name}_regions"))
    return sums.filter(pl.any_horizontal(wrong), pl.col("delivery") != "population").height


def tables_that_disagree(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Sentences on tables that give different numbers for the same: listed persons and those with a
    named physician, as reported, of the nation, regions and units."""
    whole = (pl.col("sex") == codes.ALL, pl.col("age_group") == codes.ALL)
    named = {
        "coverage": tables["coverage"]
        .filter(pl.col("population") == "listed", pl.col("definition") == "reported", *whole)
        .select("month", "level", "area_code", "status", part="numerator", whole="denominator"),
        "list_kinds": tables["list_kinds"]
        .filter(pl.col("kind") == "named")
        .select("month", "level", "area_code", "status", part="persons", whole="listed"),
        "list_load": tables["list_load"].select(
            "month", "level", "area_code", "status", part="named", whole="listed"
        ),
        "definition_comparison": tables["definition_comparison"]
        .filter(pl.col("rule_set") == "reported")
        .select(
            "month",
            "area_code",
            "status",
            level=pl.when(pl.col("area_code") == codes.NATION)
            .then(pl.lit("nation"))
            .otherwise(pl.lit("region")),
            part="numerator",
            whole="denominator",
        ),
    }
    ok = {name: frame.filter(pl.col("status") == "ok") for name, frame in named.items()}
    sentences = []
    for name in ("list_kinds", "list_load", "definition_comparison"):
        both = ok["coverage"].join(ok[name], on=["month", "level", "area_code"], suffix="_other")
        differing = both.filter(
            (pl.col("part") != pl.col("part_other")) | (pl.col("whole") != pl.col("whole_other"))
        )
        if differing.height:
            sentences.append(f"coverage and {name}: not the same listed ({differing.height} areas)")
    return sentences


def rows_unaccounted_for(frame: pl.DataFrame, contract: TableContract) -> int:
    """Files whose rows are not all either accepted or rejected."""
    return frame.filter(pl.col("rows") != pl.col("accepted") + pl.col("rejected")).height


def checks_of(table: str) -> dict[str, Check]:
    """The checks that apply to a table, by name."""
    if table == DELIVERIES_TABLE.name:
        return {"rows_are_accepted_or_rejected": rows_unaccounted_for}
    checks: dict[str, Check] = {
        "rows_do_not_repeat": rows_repeat,
        "shares_lie_between_0_and_1": shares_out_of_bounds,
    }
    if table in ADDITIVE:
        checks["values_go_with_status"] = values_without_ok
        checks["regions_add_up_to_the_nation"] = regions_do_not_add_up
        checks["units_and_municipalities_fit_their_region"] = units_exceed_regions
        checks["margins_add_up"] = margins_do_not_add_up
    if table in PARTS_OF_WHOLES:
        checks["parts_do_not_exceed_wholes"] = parts_exceed_wholes
    return checks | OF_ONE_TABLE.get(table, {})


OF_ONE_TABLE: dict[str, dict[str, Check]] = {
    "list_load": {"amounts_add_up_to_the_nation": amounts_do_not_add_up},
    "care_markings": {
        "sources_fit_together": sources_do_not_fit,
        "areas_fit_into_each_other": areas_do_not_fit,
    },
    "reporting": {"population_adds_up_to_the_nation": population_does_not_add_up},
    "data_quality": {"regions_add_up_to_the_nation": quality_does_not_add_up},
}


def broken_rows(table: str, frame: pl.DataFrame) -> dict[str, int]:
    """Check name to the number of rows that break it."""
    contract = statistics_table(table)
    return {name: check(frame, contract) for name, check in checks_of(table).items()}
