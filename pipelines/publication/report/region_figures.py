"""The other figures of a region: municipalities, months, lists, SÄBO and data quality."""

from pipelines.publication.report.country_page import extremes
from pipelines.publication.report.figure import Chart, Column, Figure, shown, written
from pipelines.publication.report.goals import COVERAGE_GOAL, goal_of
from pipelines.publication.report.language import Language, short_region_name
from pipelines.publication.report.published import Published, Row
from pipelines.publication.report.rankings import (
    by_month,
    change_title,
    ranking,
    shown_value,
    suppression_note,
)
from schemas.codes import LIST_KINDS, NATION
from schemas.quality_metrics import REJECTED_BY_RULE, REJECTED_ROWS, quality_metrics

SOURCES = ("cosmic", "municipality", "both", "any")


def municipalities(published: Published, region: str, language: Language) -> Figure:
    """Coverage of inhabitants, by municipality."""
    rows = [
        row
        for code in published.municipality_names[region]
        if (row := published.municipality_coverage.get((code, "inhabitants")))
    ]
    region_row = published.coverage("inhabitants")[region]
    found = extremes([{**row, "level": "region"} for row in rows], "share", "share", language)
    title = language.text("municipalities_title", **found) if found else language.text("no_values")
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
        notes=(language.text("note_interval_wilson"), *suppression_note(rows, language)),
    )


def development(published: Published, region: str, language: Language) -> tuple[Figure, ...]:
    """Coverage and continuity by month, beside the nation's."""
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


def list_kinds(published: Published, region: str, language: Language) -> Figure:
    """Kinds of lists, in the region and the nation."""
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
    known = {
        kind: shown_value(row, "share", "share", language)
        for kind in ("fictitious", "locum")
        if (row := published.list_kinds[region, kind])["status"] == "ok"
    }
    title = language.text("_".join(["kinds_title", *known]), **known)
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
        suppression_note(rows, language),
    )


def sabo_markings(published: Published, region: str, language: Language) -> Figure:
    """Persons marked sabo, by municipality and source, and their coverage."""
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
        if code != region and any(row[source] != 0 for source in SOURCES):
            points += _marked(row, language)
        rows.append(row)
    drawn = {point["area"] for point in points}
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
        Chart("sources", {"values": points}, language.text("chart_sources")),
        (
            *((language.text("sabo_note_none"),) if len(drawn) < len(municipalities) else ()),
            *suppression_note(rows, language, *(f"{source}_status" for source in SOURCES)),
        ),
    )


def _marked(row: Row, language: Language) -> list[Row]:
    """A municipality's bars, one for each source."""
    return [
        {
            "area": row["area_name"],
            "source_text": language.text(f"source_{source}"),
            "value": row[source],
            "shown": words,
            "status_text": "" if row[source] is not None else words,
        }
        for source in SOURCES
        if source != "any"
        for words in [shown({**row, "status": row[f"{source}_status"]}, source, "count", language)]
    ]


def data_quality(published: Published, region: str, language: Language) -> Figure:
    """What the figures rest on."""
    names = {each.key: each.sv if language.code == "sv" else each.en for each in quality_metrics()}
    nation = {(row["delivery"], row["metric"]): row for row in published.data_quality[NATION]}
    rows = []
    order = {(each.delivery, each.metric): place for place, each in enumerate(quality_metrics())}
    measured = sorted(
        published.data_quality[region],
        key=lambda row: order.get((row["delivery"], row["metric"]), len(order)),
    )
    for row in measured:
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
    without = _share_of_metric(published, region, "without_provider_physician")
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


def _share_of_metric(published: Published, region: str, metric: str) -> float | None:
    """The share of a measure of data quality; None where hidden or not made."""
    for row in published.data_quality[region]:
        if row["metric"] == metric:
            share: float | None = row["share"]
            return share
    return None
