"""The goals: an area's figure against each, and where every region stands."""

from pipelines.publication.report.figure import Column, Figure
from pipelines.publication.report.language import Language
from pipelines.publication.report.page import Tile
from pipelines.publication.report.published import Published, Row
from schemas.codes import NATION

COVERAGE_GOAL, SABO_GOAL = "coverage_inhabitants", "coverage_sabo"


def region_hrefs(published: Published) -> dict[str, str]:
    """Region code to its page."""
    return {code: f"region/{code}.html" for code in published.region_names}


def goal_of(published: Published, target_id: str) -> float | None:
    """The number of a goal in force; None where it has none or is not in force."""
    for target in published.targets:
        if target["target_id"] == target_id:
            goal: float | None = target["target"]
            return goal
    return None


def goal_tile(published: Published, area: str, target: Row, language: Language) -> Tile:
    """A goal with the area's figure."""
    row = published.target_status.get((area, target["target_id"]))
    label = language.text(f"target_{target['target_id']}")
    if row is None or row["status"] != "ok":
        status = row["status"] if row else "not_reported"
        return Tile(label, "–", language.text(f"status_{status}"), "missing")
    if target["kind"] == "at_least":
        value = language.percent(row["value"])
        remark = language.text(
            "tile_goal_met" if row["met"] else "tile_goal_missed",
            goal=language.percent(row["target"], 0),
        )
    elif row["relative_change"] is None:
        value = language.number(row["value"], 3)
        remark = _no_comparison(row, language)
    else:
        value = language.signed_percent(row["relative_change"])
        remark = language.text(
            "tile_change" if row["target"] is not None else "tile_increase",
            value=language.number(row["value"], 3),
            month=language.month(row["baseline_month"]),
            goal=language.percent(row["target"] or 0, 0),
            verdict=language.text(f"met_{str(row['met']).lower()}"),
        )
    return Tile(label, value, remark, _mark(row["met"]))


def _no_comparison(row: Row, language: Language) -> str:
    is_baseline = row["baseline_month"] == row["month"]
    return language.text("tile_baseline" if is_baseline else "tile_not_comparable")


def _mark(met: bool | None) -> str:
    return "none" if met is None else "met" if met else "missed"


def goal_matrix(published: Published, language: Language) -> Figure:
    """The nation and every region against every goal."""
    rows = []
    for code, name in {NATION: language.text("nation"), **published.region_names}.items():
        row: Row = {"area_code": code, "area_name": name, "href": region_hrefs(published).get(code)}
        for target in published.targets:
            target_id = target["target_id"]
            status = published.target_status.get((code, target_id))
            if status is None:
                row[f"{target_id}_status"] = "not_reported"
                continue
            is_share = target["kind"] == "at_least"
            value = status["value"] if is_share else status["relative_change"]
            row |= {
                target_id: value,
                f"{target_id}_met": status["met"],
                f"{target_id}_status": _status_of_goal(status, value),
            }
        rows.append(row)
    columns = (
        Column("area_name", language.text("area")),
        *(
            Column(
                target["target_id"],
                language.text(f"target_{target['target_id']}_short"),
                "share" if target["kind"] == "at_least" else "change",
                f"{target['target_id']}_status",
                f"{target['target_id']}_met",
            )
            for target in published.targets
        ),
    )
    met = {
        goal: sum(bool(row.get(f"{goal}_met")) for row in rows[1:])
        for goal in (COVERAGE_GOAL, SABO_GOAL)
    }
    title = language.text(
        "matrix_title",
        inhabitants=met[COVERAGE_GOAL],
        sabo=met[SABO_GOAL],
        reporting=len(published.reporting_regions),
    )
    return Figure("goals", title, language.text("matrix_definition"), columns, rows)


def _status_of_goal(row: Row, value: float | None) -> str:
    if row["status"] == "ok" and value is None:
        return "baseline" if row["baseline_month"] == row["month"] else "not_comparable"
    return str(row["status"])
