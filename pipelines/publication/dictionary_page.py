"""The page docs/dictionary.md: every column of every published table, from the contracts."""

from pipelines.publication import markdown
from pipelines.publication.duckdb_sql import DUCKDB_TYPES
from pipelines.publication.registers import described_tables
from schemas.column import Column
from schemas.contract import TableContract
from schemas.registers import INDICATORS_VIEW, PUBLISHED_TABLES

INTRODUCTION = """\
# Data dictionary

What stands in `statistics.duckdb`. The same text stands in the file: as comments on every table
and column, and in the table `dictionary`. What each indicator means, and what decides its value,
stands in the table `definitions`.

`key` marks the columns that no two rows share; rows are sorted by them. A column that is not
`always` filled may be missing: a value is missing whenever `status` is not `ok`.

This page is generated from the contracts in `schemas/`
(`python -m pipelines.publication.generated_text`); do not edit it.
"""


def dictionary_page(note: str = "") -> str:
    """The page as Markdown, the same for the same contracts. `note`: a paragraph to begin with."""
    contracts = described_tables({contract.name for contract in PUBLISHED_TABLES})
    return markdown.page(
        [
            *INTRODUCTION.splitlines(),
            "",
            *([note, ""] if note else []),
            *markdown.table(
                ("table", "på svenska", "one row"),
                ((_link(each), each.title, each.grain) for each in contracts),
            ),
            *(line for contract in contracts for line in _section(contract)),
        ]
    )


def _link(contract: TableContract) -> str:
    return f"[{contract.name}](#{contract.name})"


def _section(contract: TableContract) -> list[str]:
    kind = "View. " if contract is INDICATORS_VIEW else ""
    source = f" Source: {contract.source}." if contract.source else ""
    return [
        f"## {contract.name}",
        "",
        f"**{contract.title}.** {kind}{contract.description}{source}",
        "",
        f"One row: {contract.grain}",
        "",
        *markdown.table(
            ("column", "type", "filled", "description", "unit", "svensk etikett"),
            (_cells(column, contract) for column in contract.columns),
        ),
    ]


def _cells(column: Column, contract: TableContract) -> tuple[str, ...]:
    values = f" Values: {markdown.codes(column.codes)}." if column.codes else ""
    filled = "key" if column.name in contract.key else "always" if column.required else "may miss"
    return (
        markdown.code(column.name),
        DUCKDB_TYPES[column.kind],
        filled,
        column.description + values,
        column.unit,
        column.label,
    )
