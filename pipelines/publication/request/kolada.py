"""The figures in the shape of Kolada's API: a list of KPIs, and their values by region and year.

A KPI is an indicator of the published file, under its own id, since Kolada gives ids itself. The
bounds of an interval are KPIs of their own. Shares are per cent, as Kolada has them. A municipality
is its code, a region 00 and its code, the nation 0000; gender is T, K or M. The period is the year;
which month it is stands in the title. `status` is empty where there is a value, else that of the
published file, and the value is null.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipelines.publication.request.contents import Contents
from pipelines.publication.request.tables import RequestTable
from pipelines.publication.request.words import Words
from schemas.indicator_registry import indicator_of

FOLDER = "kolada"
GENDERS = {"all": "T", "women": "K", "men": "M"}

_TABLES = {
    "sabo_residents": ("persons",),
    "coverage": ("share", "ci_low", "ci_high"),
    "coverage_municipalities": ("share", "ci_low", "ci_high"),
    "continuity": ("mean", "ci_low", "ci_high"),
    "list_load": ("load",),
}
"""Table to its value, and the bounds of its interval."""


@dataclass(frozen=True)
class _Observation:
    kpi: str
    municipality: str
    gender: str
    value: float | None
    status: str


def kolada_files(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """`kpi.json`, `data.json` and `data.csv`."""
    titles: dict[str, Words] = {}
    observations: list[_Observation] = []
    for name in _TABLES:
        for title, each in _observations(contents, contents.tables[name]):
            titles[each.kpi] = title
            observations.append(each)
    observations.sort(key=lambda each: (each.kpi, each.municipality))
    divided = {each.kpi for each in observations if each.gender != "T"}
    kpis = [
        {
            "id": kpi,
            "title": f"{title.sv}, {contents.month.sv}",
            "title_en": f"{title.en}, {contents.month.en}",
            "is_divided_by_gender": kpi in divided,
            "municipality_type": "A",
            "operating_area": "Primärvård",
            "has_ou_data": False,
        }
        for kpi, title in sorted(titles.items())
    ]
    year = int(contents.figures.month[:4])
    yield f"{FOLDER}/kpi.json", _answer(kpis)
    yield f"{FOLDER}/data.json", _answer(_grouped(observations, year))
    yield f"{FOLDER}/data.csv", _csv(observations, year)


def _observations(contents: Contents, table: RequestTable) -> Iterator[tuple[Words, _Observation]]:
    columns = _TABLES[table.name]
    shares = {each.column for each in table.measures if each.share}
    for (area, *codes), row in table.cells.items():
        by = dict(zip((each.column for each in table.dimensions), codes, strict=True))
        gender = GENDERS[by.get("sex", "all")]
        indicator = indicator_of(table.published, columns[0], {**table.fixed, **by})
        status = str(row["status"])
        for column in columns:
            kpi = indicator if column == columns[0] else f"{indicator}.{column}"
            value = row[column] if status == "ok" else None
            assert value is None or isinstance(value, int | float)
            if value is not None and column in shares:
                value *= 100
            if status == "ok":
                status_of_value = "" if value is not None else "not_applicable"
            else:
                status_of_value = status
            yield (
                _title(contents.figures.name_of(indicator), column),
                _Observation(kpi, area.zfill(4), gender, value, status_of_value),
            )


def _title(name: Words, column: str) -> Words:
    bound = _BOUNDS.get(column)
    return name if bound is None else Words(f"{name.sv}, {bound.sv}", f"{name.en}, {bound.en}")


_BOUNDS = {
    "ci_low": Words("95 % konfidensintervall, undre gräns", "95 % confidence interval, lower"),
    "ci_high": Words("95 % konfidensintervall, övre gräns", "95 % confidence interval, upper"),
}


def _grouped(observations: Sequence[_Observation], year: int) -> list[dict[str, object]]:
    """One object for each KPI and municipality, its genders in it."""
    return [
        {
            "kpi": kpi,
            "municipality": municipality,
            "period": year,
            "values": [
                {
                    "gender": each.gender,
                    "count": int(each.value is not None),
                    "status": each.status,
                    "value": each.value,
                }
                for each in of_one
            ],
        }
        for (kpi, municipality), of_one in groupby(
            observations, lambda each: (each.kpi, each.municipality)
        )
    ]


def _answer(values: Sequence[object]) -> bytes:
    """As Kolada answers."""
    return json.dumps({"count": len(values), "values": values}, ensure_ascii=False).encode()


def _csv(observations: Sequence[_Observation], year: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["kpi", "municipality", "period", "gender", "value", "status"])
    for each in observations:
        value = "" if each.value is None else each.value
        writer.writerow([each.kpi, each.municipality, year, each.gender, value, each.status])
    return text.getvalue().encode()
