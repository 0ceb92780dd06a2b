"""The landing folder → every file with its receipt, rejected rows and accepted rows.

Grades of whole files and the choice of snapshots; single rows are rules.py."""

import hashlib
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from .areas import MUNICIPALITIES, NATION, REGIONS
from .figures import Row
from .reading import TextTable, UnreadableError, read_table, split_name
from .rules import DELIVERIES, Cells, Delivery, key_of, read_date

T = TypeVar("T")


@dataclass
class File:
    """One delivered file: what it is dated, what was accepted of it, and why not the rest."""

    region_code: str
    delivery: str
    file_name: str
    sha256: str | None
    period: str  # YYYY-MM-DD, YYYY-MM or YYYY; empty where the name has none
    suffix: str
    rows: int = 0
    refusals: list[str] = field(default_factory=list)
    rejected: list[tuple[int, list[str]]] = field(default_factory=list)
    accepted: list[object] = field(default_factory=list)

    @property
    def status(self) -> str:
        return "refused" if self.refusals else "accepted"

    @property
    def source(self) -> str:
        """'The suffix of the name is the source: `_cosmic` … or `_<municipality code>`'."""
        return self.suffix.split("_")[0]


def read_landing(landing: Path, today: date) -> list[File]:
    """Every delivered file of `<landing>/<region code>/<delivery>/` and the reference data."""
    files: list[File] = []
    for region in REGIONS:
        for delivery in DELIVERIES:
            if delivery != "population":
                files += _read_folder(landing / region / delivery, region, delivery, today)
    files += _read_folder(landing / "reference" / "population", NATION, "population", today)
    return files


def _read_folder(folder: Path, region: str, delivery: str, today: date) -> list[File]:
    if not folder.is_dir() or folder.is_symlink():
        return []
    files = []
    names_seen: set[str] = set()
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        parts = split_name(path.name)
        if parts is None or (path.is_dir() and not path.is_symlink()):
            continue
        name, extension = parts
        file = _read_file(path, extension, region, delivery, name, today)
        if name in names_seen:
            file.refusals.append("same_name_twice")
        names_seen.add(name)
        if file.refusals:
            file.accepted = []
        files.append(file)
    return files


def _read_file(
    path: Path, extension: str, region: str, delivery: str, name: str, today: date
) -> File:
    """The *reject_delivery* list, in its order."""
    period, suffix = _date_in_name(name, delivery)
    file = File(region, delivery, path.name, None, period, suffix)
    if not period:
        file.refusals.append("name_without_date")
    elif delivery == "care_markings" and file.source not in {"cosmic", *MUNICIPALITIES}:
        file.refusals.append("name_without_source")
    elif len(period) == 10 and date.fromisoformat(period) > today:
        file.refusals.append("snapshot_after_run")
    if path.is_symlink():
        file.refusals.append("link")
        return file
    file.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        table = read_table(path, extension)
    except UnreadableError as problem:
        file.refusals.append(str(problem))
        return file
    file.rows = len(table.rows)
    layout = DELIVERIES[delivery]
    if len(set(table.header)) < len(table.header):
        file.refusals.append("duplicate_header")
    if not set(layout.required) <= set(table.header):
        file.refusals.append("missing_required_column")
    if not table.rows:
        file.refusals.append("header_only")
    if not file.refusals:
        _read_rows(file, table, layout, today)
    return file


def _date_in_name(name: str, delivery: str) -> tuple[str, str]:
    """'A name starts with the date that the content is true for: `YYYY-MM-DD` for a snapshot,
    `YYYY-MM` for a month's contacts; a suffix `_something` may follow.'"""
    shapes = {"care_contacts": r"[0-9]{4}-[0-9]{2}", "population": r"[0-9]{4}"}
    shape = shapes.get(delivery, r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
    found = re.fullmatch(rf"({shape})(?:_(.+))?", name)
    if found is None:
        return "", ""
    period = found[1]
    if delivery == "population":
        return period, found[2] or ""
    if read_date(period if len(period) == 10 else f"{period}-01") is None:
        return "", ""
    return period, found[2] or ""


def _read_rows(file: File, table: TextTable, layout: Delivery, today: date) -> None:
    """'the first row of the file that breaks no other rule stays'; refused when 'no row accepted,
    more than 10 % of the rows rejected when these are at least 10 rows'."""
    columns = (*layout.required, *layout.optional)
    keys_seen: set[Hashable] = set()
    for line, values in table.rows:
        cells = Cells(dict(zip(table.header, values, strict=False)))
        cells.values = {name: cells.values.get(name, "") for name in columns}
        if len(values) > len(table.header):
            cells.broken.add("more_values_than_columns")
        row = layout.read(cells, file.period, today)
        if not cells.broken:
            key = key_of(row)
            if key in keys_seen:
                cells.broken.add("second_row_with_key")
            keys_seen.add(key)
        if cells.broken:
            file.rejected.append((line, sorted(cells.broken)))
        else:
            file.accepted.append(row)
    rejected = len(file.rejected)
    if not file.accepted:
        file.refusals.append("no_row_accepted")
    elif rejected >= 10 and rejected * 10 > file.rows:
        file.refusals.append("too_many_rejected")


def deliveries_table(files: list[File]) -> list[Row]:
    """'rows, accepted, rejected, status': 'the whole file refused with a receipt; accepted 0,
    rejected = its rows, rows 0 where it cannot be read'."""
    return [
        {
            "region_code": file.region_code,
            "delivery": file.delivery,
            "file_name": file.file_name,
            "sha256": file.sha256,
            "received_at": None,
            "reference_date": read_date(file.period),
            "rows": file.rows,
            "accepted": len(file.accepted),
            "rejected": file.rows - len(file.accepted),
            "status": file.status,
            "message": " ".join(file.refusals),
        }
        for file in files
    ]


def rejected_rows_table(files: list[File]) -> list[Row]:
    """One row per rejected line; `rule` joins this module's own rule names by a space."""
    return [
        {
            "region_code": file.region_code,
            "delivery": file.delivery,
            "file_name": file.file_name,
            "line": line,
            "rule": " ".join(rules),
        }
        for file in files
        for line, rules in file.rejected
    ]


def accepted_files(files: Iterable[File], region: str, delivery: str) -> list[File]:
    return [
        file
        for file in files
        if (file.region_code, file.delivery, file.status) == (region, delivery, "accepted")
    ]


def newest(files: list[File], last: str) -> str | None:
    """The newest date in these names that is not after `last` (ISO texts order as dates)."""
    return max((file.period for file in files if file.period <= last), default=None)


def rows_of(files: list[File], period: str | None, kind: type[T]) -> list[T] | None:
    """'Files of one delivery and date with different suffixes are parts of one snapshot; a key
    that stands in two parts counts once (the first by file name)'. None: nothing accepted."""
    if period is None:
        return None
    rows: dict[Hashable, T] = {}
    for file in sorted((one for one in files if one.period == period), key=lambda f: f.file_name):
        for row in file.accepted:
            assert isinstance(row, kind)
            rows.setdefault(key_of(row), row)
    return list(rows.values())
