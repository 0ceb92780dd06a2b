"""The sheets that explain: who reports, and what the figures mean."""

from collections.abc import Mapping

import polars as pl

from pipelines.publication.request.contents import Contents
from pipelines.publication.request.figures import INDICATORS
from pipelines.publication.request.glossary import GLOSSARY
from pipelines.publication.request.words import Words, sentences
from pipelines.publication.request.workbook_sheet import Cell, Sheet, SheetColumn, SheetRow
from schemas import codes
from schemas.regions import region_names


def reporting_sheet(contents: Contents) -> Sheet:
    """Who reports, with what, and what a user should know."""
    figures = contents.figures
    columns = [
        SheetColumn(Words("Kod", "Code"), 7),
        SheetColumn(Words("Region", "Region"), 24),
        SheetColumn(Words("Rapporterar", "Reports"), 12),
        SheetColumn(Words("Referensdatum", "Reference date"), 14, texts=True),
        SheetColumn(Words("Folkmängd", "Population"), 12),
        SheetColumn(Words("Månader med kontakter", "Months with contacts"), 14),
        SheetColumn(Words("Väntade månader", "Expected months"), 12),
        SheetColumn(Words("Saknas för månaden", "Missing of the month"), 34, texts=True),
        SheetColumn(Words("Anmärkning", "Remark"), 50, texts=True),
    ]
    rows = []
    regions = figures.reporting.filter(pl.col("region_code") != codes.NATION)
    for row in regions.iter_rows(named=True):
        code = row["region_code"]
        cells: list[Cell] = [
            code,
            region_names()[code],
            row["reported"],
            figures.reference_dates.get(code),
            row["population"],
            row["contact_months"],
            row["contact_months_expected"],
            contents.missing_in_words.get(code),
            sentences(row["remarks"]) if row["remarks"] else None,
        ]
        rows.append(SheetRow(cells))
    note = Words(
        "Månader med kontakter: hur många av de månader som 18 månader före referensdagen rör vid "
        "som har en leverans.",
        "Months with contacts: of those that the 18 months before the reference date touch.",
    )
    return Sheet("Rapportering", Words("Vilka som rapporterar", "Who reports"), note, columns, rows)


def definitions_sheet() -> Sheet:
    """What the words mean, for readers."""
    columns = [
        SheetColumn(Words("Begrepp", "Term"), 34),
        SheetColumn(Words("Betydelse", "Meaning"), 76),
        SheetColumn(Words("In English", "In English"), 76),
    ]
    rows = [SheetRow([term, meaning.sv, meaning.en]) for term, meaning in GLOSSARY]
    note = Words(
        "Vad som avgör varje uppgift i alla delar står på bladet Definitionsregister.",
        "What decides every figure in full stands on the sheet Definitionsregister.",
    )
    title = Words("Definitioner", "Definitions")
    return Sheet("Definitioner", title, note, columns, rows, filtered=False)


def register_sheet(contents: Contents) -> Sheet:
    """The register of definitions, for the package's figures."""
    columns = [
        SheetColumn(Words("Uppgift", "Figure"), 40),
        SheetColumn(Words("Täljare", "Numerator"), 32, texts=True),
        SheetColumn(Words("Nämnare", "Denominator"), 28, texts=True),
        SheetColumn(Words("Begränsningar", "Limitations"), 48, texts=True),
        SheetColumn(Words("Kontrollsumma", "Definition hash"), 18),
    ]
    in_force = contents.figures.definitions
    rows = [
        SheetRow(
            [
                contents.figures.name_of(indicator),
                *(_explained(in_force[indicator], name) for name in _EXPLAINED),
                str(in_force[indicator]["definition_hash"]),
            ]
        )
        for indicator in INDICATORS
        if indicator in in_force
    ]
    note = Words(
        "Uppgifter får jämföras över tid bara där kontrollsumman är densamma.",
        "Figures may be compared over time only where the hash is the same.",
    )
    title = Words("Definitionsregister", "Register of definitions")
    return Sheet("Definitionsregister", title, note, columns, rows, filtered=False)


_EXPLAINED = ("numerator", "denominator", "limitations")


def _explained(row: Mapping[str, object], name: str) -> Words | None:
    english, swedish = row[name], row[f"{name}_sv"]
    return None if english is None else Words(str(swedish or english), str(english))
