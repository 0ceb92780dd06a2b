"""The Excel workbooks: one for the nation, one for each region.

The same figures and month give the same bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from io import BytesIO
from itertools import product

import polars as pl
from xlsxwriter import Workbook

from pipelines.publication.request import words
from pipelines.publication.request.contents import Contents
from pipelines.publication.request.tables import NATION_AND_REGIONS, RequestTable
from pipelines.publication.request.words import Words, month_in_words
from pipelines.publication.request.workbook_cover import add_cover
from pipelines.publication.request.workbook_declaration import NAMES as DECLARATIONS
from pipelines.publication.request.workbook_declaration import add_declaration
from pipelines.publication.request.workbook_sheet import (
    Cell,
    Looks,
    Missing,
    Number,
    Sheet,
    SheetColumn,
    SheetRow,
    add_sheet,
)
from pipelines.publication.request.workbook_texts import (
    definitions_sheet,
    register_sheet,
    reporting_sheet,
)
from schemas import codes
from schemas.regions import region_names
from schemas.targets import targets

CODE = SheetColumn(Words("Kod", "Code"), 7)
AREA = SheetColumn(Words("Område", "Area"), 25)
UNIT = SheetColumn(Words("Enhet (HSA-id)", "Health centre (HSA-id)"), 25)
UNIT_NAME = SheetColumn(Words("Namn", "Name"), 38)


def workbook(contents: Contents, area: str) -> bytes:
    """The workbook of the nation (00: every area) or of a region, with the nation beside."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    month = contents.month.sv
    name = "riket" if area == codes.NATION else region_names()[area]
    with Workbook(content, options) as book:
        book.set_properties(
            {
                "title": f"Fast läkarkontakt, {month}: {name}",
                "subject": "Uppgifter till SKR",
                "comments": f"Utgåva {contents.figures.release['release_id']}",
                # A fixed moment, so that the same figures give the same bytes.
                "created": datetime.combine(contents.figures.reference_date, time()),
            }
        )
        looks = Looks(book)
        footer = f"Fast läkarkontakt, {month}, {name}"
        header = "OFULLSTÄNDIG" if contents.is_partial else ""
        sheets = list(_sheets(contents, area))
        contained = [(each.name, each.title) for each in sheets]
        contained += [(name, Words(name, name)) for name in DECLARATIONS.values()]
        add_cover(book, looks, contents, area, contained)
        for sheet in sheets:
            add_sheet(book, looks, sheet, footer, header)
        for language, text in contents.figures.declarations.items():
            add_declaration(book, looks, language, text, footer, header)
    return content.getvalue()


def _sheets(contents: Contents, area: str) -> Iterator[Sheet]:
    yield _sabo_residents(contents, area)
    yield _sabo_coverage(contents, area)
    yield _targets(contents, area)
    yield _coverage(contents, area)
    yield _continuity(contents, area)
    yield _list_load(contents, area)
    if area != codes.NATION:
        yield _list_load_of_units(contents, area)
    yield _women_and_men(contents, area)
    yield _change(contents, area)
    yield reporting_sheet(contents)
    yield definitions_sheet()
    yield register_sheet(contents)


@dataclass(frozen=True)
class _Value:
    """A column of values: how it is shown, and the cell of an area."""

    column: SheetColumn
    of: Callable[[str], Cell]


def _by_area(
    table: RequestTable, area: str, values: Sequence[_Value], first: Sequence[SheetColumn]
) -> tuple[list[SheetColumn], list[SheetRow]]:
    """A row for each of the workbook's areas."""
    rows = [
        SheetRow(
            [code, name, *(value.of(code) for value in values)],
            strong=code == codes.NATION or (len(code) == 2 and area != codes.NATION),
        )
        for code, name in table.areas.items()
        if area in (codes.NATION, code[:2]) or code == codes.NATION
    ]
    return [*first, *(value.column for value in values)], rows


def _cell(table: RequestTable, measure: str, *key: str) -> Cell:
    """The value; its status where it is not ok; None where it does not apply."""
    row = table.cells[key]
    if row["status"] != "ok":
        return Missing(str(row["status"]))
    value = row[measure]
    assert value is None or isinstance(value, int | float | bool | str)
    return value


def _value(
    table: RequestTable,
    measure: str,
    *key: str,
    width: float = 13,
    title: Words | None = None,
    group: Words | None = None,
) -> _Value:
    """The column of a measure, for these codes of the table's dimensions."""
    described = next(each for each in table.measures if each.column == measure)
    column = SheetColumn(
        title or described.title, width, described.decimals, described.share, group
    )
    return _Value(column, lambda code: _cell(table, measure, code, *key))


def _sabo_residents(contents: Contents, area: str) -> Sheet:
    table = contents.tables["sabo_residents"]
    values = [
        _value(table, "persons", source, width=20, title=words.SOURCES[source])
        for source in ("cosmic", "municipality", "both", "any")
    ]
    columns, rows = _by_area(table, area, values, (CODE, AREA))
    note = Words(
        "Personer med markering som gäller på referensdagen, där markeringen är gjord. En person "
        "som är markerad i flera kommuner räknas i var och en av dem, i region och rike en gång.",
        "Persons with a marking that holds on the reference date, where it is made. Who is marked "
        "in several municipalities counts in each, in region and nation once.",
    )
    return Sheet("SÄBO antal", table.title, note, columns, rows)


def _coverage_value(
    contents: Contents, measure: str, population: str, definition: str, group: Words | None = None
) -> _Value:
    """A column of coverage; municipalities have their own table, and none for listed persons."""
    regions = contents.tables["coverage"]
    municipalities = contents.tables["coverage_municipalities"]
    value = _value(regions, measure, population, definition, "all", group=group)

    def cell(code: str) -> Cell:
        if code not in municipalities.areas:
            return value.of(code)
        if population == "listed":
            return None
        return _cell(municipalities, measure, code, population, definition)

    return _Value(value.column, cell)


def _coverage_values(contents: Contents, population: str) -> list[_Value]:
    """All measures as the region reports, and the shares by the other definitions."""
    who = words.POPULATIONS[population]
    reported = words.DEFINITIONS["reported"]
    group = Words(f"{who.sv}, {reported.sv.lower()}", f"{who.en}, {reported.en.lower()}")
    values = [
        _coverage_value(contents, each.column, population, "reported", group)
        for each in contents.tables["coverage"].measures
    ]
    return [*values, *_shares(contents, population, ("national", "regional"))]


def _shares(contents: Contents, population: str, definitions: Sequence[str]) -> list[_Value]:
    """The shares by these definitions, next to each other."""
    who = words.POPULATIONS[population]
    group = Words(f"{who.sv}, andel", f"{who.en}, share")
    return [
        _Value(replace(value.column, title=words.DEFINITIONS[definition], width=13), value.of)
        for definition in definitions
        for value in [_coverage_value(contents, "share", population, definition, group)]
    ]


def _sabo_coverage(contents: Contents, area: str) -> Sheet:
    title = Words(
        "Boende på SÄBO som har en fast läkarkontakt", "SÄBO residents with a named physician"
    )
    note = Words(
        "Boende på särskilt boende för äldre som får sin huvudsakliga hälso- och sjukvård där.",
        "Residents who have their main health care at their särskilt boende för äldre.",
    )
    values = _coverage_values(contents, "sabo")
    columns, rows = _by_area(contents.tables["sabo_residents"], area, values, (CODE, AREA))
    return Sheet("SÄBO täckning", title, note, columns, rows)


def _coverage(contents: Contents, area: str) -> Sheet:
    title = Words(
        "Invånare och listade som har en fast läkarkontakt",
        "Inhabitants and listed persons with a named physician",
    )
    note = Words(
        "Invånare räknas där de är folkbokförda, listade där de är listade. Listade redovisas "
        "inte per kommun.",
        "Inhabitants count where they are resident, listed persons where they are listed.",
    )
    values = [
        *_coverage_values(contents, "inhabitants"),
        *_shares(contents, "listed", codes.DEFINITIONS),
    ]
    columns, rows = _by_area(contents.tables["sabo_residents"], area, values, (CODE, AREA))
    return Sheet("Täckning", title, note, columns, rows)


def _continuity(contents: Contents, area: str) -> Sheet:
    table = contents.tables["continuity"]
    values = []
    for population, series in (
        ("listed", "physician"),
        ("listed", "all_professions"),
        ("sabo", "physician"),
    ):
        who, what = words.POPULATIONS[population], words.SERIES[series]
        group = Words(f"{who.sv}, {what.sv.lower()}", f"{who.en}, {what.en.lower()}")
        values += [
            _value(table, measure, population, series, "all", width=13, group=group)
            for measure in ("persons", "mean", "ci_low", "ci_high")
        ]
    columns, rows = _by_area(table, area, values, (CODE, AREA))
    note = Words(
        "COC är sannolikheten att två av en persons besök, dragna slumpvis, var hos samma person i "
        "vården: 0 när alla var hos olika, 1 när alla var hos en.",
        "COC is the likelihood that two of a person's visits, drawn at random, were to the same "
        "provider.",
    )
    return Sheet("Kontinuitet", table.title, note, columns, rows)


def _list_load(contents: Contents, area: str) -> Sheet:
    table = contents.tables["list_load"]
    columns, rows = _by_area(table, area, _load_values(table), (CODE, AREA))
    return Sheet("Listbelastning", table.title, _LOAD_NOTE, columns, rows)


def _list_load_of_units(contents: Contents, area: str) -> Sheet:
    table = contents.tables["list_load_units"]
    units = contents.figures.tables["units"].filter(pl.col("region_code") == area)["unit_id"]
    values = _load_values(table)
    rows = [
        SheetRow([code, table.areas[code], *(value.of(code) for value in values)])
        for code in sorted(set(units) & set(table.areas))
    ]
    columns = [UNIT, UNIT_NAME, *(value.column for value in values)]
    return Sheet("Vårdcentraler", table.title, _LOAD_NOTE, columns, rows)


_LOAD_NOTE = Words(
    "Belastning: listade delat med kapacitet. Kapacitet: riktvärdet gånger heltidstjänster, "
    "tillsvidare- och visstidsanställda.",
    "Load: listed persons by capacity. Capacity: the guideline value times full-time equivalents "
    "employed tillsvidare or visstid.",
)


def _load_values(table: RequestTable) -> list[_Value]:
    return [_value(table, each.column) for each in table.measures]


# Sheets with several rows for an area


def _areas_of(area: str) -> dict[str, str]:
    """The nation and the workbook's regions."""
    return {
        code: name
        for code, name in NATION_AND_REGIONS.items()
        if area in (codes.NATION, code) or code == codes.NATION
    }


def _targets(contents: Contents, area: str) -> Sheet:
    table = contents.tables["target_status"]
    columns = [
        SheetColumn(Words("Mål", "Target"), 44),
        CODE,
        AREA,
        SheetColumn(Words("Utfall", "Outcome"), 10, 3),
        SheetColumn(Words("Målnivå", "Target"), 10, 0, share=True),
        SheetColumn(Words("Målet nått", "Target met"), 10, texts=True),
        SheetColumn(Words("Basmånad", "Baseline month"), 11, texts=True),
        SheetColumn(Words("Utfall basmånad", "Outcome then"), 10, 3),
        SheetColumn(Words("Förändring", "Change"), 11, 1, share=True),
        SheetColumn(Words("95 % KI, undre", "95 % CI, lower"), 11, 1, share=True),
        SheetColumn(Words("95 % KI, övre", "95 % CI, upper"), 11, 1, share=True),
        SheetColumn(Words("Anmärkning", "Remark"), 34, texts=True),
    ]
    shown = ["target", "met", "baseline_month", "baseline_value", "relative_change"]
    shown += ["change_ci_low", "change_ci_high"]
    (dimension,) = table.dimensions
    styles = {
        each.target_id: (1, True) if each.column == "share" else (3, False) for each in targets()
    }
    rows = [
        SheetRow(
            [
                title,
                code,
                name,
                _number(_cell(table, "value", code, target), *styles[target]),
                *(_cell(table, each, code, target) for each in shown),
                _in_words(_cell(table, "reason", code, target)),
            ],
            strong=code == codes.NATION,
        )
        for target, title in dimension.codes.items()
        for code, name in _areas_of(area).items()
    ]
    note = Words(
        "Målen ur överenskommelsen God och nära vård. Täckning: andelen själv. Kontinuitet: "
        "förändring av medelvärdet (COC) sedan basmånaden, i procent.",
        "The targets of the agreement God och nära vård. Coverage: the share itself. Continuity: "
        "the change of the mean (COC) since the baseline month, per cent.",
    )
    return Sheet("Mål", table.title, note, columns, rows)


def _in_words(cell: Cell) -> Cell:
    """The reason of the published table in both languages."""
    return words.sentences(cell) if isinstance(cell, str) else cell


def _number(cell: Cell, decimals: int, share: bool) -> Cell:
    """A number shown in its own way; what is no number as it is."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return Number(cell, decimals, share) if is_number else cell  # type: ignore[arg-type]


def _women_and_men(contents: Contents, area: str) -> Sheet:
    coverage, continuity = contents.tables["coverage"], contents.tables["continuity"]
    groups = [(words.SEXES[sex], sex) for sex in ("women", "men")]
    columns = [SheetColumn(Words("Uppgift", "Figure"), 54), CODE, AREA]
    for title, _ in groups:
        columns += [
            SheetColumn(Words("Personer", "Persons"), 11, group=title),
            SheetColumn(Words("Andel", "Share"), 11, 1, share=True, group=title),
            SheetColumn(Words("COC, medelvärde", "COC, mean"), 11, 3, group=title),
        ]
    rows = []
    for table, persons, value in (
        (coverage, "denominator", "share"),
        (continuity, "persons", "mean"),
    ):
        first, second, _ = table.dimensions
        for one, other in product(first.codes, second.codes):
            title = Words(
                f"{first.codes[one].sv}: {second.codes[other].sv.lower()}",
                f"{first.codes[one].en}: {second.codes[other].en.lower()}",
            )
            for code, name in _areas_of(area).items():
                cells: list[Cell] = [title, code, name]
                for _, sex in groups:
                    known = [_cell(table, each, code, one, other, sex) for each in (persons, value)]
                    cells += known if table is coverage else [known[0], None, known[1]]
                    cells += [None] if table is coverage else []
                rows.append(SheetRow(cells, strong=code == codes.NATION))
    title = Words("Kvinnor och män", "Women and men")
    note = Words(
        "Andel med fast läkarkontakt, och kontinuitet (COC, egna enheten, 18 månader, minst 3 "
        "besök).",
        "Share with a named physician, and continuity (COC, unit of listing, 18 months, at least "
        "3 visits).",
    )
    return Sheet("Kvinnor och män", title, note, columns, rows)


_STYLES = {"persons": (0, False), "share": (1, True), "mean": (3, False), "load": (2, False)}
"""Decimals, and whether it is a share, by the last part of an indicator's id."""


def _change(contents: Contents, area: str) -> Sheet:
    before = month_in_words(contents.figures.month_of_year_before)
    title = Words(f"Förändring sedan {before.sv}", f"Change since {before.en}")
    columns = [
        SheetColumn(Words("Uppgift", "Figure"), 62),
        CODE,
        AREA,
        SheetColumn(contents.month, 14, 3),
        SheetColumn(before, 14, 3),
        SheetColumn(Words("Förändring", "Change"), 14, 3),
        SheetColumn(Words("Anmärkning", "Remark"), 44, texts=True),
    ]
    if not contents.has_change:
        note = Words(
            f"Det finns inga uppgifter för {before.sv} att jämföra med.",
            f"There are no figures of {before.en} to compare with.",
        )
        return Sheet("Förändring", title, note, columns, [])
    table = contents.tables["change"]
    (dimension,) = table.dimensions
    shown = ("value", "value_year_before", "change")
    rows = [
        SheetRow(
            [
                name,
                code,
                area_name,
                *(
                    _number(_cell(table, each, code, indicator), *_STYLES[indicator.split(".")[-1]])
                    for each in shown
                ),
                _cell(table, "reason", code, indicator),
            ],
            strong=code == codes.NATION,
        )
        for indicator, name in dimension.codes.items()
        for code, area_name in _areas_of(area).items()
    ]
    note = Words(
        "Förändringen är skillnaden, för andelar i procentenheter.",
        "The change is the difference, of shares in percentage points.",
    )
    return Sheet("Förändring", title, note, columns, rows)
