"""Figures that several pages have: areas ranked by a value, and a value by month."""

from collections.abc import Iterable, Mapping

from pipelines.publication.report.figure import Chart, Column, Figure, Kind, shown
from pipelines.publication.report.language import Language
from pipelines.publication.report.published import Row


def ranked(rows: Iterable[Row], value: str) -> list[Row]:
    """The rows by value, highest first; those without one last; ties by the area's code."""
    return sorted(
        rows,
        key=lambda row: (row[value] is None, -(row[value] or 0), row["area_code"]),
    )


def ranking(
    name: str,
    rows: Iterable[Row],
    value: str,
    kind: Kind,
    own_area: str,
    language: Language,
    *,
    title: str,
    definition: str,
    counts: tuple[tuple[str, str], ...],
    goal: float | None = None,
    hrefs: Mapping[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> Figure:
    """Areas by a value with intervals. `counts` are the columns behind the value, with labels."""
    ordered = [
        {**row, "kind": kind, "href": (hrefs or {}).get(row["area_code"])}
        for row in ranked(rows, value)
    ]
    columns = (
        Column("area_name", language.text("area")),
        Column(value, language.text("value"), kind),
        Column("ci", language.text("interval"), "interval"),
        *(Column(column, label, "count") for column, label in counts),
    )
    chart = Chart(
        "share_ranking" if kind == "share" else "index_ranking",
        {
            "values": [drawn(row, value, kind, own_area, language) for row in ordered],
            "goals": goals(goal, language),
        },
        language.text("chart_ranking", count=len(ordered), what=definition),
    )
    return Figure(name, title, definition, columns, ordered, chart, notes)


def drawn(row: Row, value: str, kind: str, own_area: str, language: Language) -> Row:
    """What a drawing needs of a row: place, value and interval, and the words at the pointer."""
    point: Row = {"area": row["area_name"] or row["area_code"], "value": row[value]}
    if row["status"] == "ok":
        point |= {"low": row.get("ci_low"), "high": row.get("ci_high")}
    else:
        point["status_text"] = language.text(f"status_{row['status']}")
    if row["area_code"] == own_area:
        point["own"] = True
    return point | {"shown": shown(row, value, kind, language)}


def goals(goal: float | None, language: Language) -> list[Row]:
    """The line of a goal with its words; none where there is no goal."""
    if goal is None:
        return []
    return [{"goal": goal, "label": language.text("goal_label", goal=language.percent(goal, 0))}]


def by_month(
    name: str,
    areas: Iterable[tuple[str, list[Row]]],
    value: str,
    kind: Kind,
    language: Language,
    *,
    title: str,
    definition: str,
    goal: float | None = None,
    notes: tuple[str, ...] = (),
) -> Figure:
    """A value by month for one or two areas, with intervals."""
    rows = [
        {**row, "area_name": area, "kind": kind, "month_text": language.month(row["month"])}
        for area, of_area in areas
        for row in of_area
    ]
    rows.sort(key=lambda row: row["month"])
    columns = (
        Column("month_text", language.text("month")),
        Column("area_name", language.text("area")),
        Column(value, language.text("value"), kind),
        Column("ci", language.text("interval"), "interval"),
    )
    chart = Chart(
        "share_by_month" if kind == "share" else "index_by_month",
        {
            "values": [
                drawn(row, value, kind, "", language) | {"month_text": row["month_text"]}
                for row in rows
            ],
            "goals": goals(goal, language),
        },
        language.text("chart_by_month", what=definition),
    )
    return Figure(name, title, definition, columns, rows, chart, notes)


def change_title(key: str, rows: list[Row], value: str, kind: str, language: Language) -> str:
    """From the first month with a value to the last, both values said."""
    with_value = [row for row in rows if row["status"] == "ok"]
    if not with_value:
        return language.text(f"{key}_none")
    first, last = with_value[0], with_value[-1]
    return language.text(
        f"{key}_one" if first is last else key,
        first=shown_value(first, value, kind, language),
        first_month=language.month(first["month"]),
        last=shown_value(last, value, kind, language),
        last_month=language.month(last["month"]),
    )


def shown_value(row: Row, value: str, kind: str, language: Language) -> str:
    """The value without its interval."""
    return shown({**row, "ci_low": None}, value, kind, language)


def suppression_note(rows: Iterable[Row], language: Language, *statuses: str) -> tuple[str, ...]:
    """What suppressed means, where a row has such a status."""
    if any(row.get(name) == "suppressed" for row in rows for name in ("status", *statuses)):
        return (language.text("note_suppressed"),)
    return ()
