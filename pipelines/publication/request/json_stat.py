"""The tables as JSON-stat 2.0 datasets, with a status for each cell that has no value.

Labels are Swedish; the English ones stand in `extension`.
"""

import json
from collections.abc import Iterator, Mapping

from pipelines.publication.request import words
from pipelines.publication.request.contents import Contents
from pipelines.publication.request.tables import RequestTable
from pipelines.publication.request.words import MISSING_EXPLAINED, Words

FOLDER = "json-stat"

AREA, MEASURE, MONTH = "area_code", "measure", "month"
NOT_APPLICABLE = "not_applicable"


def json_stat_files(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """A dataset for each table."""
    for table in contents.tables.values():
        text = json.dumps(_dataset(contents, table), ensure_ascii=False, separators=(",", ":"))
        yield f"{FOLDER}/{table.name}.json", text.encode()


def _dataset(contents: Contents, table: RequestTable) -> dict[str, object]:
    month = contents.figures.month
    titles = {
        AREA: Words("Område", "Area"),
        **{each.column: each.title for each in table.dimensions},
        MEASURE: Words("Innehåll", "Contents"),
        MONTH: Words("Månad", "Month"),
    }
    labels: Mapping[str, Mapping[str, Words]] = {
        AREA: {code: Words(name, name) for code, name in table.area_labels.items()},
        **{each.column: each.codes for each in table.dimensions},
        MEASURE: {each.column: each.title for each in table.measures},
        MONTH: {month: contents.month},
    }
    values: list[object] = []
    statuses: dict[str, str] = {}
    for row in table.cells.values():
        for measure in table.measures:
            value = row[measure.column] if row["status"] == "ok" else None
            if value is None:
                hidden = row["status"] != "ok"
                statuses[str(len(values))] = str(row["status"]) if hidden else NOT_APPLICABLE
            values.append(value)
    units = {
        each.column: {
            "label": (words.SHARE_UNIT if each.share else each.unit).sv,
            "decimals": each.decimals + (2 if each.share else 0),
        }
        for each in table.measures
    }
    release = contents.figures.release["release_id"]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": f"{table.title.sv}, {contents.month.sv}",
        "source": f"Regionernas leveranser, utgåva {release}",
        "updated": f"{contents.figures.reference_date}T00:00:00Z",
        "id": list(labels),
        "size": [len(codes) for codes in labels.values()],
        "role": {"time": [MONTH], "geo": [AREA], "metric": [MEASURE]},
        "dimension": {
            name: _dimension(titles[name].sv, codes, 0, units if name == MEASURE else None)
            for name, codes in labels.items()
        },
        "value": values,
        **({"status": statuses} if statuses else {}),
        "note": [
            *(f"{status}: {said.sv}" for status, said in MISSING_EXPLAINED.items()),
            f"{NOT_APPLICABLE}: {words.NOT_APPLICABLE.sv}",
            *(
                f"Ofullständig, {region}: {each.sv}"
                for region, each in contents.missing_in_words.items()
            ),
        ],
        "extension": {
            "en": {
                "label": f"{table.title.en}, {contents.month.en}",
                "dimension": {
                    name: _dimension(titles[name].en, codes, 1) for name, codes in labels.items()
                },
            }
        },
    }


def _dimension(
    label: str,
    codes: Mapping[str, Words],
    language: int,
    units: Mapping[str, object] | None = None,
) -> dict[str, object]:
    return {
        "label": label,
        "category": {
            "index": list(codes),
            "label": {code: said[language] for code, said in codes.items()},
            **({"unit": units} if units else {}),
        },
    }
