"""Which heading of a file is which column of the standard layout, as a profile says.

Headings are compared without regard to case and white space.
"""

from collections.abc import Sequence

from pipelines.intake.refusal import FileRefusedError, Refusal
from schemas.contract import DeliveryContract
from schemas.profiles import FIND, Layout

MOST_LINES_LOOKED_AT = 50
"""So far down a file its headings are looked for."""


def tidy(heading: str) -> str:
    """The heading with one blank for each white space within it, and none around it."""
    return " ".join(heading.split())


def places_of(headings: Sequence[str], name: str, layout: Layout) -> list[int]:
    """Where the headings of a column of the standard layout stand."""
    wanted = {same(heading) for heading in layout.columns.get(name, (name,))}
    return [place for place, heading in enumerate(headings) if same(heading) in wanted]


def columns_of(
    headings: Sequence[str], contract: DeliveryContract, layout: Layout
) -> dict[str, int]:
    """Column of the standard layout to the place of its heading; constants are left out."""
    found = {
        name: places_of(headings, name, layout)
        for name in contract.column_names
        if name not in layout.constants
    }
    return {name: places[0] for name, places in found.items() if places}


def has_required(headings: Sequence[str], contract: DeliveryContract, layout: Layout) -> bool:
    """Whether every required column has a heading here or is a constant."""
    found = columns_of([*headings], contract, layout)
    return all(name in found or name in layout.constants for name in contract.required_columns)


def header_refusals(
    headings: Sequence[str], contract: DeliveryContract, layout: Layout
) -> list[Refusal]:
    """What is wrong with the headings, in the words of the profile."""
    refusals = []
    found = columns_of(headings, contract, layout)
    missing = [
        _called(name, layout)
        for name in contract.required_columns
        if name not in found and name not in layout.constants
    ]
    if missing:
        refusals.append(Refusal("missing_column", f"Missing: {', '.join(missing)}."))
    twice = [_called(name, layout) for name in found if len(places_of(headings, name, layout)) > 1]
    if twice:
        refusals.append(Refusal("duplicate_header", f"Twice: {', '.join(twice)}."))
    return refusals


def ignored_headings(headings: Sequence[str], layout: Layout) -> tuple[str, ...]:
    """The headings of the file that the profile knows and leaves out."""
    known = {same(heading) for heading in layout.ignored}
    return tuple(dict.fromkeys(heading for heading in headings if same(heading) in known))


def last_header_line(layout: Layout) -> int:
    """The last line on which the headings may stand."""
    if isinstance(layout.header_line, int):
        return layout.header_line
    return MOST_LINES_LOOKED_AT


def no_header(layout: Layout, sheet: str = "") -> FileRefusedError:
    """The refusal where the headings do not stand where the profile says."""
    where = f" in the sheet {sheet}" if sheet in layout.sheets and sheet else ""
    if layout.header_line == FIND:
        what = f"None of the first {MOST_LINES_LOOKED_AT} lines{where} holds a heading of every"
        return FileRefusedError(Refusal("missing_column", f"{what} required column."))
    return FileRefusedError(Refusal("empty_file", f"No headings{where}." if where else ""))


def same(heading: str) -> str:
    """What is alike in headings that mean the same."""
    return tidy(heading).casefold()


def _called(name: str, layout: Layout) -> str:
    """A column and the headings that the profile gives it."""
    if name not in layout.columns:
        return name
    return f"{name} (in the profile: {' or '.join(layout.columns[name])})"
