"""Pages that explain the rest: continuity, definitions, quality, dictionary and downloads."""

from itertools import groupby

from pipelines.publication.quality_declaration import quality_declaration
from pipelines.publication.report.figure import DATA_FOLDER
from pipelines.publication.report.language import SWEDISH, Language
from pipelines.publication.report.page import Page
from pipelines.publication.report.published import Published, Row
from schemas.dictionary_sv import table_in_swedish

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
    """Every indicator, by the table that holds it; data quality's measures stand last."""
    by_table = [
        (table, list(rows))
        for table, rows in groupby(
            sorted(published.definitions, key=lambda row: row["table_name"]),
            key=lambda row: row["table_name"],
        )
    ]
    tables = [
        {"name": table, "title": language.text(f"table_{table}"), "rows": rows}
        for table, rows in sorted(by_table, key=lambda each: each[0] == "data_quality")
    ]
    return Page(
        "definitioner.html",
        language.text("definitions_title"),
        language.text("definitions_lead"),
        template="definitions.html",
        content={"tables": tables},
    )


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


def downloads_page(pages: list[Page], files: list[str], language: Language) -> Page:
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
            "text": language.text(f"file_{file.rpartition('.')[2]}"),
        }
        for file in files
    ]
    return Page(
        "nedladdning.html",
        language.text("downloads_title"),
        language.text("downloads_lead"),
        template="downloads.html",
        content={"files": whole, "pages": by_page},
    )
