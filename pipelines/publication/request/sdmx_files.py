"""The tables as SDMX-CSV 2.0, one file for each, and the structures that describe them (SDMX-JSON).

A row is one measure of an area and combination in the month. Ids are those that statistical offices
share where there are any (`REF_AREA`, `SEX` with `_T`, `F` and `M`, `OBS_STATUS` with `A`, `Q`, `L`
and `M`); all others are the columns and codes of the published file. A region is `SE_01`, a
municipality `SE_0180`, the nation `SE`: programs that guess types would read 01 as the number 1.
Remarks and reasons of targets are texts, and are left to the other formats.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping

from pipelines.publication.request import words
from pipelines.publication.request.contents import Contents
from pipelines.publication.request.tables import Dimension, RequestTable, level_of
from pipelines.publication.request.words import MISSING, Words
from schemas.codes import NATION

FOLDER = "sdmx"

AGENCY, VERSION = "FLK", "1.0.0"
SEXES = {"all": "_T", "women": "F", "men": "M"}
STATUSES = {"ok": "A", "suppressed": "Q", "not_reported": "L", "undefined": "M"}
"""Of SDMX's code list of observation statuses: normal, suppressed, not collected, cannot exist."""
NOT_APPLICABLE = "M"

_SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/structure-message/tools/schemas/"
    "2.0.0/sdmx-json-structure-schema.json"
)
_CONCEPTS = {
    "REF_AREA": Words("Område", "Area"),
    "MEASURE": Words("Innehåll", "Contents"),
    "TIME_PERIOD": Words("Månad", "Month"),
    "OBS_VALUE": Words("Värde", "Value"),
    "OBS_STATUS": Words("Status", "Status"),
}
_STATUS_TITLES = {
    "A": Words("värde finns", "has a value"),
    "Q": MISSING["suppressed"],
    "L": MISSING["not_reported"],
    "M": Words(
        f"{MISSING['undefined'].sv}, eller {words.NOT_APPLICABLE.sv}",
        f"{MISSING['undefined'].en}, or {words.NOT_APPLICABLE.en}",
    ),
}


def sdmx_files(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """`structures.json`, and `<table>.csv` for each table."""
    text = json.dumps(_structures(contents), ensure_ascii=False, indent=1)
    yield f"{FOLDER}/structures.json", text.encode()
    for table in contents.tables.values():
        yield f"{FOLDER}/{table.name}.csv", _csv(table, contents.figures.month)


def _csv(table: RequestTable, month: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    by = [_id(each.column) for each in table.dimensions]
    observed = ("MEASURE", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", "REF_AREA", *by, *observed])
    structure = ["dataflow", f"{AGENCY}:{_id(table.name)}({VERSION})", "I"]
    for (area, *codes), row in table.cells.items():
        key = [
            _code(dimension, code) for dimension, code in zip(table.dimensions, codes, strict=True)
        ]
        for measure in table.measures:
            value = row[measure.column] if row["status"] == "ok" else None
            status = STATUSES[str(row["status"])]
            if value is None and row["status"] == "ok":
                status = NOT_APPLICABLE
            said = "" if value is None else value
            writer.writerow([*structure, ref_area(area), *key, measure.column, month, said, status])
    return text.getvalue().encode()


def _id(name: str) -> str:
    return name.upper()


def ref_area(area_code: str) -> str:
    """The nation, a region or municipality as no number; a unit's HSA-id as it is."""
    if area_code == NATION:
        return "SE"
    return f"SE_{area_code}" if level_of(area_code) != "unit" else area_code


def _code(dimension: Dimension, code: str) -> str:
    return SEXES[code] if dimension.column == "sex" else code


# The structures


def _structures(contents: Contents) -> dict[str, object]:
    tables = contents.tables.values()
    dimensions = {each.column: each for table in tables for each in table.dimensions}
    concepts = _CONCEPTS | {_id(name): each.title for name, each in dimensions.items()}
    return {
        "meta": {
            "id": f"FLK-{contents.figures.month}",
            "prepared": f"{contents.figures.reference_date}T00:00:00Z",
            "sender": {"id": AGENCY},
            "contentLanguages": ["sv", "en"],
            "schema": _SCHEMA,
        },
        "data": {
            "codelists": list(_code_lists(contents)),
            "conceptSchemes": [
                _maintained("CONCEPTS", Words("Begrepp", "Concepts"))
                | {"concepts": [_item(name, title) for name, title in concepts.items()]}
            ],
            "dataStructures": [_data_structure(table) for table in tables],
            "dataflows": [
                _maintained(_id(table.name), table.title)
                | {"structure": _urn("datastructure.DataStructure", _id(table.name))}
                for table in tables
            ],
        },
    }


def _code_lists(contents: Contents) -> Iterator[dict[str, object]]:
    """A list of each table's areas, measures and codes, and one of the statuses."""
    for table in contents.tables.values():
        if _areas_are_coded(table):
            areas = {ref_area(code): Words(name, name) for code, name in table.area_labels.items()}
            yield _code_list(table, "REF_AREA", _CONCEPTS["REF_AREA"], areas)
        for each in table.dimensions:
            codes = {_code(each, code): title for code, title in each.codes.items()}
            yield _code_list(table, _id(each.column), each.title, codes)
        measures = {each.column: each.title for each in table.measures}
        yield _code_list(table, "MEASURE", _CONCEPTS["MEASURE"], measures)
    yield _maintained("CL_OBS_STATUS", _CONCEPTS["OBS_STATUS"]) | {
        "codes": [_item(code, title) for code, title in _STATUS_TITLES.items()]
    }


def _areas_are_coded(table: RequestTable) -> bool:
    """An HSA-id is a text: what regions deliver may hold letters that no SDMX code can have."""
    return not table.name.endswith("_units")


def _code_list(
    table: RequestTable, concept: str, title: Words, codes: Mapping[str, Words]
) -> dict[str, object]:
    items = [_item(code, words) for code, words in codes.items()]
    return _maintained(_list_id(table, concept), title) | {"codes": items}


def _list_id(table: RequestTable, concept: str) -> str:
    return f"CL_{_id(table.name)}_{concept}"


def _data_structure(table: RequestTable) -> dict[str, object]:
    coded = [*(_id(each.column) for each in table.dimensions), "MEASURE"]
    area = _of_list(_list_id(table, "REF_AREA")) if _areas_are_coded(table) else _format("String")
    dimensions = [
        _component("REF_AREA", area),
        *(_component(name, _of_list(_list_id(table, name))) for name in coded),
    ]
    status = _component("OBS_STATUS", _of_list("CL_OBS_STATUS"))
    return _maintained(_id(table.name), table.title) | {
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": dimensions,
                "timeDimension": _component("TIME_PERIOD", _format("GregorianYearMonth")),
            },
            "measureList": {
                "id": "MeasureDescriptor",
                "measures": [_component("OBS_VALUE", _format("Double"))],
            },
            "attributeList": {
                "id": "AttributeDescriptor",
                "attributes": [
                    status
                    | {
                        "attributeRelationship": {"observation": {}},
                        "measureRelationship": ["OBS_VALUE"],
                    }
                ],
            },
        }
    }


def _component(name: str, representation: Mapping[str, object]) -> dict[str, object]:
    concept = f"{_urn('conceptscheme.Concept', 'CONCEPTS')}.{name}"
    return {"id": name, "conceptIdentity": concept, "localRepresentation": representation}


def _of_list(code_list: str) -> dict[str, object]:
    return {"enumeration": _urn("codelist.Codelist", code_list)}


def _format(kind: str) -> dict[str, object]:
    return {"format": {"dataType": kind}}


def _urn(kind: str, name: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={AGENCY}:{name}({VERSION})"


def _maintained(name: str, title: Words) -> dict[str, object]:
    return {"agencyID": AGENCY, "version": VERSION} | _item(name, title)


def _item(name: str, title: Words) -> dict[str, object]:
    return {"id": name, "name": title.sv, "names": {"sv": title.sv, "en": title.en}}
