"""Every format, read back by a library that others use, is what is published, cell by cell."""

import csv
import json
import shutil
from collections.abc import Callable
from io import StringIO
from itertools import product
from pathlib import Path

import frictionless
import polars as pl
import pytest
from published_tables import TABLES, Ask, Asked, Key, differences, published_cells
from pyaxis import pyaxis
from pyjstat import pyjstat
from pysdmx.io import get_datasets, read_sdmx

from pipelines.publication.request.contents import read_contents
from pipelines.publication.request.csv_files import csv_files
from pipelines.publication.request.json_stat import json_stat_files
from pipelines.publication.request.px_files import SYMBOLS, px_files
from pipelines.publication.request.sdmx_files import SEXES, STATUSES, ref_area
from schemas.regions import municipality_names, region_names

Cells = dict[Key, tuple[str, tuple]]


def number(text: str | None) -> float | None:
    return None if text in (None, "") else float(text)


# CSV


def csv_cells(package: Path, name: str, asked: Asked) -> Cells:
    with (package / "csv" / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["month"] for row in rows} == {"2025-11"}
    return {
        tuple(row[each] for each in ("area_code", *asked.by)): (
            row["status"],
            tuple(number(row[each]) for each in asked.measures),
        )
        for row in rows
    }


@pytest.mark.parametrize("name", TABLES)
def test_csv_is_as_published(name: str, package: Path, published: Ask) -> None:
    assert differences(published, name, csv_cells(package, name, TABLES[name])) == []


def test_the_texts_of_targets_are_as_published(package: Path, published: Ask) -> None:
    frame = pl.read_csv(package / "csv" / "target_status.csv", schema_overrides={"area_code": str})
    texts = ["met", "baseline_month", "comparable", "reason"]
    found = {row[:2]: row[2:] for row in frame.select("area_code", "target_id", *texts).rows()}
    for area, target, *values in published(
        f"select area_code, target_id, {', '.join(texts)} from target_status "
        "where month = '2025-11' and level <> 'unit'"
    ):
        assert found[area, target] == tuple(values)


def test_the_data_package_is_valid(package: Path, tmp_path: Path) -> None:
    report = frictionless.validate(str(package / "csv" / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    assert {each.name.replace("-", "_") for each in report.tasks} == set(TABLES)

    broken = tmp_path / "csv"
    shutil.copytree(package / "csv", broken)
    file = broken / "sabo_residents.csv"
    file.chmod(0o644)
    file.write_text(file.read_text().replace(",cosmic,", ",somewhere,", 1))
    assert not frictionless.validate(str(broken / "datapackage.json")).valid


def test_every_field_is_described(package: Path) -> None:
    described = json.loads((package / "csv" / "datapackage.json").read_text())
    for resource in described["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["title"]
            assert field["description"], (resource["name"], field["name"])


# PX


def px_cells(package: Path, name: str, asked: Asked, language: str) -> Cells:
    read = pyaxis.parse(
        str(package / "px" / f"{name}.px"),
        encoding="utf-8",
        lang=language,
        null_values="never",
        sd_values="never",
    )
    metadata, data = read["METADATA"], read["DATA"]["DATA"].tolist()
    variables = [*metadata["STUB"], *metadata["HEADING"]]
    codes = [metadata[f"CODES({variable})"] for variable in variables]
    assert [len(each) for each in codes] == [
        len(metadata[f"VALUES({variable})"]) for variable in variables
    ]
    assert codes[-2:] == [list(asked.measures), ["2025M11"]]
    keys = list(product(*codes[:-2]))
    assert len(data) == len(keys) * len(asked.measures)
    statuses = {f'"{symbol}"': status for status, symbol in SYMBOLS.items()}
    cells = {}
    for place, key in enumerate(keys):
        own = data[place * len(asked.measures) : (place + 1) * len(asked.measures)]
        (status, *others) = {statuses.get(each, "ok") for each in own} - {"not_applicable"} or {
            "ok"
        }
        assert others == []
        cells[key] = (status, tuple(None if each in statuses else float(each) for each in own))
    return cells


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", TABLES)
def test_px_is_as_published(name: str, language: str, package: Path, published: Ask) -> None:
    found = px_cells(package, name, TABLES[name], language)
    assert differences(published, name, found) == []


def test_px_says_what_its_symbols_are(package: Path) -> None:
    text = (package / "px" / "coverage.px").read_text("utf-8")
    (note,) = [line for line in text.splitlines() if line.startswith("NOTE=")]
    for said in ("... skyddad", ".. ej", ". odefinierad", "region 23 saknar: alla leveranser"):
        assert said in note
    assert text.endswith("\n;\n")
    assert 'PRECISION("tabellinnehåll","Andel")=3;' in text


def test_no_name_breaks_a_px_file(changed_file: Callable[..., Path], tmp_path: Path) -> None:
    """Quotation marks, semicolons, line breaks and letters outside Latin-1 in a unit's name."""
    file = changed_file(
        "update list_load set area_name = concat('A \"quoted\"; =x', chr(10), 'Łódź') "
        "where level = 'unit'"
    )
    contents = read_contents(file, "2025-11", partial=True)
    path = tmp_path / "list_load_units.px"
    path.write_bytes(dict(px_files(contents))["px/list_load_units.px"])
    read = pyaxis.parse(str(path), encoding="utf-8", lang="sv")
    names = read["METADATA"]["VALUES(område)"]
    assert all(each.startswith("A 'quoted'; =x Łódź (SE") for each in names)
    assert len(names) == len(read["METADATA"]["CODES(område)"])


# JSON-stat


def json_stat_cells(package: Path, name: str, asked: Asked) -> Cells:
    text = (package / "json-stat" / f"{name}.json").read_text("utf-8")
    raw = json.loads(text)
    frame = pyjstat.Dataset.read(text).write("dataframe", naming="id")
    assert list(frame.columns) == ["area_code", *asked.by, "measure", "month", "value"]
    cells: dict[Key, tuple[set[str], list]] = {}
    for place, row in enumerate(frame.itertuples(index=False)):
        *key, measure, month, value = row
        assert month == "2025-11"
        statuses, values = cells.setdefault(tuple(key), (set(), []))
        assert measure == asked.measures[len(values)]
        status = raw["status"].get(str(place), "ok")
        assert (status == "ok") == (value == value and value is not None)
        statuses.add(status)
        values.append(value if status == "ok" else None)
    return {
        key: (*(statuses - {"not_applicable"} or {"ok"}), tuple(values))
        for key, (statuses, values) in cells.items()
    }


@pytest.mark.parametrize("name", TABLES)
def test_json_stat_is_as_published(name: str, package: Path, published: Ask) -> None:
    found = json_stat_cells(package, name, TABLES[name])
    assert differences(published, name, found) == []


@pytest.mark.parametrize("name", TABLES)
def test_json_stat_has_the_structure_of_version_2(name: str, package: Path) -> None:
    """By the format's description: json-stat.org/full."""
    data = json.loads((package / "json-stat" / f"{name}.json").read_text("utf-8"))
    assert (data["version"], data["class"]) == ("2.0", "dataset")
    assert isinstance(data["label"], str)
    assert isinstance(data["source"], str)
    assert data["updated"] == "2025-11-30T00:00:00Z"
    assert len(data["id"]) == len(data["size"]) == len(data["dimension"])
    cells = 1
    for name_of, size in zip(data["id"], data["size"], strict=True):
        for dimension in (
            data["dimension"][name_of],
            data["extension"]["en"]["dimension"][name_of],
        ):
            category = dimension["category"]
            assert isinstance(dimension["label"], str)
            assert len(category["index"]) == len(set(category["index"])) == size
            assert set(category["label"]) == set(category["index"])
        cells *= size
    units = data["dimension"]["measure"]["category"]["unit"]
    assert set(units) == set(TABLES[name].measures)
    assert all(isinstance(each["decimals"], int) and each["label"] for each in units.values())
    assert len(data["value"]) == cells
    assert all(value is None or isinstance(value, int | float) for value in data["value"])
    hidden = {place for place, value in enumerate(data["value"]) if value is None}
    assert {int(place) for place in data["status"]} == hidden
    assert {each for roles in data["role"].values() for each in roles} <= set(data["id"])
    assert set(data["role"]) == {"time", "geo", "metric"}
    assert all(isinstance(note, str) for note in data["note"])


# Kolada


def test_kolada_is_as_published(package: Path, published: Ask) -> None:
    answer = json.loads((package / "kolada" / "data.json").read_text("utf-8"))
    assert answer["count"] == len(answer["values"])
    assert {each["period"] for each in answer["values"]} == {2025}
    found = {
        (each["kpi"], each["municipality"], value["gender"]): value
        for each in answer["values"]
        for value in each["values"]
    }
    genders = {"all": "T", "women": "K", "men": "M"}
    asked = published(
        "select indicator, area_code, dimensions, value, ci_low, ci_high, status from indicators "
        "where month = '2025-11' and level <> 'unit' and (dimensions = '' or dimensions like "
        "'%age_group=all') and (indicator like 'coverage.%' or indicator like "
        "'care_markings.sabo.%' or indicator like 'continuity.%.own_unit.18m.3v.COC.mean' "
        "or indicator = 'list_load.load')"
    )
    known = set()
    for indicator, area, dimensions, value, low, high, status in asked:
        sex = dimensions.removeprefix("sex=").split(";")[0] or "all"
        factor = 100 if indicator.endswith(".share") else 1
        wanted = {"": value}
        if indicator.startswith(("coverage.", "continuity.")):
            wanted |= {".ci_low": low, ".ci_high": high}
        for kpi, each in wanted.items():
            key = (indicator + kpi, area.zfill(4), genders[sex])
            known.add(key)
            assert found[key]["value"] == (None if each is None else each * factor), key
            assert found[key]["count"] == int(each is not None)
            hidden = status if status != "ok" else "" if each is not None else "not_applicable"
            assert found[key]["status"] == hidden, key
    added = {found[key]["status"] for key in found.keys() - known}
    assert added == {"not_reported"}


def test_every_kpi_is_described(package: Path) -> None:
    kpis = json.loads((package / "kolada" / "kpi.json").read_text("utf-8"))
    data = json.loads((package / "kolada" / "data.json").read_text("utf-8"))
    described = {each["id"]: each for each in kpis["values"]}
    assert {each["kpi"] for each in data["values"]} == described.keys()
    for each in data["values"]:
        genders = [value["gender"] for value in each["values"]]
        if len(each["municipality"]) == 4 and each["municipality"].startswith("00"):
            divided = described[each["kpi"]]["is_divided_by_gender"]
            assert genders == (["T", "K", "M"] if divided else ["T"])
    assert described["coverage.sabo.reported.share.ci_low"]["title"] == (
        "Andel boende på SÄBO med fast läkarkontakt, som regionen rapporterar, 95 % "
        "konfidensintervall, undre gräns, november 2025"
    )


def test_kolada_csv_is_its_json(package: Path) -> None:
    data = json.loads((package / "kolada" / "data.json").read_text("utf-8"))
    wanted = [
        (each["kpi"], each["municipality"], value["gender"], value["value"], value["status"])
        for each in data["values"]
        for value in each["values"]
    ]
    rows = csv.DictReader(StringIO((package / "kolada" / "data.csv").read_text("utf-8")))
    found = [
        (row["kpi"], row["municipality"], row["gender"], number(row["value"]), row["status"])
        for row in rows
    ]
    assert found == wanted


# All of them


def test_the_sample_has_what_must_not_be_seen(published: Ask) -> None:
    """Otherwise the tests above would not try it."""
    statuses = {
        status for name in TABLES for status, _ in published_cells(published, name).values()
    }
    assert statuses == {"ok", "suppressed", "undefined", "not_reported"}


def test_the_change_is_in_the_other_formats_too(with_year_before: Callable[..., Path]) -> None:
    contents = read_contents(with_year_before(), "2025-11", partial=True)
    rows = contents.tables["change"].rows
    assert (
        rows.filter(pl.col("status") != "ok")["change"].null_count()
        == rows.filter(pl.col("status") != "ok").height
    )
    read = pl.read_csv(
        dict(csv_files(contents))["csv/change.csv"], schema_overrides={"area_code": pl.String}
    )
    assert read["change"].to_list() == rows["change"].to_list()
    data = json.loads(dict(json_stat_files(contents))["json-stat/change.json"])
    place = data["dimension"]["measure"]["category"]["index"].index("change")
    assert data["value"][place :: len(data["dimension"]["measure"]["category"]["index"])] == (
        rows["change"].to_list()
    )


# SDMX


def sdmx_cells(package: Path, name: str, asked: Asked) -> Cells:
    folder = package / "sdmx"
    (data,) = get_datasets(folder / f"{name}.csv", folder / "structures.json")
    assert data.short_urn == f"Dataflow=FLK:{name.upper()}(1.0.0)"
    statuses = {code: status for status, code in STATUSES.items()}
    sexes = {code: sex for sex, code in SEXES.items()}
    by = [each.upper() for each in asked.by]
    areas = {ref_area(area): area for area in ("00", *region_names(), *municipality_names())}
    cells: dict[Key, tuple[set[str], list]] = {}
    for row in data.data.to_dict("records"):
        assert row["TIME_PERIOD"] == "2025-11"
        codes = (sexes[row[each]] if each == "SEX" else row[each] for each in by)
        found, values = cells.setdefault(
            (areas.get(row["REF_AREA"], row["REF_AREA"]), *codes), (set(), [])
        )
        assert row["MEASURE"] == asked.measures[len(values)]
        found.add(statuses[row["OBS_STATUS"]])
        value = row["OBS_VALUE"]
        values.append(None if value is None or value != value else float(value))
    return {
        key: ("ok" if "ok" in found else found.pop(), tuple(values))
        for key, (found, values) in cells.items()
    }


@pytest.mark.parametrize("name", TABLES)
def test_sdmx_is_as_published(name: str, package: Path, published: Ask) -> None:
    assert differences(published, name, sdmx_cells(package, name, TABLES[name])) == []


def test_every_code_of_the_sdmx_files_stands_in_the_structures(package: Path) -> None:
    """Read and validated by pysdmx against SDMX's own schema of structures."""
    structures = read_sdmx(package / "sdmx" / "structures.json", validate=True)
    flows = {flow.id.lower(): flow for flow in structures.get_dataflows()}
    assert set(flows) == set(TABLES)
    definitions = {each.id.lower(): each for each in structures.get_data_structure_definitions()}
    for name in TABLES:
        with (package / "sdmx" / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        components = definitions[name].components
        assert list(rows[0]) == ["STRUCTURE", "STRUCTURE_ID", "ACTION"] + [
            each.id for each in components
        ]
        for component in components:
            if component.local_codes is not None:
                known = {code.id for code in component.local_codes}
                assert {row[component.id] for row in rows} <= known, (name, component.id)
