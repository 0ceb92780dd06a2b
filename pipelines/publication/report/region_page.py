"""A region's page: what stands on it, and in which order."""

from pipelines.publication.report.figure import Figure
from pipelines.publication.report.goals import COVERAGE_GOAL, goal_of, goal_tile
from pipelines.publication.report.language import Language, short_region_name
from pipelines.publication.report.page import Page, Section
from pipelines.publication.report.published import Published
from pipelines.publication.report.refused import refused_points
from pipelines.publication.report.region_figures import (
    data_quality,
    development,
    list_kinds,
    municipalities,
    sabo_markings,
)
from pipelines.publication.report.region_indicators import indicators
from pipelines.publication.report.unit_figures import continuity_funnel, coverage_funnel, load
from schemas.codes import NATION


def region_page(published: Published, region: str, language: Language) -> Page:
    """The page of one region; of one that does not report, what is known of why."""
    name = published.region_names[region]
    values = {"region": name, "month": language.month(published.month)}
    refused = Section(
        "avvisat",
        language.text("refused_heading"),
        (language.text("refused_text"),),
        refused_points(published, region, language),
    )
    if region not in published.reporting_regions:
        return Page(
            f"region/{region}.html",
            language.text("region_title", **values),
            language.text("region_lead_none", **values),
            sections=(refused,),
        )

    def section(key: str, name: str, *figures: Figure, text: tuple[str, ...] = ()) -> Section:
        return Section(name, language.text(f"{key}_heading"), text, figures=figures)

    of_region = published, region, language
    return Page(
        f"region/{region}.html",
        language.text("region_title", **values),
        _lead(published, region, language),
        tuple(goal_tile(published, region, target, language) for target in published.targets),
        (
            section("indicators", "indikatorer", indicators(*of_region)),
            section("municipalities", "kommuner", municipalities(*of_region)),
            section(
                "units",
                "vardcentraler",
                coverage_funnel(*of_region),
                continuity_funnel(*of_region),
                text=(language.text("units_text"),),
            ),
            section("months", "utveckling", *development(*of_region)),
            section("lists", "listor", load(*of_region), list_kinds(*of_region)),
            section("sabo", "sabo", sabo_markings(*of_region)),
            section("quality", "kvalitet", data_quality(*of_region)),
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
