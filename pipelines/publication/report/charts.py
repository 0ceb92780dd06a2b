"""The report's drawings as Vega-Lite specifications, made with Altair, one function each.

They are made when they change and kept in `charts.json` (`generated_text` writes it), so that who
builds a report needs no Altair. A specification holds no data: the page gives its data sets by
name when it draws. Nor does it hold words: `@key@` stands for a text of `texts.toml`. Colours are
the style sheet's (`var(--…)`), so that dark, light and print need no drawing of their own. Shares
have the whole axis from 0 to 1; every other axis begins at 0.
"""

import json
from collections.abc import Callable
from typing import Any

import altair as alt

Specification = dict[str, Any]
Drawing = alt.Chart | alt.LayerChart | alt.FacetChart

INK, MUTED, GRID = "var(--ink)", "var(--muted)", "var(--line)"
AREA, OTHER, GOAL, OUTSIDE = "var(--area)", "var(--other)", "var(--goal)", "var(--outside)"
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
ROW = 22
"""Pixels that an area's row is high."""
LABEL_WIDTH = alt.ExprRef("containerSize()[0] < 500 ? 125 : 250")
"""A label may be longer where the page is wide."""

_PERCENT, _INDEX = ".0%", ".2f"


def specifications() -> str:
    """Every drawing by its name, as the text of `charts.json`."""
    drawings: dict[str, Callable[[], Drawing]] = {
        "share_ranking": share_ranking,
        "index_ranking": index_ranking,
        "map": coverage_map,
        "share_by_month": share_by_month,
        "index_by_month": index_by_month,
        "positions": positions,
        "share_funnel": share_funnel,
        "index_funnel": index_funnel,
        "load": load,
        "kinds": kinds,
        "sources": sources,
        "comparison": comparison,
    }
    made = {name: _finished(draw()) for name, draw in drawings.items()}
    return json.dumps(made, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _text(key: str) -> str:
    """What stands for a text until the language is known."""
    return f"@{key}@"


def _finished(chart: Drawing) -> Specification:
    drawn = chart.properties(
        width="container",
        background="transparent",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    ).configure(
        # The chart's place in the page is an image with a description; its parts are not read out.
        aria=False,
        mark=alt.MarkConfig(aria=False),
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK,
            titleColor=INK,
            gridColor=GRID,
            domainColor=MUTED,
            tickColor=MUTED,
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            labelLimit=LABEL_WIDTH,
        ),
        legend=alt.LegendConfig(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=13,
            titleFontSize=13,
            orient="top",
            labelLimit=320,
            columns=2,
        ),
        text=alt.MarkConfig(font=FONT, fontSize=13, color=INK),
    )
    specification: Specification = drawn.to_dict()
    specification.pop("$schema")
    return specification


def _rows(field: str, height: int) -> dict[str, Any]:
    """A chart with a row for each value of a field; the page makes it as high as these need."""
    return {"usermeta": {"rows": {"field": field, "height": height}}}


def _data(name: str) -> alt.NamedData:
    return alt.NamedData(name)


def _tips(*fields: tuple[str, str]) -> list[alt.Tooltip]:
    """What is shown at the pointer: the texts that the page has written out for each row."""
    return [alt.Tooltip(f"{name}:N", title=_text(key)) for name, key in fields]


def _area_axis() -> alt.Y:
    return alt.Y("area:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False))


def _ranking(x: alt.X, tips: list[alt.Tooltip], goal: list[alt.Chart]) -> Drawing:
    """Areas in the order of the rows, each with its value and interval; the goal as a line."""
    areas = alt.Chart(_data("values")).encode(y=_area_axis())
    colour = alt.condition("datum.own", alt.value(AREA), alt.value(OTHER))
    interval = areas.mark_rule(strokeWidth=5, opacity=0.35, strokeCap="round").encode(
        x=x, x2="high:Q", color=colour, tooltip=tips
    )
    point = areas.mark_point(filled=True, size=85, opacity=1).encode(
        x=alt.X("value:Q"),
        color=colour,
        shape=alt.condition("datum.own", alt.value("diamond"), alt.value("circle")),
        tooltip=tips,
    )
    missing = (
        areas.transform_filter("datum.value === null")
        .mark_text(align="left", dx=4, color=MUTED, fontStyle="italic")
        .encode(x=alt.datum(0), text="status_text:N")
    )
    return alt.layer(*goal, interval, point, missing).properties(**_rows("area", ROW))


def _goal_along_x() -> list[alt.Chart]:
    """The goal as an upright line with its words above."""
    goals = alt.Chart(_data("goals")).encode(x="goal:Q")
    return [
        goals.mark_rule(color=GOAL, strokeDash=[6, 3], strokeWidth=2),
        goals.mark_text(color=GOAL, fontWeight="bold", fontSize=12).encode(
            y=alt.value(-8), text="label:N"
        ),
    ]


def _goal_along_y() -> list[alt.Chart]:
    """The goal as a level line with its words at its beginning."""
    goals = alt.Chart(_data("goals")).encode(y="goal:Q")
    return [
        goals.mark_rule(color=GOAL, strokeDash=[6, 3], strokeWidth=2),
        goals.mark_text(
            color=GOAL, fontWeight="bold", fontSize=12, align="left", baseline="bottom", dx=4, dy=-3
        ).encode(x=alt.value(0), text="label:N"),
    ]


def share_ranking() -> Drawing:
    """Areas by a share, with intervals and the goal."""
    x = alt.X(
        "low:Q",
        title=_text("axis_share"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=_PERCENT, tickCount=5),
    )
    return _ranking(x, _tips(("area", "area"), ("shown", "value")), _goal_along_x())


def index_ranking() -> Drawing:
    """Areas by a mean index, with intervals."""
    x = alt.X(
        "low:Q",
        title=_text("axis_index"),
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(format=_INDEX, tickCount=5),
    )
    return _ranking(x, _tips(("area", "area"), ("shown", "value")), [])


def coverage_map() -> Drawing:
    """Regions by coverage in four bands; hatched in grey where there is no figure."""
    bands = [_text(f"band_{number}") for number in range(1, 5)]
    shapes = (
        alt.Chart(_data("shapes"))
        .mark_geoshape(stroke="var(--paper)", strokeWidth=1)
        .encode(
            color=alt.Color(
                "properties.band:N",
                title=None,
                scale=alt.Scale(
                    domain=[*bands, _text("band_missing")],
                    range=[*(f"var(--band-{number})" for number in range(1, 5)), "var(--missing)"],
                ),
                legend=alt.Legend(
                    orient="top-left", columns=1, symbolType="square", symbolSize=220
                ),
            ),
            tooltip=[
                alt.Tooltip("properties.area:N", title=_text("area")),
                alt.Tooltip("properties.shown:N", title=_text("value")),
            ],
            href="properties.href:N",
        )
    )
    return alt.layer(shapes).properties(height=520).project(type="identity", reflectY=True)


def _by_month(y: alt.Y, goal: list[alt.Chart]) -> Drawing:
    """A line per area with its interval as a band, and the goal."""
    months = alt.Chart(_data("values")).encode(
        x=alt.X(
            "month_text:O", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)
        )
    )
    colour = alt.Color("area:N", sort=None, title=None, scale=alt.Scale(range=[AREA, OTHER]))
    unnamed = colour.legend(None)
    band = months.mark_area(opacity=0.2).encode(y=y, y2="high:Q", color=unnamed)
    line = months.mark_line(strokeWidth=2.5, opacity=1).encode(
        y="value:Q",
        color=unnamed,
        strokeDash=alt.StrokeDash("area:N", sort=None, legend=None),
        tooltip=_tips(("area", "area"), ("month_text", "month"), ("shown", "value")),
    )
    point = months.mark_point(filled=True, size=60, opacity=1).encode(
        y="value:Q",
        color=colour,
        shape=alt.Shape("area:N", sort=None, legend=None),
        tooltip=_tips(("area", "area"), ("month_text", "month"), ("shown", "value")),
    )
    layers = alt.layer(*goal, band, line, point).properties(height=260)
    drawing: Drawing = layers.resolve_legend(color="independent")
    return drawing


def share_by_month() -> Drawing:
    """A share by month."""
    y = alt.Y(
        "low:Q",
        title=_text("axis_share"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=_PERCENT, tickCount=5),
    )
    return _by_month(y, _goal_along_y())


def index_by_month() -> Drawing:
    """A mean index by month."""
    y = alt.Y(
        "low:Q",
        title=_text("axis_index"),
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(format=_INDEX, tickCount=5),
    )
    return _by_month(y, [])


def positions() -> Drawing:
    """Where a region stands among all regions, one row for each indicator."""
    x = alt.X(
        "value:Q",
        title=_text("axis_share_or_index"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".1f", tickCount=5),
    )
    rows = alt.Chart(_data("values")).encode(
        y=alt.Y(
            "indicator:N",
            sort=None,
            title=None,
            axis=alt.Axis(ticks=False, labelExpr="split(datum.label, ', ')"),
        )
    )
    tips = _tips(("indicator", "indicator"), ("area", "area"), ("shown", "value"))
    others = (
        rows.transform_filter("datum.role === 'other'")
        .mark_tick(thickness=2, height=14, color=OTHER, opacity=0.55)
        .encode(x=x, tooltip=tips)
    )
    nation = (
        rows.transform_filter("datum.role === 'nation'")
        .mark_tick(thickness=3, height=26, color=INK, opacity=1)
        .encode(x=x, tooltip=tips)
    )
    goal = (
        rows.transform_filter("datum.role === 'goal'")
        .mark_point(
            shape="triangle-down", filled=True, size=110, color=GOAL, yOffset=-14, opacity=1
        )
        .encode(x=x, tooltip=tips)
    )
    interval = (
        rows.transform_filter("datum.role === 'own'")
        .mark_rule(strokeWidth=5, opacity=0.35, color=AREA, strokeCap="round")
        .encode(x="low:Q", x2="high:Q", tooltip=tips)
    )
    own = (
        rows.transform_filter("datum.role === 'own'")
        .mark_point(shape="diamond", filled=True, size=150, color=AREA, opacity=1)
        .encode(x=x, tooltip=tips)
    )
    # Every row has its own region, so this layer decides the order of the rows.
    missing = (
        rows.transform_filter("datum.role === 'own'")
        .mark_text(align="left", dx=4, color=MUTED, fontStyle="italic")
        .encode(x=alt.datum(0), text="status_text:N")
    )
    layers = alt.layer(missing, others, nation, interval, own, goal)
    return layers.properties(**_rows("indicator", 40))


def _funnel(y: alt.Y, persons: str) -> Drawing:
    """Units by size, with the limits within which chance alone would put nearly all."""
    limits = alt.Chart(_data("limits")).encode(
        x=alt.X("persons:Q", title=_text(persons), scale=alt.Scale(zero=True))
    )
    lines = [
        limits.mark_line(color=MUTED, strokeDash=dash, strokeWidth=1.5).encode(y=f"{name}:Q")
        for name, dash in (
            ("low_95", [5, 4]),
            ("high_95", [5, 4]),
            ("low_998", [1, 0]),
            ("high_998", [1, 0]),
        )
    ]
    centre = limits.mark_line(color=INK, strokeWidth=1.5).encode(y="centre:Q")
    words = [_text("funnel_within"), _text("funnel_outside")]
    units = (
        alt.Chart(_data("values"))
        .mark_point(filled=True, size=75, opacity=0.85)
        .encode(
            x=alt.X("persons:Q"),
            y=y,
            color=alt.Color(
                "position:N", title=None, scale=alt.Scale(domain=words, range=[AREA, OUTSIDE])
            ),
            shape=alt.Shape(
                "position:N", title=None, scale=alt.Scale(domain=words, range=["circle", "square"])
            ),
            tooltip=_tips(("area", "unit"), ("shown", "value"), ("persons", persons)),
        )
    )
    return alt.layer(*lines, centre, units).properties(height=340)


def share_funnel() -> Drawing:
    """Units by a share."""
    y = alt.Y(
        "value:Q",
        title=_text("axis_share"),
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=_PERCENT, tickCount=5),
    )
    return _funnel(y, "listed")


def index_funnel() -> Drawing:
    """Units by a mean index."""
    y = alt.Y(
        "value:Q",
        title=_text("axis_index"),
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(format=_INDEX, tickCount=5),
    )
    return _funnel(y, "persons_with_visits")


def load() -> Drawing:
    """Units by listed persons per capacity; 1 is a list at the guideline value."""
    units = alt.Chart(_data("values")).encode(y=_area_axis())
    tips = _tips(("area", "unit"), ("shown", "value"))
    bars = units.mark_bar(height=12, cornerRadiusEnd=2).encode(
        x=alt.X(
            "value:Q",
            title=_text("axis_load"),
            scale=alt.Scale(zero=True, nice=True),
            axis=alt.Axis(tickCount=6),
        ),
        color=alt.condition("datum.value > 1", alt.value(OUTSIDE), alt.value(AREA)),
        tooltip=tips,
    )
    missing = (
        units.transform_filter("datum.value === null")
        .mark_text(align="left", dx=4, color=MUTED, fontStyle="italic")
        .encode(x=alt.datum(0), text="status_text:N")
    )
    return alt.layer(bars, missing, *_goal_along_x()).properties(**_rows("area", ROW))


def kinds() -> Drawing:
    """Kinds of lists in the region and the nation."""
    # A bar without a value has no length, and keeps its place and colour.
    rows = alt.Chart(_data("values")).encode(
        y=alt.Y("kind_text:N", sort=None, title=None, axis=alt.Axis(ticks=False)),
        yOffset=alt.YOffset("area:N", sort=None),
    )
    lengths = rows.transform_calculate(length="datum.value === null ? 0 : datum.value")
    bars = lengths.mark_bar(cornerRadiusEnd=2).encode(
        x=alt.X(
            "length:Q",
            title=_text("axis_share_of_listed"),
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=_PERCENT, tickCount=5),
        ),
        color=alt.Color("area:N", sort=None, title=None, scale=alt.Scale(range=[AREA, OTHER])),
        tooltip=_tips(("kind_text", "kind"), ("area", "area"), ("shown", "value")),
    )
    missing = (
        rows.transform_filter("datum.value === null")
        .mark_text(align="left", dx=4, color=MUTED, fontStyle="italic")
        .encode(x=alt.datum(0), text="shown:N")
    )
    return alt.layer(bars, missing).properties(**_rows("kind_text", 44))


def sources() -> Drawing:
    """Persons marked sabo by municipality and source."""
    names = [_text(f"source_{name}") for name in ("cosmic", "municipality", "both")]
    rows = alt.Chart(_data("values")).encode(
        y=_area_axis(), yOffset=alt.YOffset("source_text:N", sort=names)
    )
    bars = rows.mark_bar(cornerRadiusEnd=2).encode(
        x=alt.X(
            "value:Q",
            title=_text("persons"),
            scale=alt.Scale(zero=True, nice=True),
            axis=alt.Axis(tickCount=5, format="d"),
        ),
        color=alt.Color(
            "source_text:N",
            sort=names,
            title=None,
            scale=alt.Scale(
                domain=names, range=["var(--series-1)", "var(--series-2)", "var(--series-3)"]
            ),
        ),
        tooltip=_tips(("area", "municipality"), ("source_text", "source"), ("shown", "value")),
    )
    missing = rows.mark_text(
        align="left", dx=4, color=MUTED, fontStyle="italic", fontSize=11
    ).encode(x=alt.datum(0), text="status_text:N")
    return alt.layer(bars, missing).properties(**_rows("area", 48))


def comparison() -> Drawing:
    """Every region's listed population under every rule set."""
    regions = alt.Chart(_data("values")).encode(y=_area_axis())
    tips = _tips(("area", "area"), ("rule_set_text", "rule_set"), ("shown", "value"))
    span = regions.mark_rule(color=OTHER, strokeWidth=4, opacity=0.4).encode(
        x=alt.X("min(value):Q"), x2="max(value):Q"
    )
    points = regions.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X(
            "value:Q",
            title=_text("axis_share_of_listed"),
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=_PERCENT, tickCount=5),
        ),
        color=alt.Color(
            "rule_set_text:N",
            sort=None,
            title=None,
            scale=alt.Scale(range=[f"var(--series-{number})" for number in range(1, 6)]),
        ),
        shape=alt.Shape("rule_set_text:N", sort=None, title=None),
        tooltip=tips,
    )
    missing = (
        regions.transform_filter("datum.value === null")
        .mark_text(align="left", dx=4, color=MUTED, fontStyle="italic")
        .encode(x=alt.datum(0), text="status_text:N")
    )
    return alt.layer(span, points, missing).properties(**_rows("area", ROW))
