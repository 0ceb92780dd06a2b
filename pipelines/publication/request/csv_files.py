"""The tables as CSV with field metadata: a Frictionless tabular data package.

UTF-8, comma, decimal point, an empty field for what is missing (why stands in `status`). Numbers
have all their digits.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256

import polars as pl

from pipelines.publication.request import words
from pipelines.publication.request.contents import Contents
from pipelines.publication.request.tables import Dimension, Measure, RequestTable
from schemas.column import Column
from schemas.columns import AREA_CODE, AREA_NAME, LEVEL, MONTH, REFERENCE_DATE, STATUS
from schemas.statistics import TARGET_STATUS

FOLDER = "csv"

_TYPES: Mapping[pl.DataType, str] = {
    pl.Int64(): "integer",
    pl.Float64(): "number",
    pl.String(): "string",
    pl.Date(): "date",
    pl.Boolean(): "boolean",
}


def csv_files(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """A CSV file for each table, and `datapackage.json` that describes them."""
    resources = []
    for table in contents.tables.values():
        frame = table.rows.select(pl.lit(contents.figures.month).alias("month"), pl.all())
        content = frame.write_csv().encode()
        yield f"{FOLDER}/{table.name}.csv", content
        resources.append(_resource(table, frame, content))
    package = {
        "profile": "tabular-data-package",
        "name": f"fast-lakarkontakt-{contents.figures.month}",
        "title": f"Fast läkarkontakt, {contents.month.sv}",
        "description": f"Named physician and continuity of care, {contents.month.en}. "
        f"Release {contents.figures.release['release_id']}. "
        f"{'Partial: deliveries are missing.' if contents.is_partial else 'Complete.'}",
        "resources": resources,
    }
    text = json.dumps(package, ensure_ascii=False, indent=1)
    yield f"{FOLDER}/datapackage.json", text.encode()


def _resource(table: RequestTable, frame: pl.DataFrame, content: bytes) -> dict[str, object]:
    dimensions = {each.column: each for each in table.dimensions}
    measures = {each.column: each for each in table.measures}
    fields = []
    for name, kind in frame.schema.items():
        if name in dimensions:
            described = _dimension(dimensions[name])
        elif name in measures:
            described = _measure(measures[name])
        else:
            described = _column(_COLUMNS[name])
        fields.append({"name": name, "type": _TYPES[kind], **described})
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "title": table.title.both,
        "description": _fixed(table),
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": {
            "fields": fields,
            "primaryKey": ["month", *table.key],
            "missingValues": [""],
        },
    }


_COLUMNS: Mapping[str, Column] = {
    each.name: each
    for each in (
        MONTH,
        REFERENCE_DATE,
        LEVEL,
        AREA_CODE,
        AREA_NAME,
        STATUS,
        *(TARGET_STATUS.column(name) for name in ("met", "baseline_month", "comparable", "reason")),
    )
}


def _column(column: Column) -> dict[str, object]:
    constraints: dict[str, object] = {"required": True} if column.required else {}
    if column.codes:
        constraints["enum"] = list(column.codes)
    return {
        "title": column.label,
        "description": column.description,
        **({"constraints": constraints} if constraints else {}),
    }


def _dimension(dimension: Dimension) -> dict[str, object]:
    return {
        "title": dimension.title.both,
        "description": "; ".join(f"{code}: {said.both}" for code, said in dimension.codes.items()),
        "constraints": {"required": True, "enum": list(dimension.codes)},
    }


def _measure(measure: Measure) -> dict[str, object]:
    unit = words.SHARE_UNIT if measure.share else measure.unit
    constraints = {"constraints": {"minimum": 0}} if measure.whole else {}
    return {"title": measure.title.both, "description": unit.both, "unit": unit.en, **constraints}


def _fixed(table: RequestTable) -> str:
    """What all rows have in common in the published table that they come from."""
    fixed = ", ".join(f"{column} = {code}" for column, code in table.fixed.items())
    return f"Rows of {table.published}" + (f" with {fixed}." if fixed else ".")
