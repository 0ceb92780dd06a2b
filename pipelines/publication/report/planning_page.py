"""Planning: how many specialists a region and its centres need, by the reader's own assumptions.

With guideline value g, ST value s, full-time share f, coverage c: full-time specialists needed =
max(0, (c · listed − s · FTE of ST) / g); missing = max(0, needed − FTE of specialists); persons
to employ = missing / f. With the guideline in force and c = 1 what is missing is the published
`specialists_short`. The script `static/planning.js` computes the same when a slider is moved.
"""

from pipelines.publication.report.language import Language
from pipelines.publication.report.page import Page
from pipelines.publication.report.published import Published, Row

_NEEDED = ("listed", "fte_specialist", "fte_st", "guideline_specialist", "guideline_st")


def planning_page(published: Published, language: Language) -> Page:
    """The page of the planning tool."""
    return Page(
        "planering.html",
        language.text("planning_title"),
        language.text("planning_lead"),
        template="planning.html",
        content={"regions": [_region(published, code) for code in published.region_names]},
    )


def _region(published: Published, region: str) -> Row:
    own = published.list_load.get(region)
    units = [
        _area(unit, row, own)
        for unit in published.units[region]
        if own and (row := published.list_load.get(unit))
    ]
    name = published.region_names[region]
    return {**_area(region, own, own), "name": name, "units": sorted(units, key=_by_name)}


def _by_name(row: Row) -> tuple[str, str]:
    return row["name"], row["code"]


def _area(code: str, row: Row | None, region: Row | None) -> Row:
    """What the computation needs of an area; only its status where that is not published.

    Where the capacity is 0 the load is undefined and nothing is published of the area.
    """
    area: Row = {"code": code, "name": (row and row["area_name"]) or code}
    if row is None or region is None or row["status"] != "ok":
        return area | {"status": row["status"] if row else "not_reported"}
    return area | {"status": "ok"} | {name: row[name] for name in _NEEDED}
