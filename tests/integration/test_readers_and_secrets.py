"""Who may read what: nobody but the operator what is restricted, and nobody sees a person."""

import gzip
import json
import re
import shutil
import sqlite3
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
import xlsxwriter

from integration.landing import DEFAULTS, PERSONS, land, row, two_regions
from integration.running import PROJECT, SAMPLE, flk, published
from integration.sample import RecomputedSample
from integration.searching import found_in, persons


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_modes(two_regions_made: Path) -> None:
    """The restricted tree is the operator's alone, Dagster's history and the lock too."""
    out = two_regions_made / "out"
    restricted = out / "restricted"
    below = list(restricted.rglob("*"))
    assert mode(restricted) == 0o700
    assert {mode(path) for path in below if path.is_dir()} == {0o700}
    assert {path.name for path in below if path.is_file() and mode(path) != 0o600} == set()
    assert mode(out / "published") == 0o755
    assert mode(out / "published" / "statistics.duckdb") == 0o444


# No person anywhere


@pytest.fixture(scope="module")
def all_bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every delivery that goes wrong or is unlike the standard, in one landing folder."""
    landing = tmp_path_factory.mktemp("all_bad") / "landing"
    shutil.copytree(PROJECT / "data" / "refused", landing, symlinks=True)
    shutil.rmtree(landing / "19")
    shutil.copytree(PROJECT / "data" / "profiles" / "landing", landing, dirs_exist_ok=True)
    two_regions(landing / "small")
    for delivery in ("units", "physicians", "care_contacts", "care_markings", "listings"):
        shutil.copytree(landing / "small" / "04" / delivery, landing / "18" / delivery)
    shutil.rmtree(landing / "small")
    misplaced(landing)
    (landing / "corrections").mkdir()
    (landing / "corrections" / "18.toml").write_text(HELD_BACK, "utf-8")
    return landing


HELD_BACK = """
[[correction]]
id = "18-1"
delivery = "listings"
file = "2025-11-28.csv"
action = "drop"
where = { unit_id = "SE2321000164-S2" }
rows = 40
reason = "The unit closed in October."
reported = 2025-12-03
status = "confirmed"
"""


def misplaced(landing: Path) -> None:
    """Identities where none belong: in other columns, in headings, in every form."""
    anna, bo, cia = (PERSONS[name] for name in ("anna", "bo", "cia"))
    short = f"{cia[2:8]}-{cia[8:]}"
    listings = [
        row("listings", person=person) for person in ("dan", "eva", f"{anna[:8]}-{anna[8:]}")
    ]
    listings += [row("listings", person="eva", valid_from=bo), row("listings", person=short)]
    listings += [row("listings", person="finn", residence_municipality=anna)]
    land(landing, "22/listings/2025-11-30", listings)
    land(landing, "22/units/2025-11-30", [row("units", municipality=bo), row("units")])
    physicians = [row("physicians"), row("physicians", specialties=anna, employment=short)]
    land(landing, "22/physicians/2025-11-30", physicians)
    contacts = [row("care_contacts", contact_time=short), row("care_contacts", profession=anna)]
    land(landing, "22/care_contacts/2025-11", [row("care_contacts"), *contacts])
    land(landing, "21/listings/2025-11-30", [row("listings") | {anna: bo, short: "x"}])
    land(landing, "23/units/2025-11-30", [row("units"), row("units", unit_name=f"Hus {short}")])
    doctors = [row("physicians"), row("physicians") | {"physician_id": anna}]
    land(landing, "23/physicians/2025-11-30", doctors)
    land(landing, "23/listings/2025-11-30", [row("listings"), row("listings", listing_type=bo)])
    own = [row("care_contacts"), row("care_contacts") | {"provider_id": f"SE5560001640-{anna}"}]
    land(landing, "23/care_contacts/2025-11", own)
    for person in (anna, bo):
        land(landing, f"23/care_contacts/2025-10_{person}", own)
    spaced = f"{cia[2:8]} {cia[8:]}"
    land(landing, "23/units/2025-11-30_b", [row("units"), row("units", unit_name=f"Hus {spaced}")])
    said = [row("care_contacts"), row("care_contacts") | {"provider_id": f"dr {spaced}"}]
    land(landing, "23/care_contacts/2025-09", said)
    _workbook(landing / "23" / "care_markings" / "2025-11-30_2321.xlsx", (short, f"A {anna}"))
    _workbook(landing / "23" / "care_markings" / "2025-11-30_2380.xlsx", (short,))
    (landing / "23" / bo).mkdir()
    path = landing / "24" / "listings" / "2025-11-30.csv"
    path.parent.mkdir(parents=True)
    path.write_text(f"{anna},{short}\n{bo},{bo}\n", "utf-8")


def _workbook(path: Path, sheets: tuple[str, ...]) -> None:
    """Markings in sheets with such names, and a person in a comment and in the properties."""
    path.parent.mkdir(exist_ok=True)
    marked = row("care_markings")
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": PERSONS["bo"], "comments": PERSONS["cia"]})
        for name in sheets:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(marked))
            sheet.write_row(1, 0, list(marked.values()))
            sheet.write_comment(0, 0, f"Ring {PERSONS['bo']}")


def test_no_person_of_any_delivery(
    all_bad: Path, out: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Of all bad deliveries at once, in all that is stored, published, logged and said."""
    forbidden = persons(all_bad)
    names = {"Påhittad Person 1", "Påhittad A", DEFAULTS["listings"]["list_name"]}
    assert names <= forbidden.texts
    assert {PERSONS[name][2:] for name in ("anna", "bo", "cia", "eva")} <= forbidden.ten_digits
    with caplog.at_level("DEBUG"):
        first = flk("run", "--landing", all_bad, "--out", out, "--debug")
        checked = flk("check", all_bad, "--report", out / "check.xlsx", "--debug")
        status = flk("status", "--landing", all_bad, "--out", out, "--debug")
    assert (first.status, checked.status, status.status) == (1, 1, 0), first.err
    assert published(out, "select count(*) from deliveries where status = 'refused'") > [(12,)]
    assert (out / "restricted" / "reports").is_dir()
    said = [text for ended in (first, checked, status) for text in (ended.out, ended.err)]
    assert found_in(out, forbidden, caplog.text, *said) == set()


def test_no_person_of_the_sample(sample: RecomputedSample) -> None:
    forbidden = persons(SAMPLE)
    assert len(forbidden.ten_digits) > 10_000
    said = [ended.out + ended.err for ended in sample.ended.values()]
    assert found_in(sample.out, forbidden, *said) == set()


ANNA = PERSONS["anna"]
FORMS = (
    ANNA,
    ANNA[2:],
    f"{ANNA[:8]}-{ANNA[8:]}",
    f"{ANNA[2:8]}-{ANNA[8:]}",
    f"{ANNA[2:8]}+{ANNA[8:]}",
    f"{ANNA[2:8]} {ANNA[8:]}",
)


def _in_text(path: Path, value: str) -> None:
    path.write_text(json.dumps({"message": f"row 4: {value}"}))


def _in_parquet(path: Path, value: str) -> None:
    pl.DataFrame({"person": [None, value] * 3}).write_parquet(path, compression="zstd")


def _in_parquet_as_number(path: Path, value: str) -> None:
    number = int(re.sub("[-+ ]", "", value))
    pl.DataFrame({"person_key": [number, 7]}).write_parquet(path)


def _in_duckdb(path: Path, value: str) -> None:
    with duckdb.connect(path) as file:
        file.execute("create table t as select ? as c from range(5000)", [value])


def _in_sqlite_log(path: Path, value: str) -> None:
    """In the write-ahead log, not in the database file yet."""
    file = sqlite3.connect(path)
    file.executescript("pragma journal_mode = wal; create table t (a integer, b text, c integer)")
    file.execute("insert into t values (12345, ?, 67890)", [value])
    file.commit()
    _OPEN.append(file)


_OPEN: list[sqlite3.Connection] = []


def _in_sqlite_blob(path: Path, value: str) -> None:
    with sqlite3.connect(path) as file:
        file.execute("create table t (b blob)")
        file.execute("insert into t values (?)", [zlib.compress(f"log: {value}".encode())])


def _in_workbook(path: Path, value: str) -> None:
    pl.DataFrame({"row": [value]}).write_excel(path)


def _in_packed(path: Path, value: str) -> None:
    path.write_bytes(gzip.compress(value.encode()))


PLANTED = {
    "log": _in_text,
    "a.parquet": _in_parquet,
    "number.parquet": _in_parquet_as_number,
    "a.duckdb": _in_duckdb,
    "log.db": _in_sqlite_log,
    "blob.db": _in_sqlite_blob,
    "a.xlsx": _in_workbook,
    "a.csv.gz": _in_packed,
}


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("value", FORMS)
def test_the_search_finds_what_is_planted(name: str, value: str, tmp_path: Path) -> None:
    """The search itself: it must be able to fail."""
    land(tmp_path / "landing", "19/listings/2025-11-30", "person\nanna\nreserve")
    forbidden = persons(tmp_path / "landing")
    (tmp_path / "out").mkdir()
    PLANTED[name](tmp_path / "out" / name, value)
    assert ANNA[2:] in {found for _, found in found_in(tmp_path / "out", forbidden)}


def test_the_search_finds_names_and_what_was_said(tmp_path: Path) -> None:
    land(tmp_path / "landing", "19/listings/2025-11-30", "person\nanna\nreserve")
    forbidden = persons(tmp_path / "landing")
    name, reserve = DEFAULTS["listings"]["list_name"], PERSONS["reserve"]
    (tmp_path / "out").mkdir()
    _in_parquet(tmp_path / "out" / "a.parquet", name)
    (tmp_path / "out" / f"2025-11_{ANNA}").touch()
    found = found_in(tmp_path / "out", forbidden, f"no such person: {reserve}")
    assert {each for _, each in found} == {name, reserve, ANNA[2:]}


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_the_key_is_never_said(debug: list[str], landing: Path, out: Path) -> None:
    ended = flk("run", "--landing", landing, "--out", out, *debug)
    key = (out / "restricted" / "key").read_text().strip()
    assert mode(out / "restricted" / "key") == 0o600
    assert str(out / "restricted" / "key") in ended.out.replace("\n", "")
    assert key not in ended.out + ended.err
    holding = [path.name for path, content in raw_contents(out) if key.encode() in content]
    assert holding == ["key"]


def test_a_key_that_everybody_can_open_is_warned_about(
    landing: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "key"
    key.write_text("0123456789abcdef" * 4)
    monkeypatch.setenv("FLK_KEY_FILE", str(key))
    warning = "Everybody on this machine can open the key file"
    for right, is_warned in ((0o644, True), (0o640, False)):
        key.chmod(right)
        ended = flk("run", "--landing", landing, "--out", out)
        assert ended.status == 0
        assert (warning in ended.out.replace("\n", " ")) == is_warned
        assert key.read_text() not in ended.out + ended.err


def raw_contents(out: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(out.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
