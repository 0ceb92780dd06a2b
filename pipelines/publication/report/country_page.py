"""The country: the goals and where each region stands, and what is not reported."""

import json
from importlib.resources import files
from typing import Any

from pipelines.publication.report.figure import Chart, Column, Figure, shown, written
from pipelines.publication.report.goals import (
    COVERAGE_GOAL,
    SABO_GOAL,
    goal_matrix,
    goal_of,
    goal_tile,
    region_hrefs,
)
from pipelines.publication.report.language import Language, short_region_name
from pipelines.publication.report.page import Page, Section
from pipelines.publication.report.published import Published, Row
from pipelines.publication.report.rankings import (
    by_month,
    change_title,
    ranking,
    shown_value,
    suppression_note,
)
from schemas.codes import NATION

BANDS = (0.25, 0.5, 0.75)
"""Where the map's bands begin, but for the lowest."""


def country_page(published: Published, language: Language) -> Page:
    """The first page."""
    coverage = published.coverage("inhabitants")
    return Page(
        "index.html",
        language.text("country_title", month=language.month(published.month)),
        _lead(published, language),
        tuple(goal_tile(published, NATION, target, language) for target in published.targets),
        (
            Section(
                "mal",
                language.text("goals_heading"),
                (language.text("goals_text"),),
                figures=(goal_matrix(published, language),),
            ),
            Section(
                "tackning",
                language.text("coverage_heading"),
                figures=(
                    _map(published, coverage, language),
                    _coverage_ranking(published, coverage, language),
                    _coverage_by_month(published, language),
                ),
            ),
            Section(
                "sabo",
                language.text("sabo_heading"),
                figures=(_sabo_ranking(published, language),),
            ),
            Section(
                "kontinuitet",
                language.text("continuity_heading"),
                (language.text("continuity_text"),),
                figures=(
                    _continuity_ranking(published, language),
                    _continuity_by_month(published, language),
                ),
            ),
            Section(
                "rapportering",
                language.text("reporting_heading"),
                (language.text("reporting_text"),),
                figures=(_reporting(published, language),),
            ),
        ),
    )


def _lead(published: Published, language: Language) -> str:
    nation = published.coverage("inhabitants")[NATION]
    row = published.target_status.get((NATION, COVERAGE_GOAL))
    if nation["status"] != "ok" or row is None:
        return language.text("country_lead_none")
    met = [
        code
        for code in published.reporting_regions
        if (each := published.target_status.get((code, COVERAGE_GOAL))) and each["met"]
    ]
    return language.text(
        "country_lead_met" if row["met"] else "country_lead_missed",
        share=language.percent(nation["share"]),
        goal=language.percent(row["target"], 0),
        met=len(met),
        reporting=len(published.reporting_regions),
    )


def _regions(published: Published, by_area: dict[str, Row], language: Language) -> list[Row]:
    """The nation and all regions."""
    return [
        {**row, "area_name": language.text("nation") if code == NATION else row["area_name"]}
        for code, row in by_area.items()
    ]


def _not_reported(code: str, name: str) -> Row:
    """The row of a region that has none in `continuity`, because it does not report."""
    values = dict.fromkeys(("mean", "ci_low", "ci_high", "persons", "visits"))
    return {
        "level": "region",
        "area_code": code,
        "area_name": name,
        "status": "not_reported",
        **values,
    }


def extremes(rows: list[Row], value: str, kind: str, language: Language) -> dict[str, str]:
    """The regions with the highest and the lowest value, with their values."""
    regions = sorted(
        (row for row in rows if row["level"] == "region" and row["status"] == "ok"),
        key=lambda row: (row[value], row["area_code"]),
    )
    if not regions:
        return {}
    low, high = regions[0], regions[-1]
    return {
        "best": short_region_name(high["area_name"]),
        "best_value": written(high[value], kind, language),
        "worst": short_region_name(low["area_name"]),
        "worst_value": written(low[value], kind, language),
    }


def _map(published: Published, coverage: dict[str, Row], language: Language) -> Figure:
    outlines: dict[str, Any] = json.loads(
        files("pipelines.publication.report").joinpath("regions.json").read_text("utf-8")
    )
    rows = [row for code, row in coverage.items() if code != NATION]
    features = [
        {
            "type": "Feature",
            "value": row["share"],
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [[ring] for ring in outlines[row["area_code"]]],
            },
            "properties": {
                "area": row["area_name"],
                "band": _band(row, language),
                "shown": shown(row, "share", "share", language),
                "href": f"region/{row['area_code']}.html",
            },
        }
        for row in rows
    ]
    hrefs = region_hrefs(published)
    table = [{**row, "band": _band(row, language), "href": hrefs[row["area_code"]]} for row in rows]
    highest = sum(row["status"] == "ok" and row["share"] >= BANDS[-1] for row in rows)
    lowest = sum(row["status"] == "ok" and row["share"] < BANDS[0] for row in rows)
    definition = language.text("define_coverage_inhabitants")
    known = any(row["status"] == "ok" for row in rows)
    title = language.text("map_title", highest=highest, lowest=lowest)
    return Figure(
        "map",
        title if known else language.text("no_values"),
        definition,
        (
            Column("area_name", language.text("area")),
            Column("share", language.text("value"), "share"),
            Column("band", language.text("band")),
        ),
        table,
        Chart("map", {"shapes": features}, language.text("chart_map", what=definition)),
        (language.text("map_note"),),
    )


def _band(row: Row, language: Language) -> str:
    if row["status"] != "ok":
        return language.text("band_missing")
    return language.text(f"band_{1 + sum(row['share'] >= bound for bound in BANDS)}")


def _coverage_ranking(published: Published, coverage: dict[str, Row], language: Language) -> Figure:
    rows = _regions(published, coverage, language)
    goal = goal_of(published, COVERAGE_GOAL)
    met = sum(
        row["level"] == "region" and row["status"] == "ok" and row["share"] >= (goal or 0)
        for row in rows
    )
    found = extremes(rows, "share", "share", language)
    title = language.text("no_values")
    if found:
        title = language.text(
            "coverage_title",
            met=met,
            reporting=len(published.reporting_regions),
            goal=language.percent(goal or 0, 0),
            **found,
        )
    return ranking(
        "coverage-inhabitants",
        rows,
        "share",
        "share",
        NATION,
        language,
        title=title,
        definition=language.text("define_coverage_inhabitants"),
        counts=(
            ("numerator", language.text("with_named_physician")),
            ("denominator", language.text("inhabitants")),
        ),
        goal=goal,
        hrefs=region_hrefs(published),
        notes=(language.text("note_interval_wilson"), language.text("note_regions_decide")),
    )


def _sabo_ranking(published: Published, language: Language) -> Figure:
    rows = _regions(published, published.coverage("sabo"), language)
    nation = published.coverage("sabo")[NATION]
    title = language.text(
        "sabo_title" if nation["status"] == "ok" else "sabo_title_none",
        share=shown_value(nation, "share", "share", language),
        hidden=sum(row["status"] == "suppressed" and row["level"] == "region" for row in rows),
        reporting=len(published.reporting_regions),
    )
    return ranking(
        "coverage-sabo",
        rows,
        "share",
        "share",
        NATION,
        language,
        title=title,
        definition=language.text("define_coverage_sabo"),
        counts=(
            ("numerator", language.text("with_named_physician")),
            ("denominator", language.text("residents")),
        ),
        goal=goal_of(published, SABO_GOAL),
        hrefs=region_hrefs(published),
        notes=(language.text("note_interval_wilson"), *suppression_note(rows, language)),
    )


def _continuity_ranking(published: Published, language: Language) -> Figure:
    made = published.continuity("physician")
    silent = {
        code: _not_reported(code, name)
        for code, name in published.region_names.items()
        if code not in made
    }
    rows = _regions(published, made | silent, language)
    nation = made[NATION]
    found = extremes(rows, "mean", "index", language)
    title = language.text("no_values")
    if found:
        title = language.text(
            "continuity_title" if nation["status"] == "ok" else "continuity_title_regions",
            value=shown_value(nation, "mean", "index", language),
            **found,
        )
    return ranking(
        "continuity-physician",
        rows,
        "mean",
        "index",
        NATION,
        language,
        title=title,
        definition=language.text("define_continuity_physician"),
        counts=(("persons", language.text("persons")), ("visits", language.text("visits"))),
        hrefs=region_hrefs(published),
        notes=(language.text("note_interval_mean"), *suppression_note(rows, language)),
    )


def _coverage_by_month(published: Published, language: Language) -> Figure:
    rows = published.coverage_by_month[NATION]
    return by_month(
        "coverage-by-month",
        [(language.text("nation"), rows)],
        "share",
        "share",
        language,
        title=change_title("coverage_change", rows, "share", "share", language),
        definition=language.text("define_coverage_inhabitants"),
        goal=goal_of(published, COVERAGE_GOAL),
        notes=(language.text("note_months"),),
    )


def _continuity_by_month(published: Published, language: Language) -> Figure:
    rows = published.continuity_by_month()[NATION]
    return by_month(
        "continuity-by-month",
        [(language.text("nation"), rows)],
        "mean",
        "index",
        language,
        title=change_title("continuity_change", rows, "mean", "index", language),
        definition=language.text("define_continuity_physician"),
        notes=(language.text("note_windows_overlap"),),
    )


def _reporting(published: Published, language: Language) -> Figure:
    hrefs = region_hrefs(published)
    rows = [
        {
            "area_code": code,
            "area_name": name,
            "href": hrefs[code],
            "status": "ok" if published.reporting[code]["reported"] else "not_reported",
            "population": published.reporting[code]["population"],
            "contact_months": published.reporting[code]["contact_months"],
            "contact_months_expected": published.reporting[code]["contact_months_expected"],
        }
        for code, name in published.region_names.items()
    ]
    everybody = sum(row["population"] or 0 for row in rows)
    reported = sum(row["population"] or 0 for row in rows if row["status"] == "ok")
    title = language.text(
        "reporting_title",
        reporting=len(published.reporting_regions),
        regions=len(rows),
        share=language.percent(reported / everybody) if everybody else "–",
    )
    missing = [
        short_region_name(row["area_name"]) for row in rows if row["status"] == "not_reported"
    ]
    note = language.text("reporting_missing", names=language.listed(missing)) if missing else ""
    return Figure(
        "reporting",
        title,
        language.text("define_reporting"),
        (
            Column("area_name", language.text("region")),
            Column("status", language.text("status"), "status"),
            Column("population", language.text("population"), "count", "none"),
            Column("contact_months", language.text("contact_months"), "count"),
            Column("contact_months_expected", language.text("contact_months_expected"), "count"),
        ),
        rows,
        notes=(note,) if note else (),
    )
