"""The delivered CSV files as they are read by the scripts that the product is compared with."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TYPES = {
    "person_id": "VARCHAR",
    "contact_date": "DATE",
    "contact_time": "TIME",
    "unit_id": "VARCHAR",
    "provider_id": "VARCHAR",
    "profession": "VARCHAR",
    "contact_type": "VARCHAR",
    "protected_identity": "BOOLEAN",
    "residence_municipality": "VARCHAR",
    "deceased_on": "DATE",
    "list_name": "VARCHAR",
    "physician_id": "VARCHAR",
    "listing_type": "VARCHAR",
    "in_queue": "BOOLEAN",
    "valid_from": "DATE",
    "valid_to": "DATE",
    "main_care_at_setting": "BOOLEAN",
    "equivalent_competence": "BOOLEAN",
    "fte": "DOUBLE",
    "year": "INTEGER",
    "age": "INTEGER",
    "count": "BIGINT",
}
"""Columns that are not text; all others are read as text."""


@dataclass(frozen=True)
class Alike:
    """Files of one delivery with the same headings and delimiter."""

    delivery: str
    headings: tuple[str, ...]
    delimiter: str
    paths: tuple[str, ...]

    def reader(self, *, as_text: bool = False) -> str:
        """The call of DuckDB's read_csv, typed or all text; rows that do not fit are left out."""
        kinds = (f"'{name}': '{self._type(name, as_text)}'" for name in self.headings)
        paths = ", ".join(f"'{path}'" for path in self.paths)
        return (
            f"read_csv([{paths}], header = true, delim = '{self.delimiter}', quote = '\"', "
            f"columns = {{{', '.join(kinds)}}}, auto_detect = false, filename = true, "
            f"ignore_errors = {not as_text})"
        )

    @staticmethod
    def _type(name: str, as_text: bool) -> str:
        return "VARCHAR" if as_text else TYPES.get(name, "VARCHAR")


def delivered(landing: Path, delivery: str) -> list[Path]:
    """The files of a delivery, packed or not."""
    return sorted(landing.glob(f"*/{delivery}/*.csv*"))


def alike(paths: Iterable[Path], delivery: str) -> Iterator[Alike]:
    """The files of a delivery, those with the same headings together."""
    found: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for path in paths:
        headings, delimiter = headings_of(path)
        found.setdefault((headings, delimiter), []).append(str(path))
    for (headings, delimiter), alike_paths in found.items():
        yield Alike(delivery, headings, delimiter, tuple(alike_paths))


def headings_of(path: Path) -> tuple[tuple[str, ...], str]:
    """The headings of a file, and its delimiter."""
    unpack = gzip.open if path.suffix == ".gz" else open
    with unpack(path, "rt", encoding="utf-8-sig") as file:
        first = str(file.readline()).strip()
    delimiter = max(",;", key=first.count)
    return tuple(first.split(delimiter)), delimiter


def newest(landing: Path, delivery: str, month: str) -> dict[str, Path]:
    """Region to the newest snapshot of the month, for the regions that have one."""
    of_month = [each for each in delivered(landing, delivery) if each.name.startswith(month)]
    return {path.parents[1].name: path for path in of_month}
