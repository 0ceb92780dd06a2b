"""The page docs/supplier.md: what a supplier delivers, and every rule, from the contracts.

The examples are invented rows with the Swedish Tax Agency's test identities.
"""

from collections.abc import Mapping

from pipelines.publication import markdown
from schemas.column import Column, Kind
from schemas.contract import DeliveryContract
from schemas.deliveries import DELIVERIES
from schemas.rules import RULES, Rule

INTRODUCTION = """\
# To those who deliver

For IT staff in regions who export data to the follow-up of fast läkarkontakt. The page is
generated from the same contracts and rules that read your files
(`python -m pipelines.publication.generated_text`); do not edit it.

## Where a file goes

`<landing>/<region code>/<delivery>/<name>.csv`, `.csv.gz`, `.parquet` or `.xlsx`. The region code
is the two-digit county code, such as `19`. National reference data goes to
`<landing>/reference/population/YYYY.csv`.

The name begins with the date that the content is true for: `YYYY-MM-DD` for a snapshot,
`YYYY-MM` for a month's contacts, `YYYY` for the population. A suffix `_something` may follow.
Files of one delivery and date with different suffixes are parts of one snapshot; for
`care_markings` the suffix is the source, `_cosmic` or `_` and the municipality's code, and each
source's newest snapshot counts. Each snapshot is the whole register as of that day, not the
changes since the last.

To correct a file, deliver it again under the same name: it is taken in anew, and both receipts
stay. A file that is a link is refused.

Copy a file under a temporary name, such as `2025-11-30.csv.part`, and rename it when it is whole. A
file that changes while it is read is left for the next run.

## How a file is written

This is the standard layout. A system that cannot export it (other headings, encodings, workbooks
with titles or notes, JSON) can get a [region profile](profiles.md), which maps its files onto this
layout; ask the operator.

- CSV: UTF-8, one header row with the names below, `,` or `;` between fields, `"` around a field
  that holds the delimiter. Columns may stand in any order; unknown columns are not read.
- Parquet: the same column names. Text is safest.
- Excel: one sheet with content, the column names in its first row. Format identities and codes as
  text, so that no zero is lost; dates may be dates.
- Dates `YYYY-MM-DD`, times `HH:MM`, numbers with a decimal point, `true` or `false` in any case.
- Empty means missing. A column that may be missing may also be absent from the header. White
  space around a value is ignored.
- `person_id`: 12 digits with century, with or without a hyphen or `+` before the last four; date
  and checksum are verified; a samordningsnummer has the day + 60. Interim and reserve numbers
  of 12 characters A–Z 0–9 with at least one letter are read as reserve identities.
- HSA-ids are compared without regard to case.

## What becomes of it

Rows delivered = rows accepted + rows rejected, always, for each file. A row that breaks a rule
is rejected and the others count; a file that breaks a rule for whole files is refused, and the
previous accepted snapshot of a register stands in. For each file there is a receipt; for each
rejected row its line number, the rule and the column, never the value.

## Check before you send

```sh
flk check 19/listings/2025-11-30.csv
flk check 2025-11-30.csv --region 19 --report kontroll.xlsx
```

It reads the file exactly as the pipeline does and says how it was read, how many rows are accepted
and rejected, and which rules are broken, with the first lines and the columns. Nothing is stored
or sent. A whole folder can be checked at once. In a landing folder, `<landing>/19/listings/`, units
are compared with the units registers there and the number of rows with the previous snapshot; for
a file anywhere else it says that this was not done. The name must be that of a delivery, such as
`2025-11-30.csv`, wherever the file lies. Which delivery a file is, its folder or its headings say;
where they do not, add `--delivery listings`.

`--report` writes an Excel file in Swedish: *Sammanfattning* (each file, accepted or not and why),
*Regler* (every rule broken, how often, and what to do) and *Rader* (line numbers and rules, so that
you find the rows in your own file). It holds no values of the file. For a delivery that is refused,
the operator has the same report to send you.

Exit status: 0 every file would be accepted (single rows may be rejected), 1 a file would be
refused, 2 wrong use.
"""

FILE_NAMES: Mapping[str, tuple[str, ...]] = {
    "units": ("2025-11-30.csv",),
    "listings": ("2025-11-30.csv", "2025-11-30_flisa.csv.gz"),
    "physicians": ("2025-11-30.csv",),
    "care_contacts": ("2025-11.csv.gz",),
    "care_markings": ("2025-11-30_cosmic.csv", "2025-11-30_1980.csv"),
    "fixed_contacts": ("2025-11-30.csv",),
    "population": ("2024.csv",),
}
"""Names that a file of each delivery may have."""

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "units": (
        "SE2321000172-1A01,Bäckby vårdcentral,1980,region,2015-01-01,",
        "SE2321000172-1B07,Kolsva vårdcentral,1983,privat,2019-03-01,2026-02-28",
    ),
    "listings": (
        "20000229-2399,false,1980,,SE2321000172-1A01,Anna Ek,SE2321000172-2C11,PV,false,"
        "2021-04-12,",
        "19570428-9999,true,,,SE2321000172-1A01,Bäckby vårdcentral 2,,PV,false,2019-09-01,",
        "19090527-1474,false,1983,2025-10-02,SE2321000172-1B07,,,PV,false,2019-03-01,",
    ),
    "physicians": (
        "SE2321000172-2C11,SE2321000172-1A01,201011,allmanmedicin,,false,tillsvidare,0.8,"
        "2018-05-01,",
        "SE2321000172-2C40,SE2321000172-1A01,203010,allmanmedicin,ST,false,visstid,1.0,"
        "2024-02-01,2026-01-31",
        "SE2321000172-2D02,SE2321000172-1B07,202010,allmanmedicin|geriatrik,,false,hyr,0.5,"
        "2025-09-01,",
    ),
    "care_contacts": (
        "20000229-2399,2025-11-03,09:20,SE2321000172-1A01,SE2321000172-2C11,lakare,mottagning",
        "19570428-9999,2025-11-03,,SE2321000172-1A01,SE2321000172-3F19,sjukskoterska,telefon",
        "20000229-2399,2025-11-17,13:05,SE2321000172-1A01,,lakare,hembesok",
    ),
    "care_markings": (
        "19090527-1474,1983,sabo,true,2023-01-10,,false",
        "19570428-9999,1980,hemsjukvard,false,2025-06-01,2025-12-31,",
    ),
    "fixed_contacts": (
        "20000229-2399,2,SE2321000172-2C11,SE2321000172-1A01,2022-07-01,",
        "19570428-9999,1,SE2321000172-3F19,SE2321000172-1A01,2025-06-01,",
    ),
    "population": ("2024,1980,women,0,782", "2024,1980,men,100,6"),
}
"""Rows of an example file of each delivery, in the contract's column order."""

GRADES = {
    "reject_delivery": ("Rules for whole files", "The file is refused; no row of it counts."),
    "reject_row": ("Rules for rows", "The row is rejected; the other rows count."),
    "warn": ("Warnings", "The row or file counts; the receipt says what was odd."),
}


def example_file(delivery: DeliveryContract) -> str:
    """An example of a delivery in the standard layout: header and a few rows."""
    return "\n".join([",".join(delivery.column_names), *EXAMPLES[delivery.name]]) + "\n"


def supplier_page() -> str:
    """The page as Markdown, the same for the same contracts and rules."""
    return markdown.page(
        [
            *INTRODUCTION.splitlines(),
            "",
            "## The deliveries",
            "",
            *markdown.table(
                ("delivery", "på svenska", "period", "file names, for instance"),
                (
                    (
                        f"[{each.name}](#{each.name})",
                        each.title,
                        each.period,
                        markdown.codes(FILE_NAMES[each.name]),
                    )
                    for each in DELIVERIES
                ),
            ),
            *(line for delivery in DELIVERIES for line in _delivery(delivery)),
            "## The rules",
            "",
            *(line for grade in GRADES for line in _rules(grade)),
        ]
    )


def _delivery(delivery: DeliveryContract) -> list[str]:
    return [
        f"### {delivery.name}",
        "",
        f"**{delivery.title}.** {delivery.description} Two rows may not share all of "
        f"{markdown.codes(delivery.key)}: the first that breaks no other rule stays.",
        "",
        *markdown.table(
            ("column", "kind", "may be missing", "meaning", "svensk etikett"),
            (_column(column) for column in delivery.columns),
        ),
        "```csv",
        *example_file(delivery).splitlines(),
        "```",
        "",
    ]


def _column(column: Column) -> tuple[str, ...]:
    values = f" Values: {markdown.codes(column.codes)}." if column.codes else ""
    return (
        markdown.code(column.name),
        _written(column),
        "" if column.required else "yes",
        column.description + values,
        column.label,
    )


def _written(column: Column) -> str:
    """How a value of the column is written."""
    return {
        Kind.DATE: "date `YYYY-MM-DD`",
        Kind.TIME: "time `HH:MM`",
        Kind.TRUTH: "`true` or `false`",
    }.get(column.kind, column.kind.value)


def _rules(grade: str) -> list[str]:
    title, meaning = GRADES[grade]
    return [
        f"### {title}",
        "",
        meaning,
        "",
        *markdown.table(
            ("code", "what is wrong and what to do", "på svenska"),
            (_rule(rule) for rule in RULES if rule.grade == grade),
        ),
    ]


def _rule(rule: Rule) -> tuple[str, str, str]:
    return markdown.code(rule.code), rule.sentence, rule.sentence_sv
