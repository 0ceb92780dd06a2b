"""A JSON export as rows of text: nesting becomes paths of names, such as unit.hsaId.

Numbers keep the digits that they are written with. What the paths mean stands in `layout.py`.
"""

import json
from collections.abc import Iterator
from typing import Any

from pipelines.intake.refusal import FileRefusedError, Refusal

_LIST = "[]"
_LIST_SEPARATOR = "|"


def read_records(text: str, path: str) -> list[dict[str, str]]:
    """A row for each element of the list at the path (`response[].listings[]`), in order.

    What stands beside the lists on the way belongs to each of their rows. Headings are the paths
    from the top without brackets. A list of texts becomes one text joined by |; other lists that
    are not on the path are left out. An element whose list is empty, null or absent gives no row.
    Raises FileRefusedError where the text is no JSON, a name stands twice, or the path leads
    nowhere.
    """
    try:
        data = json.loads(
            text,
            parse_int=str,
            parse_float=str,
            parse_constant=_no_number,
            object_pairs_hook=_without_repetition,
        )
    except (ValueError, RecursionError):
        raise FileRefusedError(Refusal("unreadable")) from None
    steps = [step for step in path.split(".") if step]
    if not any(step.endswith(_LIST) for step in steps) and isinstance(data, list):
        steps = [_LIST, *steps]
    try:
        return list(_rows(data, steps, "", {}))
    except RecursionError:
        raise FileRefusedError(Refusal("unreadable")) from None


def _rows(
    data: Any, steps: list[str], path: str, around: dict[str, str], inside: bool = False
) -> Iterator[dict[str, str]]:
    """The rows below a value; `around` is what stands beside the lists on the way to it, `inside`
    whether there has been a list."""
    if not steps:
        yield around | dict(_texts(data, path))
        return
    name = steps[0].removesuffix(_LIST)
    here = _joined(path, name)
    if name:
        if not isinstance(data, dict):
            raise _nowhere(here)
        if data.get(name) is None:
            if inside:
                return
            raise _nowhere(here)
        around = around | {
            heading: text
            for heading, text in _texts(data, path)
            if heading != here and not heading.startswith(f"{here}.")
        }
        data = data[name]
    if not steps[0].endswith(_LIST):
        yield from _rows(data, steps[1:], here, around, inside)
        return
    if not isinstance(data, list):
        raise _nowhere(here)
    for element in data:
        yield from _rows(element, steps[1:], here, around, inside=True)


def _texts(data: Any, path: str) -> Iterator[tuple[str, str]]:
    """Heading and text of every value in a record that is no list of records; null has neither."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _texts(value, _joined(path, name))
    elif isinstance(data, list):
        if not any(isinstance(each, dict | list) for each in data):
            yield path, _LIST_SEPARATOR.join(_text(each) for each in data)
    elif data is not None:
        yield path, _text(data)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _no_number(_: str) -> Any:
    raise ValueError


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


def _nowhere(path: str) -> FileRefusedError:
    return FileRefusedError(
        Refusal(
            "unreadable",
            instead=f"The file has no list at {path or 'its top'}, where the region's profile says "
            "that the records stand. Deliver it so, or correct the key records.",
        )
    )
