"""Pages that explain the rest: continuity, definitions, quality, dictionary and downloads."""

from collections.abc import Mapping
from itertools import groupby

from pipelines.publication.quality_declaration import quality_declaration
from pipelines.publication.report.figure import DATA_FOLDER
from pipelines.publication.report.language import SWEDISH, Language
from pipelines.publication.report.page import Page
from pipelines.publication.report.published import Published, Row
from pipelines.publication.request.words import Words
from schemas import codes
from schemas.deliveries import DELIVERIES
from schemas.dictionary_sv import table_in_swedish
from schemas.indicator_registry_values import PUBLISHED_VALUES
from schemas.statistics import PUBLISHED

_EXAMPLES = ("AAAA", "AAAB", "AABB", "ABCD")


def continuity_page(published: Published, language: Language) -> Page:
    """What COC is, with visits as coloured dots that can be changed."""
    examples = [
        {
            "visits": visits,
            "coc": language.number(coc(visits), 2),
            "text": language.text(f"example_{visits.lower()}"),
        }
        for visits in _EXAMPLES
    ]
    return Page(
        "kontinuitet.html",
        language.text("coc_title"),
        language.text("coc_lead"),
        template="continuity.html",
        content={"examples": examples, "start": "AABAC"},
    )


def coc(visits: str) -> float:
    """Bice–Boxerman's index of one person's visits, a letter for each provider."""
    n = len(visits)
    pairs = sum(visits.count(provider) ** 2 for provider in set(visits)) - n
    return pairs / (n * (n - 1))


def definitions_page(published: Published, language: Language) -> Page:
    """Every indicator, by the table that holds it, in the order of the published file."""
    tables = [
        {"name": table, "title": language.text(f"table_{table}"), "rows": list(rows)}
        for table, rows in groupby(
            sorted(published.definitions, key=_place_of_definition),
            key=lambda row: row["table_name"],
        )
    ]
    return Page(
        "definitioner.html",
        language.text("definitions_title"),
        language.text("definitions_lead"),
        template="definitions.html",
        content={"tables": tables},
    )


def _place_of_definition(row: Row) -> tuple[object, ...]:
    """Tables, then values and parameters, as their code lists have them; long windows first."""
    tables = [contract.name for contract in PUBLISHED]
    values = [(value.table, value.column) for value in PUBLISHED_VALUES]
    return (
        tables.index(row["table_name"]),
        values.index((row["table_name"], row["value_column"])),
        *(
            order.index(row[name]) if row[name] in order else len(order)
            for name, order in _CODE_LISTS.items()
        ),
        -(row["window_months"] or 0),
        row["indicator"],
    )


_CODE_LISTS = {
    "population": codes.POPULATIONS,
    "definition": codes.DEFINITIONS,
    "index": codes.INDEXES,
    "series": codes.SERIES,
    "unit_scope": codes.UNIT_SCOPES,
    "kind": codes.LIST_KINDS,
    "setting": codes.SETTINGS,
    "marking_source": codes.MARKING_SOURCES,
    "delivery": tuple(delivery.name for delivery in DELIVERIES),
}


def dictionary_page(published: Published, language: Language) -> Page:
    """Every column of every table."""
    tables = [
        {
            "name": table,
            "description": table_in_swedish(table)
            if language is SWEDISH
            else published.table_descriptions[table],
            "rows": [_in_language(row, language) for row in rows],
        }
        for table, rows in groupby(published.dictionary, key=lambda row: row["table_name"])
    ]
    return Page(
        "datakatalog.html",
        language.text("dictionary_title"),
        language.text("dictionary_lead"),
        template="dictionary.html",
        content={"tables": tables},
    )


def _in_language(row: Row, language: Language) -> Row:
    if language is not SWEDISH:
        return row
    return {**row, "description": row["description_sv"], "unit": row["unit_sv"]}


def quality_page(published: Published, language: Language) -> Page:
    """The quality declaration of the release, in SCB's five parts."""
    from markdown_it import MarkdownIt

    text = quality_declaration(published.connection, language.code, published.month)
    title, _, rest = text.partition("\n")
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(rest)
    return Page(
        "kvalitet.html",
        title.removeprefix("# "),
        language.text("declaration_lead"),
        template="quality.html",
        content={"html": html},
    )


Files = Mapping[str, Words | None]
"""Names of files, with what they hold where that is a part."""


def downloads_page(pages: list[Page], files: Files, language: Language) -> Page:
    """The published file, what was made of it in other formats, and the values of each figure."""
    figures: list[Row] = [
        {"page": page.title, "path": page.path, "title": figure.title, "file": figure.file}
        for page in pages
        for figure in page.figures
    ]
    by_page = [
        {"page": page, "figures": list(of_page)}
        for page, of_page in groupby(figures, key=lambda each: each["page"])
    ]
    whole = [
        {
            "file": f"{DATA_FOLDER}/{file}",
            "name": file,
            "text": language.text(
                f"file_{file.rpartition('.')[2]}",
                what=getattr(title, language.code) if title else "",
            ),
        }
        for file, title in files.items()
    ]
    return Page(
        "nedladdning.html",
        language.text("downloads_title"),
        language.text("downloads_lead"),
        template="downloads.html",
        content={"files": whole, "pages": by_page},
    )
