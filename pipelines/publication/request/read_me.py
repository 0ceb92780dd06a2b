"""README.md of the package: what lies in it, in Swedish and English."""

from datetime import date

from pipelines.publication import markdown
from pipelines.publication.request.contents import Contents
from pipelines.publication.request.words import MISSING, MISSING_EXPLAINED, Words
from pipelines.publication.request.workbook_cover import facts
from schemas import codes

FOLDERS = {
    "excel": Words(
        "en arbetsbok för riket och en för varje region, färdiga att skicka",
        "a workbook for the nation and one for each region, ready to send",
    ),
    "csv": Words(
        "tabellerna som CSV, med fältbeskrivningar i `datapackage.json` (Frictionless)",
        "the tables as CSV, with field metadata in `datapackage.json` (Frictionless)",
    ),
    "px": Words("tabellerna som PX-filer för PxWeb (UTF-8)", "the tables as PX files (UTF-8)"),
    "json-stat": Words("tabellerna som JSON-stat 2", "the tables as JSON-stat 2"),
    "kolada": Words(
        "uppgifterna i Koladas form; region är 00 och länskod, riket 0000, andelar i procent",
        "the figures in Kolada's shape; a region is 00 and its code, the nation 0000, shares in "
        "per cent",
    ),
    "sdmx": Words(
        "tabellerna som SDMX-CSV 2.0, med strukturer och kodlistor i `structures.json`",
        "the tables as SDMX-CSV 2.0, with structures and code lists in `structures.json`",
    ),
    "quality_declaration.sv.md": Words(
        "kvalitetsdeklarationen, även på engelska (`.en.md`)",
        "the quality declaration in Swedish; `.en.md` is the English",
    ),
    "SHA256SUMS": Words(
        "kontrollsummor; `sha256sum -c SHA256SUMS` prövar dem",
        "checksums; `sha256sum -c SHA256SUMS` tries them",
    ),
}


def read_me(contents: Contents) -> str:
    """The page."""
    lines = ["# Fast läkarkontakt: uppgifter till SKR", ""]
    lines += _part(contents, swedish=True)
    lines += ["# Named physician: figures for SKR", ""]
    lines += _part(contents, swedish=False)
    return markdown.page(lines)


def _part(contents: Contents, *, swedish: bool) -> list[str]:
    def said(words: Words) -> str:
        return words.sv if swedish else words.en

    def value(fact: Words | date) -> str:
        return fact.isoformat() if isinstance(fact, date) else said(fact)

    signs = (
        (said(MISSING[status]), said(explained)) for status, explained in MISSING_EXPLAINED.items()
    )
    return [
        *markdown.table(
            [said(Words("Uppgift", "Fact")), ""],
            ([said(title), value(fact)] for title, fact in facts(contents, codes.NATION)),
        ),
        *markdown.table(
            [said(Words("Här ligger", "Here lies")), ""],
            ([markdown.code(name), said(words)] for name, words in FOLDERS.items()),
        ),
        *markdown.table([said(Words("I stället för värden", "Signs")), ""], signs),
    ]
