"""A region's units: coverage and continuity as funnel plots, and the length of their lists."""

from pipelines.publication.report.figure import Chart, Column, Figure, Kind, shown, written
from pipelines.publication.report.funnel import deviation_of_share, is_outside, limits
from pipelines.publication.report.language import Language
from pipelines.publication.report.published import Published, Row
from pipelines.publication.report.rankings import drawn, ranked, suppression_note


def _unit_rows(published: Published, region: str, by_unit: dict[str, Row]) -> list[Row]:
    return [
        {**row, "area_name": row["area_name"] or unit}
        for unit in published.units[region]
        if (row := by_unit.get(unit))
    ]


def coverage_funnel(published: Published, region: str, language: Language) -> Figure:
    """Coverage of the listed, by unit."""
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


def continuity_funnel(published: Published, region: str, language: Language) -> Figure:
    """COC to physicians, by unit."""
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
    title = language.text("funnel_title_no_centre" if known else "no_values")
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
        (
            *((language.text("funnel_note"),) if chart else ()),
            *suppression_note(rows, language),
        ),
    )


def load(published: Published, region: str, language: Language) -> Figure:
    """Listed persons against the guideline, by unit."""
    own = published.list_load[region]
    rows = [
        own,
        *ranked(_unit_rows(published, region, published.list_load), "load"),
    ]
    known = [row["load"] for row in rows[1:] if row["status"] == "ok"]
    title = language.text(
        "load_title_units" if known else "load_title_none",
        above=sum(load > 1 for load in known),
        units=len(known),
    )
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
        (
            guideline,
            *(
                (language.text("load_undefined_note"),)
                if any(row["status"] == "undefined" for row in rows)
                else ()
            ),
            *suppression_note(rows, language),
        ),
    )
