"""Who may read what: readers of the publication always see a whole file, nobody sees a person."""

import csv
import gzip
import re
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from integration.landing import DEFAULTS, PERSONS, land
from integration.running import SAMPLE, flk
from integration.sample import SampleRun

READER = """
import duckdb, pathlib, sys, time
file, stop = sys.argv[1], pathlib.Path(sys.argv[2])
reads = 0
while not stop.exists():
    with duckdb.connect(file, read_only=True) as opened:
        (rows,) = opened.execute("select count(*) from coverage where level = 'nation'").fetchone()
        (values,) = opened.execute("select count(*) from indicators").fetchone()
    assert rows > 0 and values > 0, (rows, values)
    reads += 1
    if reads == 1:
        print("reading", flush=True)
print(reads)
"""


def test_a_reader_is_never_disturbed(copied: None, landing: Path, out: Path) -> None:
    """A second process reads the file over and over while three runs publish."""
    file, stop = out / "published" / "statistics.duckdb", out.parent / "stop"
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, file, stop],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"
    published = {file.read_bytes()}
    for persons in ("anna", "anna bo", "anna bo eva"):
        land(landing, "19/care_contacts/2025-11", "\n".join(["person", *persons.split()]))
        assert flk("run", "--landing", landing, "--out", out).status == 0
        published.add(file.read_bytes())
    stop.touch()
    said, error = reader.communicate(timeout=60)
    assert (reader.returncode, error) == (0, "")
    assert int(said) > 1
    assert len(published) == 4


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_modes(landing: Path, out: Path) -> None:
    """The restricted tree is the operator's alone, Dagster's history and the lock too."""
    assert flk("run", "--landing", landing, "--out", out).status == 0
    restricted = out / "restricted"
    below = list(restricted.rglob("*"))
    assert mode(restricted) == 0o700
    assert {mode(path) for path in below if path.is_dir()} == {0o700}
    assert {path.name for path in below if path.is_file() and mode(path) != 0o600} == set()
    assert mode(out / "published") == 0o755
    assert mode(out / "published" / "statistics.duckdb") == 0o444


# No person anywhere


def needles(landing: Path) -> set[bytes]:
    """Every person's identity as digits with and without century and hyphen; every list name."""
    found: set[str] = set()
    for path in landing.rglob("*"):
        if path.is_file() and path.suffix in (".csv", ".gz", ".parquet"):
            for row in rows_of(path):
                found.update(spellings(row.get("person_id") or ""))
                found.add((row.get("list_name") or "").strip())
    return {each.encode() for each in found if len(each) >= 9}


def rows_of(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in text[:200] else ","))


def spellings(identity: str) -> set[str]:
    plain = re.sub(r"[-+]", "", identity.strip().upper())
    if len(plain) != 12:
        return {identity}
    return {plain, plain[2:], f"{plain[:8]}-{plain[8:]}", f"{plain[2:8]}-{plain[8:]}"}


def texts(out: Path) -> Iterator[tuple[str, bytes]]:
    """All that can be read below a folder: bytes of every file, values of Parquet and databases."""
    for path in sorted(out.rglob("*")):
        if not path.is_file():
            continue
        yield path.name, path.read_bytes()
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            # A pseudonym is a number of its own; what it is made of must not be in it.
            values = frame.select(pl.exclude("person", "^.*_key$")).write_csv()
            yield path.name, values.encode()
        elif path.suffix == ".duckdb":
            with duckdb.connect(path, read_only=True) as file:
                for (table,) in file.execute("select table_name from duckdb_tables()").fetchall():
                    yield table, str(file.sql(f'from "{table}"').fetchall()).encode()
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    yield path.name, packed.read(name)
        elif path.suffix == ".db":
            with sqlite3.connect(path) as file:
                yield path.name, "\n".join(file.iterdump()).encode()


def found_in(out: Path, forbidden: set[bytes], also: str) -> set[tuple[str, bytes]]:
    """(file, what stands there) of the forbidden texts; by whole words, so that it is quick."""
    word = re.compile(rb"[0-9A-Z]{6,12}[-+]?[0-9A-Z]{4,6}")
    names = {each for each in forbidden if not word.fullmatch(each)}
    found = set()
    for place, content in [*texts(out), ("said", also.encode())]:
        found |= {(place, each) for each in word.findall(content) if each in forbidden}
        found |= {(place, each) for each in names if each in content}
    return found


def test_the_search_finds_what_it_should(tmp_path: Path) -> None:
    """The search itself, on the deliveries."""
    land(tmp_path, "19/listings/2025-11-30", "person\nanna\nreserve")
    (tmp_path / "log").write_text("bad row: 400615-2120")
    anna = PERSONS["anna"].encode()
    found = {each for _, each in found_in(tmp_path, needles(tmp_path), anna.decode())}
    assert {anna, b"400615-2120", PERSONS["reserve"].encode()} <= found
    assert DEFAULTS["listings"]["list_name"].encode() in found


def test_no_person_of_the_small_landing(landing: Path, out: Path) -> None:
    """Also in what is rejected and refused, and in what is said of it."""
    anna = PERSONS["anna"]
    land(landing, "19/listings/2025-11-30", f"person\nanna\nanna\nbo\n{anna[:-1]}9\n{anna}1")
    (landing / "04/listings/2025-11-28.csv").write_text(f"person_id\n{anna}\n")
    ended = flk("run", "--landing", landing, "--out", out, "--debug")
    assert ended.status == 1
    forbidden = needles(landing)
    assert anna.encode() in forbidden
    assert found_in(out, forbidden, ended.out + ended.err) == set()


def test_no_person_of_the_sample(sample: SampleRun) -> None:
    forbidden = needles(SAMPLE)
    assert len(forbidden) > 10_000
    said = "".join(ended.out + ended.err for ended in sample.ended.values())
    assert found_in(sample.out, forbidden, said) == set()


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_the_key_is_never_said(debug: list[str], landing: Path, out: Path) -> None:
    ended = flk("run", "--landing", landing, "--out", out, *debug)
    key = (out / "restricted" / "key").read_text().strip()
    assert mode(out / "restricted" / "key") == 0o600
    assert str(out / "restricted" / "key") in ended.out.replace("\n", "")
    assert key not in ended.out + ended.err
    holding = [path.name for path, content in contents(out) if key.encode() in content]
    assert holding == ["key"]


def contents(out: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(out.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
