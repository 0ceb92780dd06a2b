"""The national figures in short, as Markdown: what a colleague sees beside a new release."""

from pathlib import Path

from pipelines.publication import markdown
from pipelines.publication.report.country_page import country_page
from pipelines.publication.report.figure import Column, cell
from pipelines.publication.report.language import SWEDISH, Language
from pipelines.publication.report.published import Published, Row, open_published

_MARKS = {True: " ✓", False: " ✕", None: ""}


def national_summary(
    statistics_file: Path, month: str | None = None, language: Language = SWEDISH
) -> str:
    """The first page's sentence, the goals and where each region stands; default: newest month."""
    with open_published(statistics_file) as connection:
        page = country_page(Published(connection, month), language)
    goals = page.sections[0].figures[0]
    return markdown.page(
        [
            f"**{page.title}**",
            "",
            page.lead,
            "",
            *(f"- {tile.label}: {tile.value}. {tile.remark}" for tile in page.tiles),
            "",
            *markdown.table(
                [column.label for column in goals.columns],
                [
                    [_written(row, column, language) for column in goals.columns]
                    for row in goals.rows
                ],
            ),
        ]
    )


def _written(row: Row, column: Column, language: Language) -> str:
    mark = _MARKS[row.get(column.met)] if column.met else ""
    return cell(row, column, language) + mark
