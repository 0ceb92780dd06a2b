"""Markdown pieces that the generated pages share."""

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; bars and line breaks in cells are made harmless."""
    return [
        _row(header),
        _row(["---"] * len(header)),
        *(_row([_cell(cell) for cell in row]) for row in rows),
        "",
    ]


def code(text: str) -> str:
    """The text as code."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """The texts as code, joined by a comma."""
    return ", ".join(code(text) for text in texts)


def page(lines: Iterable[str]) -> str:
    """The text of a page: one line break at the end, no blank line twice."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
