"""A region's indicators against the country, the other regions and the goals."""

from dataclasses import dataclass

from pipelines.publication.report.figure import Chart, Column, Figure, Kind, shown, written
from pipelines.publication.report.goals import COVERAGE_GOAL, SABO_GOAL, goal_of
from pipelines.publication.report.language import Language, short_region_name
from pipelines.publication.report.published import Published, Row
from schemas.codes import DEFINITIONS, NATION, POPULATIONS


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


def indicators(published: Published, region: str, language: Language) -> Figure:
    """All indicators; drawn, where the region stands among the others."""
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
    # The region first, so that the rows stand in the order of the table.
    for code in sorted(indicator.by_area, key=lambda code: (code != region, code)):
        row = indicator.by_area[code]
        if row["status"] != "ok" and code != region:
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
            missing = row["status"] != "ok"
            point |= {
                "low": row["ci_low"],
                "high": row["ci_high"],
                "status_text": language.text(f"status_{row['status']}") if missing else "",
            }
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
