"""Targets: every target in force held against its figure, and how far it is to reach it.

Both tables are functions of published tables alone, of all months. Made from the statistics before
disclosure control they are for the operator; made from the suppressed ones they are published, and
then nothing that is hidden there can be had from them.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from schemas import codes
from schemas.comparability import Comparability
from schemas.indicator_registry import indicator_of
from schemas.sentences import sentence
from schemas.statistics import TARGET_PROJECTION, TARGET_STATUS
from schemas.targets import Target

LEVELS = ("nation", "region", "unit")
DECIMALS = 12
AREA = ["level", "area_code"]


@dataclass(frozen=True)
class Figures:
    """What targets are held against: tables of all months, as they are or as they are published.

    `tables` holds the statistics that targets are about, `reporting` and `data_quality`;
    `definitions` tells by month by which definition a figure was made; `unit_regions` (month,
    area_code, region_code) in which region a unit stands.
    """

    tables: Mapping[str, pl.DataFrame]
    definitions: pl.DataFrame
    unit_regions: pl.DataFrame

    @cached_property
    def months(self) -> list[str]:
        """The months that have been made, in order."""
        return self.tables["reporting"]["month"].unique().sort().to_list()

    def definition_hash(self, indicator: str, month: str) -> str | None:
        """The hash of the definition by which a month's figure was made."""
        found = self.definitions.filter(
            pl.col("indicator") == indicator,
            pl.col("from_month") <= month,
            pl.col("to_month") >= month,
        )
        return None if found.is_empty() else str(found["definition_hash"][0])

    @cached_property
    def completeness(self) -> pl.DataFrame:
        """By month and region (00: the nation): the share of the window's months with contacts.

        The nation's months are those of its reporting regions together.
        """
        regions = self.tables["reporting"].filter(
            pl.col("region_code") != codes.NATION, pl.col("contact_months").is_not_null()
        )
        nation = regions.with_columns(region_code=pl.lit(codes.NATION))
        return (
            pl.concat([regions, nation])
            .group_by("month", "region_code")
            .agg(
                months_share=pl.col("contact_months").sum()
                / pl.col("contact_months_expected").sum()
            )
        )

    def provider_ids(self, series: str) -> pl.DataFrame:
        """By month and region: the share of a series' contacts that have a provider id."""
        return (
            self.tables["data_quality"]
            .filter(
                pl.col("delivery") == "care_contacts",
                pl.col("metric") == f"without_provider_{series}",
            )
            .select("month", "region_code", provider_share=1 - pl.col("share"))
        )


def target_status(
    figures: Figures, targets: Iterable[Target], settings: Comparability
) -> pl.DataFrame:
    """The table target_status, of all months.

    Rows: every target in force on the month's last day, and every area of nation, regions and units
    that its figure has (all ages and both sexes). at_least: `value` against `target`, nothing is
    compared over time. relative_increase and increase: the change since the baseline month, which
    is the target's own, else the earliest month made. A comparison is refused (`comparable` false,
    no change, `met` missing) with its reasons when

    - the month is the baseline month or before it, or the baseline month has not been made;
    - the definition hashes of the two months differ (make the baseline month again to compare);
    - the area has no value in the baseline month, or it is 0;
    - the nation's figure rests on other regions, with more than the allowed share of the population
      between them;
    - the share of the window's months with contacts, or of contacts with a provider id, differs
      more than the settings allow; a unit is judged by its region, and a share that is hidden is
      not judged.

    Status: that of the figure, or suppressed when the baseline month's is. Interval of the change:
    `change_interval`. Source: contract, section 3, Targets.
    """
    rows = [
        _of_target(figures, target, month, settings)
        for target in targets
        for month in figures.months
        if target.holds_on(_last_day(month))
    ]
    return pl.concat([TARGET_STATUS.empty(), *rows]).sort(TARGET_STATUS.key)


def change_interval(
    mean: pl.Expr, variance: pl.Expr, baseline: pl.Expr, baseline_variance: pl.Expr
) -> tuple[pl.Expr, pl.Expr]:
    """95 % interval of the relative change of a mean: of mean / baseline − 1.

    `variance` is that of the mean itself (sd²/persons). By the delta method the variance of
    log(mean/baseline) is v₁/m₁² + v₀/m₀² − 2c/(m₁m₀), where c is the covariance of the two means;
    the interval is mean/baseline · exp(∓1.96·√…) − 1. c is taken as 0. The two months are largely
    the same persons, and windows of 18 months less than 18 months apart share visits, so that c is
    positive and the interval too wide, the more so the closer the months: it holds the true change
    in at least 95 of 100 cases (`tests/unit/indicators/test_change_interval.py` tries it). To use c
    one would have to match persons over months; the stored parts are counts without persons, and
    are so on purpose. Assumed is that c is not negative: that who meets few physicians in one month
    does not meet many in the other. On the logarithm, since a mean of few persons is skewed and a
    change is never below −100 %. Missing where a mean is 0, or is of one person (no sd).
    """
    relative = (variance / mean.pow(2) + baseline_variance / baseline.pow(2)).sqrt() * codes.Z
    ratio = mean / baseline
    known = (mean > 0) & (baseline > 0)
    return (
        pl.when(known).then(ratio * (-relative).exp() - 1),
        pl.when(known).then(ratio * relative.exp() - 1),
    )


def _last_day(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


def _rows_of(figures: Figures, target: Target, month: str) -> pl.DataFrame:
    """The figure's rows of a month: value, variance of the value, status."""
    frame = figures.tables[target.table]
    if target.table == "continuity":
        variance = pl.col("sd").pow(2) / pl.col("persons")
    else:
        share = pl.col(target.column)
        variance = share * (1 - share) / pl.col("denominator")
    return frame.filter(
        pl.col("month") == month,
        pl.col("level").is_in(LEVELS),
        pl.col("sex") == codes.ALL,
        pl.col("age_group") == codes.ALL,
        *(pl.col(name) == code for name, code in target.where.items()),
    ).select("month", *AREA, "status", value=pl.col(target.column), variance=variance)


def _of_target(
    figures: Figures, target: Target, month: str, settings: Comparability
) -> pl.DataFrame:
    """The rows of one target and month."""
    rows = _rows_of(figures, target, month).with_columns(
        target_id=pl.lit(target.target_id),
        target=pl.lit(target.target, pl.Float64),
    )
    rows = (
        _compared(rows, figures, target, month, settings)
        if target.compares
        else rows.with_columns(met=pl.col("value") >= pl.col("target"))
    )
    missing = [name for name in TARGET_STATUS.column_names if name not in rows.columns]
    values = [
        name for name in TARGET_STATUS.column_names if name not in {*TARGET_STATUS.key, "status"}
    ]
    ok = pl.col("status") == "ok"
    return (
        rows.with_columns(pl.lit(None).alias(name) for name in missing)
        .with_columns(pl.when(ok).then(pl.col(name)).alias(name) for name in values)
        .select(pl.col(name).cast(kind) for name, kind in TARGET_STATUS.polars_schema().items())
    )


def _compared(
    rows: pl.DataFrame, figures: Figures, target: Target, month: str, settings: Comparability
) -> pl.DataFrame:
    """Adds the change since the baseline month, or why it is refused."""
    baseline = target.baseline_month or next(
        each for each in figures.months if target.holds_on(_last_day(each))
    )
    before = _rows_of(figures, target, baseline).select(
        *AREA,
        baseline_value="value",
        baseline_variance="variance",
        baseline_status="status",
    )
    rows = rows.join(before, on=AREA, how="left", validate="1:1").with_columns(
        baseline_month=pl.lit(baseline)
    )
    reasons = [
        *_reasons_of_month(figures, target, month, baseline),
        _reason_of_baseline_value(baseline),
    ]
    if month > baseline and baseline in figures.months:
        rows = _with_completeness(rows, figures, target, month, baseline)
        reasons += [
            _reason_of_regions(figures, target, month, baseline, settings),
            *_reasons_of_completeness(baseline, settings),
        ]
    reason = pl.concat_str(reasons, separator=" ", ignore_nulls=True)
    low, high = change_interval(
        pl.col("value"),
        pl.col("variance"),
        pl.col("baseline_value"),
        pl.col("baseline_variance"),
    )
    rows = rows.with_columns(
        reason=pl.when(reason.str.len_chars() > 0).then(reason),
        relative_change=pl.col("value") / pl.col("baseline_value") - 1,
        change_ci_low=low,
        change_ci_high=high,
        status=pl.when((pl.col("status") == "ok") & (pl.col("baseline_status") == "suppressed"))
        .then(pl.lit("suppressed"))
        .otherwise("status"),
    ).with_columns(comparable=pl.col("reason").is_null())
    if target.kind == "relative_increase":
        met = pl.col("relative_change").round(DECIMALS) >= pl.col("target")
    else:
        met = pl.col("change_ci_low") > 0
    return rows.with_columns(met=met).with_columns(
        pl.when("comparable").then(pl.col(name)).alias(name)
        for name in ("met", "relative_change", "change_ci_low", "change_ci_high")
    )


# Why a comparison is refused: a sentence, or missing


def _reasons_of_month(figures: Figures, target: Target, month: str, baseline: str) -> list[pl.Expr]:
    """Reasons that concern the two months as a whole."""
    if month == baseline:
        return [pl.lit(sentence("baseline_itself"))]
    if month < baseline:
        return [pl.lit(sentence("before_baseline", month=baseline))]
    if baseline not in figures.months:
        return [pl.lit(sentence("baseline_not_made", month=baseline))]
    indicator = indicator_of(target.table, target.column, target.where)
    hashes = [figures.definition_hash(indicator, each) for each in (baseline, month)]
    if None in hashes or hashes[0] != hashes[1]:
        return [pl.lit(sentence("other_definition", month=baseline))]
    return []


def _reason_of_baseline_value(baseline: str) -> pl.Expr:
    status = pl.col("baseline_status")
    because = {None: "not in the figures"} | {
        each: each.replace("_", " ") for each in codes.STATUSES if each != "ok"
    }
    nothing = status.replace_strict(
        {each: sentence("no_value_then", month=baseline, why=why) for each, why in because.items()},
        default=None,
        return_dtype=pl.String,
    )
    return (
        pl.when(status.fill_null("") != "ok")
        .then(nothing)
        .when(pl.col("baseline_value") == 0)
        .then(pl.lit(sentence("value_then_0", month=baseline)))
    )


def _reason_of_regions(
    figures: Figures, target: Target, month: str, baseline: str, settings: Comparability
) -> pl.Expr:
    """The regions that only one of the months' national figure rests on."""
    differing = sorted(_regions_in(figures, target, month) ^ _regions_in(figures, target, baseline))
    population = {
        row["region_code"]: row["population"]
        for row in figures.tables["reporting"].filter(pl.col("month") == month).to_dicts()
    }
    known = [population.get(region) for region in differing]
    total = population.get(codes.NATION)
    share = (
        sum(each for each in known if each is not None) / total
        if total and None not in known
        else 1.0
    )
    refused = bool(differing) and share > settings.largest_population_of_other_regions
    reason = sentence("other_regions", month=baseline, regions=", ".join(differing))
    return pl.when((pl.col("level") == "nation") & pl.lit(refused)).then(pl.lit(reason))


def _regions_in(figures: Figures, target: Target, month: str) -> set[str]:
    """The regions that the nation's figure rests on."""
    rows = _rows_of(figures, target, month)
    reported = (pl.col("level") == "region") & (pl.col("status") != "not_reported")
    return set(rows.filter(reported)["area_code"])


def _with_completeness(
    rows: pl.DataFrame, figures: Figures, target: Target, month: str, baseline: str
) -> pl.DataFrame:
    """Adds the completeness of the area's region in both months."""
    units = figures.unit_regions.filter(pl.col("month") == month).select(
        "area_code", unit_region="region_code"
    )
    rows = rows.join(units, on="area_code", how="left", validate="m:1").with_columns(
        region_code=pl.when(pl.col("level") == "unit").then("unit_region").otherwise("area_code")
    )
    known = {"months_share": figures.completeness}
    if "series" in target.where:
        known["provider_share"] = figures.provider_ids(str(target.where["series"]))
    for name in ("months_share", "provider_share"):
        for each, column in ((month, name), (baseline, f"baseline_{name}")):
            if name in known:
                of_month = known[name].filter(pl.col("month") == each)
                of_month = of_month.select("region_code", pl.col(name).alias(column))
                rows = rows.join(of_month, on="region_code", how="left", validate="m:1")
            else:
                rows = rows.with_columns(pl.lit(None, pl.Float64).alias(column))
    return rows


def _reasons_of_completeness(baseline: str, settings: Comparability) -> list[pl.Expr]:
    reasons: list[pl.Expr] = []
    for name, largest, key in (
        ("months_share", settings.largest_change_of_contact_months, "months_differ"),
        ("provider_share", settings.largest_change_of_provider_ids, "provider_ids_differ"),
    ):
        change = (pl.col(name) - pl.col(f"baseline_{name}")).abs().round(DECIMALS)
        reason = sentence(key, points=f"{100 * largest:g}")
        reasons.append(pl.when(change > largest).then(pl.lit(reason)))
    return reasons


# How far it is


def target_projection(
    status: pl.DataFrame,
    definitions: pl.DataFrame,
    targets: Sequence[Target],
    settings: Comparability,
) -> pl.DataFrame:
    """The table target_projection, of all months, from target_status.

    goal: the target, or baseline_value · (1 + target) where the month may be compared; distance:
    goal − value. Trend: the least-squares line through the values of the last 12 months (the month
    included) that have one and were made by the same definition, where at least 6 have. Projected
    month: the first whole month after this one in which that line is at the goal or above. None
    where the goal is reached, the line does not rise, or it takes more than 120 months; the numbers
    are settings (`comparability.toml`). The line is only drawn out: nothing says that it goes on.
    """
    kinds = {each.target_id: each.kind for each in targets}
    rows = status.filter(pl.col("target_id").is_in(list(kinds))).with_columns(
        kind=pl.col("target_id").replace_strict(kinds, default=None, return_dtype=pl.String),
        place=_place(),
    )
    rows = _with_hashes(rows, definitions, targets).with_columns(
        goal=pl.when(pl.col("kind") == "at_least")
        .then(pl.col("target"))
        .when((pl.col("kind") == "relative_increase") & pl.col("comparable"))
        .then(pl.col("baseline_value") * (1 + pl.col("target")))
    )
    rows = _with_trend(rows, settings).with_columns(distance=pl.col("goal") - pl.col("value"))
    rows = _with_projection(rows, settings)
    values = [
        name
        for name in TARGET_PROJECTION.column_names
        if name not in {*TARGET_PROJECTION.key, "status"}
    ]
    ok = pl.col("status") == "ok"
    return (
        rows.with_columns(pl.when(ok).then(pl.col(name)).alias(name) for name in values)
        .select(pl.col(name).cast(kind) for name, kind in TARGET_PROJECTION.polars_schema().items())
        .sort(TARGET_PROJECTION.key)
    )


def _place() -> pl.Expr:
    """The month's number in the calendar."""
    year = pl.col("month").str.slice(0, 4).cast(pl.Int64)
    return year * 12 + pl.col("month").str.slice(5, 2).cast(pl.Int64) - 1


def _with_hashes(
    rows: pl.DataFrame, definitions: pl.DataFrame, targets: Sequence[Target]
) -> pl.DataFrame:
    indicators = {
        each.target_id: indicator_of(each.table, each.column, each.where) for each in targets
    }
    figures = Figures({}, definitions, pl.DataFrame())
    known = rows.select("target_id", "month").unique().to_dicts()
    hashes = pl.DataFrame(
        [
            (
                each["target_id"],
                each["month"],
                figures.definition_hash(indicators[each["target_id"]], each["month"]),
            )
            for each in known
        ],
        schema={"target_id": pl.String, "month": pl.String, "definition_hash": pl.String},
        orient="row",
    )
    return rows.join(hashes, on=["target_id", "month"], how="left", validate="m:1")


def _with_trend(rows: pl.DataFrame, settings: Comparability) -> pl.DataFrame:
    """Adds how many months the trend has, its slope, and where its line is in this month."""
    key = ["target_id", *AREA]
    known = rows.filter(pl.col("status") == "ok", pl.col("value").is_not_null())
    series = known.select(*key, "definition_hash", earlier="place", earlier_value="value")
    pairs = known.select(*key, "definition_hash", "place").join(
        series, on=[*key, "definition_hash"], how="inner"
    )
    back = pl.col("earlier") - pl.col("place")
    pairs = pairs.with_columns(t=back, y=pl.col("earlier_value")).filter(
        back <= 0, back > -settings.trend_months
    )
    t, y = pl.col("t"), pl.col("y")
    # Rows in order, so that sums of decimals are the same in every run.
    sums = (
        pairs.sort(*key, "place", "t")
        .group_by(*key, "place", maintain_order=True)
        .agg(
            trend_months=pl.len().cast(pl.Int64),
            mean_t=t.sum() / pl.len(),
            mean_y=y.sum() / pl.len(),
            squares=((t - t.mean()) ** 2).sum(),
            products=((t - t.mean()) * (y - y.mean())).sum(),
        )
    )
    enough = pl.col("trend_months") >= settings.fewest_trend_months
    slope = pl.col("trend_per_month")
    return (
        rows.join(sums, on=[*key, "place"], how="left", validate="1:1")
        .with_columns(
            trend_per_month=pl.when(enough).then(
                (pl.col("products") / pl.col("squares")).round(DECIMALS)
            )
        )
        .with_columns(on_line=pl.col("mean_y") - slope * pl.col("mean_t"))
    )


def _with_projection(rows: pl.DataFrame, settings: Comparability) -> pl.DataFrame:
    slope, longest = pl.col("trend_per_month"), settings.longest_projection_months
    steps = ((pl.col("goal") - pl.col("on_line")) / slope).round(DECIMALS).ceil().clip(1, None)
    reason = (
        pl.when(pl.col("kind") == "increase")
        .then(pl.lit("The target has no number."))
        .when(pl.col("goal").is_null())
        .then(pl.col("reason"))
        .when(pl.col("distance").round(DECIMALS) <= 0)
        .then(pl.lit("The target is reached."))
        .when(slope.is_null())
        .then(
            pl.format(
                "{} of the last {} months have a value; a trend needs {}.",
                pl.col("trend_months"),
                pl.lit(settings.trend_months),
                pl.lit(settings.fewest_trend_months),
            )
        )
        .when(slope <= 0)
        .then(pl.lit("The trend does not rise."))
        .when(steps > longest)
        .then(pl.lit(f"More than {longest} months away at the trend."))
    )
    rows = rows.with_columns(reason=reason, steps=pl.when(slope > 0).then(steps))
    number = pl.col("place") + pl.when(pl.col("reason").is_null()).then("steps").cast(pl.Int64)
    month = (number % 12 + 1).cast(pl.String).str.zfill(2)
    return rows.with_columns(
        projected_month=pl.concat_str((number // 12).cast(pl.String), month, separator="-")
    )
