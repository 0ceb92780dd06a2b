"""Searching a folder for persons: every file as bytes, and decoded whatever it is."""

import csv
import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import python_calamine

DIGITS = re.compile(r"(?<![0-9A-Za-z])(\d{6}|\d{8})[-+]?(\d{4})(?![0-9A-Za-z])")
NAME_HEADINGS = ("list_name", "listnamn", "listname", "namn", "name", "efternamn", "förnamn")
DECIMALS_FOLLOW = re.compile(rb"\d\.")
LENGTHS_OF_PSEUDONYMS = (18, 19, 20)
"""In so many digits, and in a figure's decimals, chance would find an identity every few runs."""


@dataclass(frozen=True)
class Persons:
    """What must stand nowhere: identities as ten digits, reserve identities, names of lists."""

    ten_digits: frozenset[str]
    texts: frozenset[str]

    def found_in(self, content: bytes) -> set[str]:
        """Which of them stand in a content."""
        return self.numbers_in(content) | self.texts_in([content])[0]

    def numbers_in(self, content: bytes) -> set[str]:
        """Which of the identity numbers stand in a content, in any form."""
        windows = set()
        for found in re.finditer(rb"\d{10,}", content):
            run, before = found[0], content[max(0, found.start() - 2) : found.start()]
            if len(run) in (10, 12):
                windows.add(run[-10:])
            elif not DECIMALS_FOLLOW.match(before) and len(run) not in LENGTHS_OF_PSEUDONYMS:
                # Next to other digits, as in a database's pages, only with their century.
                windows.update(re.findall(rb"(?=(?:19|20)(\d{10}))", run))
        for sign in re.finditer(rb"(?<=\d{6})[-+ ](?=\d{4})", content):
            at = sign.start()
            windows.add(content[at - 6 : at] + content[at + 1 : at + 5])
        return {each.decode() for each in windows} & self.ten_digits

    def texts_in(self, contents: Sequence[bytes]) -> list[set[str]]:
        """Which of the texts stand in each content; all are looked for at once, which is quick."""
        if not self.texts:
            return [set() for _ in contents]
        # A byte is a letter here, so that a text is found wherever it stands.
        written = {each.encode().decode("latin-1"): each for each in self.texts}
        letters = pl.Series([each.decode("latin-1") for each in contents], dtype=pl.String)
        found = letters.str.extract_many(list(written), overlapping=True)
        return [{written[each] for each in texts} for texts in found]


def persons(landing: Path) -> Persons:
    """The persons and lists of all deliveries below a folder, however they are written."""
    digits: set[str] = set()
    texts: set[str] = set()
    for path in sorted(landing.rglob("*")):
        if (
            not path.is_file()
            or path.is_symlink()
            or path.suffix == ".toml"
            or "population" in path.parts
        ):
            continue
        for text in _delivered(path):
            digits |= {born[-6:] + last for born, last in DIGITS.findall(text)}
            texts |= _named(text)
    return Persons(frozenset(digits), frozenset(each for each in texts if len(each) >= 9))


def _delivered(path: Path) -> Iterator[str]:
    """The texts of a delivered file; what cannot be read whole is read as far as it goes."""
    content = path.read_bytes()
    if path.suffix == ".xlsx":
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            text = io.StringIO()
            rows = book.get_sheet_by_name(name).to_python()
            csv.writer(text).writerows([[_of_cell(cell) for cell in row] for row in rows])
            yield text.getvalue()
    elif path.suffix == ".parquet" and content[-4:] == b"PAR1":
        yield pl.read_parquet(path).write_csv()
    else:
        if content[:2] == b"\x1f\x8b":
            content = zlib.decompressobj(31).decompress(content)
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            yield content.decode("utf-16", "replace")
        else:
            try:
                yield content.decode("utf-8-sig")
            except UnicodeDecodeError:
                yield content.decode("cp1252", "replace")


def _of_cell(value: object) -> str:
    """A cell as text; an identity that Excel took for a number gets its zero back."""
    if isinstance(value, float) and value > 1e8:
        return str(int(value)).zfill(12 if value > 1e10 else 10)
    return str(value)


def _named(text: str) -> set[str]:
    """The names of lists and the reserve identities of a delivery in CSV."""
    delimiter = ";" if ";" in text[:200] else ","
    found = set()
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    for place, header in enumerate(rows[:6]):
        headings = [each.strip().lower() for each in header]
        for column, heading in enumerate(headings):
            if heading in NAME_HEADINGS:
                found |= {row[column].strip() for row in rows[place + 1 :] if len(row) > column}
            if heading == "person_id":
                identities = {row[column] for row in rows[place + 1 :] if len(row) > column}
                found |= {each.strip() for each in identities if re.search("[A-Z]", each)}
    return found


def contents(out: Path) -> Iterator[tuple[str, bytes]]:
    """All that can be read below a folder: names, bytes, and values of whatever holds values."""
    for path in sorted(out.rglob("*")):
        place = str(path.relative_to(out))
        yield place, place.encode()
        if path.is_file():
            content = path.read_bytes()
            yield place, content
            for decoded in _decoded(path, content):
                yield place, decoded


def _decoded(path: Path, content: bytes) -> Iterator[bytes]:
    if content[:4] == b"PAR1":
        frame = pl.read_parquet(path, glob=False)
        yield frame.write_csv(None).encode()
        yield str(pl.read_parquet_metadata(path)).encode()
    elif content[:16] == b"SQLite format 3\x00":
        yield from _of_sqlite(path)
    elif content[8:12] == b"DUCK":
        with duckdb.connect(path, read_only=True) as file:
            for (name,) in file.execute("select table_name from duckdb_tables()").fetchall():
                yield str(file.execute(f'from "{name}"').fetchall()).encode()
    elif content[:2] == b"PK":
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield packed.read(name)
    elif content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)


def _of_sqlite(path: Path) -> Iterator[bytes]:
    """Every value of every table, with what is still in the write-ahead log; blobs unpacked."""
    connection = sqlite3.connect(path)
    connection.text_factory = bytes
    tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (table,) in tables:
        values = []
        for row in connection.execute(f'select * from "{table.decode()}"'):
            for value in row:
                values.append(value if isinstance(value, bytes) else str(value).encode())
                if isinstance(value, bytes) and value[:1] == b"\x78":
                    try:
                        values.append(zlib.decompress(value))
                    except zlib.error:
                        continue
        yield b"\n".join(values)
    connection.close()


def found_in(out: Path, forbidden: Persons, *said: str) -> set[tuple[str, str]]:
    """(file, who) of the persons and lists that stand below a folder, or in what was said."""
    everything = [*contents(out), *(("said", each.encode()) for each in said)]
    texts = forbidden.texts_in([content for _, content in everything])
    return {
        (place, each)
        for (place, content), texts_there in zip(everything, texts, strict=True)
        for each in forbidden.numbers_in(content) | texts_there
    }
