"""The quality declaration as sheets: its Markdown laid out in cells, Swedish and English."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipelines.publication.quality_declaration import Language
from pipelines.publication.request.workbook_sheet import (
    LINE_HEIGHT,
    Looks,
    lines_of,
    set_page,
)

NAMES: Mapping[Language, str] = {"sv": "Kvalitetsdeklaration", "en": "Quality declaration"}
"""Language to the name of its sheet."""

_WIDTHS = (62, 16, 14, 14, 14)


def add_declaration(
    book: Workbook, looks: Looks, language: Language, declaration: str, footer: str, header: str
) -> None:
    """Add the sheet of one language."""
    page = book.add_worksheet(NAMES[language])
    for place, width in enumerate(_WIDTHS):
        page.set_column(place, place, width)
    row = 0
    for block in _blocks(declaration):
        if block[0].startswith("|"):
            row = _add_table(page, looks, row, block)
        else:
            row = _add_text(page, looks, row, " ".join(block))
        row += 1
    page.print_area(0, 0, max(row - 1, 0), len(_WIDTHS) - 1)
    set_page(page, footer, header)


def _blocks(declaration: str) -> Iterator[list[str]]:
    """The headings, paragraphs, items and tables, each as its lines."""
    for is_blank, lines in groupby(declaration.splitlines(), lambda line: not line.strip()):
        block: list[str] = []
        for line in [] if is_blank else lines:
            if block and (line.startswith(("#", "- ")) or block[-1].startswith("#")):
                yield block
                block = []
            block.append(line.strip())
        if block:
            yield block


def _add_text(page: Worksheet, looks: Looks, row: int, text: str) -> int:
    """A heading or paragraph over all columns; the row after it."""
    marks = len(text) - len(text.lstrip("#"))
    said = _plain(text.lstrip("# "))
    if marks:
        look = looks.title if marks == 1 else looks.of(bold=True, font_size=12)
        page.write_string(row, 0, said, look)
    else:
        look = looks.of(text_wrap=True, valign="top")
        page.merge_range(row, 0, row, len(_WIDTHS) - 1, said, look)
        page.set_row(row, LINE_HEIGHT * lines_of(said, sum(_WIDTHS)))
    return row + 1


def _add_table(page: Worksheet, looks: Looks, row: int, lines: Sequence[str]) -> int:
    """A table, whose second line only rules; the row after it."""
    heading, _, *rest = ([_plain(cell) for cell in line.strip("|").split("|")] for line in lines)
    for number, cells in enumerate([heading, *rest], start=row):
        for place, cell in enumerate(cells):
            align = {"align": "right"} if place > 1 else {}
            look = looks.heading(**align) if number == row else looks.cell(False, **align)
            page.write_string(number, place, cell, look)
    return row + len(rest) + 1


def _plain(text: str) -> str:
    """The text without the marks of Markdown."""
    return text.strip().replace("**", "").replace("`", "").removeprefix("- ")
