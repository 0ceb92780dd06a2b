"""A region's page: all indicators against country and goals, and its municipalities and units."""

from dataclasses import dataclass

from pipelines.publication.report.country_page import (
    COVERAGE_GOAL,
    SABO_GOAL,
    extremes,
    goal_of,
    goal_tile,
)
from pipelines.publication.report.figure import Chart, Column, Figure, Kind, shown, written
from pipelines.publication.report.funnel import deviation_of_share, is_outside, limits
from pipelines.publication.report.language import Language, short_region_name
from pipelines.publication.report.page import Page, Section
from pipelines.publication.report.published import Published, Row
from pipelines.publication.report.rankings import by_month, change_title, drawn, ranked, ranking
from pipelines.publication.report.refused import refused_points
from schemas.codes import DEFINITIONS, LIST_KINDS, NATION, POPULATIONS
from schemas.quality_metrics import REJECTED_BY_RULE, REJECTED_ROWS, quality_metrics

SOURCES = ("cosmic", "municipality", "both", "any")


def region_page(published: Published, region: str, language: Language) -> Page:
    """The page of one region; of one that does not report, what is known of why."""
    name = published.region_names[region]
    reported = region in published.reporting_regions
    values = {"region": name, "month": language.month(published.month)}
    quality = Section(
        "kvalitet",
        language.text("quality_heading"),
        figures=(_quality(published, region, language),) if reported else (),
    )
    refused = Section(
        "avvisat",
        language.text("refused_heading"),
        (language.text("refused_text"),),
        refused_points(published, region, language),
    )
    tiles = tuple(goal_tile(published, region, target, language) for target in published.targets)
    if not reported:
        return Page(
            f"region/{region}.html",
            language.text("region_title", **values),
            language.text("region_lead_none", **values),
            sections=(refused,),
        )
    return Page(
        f"region/{region}.html",
        language.text("region_title", **values),
        _lead(published, region, language),
        tiles,
        (
            Section(
                "indikatorer",
                language.text("indicators_heading"),
                figures=(_indicators(published, region, language),),
            ),
            Section(
                "kommuner",
                language.text("municipalities_heading"),
                figures=(_municipalities(published, region, language),),
            ),
            Section(
                "vardcentraler",
                language.text("units_heading"),
                (language.text("units_text"),),
                figures=(
                    _coverage_funnel(published, region, language),
                    _continuity_funnel(published, region, language),
                ),
            ),
            Section(
                "utveckling",
                language.text("months_heading"),
                figures=_by_month(published, region, language),
            ),
            Section(
                "listor",
                language.text("lists_heading"),
                figures=(
                    _load(published, region, language),
                    _kinds(published, region, language),
                ),
            ),
            Section(
                "sabo", language.text("sabo_heading"), figures=(_sabo(published, region, language),)
            ),
            quality,
            refused,
        ),
    )


def _lead(published: Published, region: str, language: Language) -> str:
    row = published.coverage("inhabitants")[region]
    nation = published.coverage("inhabitants")[NATION]
    short = short_region_name(published.region_names[region])
    if row["status"] != "ok" or nation["status"] != "ok":
        return language.text(
            "region_lead_missing", region=short, status=language.text(f"status_{row['status']}")
        )
    goal = goal_of(published, COVERAGE_GOAL)
    continuity = published.continuity("physician")[region]
    second = ""
    if continuity["status"] == "ok":
        second = " " + language.text(
            "region_lead_continuity", value=language.number(continuity["mean"], 3)
        )
    return (
        language.text(
            "region_lead_met" if row["share"] >= (goal or 0) else "region_lead_missed",
            region=short,
            share=language.percent(row["share"]),
            nation=language.percent(nation["share"]),
            goal=language.percent(goal or 0, 0),
        )
        + second
    )


@dataclass(frozen=True)
class _Indicator:
    """An indicator of the region page: its rows by area and what they are held against."""

    name: str
    words: str
    short: str
    kind: Kind
    by_area: dict[str, Row]
    value: str
    goal_id: str | None = None


def _all_indicators(published: Published, language: Language) -> list[_Indicator]:
    indicators = [
        _coverage_indicator(published, population, definition, language)
        for population in POPULATIONS
        for definition in DEFINITIONS
    ]
    for series, population in (
        ("physician", "listed"),
        ("all_professions", "listed"),
        ("physician", "sabo"),
    ):
        words = language.text(f"indicator_continuity_{series}_{population}")
        rows = published.continuity(series, population)
        name = f"continuity_{series}_{population}"
        short = language.text(f"indicator_continuity_{series}_{population}_short")
        indicators.append(_Indicator(name, words, short, "index", rows, "mean"))
    words = language.text("indicator_own_physician")
    short = language.text("indicator_own_physician_short")
    own = published.own_physician
    return [*indicators, _Indicator("own_physician", words, short, "share", own, "share")]


def _coverage_indicator(
    published: Published, population: str, definition: str, language: Language
) -> _Indicator:
    words = {
        "population": language.text(f"population_{population}"),
        "definition": language.text(f"definition_{definition}"),
    }
    goals = {"inhabitants": COVERAGE_GOAL, "sabo": SABO_GOAL}
    return _Indicator(
        f"coverage_{population}_{definition}",
        language.text("indicator_coverage", **words),
        "{population}, {definition}".format(**words),
        "share",
        published.coverage(population, definition),
        "share",
        goals.get(population) if definition == "reported" else None,
    )


def _indicators(published: Published, region: str, language: Language) -> Figure:
    short = short_region_name(published.region_names[region])
    rows: list[Row] = []
    points: list[Row] = []
    for each in _all_indicators(published, language):
        own, nation = each.by_area.get(region), each.by_area.get(NATION)
        if own is None or nation is None:
            continue
        goal = goal_of(published, each.goal_id) if each.goal_id else None
        met = published.target_status.get((region, each.goal_id or ""), {}).get("met")
        rows.append(
            {
                "indicator": each.name,
                "area_name": each.words,
                "kind": each.kind,
                "value": own[each.value],
                "ci_low": own["ci_low"],
                "ci_high": own["ci_high"],
                "nation": nation[each.value],
                "nation_status": nation["status"],
                "goal": goal,
                "goal_met": met,
                "status": own["status"],
            }
        )
        points += _positions(each, region, goal, language)
    compared = [row for row in rows if row["status"] == row["nation_status"] == "ok"]
    title = language.text(
        "indicators_title",
        region=short,
        above=sum(row["value"] > row["nation"] for row in compared),
        compared=len(compared),
    )
    columns = (
        Column("area_name", language.text("indicator")),
        Column("value", short, "value", met="goal_met"),
        Column("ci", language.text("interval"), "interval"),
        Column("nation", language.text("nation"), "value", "nation_status"),
        Column("goal", language.text("goal"), "value", "none"),
    )
    return Figure(
        f"region-{region}-indicators",
        title,
        language.text("define_indicators"),
        columns,
        rows,
        Chart("positions", {"values": points}, language.text("chart_positions", region=short)),
        (language.text("positions_note", region=short),),
    )


def _positions(
    indicator: _Indicator, region: str, goal: float | None, language: Language
) -> list[Row]:
    """The indicator's row in the drawing: every area with a value, and the goal."""
    points: list[Row] = []
    for code, row in indicator.by_area.items():
        if row["status"] != "ok":
            continue
        role = {region: "own", NATION: "nation"}.get(code, "other")
        point: Row = {
            "indicator": indicator.short,
            "role": role,
            "value": row[indicator.value],
            "area": language.text("nation") if code == NATION else row["area_name"],
            "shown": shown(row, indicator.value, indicator.kind, language),
        }
        if role == "own":
            point |= {"low": row["ci_low"], "high": row["ci_high"]}
        points.append(point)
    if goal is not None:
        points.append(
            {
                "indicator": indicator.short,
                "role": "goal",
                "value": goal,
                "area": language.text("goal"),
                "shown": written(goal, indicator.kind, language),
            }
        )
    return points


def _municipalities(published: Published, region: str, language: Language) -> Figure:
    rows = [
        row
        for code in published.municipality_names[region]
        if (row := published.municipality_coverage.get((code, "inhabitants")))
    ]
    region_row = published.coverage("inhabitants")[region]
    found = extremes([{**row, "level": "region"} for row in rows], "share", "share", language)
    hidden = sum(row["status"] == "suppressed" for row in rows)
    title = language.text("municipalities_title", **found) if found else language.text("no_values")
    notes = [language.text("note_interval_wilson")]
    if hidden:
        notes.append(language.text("note_suppressed"))
    return ranking(
        f"region-{region}-municipalities",
        [*rows, region_row],
        "share",
        "share",
        region,
        language,
        title=title,
        definition=language.text("define_coverage_inhabitants"),
        counts=(
            ("numerator", language.text("with_named_physician")),
            ("denominator", language.text("inhabitants")),
        ),
        goal=goal_of(published, COVERAGE_GOAL),
        notes=tuple(notes),
    )


def _unit_rows(published: Published, region: str, by_unit: dict[str, Row]) -> list[Row]:
    return [
        {**row, "area_name": row["area_name"] or unit}
        for unit in published.units[region]
        if (row := by_unit.get(unit))
    ]


def _coverage_funnel(published: Published, region: str, language: Language) -> Figure:
    centre = published.coverage("listed")[region]
    share = centre["share"]
    return _funnel(
        f"region-{region}-units-coverage",
        _unit_rows(published, region, published.unit_coverage),
        "share",
        "denominator",
        None if share is None else (share, deviation_of_share(share)),
        language,
        title_key="coverage_funnel_title",
        definition=language.text("define_coverage_listed"),
        columns=(
            Column("numerator", language.text("with_named_physician"), "count"),
            Column("denominator", language.text("listed"), "count"),
        ),
    )


def _continuity_funnel(published: Published, region: str, language: Language) -> Figure:
    centre = published.continuity("physician")[region]
    return _funnel(
        f"region-{region}-units-continuity",
        _unit_rows(published, region, published.unit_continuity),
        "mean",
        "persons",
        None if centre["sd"] is None else (centre["mean"], centre["sd"]),
        language,
        title_key="continuity_funnel_title",
        definition=language.text("define_continuity_physician"),
        columns=(
            Column("persons", language.text("persons_with_visits"), "count"),
            Column("visits", language.text("visits"), "count"),
        ),
    )


def _funnel(
    name: str,
    rows: list[Row],
    value: str,
    persons: str,
    centre: tuple[float, float] | None,
    language: Language,
    *,
    title_key: str,
    definition: str,
    columns: tuple[Column, ...],
) -> Figure:
    kind: Kind = "share" if value == "share" else "index"
    rows = [{**row, "kind": kind} for row in ranked(rows, value)]
    known = [row for row in rows if row["status"] == "ok"]
    within, outside = language.text("funnel_within"), language.text("funnel_outside")
    points: list[Row] = []
    for row in known if centre else []:
        beyond = is_outside(row[value], row[persons], *centre)  # type: ignore[misc]
        points.append(
            {
                "area": row["area_name"],
                "value": row[value],
                "persons": row[persons],
                "position": outside if beyond else within,
                "shown": shown(row, value, kind, language),
            }
        )
    beyond_count = sum(point["position"] == outside for point in points)
    title = language.text("no_values")
    chart = None
    if centre and points:
        title = language.text(
            title_key,
            outside=beyond_count,
            units=len(points),
            centre=written(centre[0], kind, language),
        )
        sizes = [point["persons"] for point in points]
        chart = Chart(
            "share_funnel" if kind == "share" else "index_funnel",
            {"values": points, "limits": limits(*centre, min(sizes), max(sizes))},
            language.text("chart_funnel", what=definition),
        )
    notes = [language.text("funnel_note")]
    if len(known) < len(rows):
        notes.append(language.text("note_suppressed"))
    return Figure(
        name,
        title,
        definition,
        (
            Column("area_name", language.text("unit")),
            Column(value, language.text("value"), kind),
            Column("ci", language.text("interval"), "interval"),
            *columns,
        ),
        rows,
        chart,
        tuple(notes),
    )


def _by_month(published: Published, region: str, language: Language) -> tuple[Figure, ...]:
    name = published.region_names[region]
    coverage, continuity = published.coverage_by_month, published.continuity_by_month()
    return (
        by_month(
            f"region-{region}-coverage-by-month",
            [(name, coverage[region]), (language.text("nation"), coverage[NATION])],
            "share",
            "share",
            language,
            title=change_title("coverage_change", coverage[region], "share", "share", language),
            definition=language.text("define_coverage_inhabitants"),
            goal=goal_of(published, COVERAGE_GOAL),
            notes=(language.text("note_months"),),
        ),
        by_month(
            f"region-{region}-continuity-by-month",
            [(name, continuity[region]), (language.text("nation"), continuity[NATION])],
            "mean",
            "index",
            language,
            title=change_title("continuity_change", continuity[region], "mean", "index", language),
            definition=language.text("define_continuity_physician"),
            notes=(language.text("note_windows_overlap"),),
        ),
    )


def _load(published: Published, region: str, language: Language) -> Figure:
    own = published.list_load[region]
    rows = [
        own,
        *ranked(_unit_rows(published, region, published.list_load), "load"),
    ]
    title = language.text("load_title_none")
    if own["status"] == "ok":
        title = language.text(
            "load_title",
            load=language.number(own["load"], 2),
            short=language.number(own["specialists_short"], 1),
        )
    definition = language.text("define_load")
    values = [drawn(row, "load", "ratio", region, language) for row in rows]
    guideline = language.text("load_guideline")
    if own["guideline_specialist"] is not None:
        guideline = language.text(
            "load_note",
            specialist=language.number(own["guideline_specialist"]),
            st=language.number(own["guideline_st"]),
        )
    return Figure(
        f"region-{region}-load",
        title,
        definition,
        (
            Column("area_name", language.text("unit")),
            Column("load", language.text("load"), "ratio"),
            Column("listed", language.text("listed"), "count"),
            Column("fte_specialist", language.text("fte_specialist"), "decimal"),
            Column("fte_st", language.text("fte_st"), "decimal"),
            Column("capacity", language.text("capacity"), "count"),
            Column("specialists_short", language.text("specialists_short"), "decimal"),
        ),
        rows,
        Chart(
            "load",
            {"values": values, "goals": [{"goal": 1, "label": language.text("guideline")}]},
            language.text("chart_load"),
        ),
        (guideline, language.text("load_undefined_note")),
    )


def _kinds(published: Published, region: str, language: Language) -> Figure:
    rows = []
    for kind in LIST_KINDS:
        own, nation = published.list_kinds[region, kind], published.list_kinds[NATION, kind]
        rows.append(
            {
                **own,
                "area_name": language.text(f"kind_{kind}"),
                "nation": nation["share"],
                "nation_status": nation["status"],
            }
        )
    points = [
        {
            "kind_text": language.text(f"kind_{kind}"),
            "area": name,
            "value": row["share"],
            "shown": shown(row, "share", "share", language),
        }
        for kind in LIST_KINDS
        for name, row in (
            (published.region_names[region], published.list_kinds[region, kind]),
            (language.text("nation"), published.list_kinds[NATION, kind]),
        )
    ]
    own = {kind: published.list_kinds[region, kind] for kind in ("fictitious", "locum")}
    title = language.text(
        "kinds_title",
        **{kind: shown(row, "share", "share", language) for kind, row in own.items()},
    )
    return Figure(
        f"region-{region}-list-kinds",
        title,
        language.text("define_kinds"),
        (
            Column("area_name", language.text("kind")),
            Column("persons", language.text("persons"), "count"),
            Column("share", short_region_name(published.region_names[region]), "share"),
            Column("nation", language.text("nation"), "share", "nation_status"),
        ),
        rows,
        Chart("kinds", {"values": points}, language.text("chart_kinds")),
    )


def _sabo(published: Published, region: str, language: Language) -> Figure:
    municipalities = published.municipality_names[region]
    rows, points = [], []
    for code, name in {**municipalities, region: published.region_names[region]}.items():
        coverage = (
            published.coverage("sabo")[region]
            if code == region
            else published.municipality_coverage.get((code, "sabo"))
        )
        if coverage is None:
            continue
        row: Row = {**coverage, "area_code": code, "area_name": name}
        for source in SOURCES:
            marked = published.sabo_markings.get((code, source))
            row[source] = marked["persons"] if marked else None
            row[f"{source}_status"] = marked["status"] if marked else "not_reported"
            if marked and source != "any" and code != region:
                words = shown(marked, "persons", "count", language)
                points.append(
                    {
                        "area": name,
                        "source_text": language.text(f"source_{source}"),
                        "value": marked["persons"],
                        "shown": words,
                        "status_text": "" if marked["status"] == "ok" else words,
                    }
                )
        rows.append(row)
    own = published.sabo_markings.get((region, "any"))
    title = language.text("sabo_region_title_none")
    if own and own["status"] == "ok":
        title = language.text(
            "sabo_region_title",
            persons=language.number(own["persons"]),
            share=written(rows[-1]["share"], "share", language)
            or language.text(f"status_{rows[-1]['status']}"),
        )
    return Figure(
        f"region-{region}-sabo",
        title,
        language.text("define_sabo"),
        (
            Column("area_name", language.text("municipality")),
            *(
                Column(source, language.text(f"source_{source}"), "count", f"{source}_status")
                for source in SOURCES
            ),
            Column("share", language.text("share_sabo"), "share"),
        ),
        rows,
        Chart("sources", {"values": points}, language.text("chart_sources"))
        if any(point["value"] for point in points)
        else None,
        (language.text("note_suppressed"),),
    )


def _quality(published: Published, region: str, language: Language) -> Figure:
    names = {each.key: each.sv if language.code == "sv" else each.en for each in quality_metrics()}
    nation = {(row["delivery"], row["metric"]): row for row in published.data_quality[NATION]}
    rows = []
    for row in published.data_quality[region]:
        key = row["delivery"], row["metric"]
        if row["metric"].startswith(REJECTED_BY_RULE) and row["metric"] != REJECTED_ROWS:
            continue
        of_nation = nation.get(key, {})
        rows.append(
            {
                **row,
                "area_name": names.get(key, row["metric"]),
                "delivery_name": language.text(f"delivery_{row['delivery']}"),
                "status": _hidden(row),
                "share_status": _hidden(row) if row["denominator"] != 0 else "undefined",
                "nation": of_nation.get("share"),
                "nation_status": _hidden(of_nation) if of_nation else "undefined",
            }
        )
    without = published_share(published, region, "without_provider_physician")
    title = (
        language.text("quality_title_none")
        if without is None
        else language.text("quality_title", share=language.percent(without))
    )
    return Figure(
        f"region-{region}-quality",
        title,
        language.text("define_quality"),
        (
            Column("area_name", language.text("metric")),
            Column("delivery_name", language.text("delivery")),
            Column("numerator", language.text("count"), "count"),
            Column("denominator", language.text("of_how_many"), "count"),
            Column("share", language.text("share"), "share", "share_status"),
            Column("nation", language.text("nation"), "share", "nation_status"),
        ),
        rows,
    )


def _hidden(row: Row) -> str:
    """data_quality has no status: what is hidden there lacks its numerator."""
    return "suppressed" if row["numerator"] is None else "ok"


def published_share(published: Published, region: str, metric: str) -> float | None:
    """The share of a measure of data quality; None where hidden or not made."""
    for row in published.data_quality[region]:
        if row["metric"] == metric:
            share: float | None = row["share"]
            return share
    return None
