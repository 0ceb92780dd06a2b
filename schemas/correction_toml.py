"""Reading and checking a region's corrections file, `<region code>.toml`.

What is wrong is said with the file's name and the correction's id, never with a value of it.
"""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from schemas.contract import DeliveryContract
from schemas.corrections import ACTIONS, STATUSES, Correction, Corrections
from schemas.deliveries import DELIVERIES
from schemas.identity_numbers import BETWEEN, masked
from schemas.regions import region_names

_TEXT_KEYS = ("id", "delivery", "file", "action", "reason", "status")
_KEYS = (*_TEXT_KEYS, "reported", "lines", "sha256", "where", "column", "value", "codes", "rows")
_NEEDS = {
    "drop": (),
    "override": ("column", "value"),
    "recode": ("column", "codes"),
    "flag": (),
}
_CHECKSUM = "[0-9a-f]{8,64}"
_LIKE_AN_IDENTITY = re.compile(
    rf"(?<![0-9A-Za-z])([0-9]{{8}}|[0-9]{{6}}){BETWEEN}[0-9]{{4}}(?![0-9A-Za-z])"
)


class CorrectionsError(Exception):
    """A corrections file that cannot be used; the text says which and what to do."""


def read_corrections(folder: Path) -> Corrections:
    """The corrections of all regions; none where there is no folder.

    Raises CorrectionsError for a file that is not as it must be.
    """
    if not folder.is_dir():
        return Corrections()
    return Corrections(
        {
            path.stem: corrections_of(path.name, _text(path))
            for path in sorted(folder.glob("*.toml"))
            if _demand(
                path.stem in region_names(), f"{masked(path.name)}: name it by the region, 19.toml."
            )
        }
    )


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise CorrectionsError(f"{path.name} cannot be read as UTF-8 text.") from None


def corrections_of(name: str, text: str) -> tuple[Correction, ...]:
    """The corrections in the text of a file of that name. Raises CorrectionsError."""
    if _LIKE_AN_IDENTITY.search(text):
        raise CorrectionsError(
            f"{name} holds something like a personal identity number. Point to rows by their lines."
        )
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise CorrectionsError(f"{name} is not TOML; look at quotes and brackets.") from None
    _demand(set(data) <= {"correction"}, f"{name}: only [[correction]] may stand in it.")
    entries = data.get("correction", [])
    _demand(
        isinstance(entries, list) and all(isinstance(each, dict) for each in entries),
        f"{name}: write [[correction]] above each correction.",
    )
    found = tuple(_correction(name, place, each) for place, each in enumerate(entries, start=1))
    ids = [each.id for each in found]
    _demand(len(set(ids)) == len(ids), f"{name}: two corrections have the same id.")
    return found


def _demand(holds: bool, sentence: str) -> bool:
    if not holds:
        raise CorrectionsError(sentence)
    return True


def _correction(name: str, place: int, data: dict[str, Any]) -> Correction:
    told = data.get("id")
    where = f"{name}, correction {told if isinstance(told, str) and told else f'number {place}'}"

    def demand(holds: bool, sentence: str) -> None:
        _demand(holds, f"{where}: {sentence}")

    unknown = sorted(set(data) - set(_KEYS))
    demand(not unknown, f"unknown key; the keys are {', '.join(_KEYS)}.")
    for key in _TEXT_KEYS:
        demand(isinstance(data.get(key), str) and data[key] != "", f"{key} is missing or no text.")
    demand(type(data.get("reported")) is date, "reported must be a date, such as 2025-12-03.")
    demand(data["status"] in STATUSES, f"status must be one of {', '.join(STATUSES)}.")
    demand(data["action"] in ACTIONS, f"action must be one of {', '.join(ACTIONS)}.")
    contract = {each.name: each for each in DELIVERIES if not each.national}.get(data["delivery"])
    if contract is None:
        raise CorrectionsError(f"{where}: delivery is not one of those that regions send.")
    needed = _NEEDS[data["action"]]
    for key in ("column", "value", "codes"):
        demand(
            (key in data) == (key in needed),
            f"{data['action']} {'needs' if key in needed else 'has no'} {key}.",
        )
    _demand_rows(data, demand)
    _demand_columns(data, contract, demand)
    return Correction(
        **{key: data[key] for key in _TEXT_KEYS},
        reported=data["reported"].isoformat(),
        lines=tuple(data.get("lines", ())),
        sha256=data.get("sha256", ""),
        where={
            column: tuple(texts) if isinstance(texts, list) else (texts,)
            for column, texts in data.get("where", {}).items()
        },
        column=data.get("column", ""),
        value=data.get("value", ""),
        codes=data.get("codes", {}),
        rows=data.get("rows"),
    )


def _demand_rows(data: dict[str, Any], demand: Callable[[bool, str], None]) -> None:
    """Which rows: lines of a certain content, or conditions, and how many."""
    lines, rows = data.get("lines", []), data.get("rows", 1)
    demand(
        isinstance(lines, list) and all(type(each) is int and each > 1 for each in lines),
        "lines must be a list of line numbers; the header is line 1.",
    )
    demand(
        isinstance(checksum := data.get("sha256", ""), str)
        and bool(re.fullmatch(_CHECKSUM, checksum)) == bool(lines)
        and (checksum != "") == bool(lines),
        "lines need sha256, at least the first 8 characters of the file's checksum: with another "
        "content they are other rows. Without lines leave it out.",
    )
    demand(type(rows) is int and rows > 0, "rows must be a whole number above 0.")
    demand(
        bool(lines) or bool(data.get("where")) or data["action"] == "recode",
        "say which rows it concerns, with lines or where.",
    )


def _demand_columns(
    data: dict[str, Any], contract: DeliveryContract, demand: Callable[[bool, str], None]
) -> None:
    """Columns of the delivery that identify nobody, and texts for them."""
    conditions, codes = data.get("where", {}), data.get("codes", {"": ""})
    demand(
        isinstance(conditions, dict)
        and all(
            isinstance(each, str)
            or (isinstance(each, list) and each and all(isinstance(one, str) for one in each))
            for each in conditions.values()
        ),
        "where must map columns to a text or a list of texts.",
    )
    demand(isinstance(data.get("value", ""), str), "value must be a text.")
    demand(
        isinstance(codes, dict)
        and bool(codes)
        and all(isinstance(each, str) for each in codes.values()),
        "codes must map texts to texts.",
    )
    open_columns = [column.name for column in contract.columns if not column.personal]
    named = [*conditions, *([data["column"]] if "column" in data else [])]
    demand(
        all(column in open_columns for column in named),
        f"a column must be one of {', '.join(open_columns)}: columns of {contract.name} that "
        "identify nobody.",
    )
