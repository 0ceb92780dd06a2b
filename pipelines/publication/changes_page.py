"""`changes.md`: the difference to the previous release, for somebody who reads."""

from typing import Any

import polars as pl

from pipelines.publication.release_folder import Draft
from pipelines.publication.templates import render
from schemas import codes

MOST_FILES = 50
MOST_FIGURES = 50

_MAIN = {"coverage": "share", "continuity": "mean", "own_physician": "share", "list_load": "load"}


def changes_page(draft: Draft) -> str:
    """The page as Markdown, Swedish with English beside: how many values of which table changed and
    why, which files are new, and the nation's main figures before and after."""
    contents = draft.contents
    previous = contents.previous
    changes = contents.changes
    if previous is None:
        return render("changes.md.jinja", "sv", previous=None)
    files = _new_files(contents.made_from, previous.manifest)
    months = {
        name: set(tables["reporting"]["month"])
        for name, tables in (("before", previous.tables), ("now", draft.tables))
    }
    nation = changes.filter(
        pl.col("area_code") == codes.NATION,
        pl.col("level") == "nation",
        pl.col("dimensions").str.contains("sex=all;age_group=all")
        | ~pl.col("dimensions").str.contains("sex="),
        pl.any_horizontal(
            (pl.col("table_name") == table) & (pl.col("column_name") == column)
            for table, column in _MAIN.items()
        ),
    )
    return render(
        "changes.md.jinja",
        "sv",
        previous=previous.release_id,
        new_months=sorted(months["now"] - months["before"]),
        files=files[:MOST_FILES],
        more_files=max(0, len(files) - MOST_FILES),
        counts=changes.group_by("table_name", "reason").len().sort("table_name", "reason").rows(),
        nation=nation.head(MOST_FIGURES).to_dicts(),
        more_figures=max(0, nation.height - MOST_FIGURES),
    )


def _new_files(made_from: Any, former: Any) -> list[str]:
    """Region, delivery, name and status of the contents that the previous release did not know as
    they are now."""
    known = {_told(each) for each in former["deliveries"]}
    return [
        f"{each['region_code']}/{each['delivery']}/{each['file_name']} ({each['status']})"
        for each in made_from["deliveries"]
        if _told(each) not in known
    ]


def _told(entry: Any) -> tuple[object, ...]:
    names = ("region_code", "delivery", "file_name", "sha256", "status")
    return tuple(entry[name] for name in names)
