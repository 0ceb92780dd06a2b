"""Coverage under every region's definition: the same listed persons, counted by each rule set."""

from pipelines.publication.report.figure import Chart, Column, Figure, shown
from pipelines.publication.report.goals import region_hrefs
from pipelines.publication.report.language import Language, short_region_name
from pipelines.publication.report.page import Page, Section
from pipelines.publication.report.published import Published, Row
from schemas.rule_sets import rule_sets

_FIRST = ("reported", "national")


def comparison_page(published: Published, language: Language) -> Page:
    """The page of the comparison matrix."""
    return Page(
        "jamforelse.html",
        language.text("comparison_title"),
        language.text("comparison_lead"),
        sections=(
            Section(
                "matris",
                language.text("comparison_heading"),
                (language.text("comparison_text"),),
                figures=(_matrix(published, language),),
            ),
        ),
    )


def rule_set_names(published: Published) -> list[str]:
    """The rule sets of the comparison: as reported, the national one, then the regions' own."""
    names = {rule_set for _, rule_set in published.comparison}
    return [*(name for name in _FIRST if name in names), *sorted(names.difference(_FIRST))]


def rule_set_title(rule_set: str, language: Language) -> str:
    """The rule set in words; one that a region has added has its own title, in Swedish.

    One that is no more, as in an earlier month, has only its name.
    """
    if rule_set in _FIRST:
        return language.text(f"rule_set_{rule_set}")
    known = rule_sets().by_name.get(rule_set)
    return known.title if known else rule_set


def _matrix(published: Published, language: Language) -> Figure:
    names = rule_set_names(published)
    hrefs = region_hrefs(published)
    rows, points = [], []
    drops = []
    for region, region_name in published.region_names.items():
        row: Row = {"area_code": region, "area_name": region_name, "href": hrefs[region]}
        for rule_set in names:
            cell = published.comparison.get((region, rule_set))
            row[rule_set] = cell["share"] if cell else None
            row[f"{rule_set}_status"] = cell["status"] if cell else "not_reported"
            point: Row = {
                "area": region_name,
                "rule_set_text": rule_set_title(rule_set, language),
                "value": row[rule_set],
                "shown": shown(cell, "share", "share", language)
                if cell
                else language.text("status_not_reported"),
            }
            if point["value"] is None:
                point["status_text"] = language.text(f"status_{row[f'{rule_set}_status']}")
            points.append(point)
        values = [row[name] for name in names if row[name] is not None]
        if len(values) > 1:
            drops.append((max(values) - min(values), region_name))
        rows.append(row)
    title = language.text("no_values")
    if drops:
        widest, where = max(drops)
        title = language.text(
            "comparison_figure_title",
            region=short_region_name(where),
            points=language.number(100 * widest, 1),
        )
    return Figure(
        "comparison",
        title,
        language.text("define_comparison"),
        (
            Column("area_name", language.text("region")),
            *(
                Column(name, rule_set_title(name, language), "share", f"{name}_status")
                for name in names
            ),
        ),
        rows,
        Chart("comparison", {"values": points}, language.text("chart_comparison")),
        (language.text("comparison_note"),),
    )
