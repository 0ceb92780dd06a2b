"""Releases: folders that are written beside, renamed when they are whole, and never changed.

    published/releases/<release id>/    a release, kept
    published/current                   a link to the one that holds now
    published/statistics.duckdb         its DuckDB file (the same file, linked)
    published/report                    a link to its report

Whatever fails, and whenever a run is killed, what was published before stays as it was. What a
release holds beside its tables is in `release_parts.py`.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.fingerprint import fingerprint
from pipelines.publication.registers import release_info_register
from pipelines.publication.statistics_file import (
    PublicationError,
    checked,
    verify_statistics_file,
    write_statistics_file,
)
from schemas.receipts import DELIVERIES_TABLE
from schemas.registers import PUBLISHED_TABLES, RELEASE_INFO

STATISTICS_FILE = "statistics.duckdb"
MANIFEST = "manifest.json"
PARQUET, CSV = "parquet", "csv"
REPORT = "report"
CURRENT = "current"
RELEASES = "releases"

_ID = re.compile(r"\d{4}-\d{2}-(?P<number>\d{4,})-(?P<content>[0-9a-f]{12})")
_WORK_SUFFIX = ".part"


@dataclass(frozen=True)
class KeptRelease:
    """A release that lies, whole, in its folder."""

    folder: Path

    @property
    def release_id(self) -> str:
        """Newest month, running number and the beginning of the hash of the content."""
        return self.folder.name

    @property
    def number(self) -> int:
        """The running number: later releases have higher ones."""
        return int(_parts_of_id(self.release_id)["number"])

    @property
    def statistics_file(self) -> Path:
        """Its DuckDB file."""
        return self.folder / STATISTICS_FILE

    @property
    def first_page(self) -> Path:
        """The first page of its report."""
        return self.folder / REPORT / "index.html"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What it was made from and holds."""
        content: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text("utf-8"))
        return content

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Its tables by name."""
        return {path.stem: pl.read_parquet(path) for path in self._parquet_files}

    def table(self, name: str) -> pl.DataFrame:
        """One of its tables."""
        return pl.read_parquet(self.folder / PARQUET / f"{name}.parquet")

    @property
    def _parquet_files(self) -> list[Path]:
        return sorted((self.folder / PARQUET).glob("*.parquet"))


@dataclass(frozen=True)
class Releases:
    """The releases under a folder `published`."""

    published: Path

    @property
    def folder(self) -> Path:
        """Where the releases lie."""
        return self.published / RELEASES

    def all(self) -> list[KeptRelease]:
        """The releases that are kept, in the order in which they were made."""
        found = [KeptRelease(path) for path in self.folder.glob("*") if _ID.fullmatch(path.name)]
        return sorted(found, key=lambda each: each.number)

    def current(self) -> KeptRelease | None:
        """The release that holds now; None when there is none, or it has been removed."""
        current = self.published / CURRENT
        if not (current / MANIFEST).is_file():
            return None
        return self.named(KeptRelease(current).manifest["release_id"])

    def named(self, release_id: str) -> KeptRelease | None:
        """The release of that id; None when it is not kept."""
        return next((each for each in self.all() if each.release_id == release_id), None)

    def _of_content(self, content: str) -> KeptRelease | None:
        same = (each for each in self.all() if _parts_of_id(each.release_id)["content"] == content)
        return next(same, None)

    def _next_number(self) -> int:
        return max((each.number for each in self.all()), default=0) + 1


@dataclass(frozen=True)
class Contents:
    """What a release is made of.

    `tables` are the published tables but for `release_info`, which is made of `facts` and
    `circumstances`. The tables and `facts` (settings, months, what is said of the release) are the
    content: releases of the same content are the same release. `circumstances` (when and by which
    versions it was made) and `made_from`, which the manifest tells beside, are not.
    `changes` are the published figures that differ from those of `previous`.
    """

    tables: Mapping[str, pl.DataFrame]
    newest_month: str
    facts: Mapping[str, str]
    circumstances: Mapping[str, str]
    made_from: Mapping[str, object]
    changes: pl.DataFrame
    previous: KeptRelease | None


@dataclass(frozen=True)
class Draft:
    """A release before it is whole: its folder so far, its tables and what it was made of."""

    folder: Path
    tables: Mapping[str, pl.DataFrame]
    contents: Contents


MakePart = Callable[[Draft], None]


@dataclass(frozen=True)
class PublishedRelease:
    """What holds now: the release, the rows of each table, and whether it was made just now."""

    release: KeptRelease
    rows: Mapping[str, int]
    is_new: bool

    @property
    def sha256(self) -> str:
        """SHA-256 of the DuckDB file."""
        checksum: str = self.release.manifest["files"][STATISTICS_FILE]["sha256"]
        return checksum


def publish(contents: Contents, published: Path, parts: Sequence[MakePart]) -> PublishedRelease:
    """Make a release of the contents, all of it or nothing, and let it be the current one.

    A release of the same content that is kept already becomes the current one as it is.

    Raises PublicationError, with everything published before untouched, when a table is unknown or
    breaks its contract, a value has no definition, another process is publishing here, the disk is
    full, or what is read back is not what was to be written.
    """
    releases = Releases(published)
    try:
        _make_folders(releases)
        with _publishing_alone(published), _work_folder(releases) as work:
            release, is_new = _written(contents, releases, work, parts)
            _make_current(releases, release)
    except (OSError, duckdb.Error, pl.exceptions.PolarsError) as error:
        raise PublicationError(
            f"{published / STATISTICS_FILE} was not published: {_cause(error)}."
        ) from error
    rows = {name: table["rows"] for name, table in release.manifest["tables"].items()}
    return PublishedRelease(release, rows, is_new)


def _written(
    contents: Contents, releases: Releases, work: Path, parts: Sequence[MakePart]
) -> tuple[KeptRelease, bool]:
    """The release of these contents, and whether it was written now."""
    draft_folder = work / "release"
    for folder in (draft_folder, draft_folder / PARQUET, draft_folder / CSV, work / "meanwhile"):
        folder.mkdir()
    tables = checked(contents.tables)
    for contract, frame in tables.items():
        write_table(frame, contract.name, draft_folder)
    content = _content_hash(contents, draft_folder)
    kept = releases._of_content(content)
    if kept is not None:
        return kept, False
    number = releases._next_number()
    release_id = f"{contents.newest_month}-{number:04}-{content}"
    info = release_info_register(
        {"release_id": release_id, **contents.circumstances, **contents.facts}
    )
    together = tables | checked({RELEASE_INFO.name: info})
    tables = {each: together[each] for each in PUBLISHED_TABLES if each in together}
    write_table(tables[RELEASE_INFO], RELEASE_INFO.name, draft_folder)
    statistics_file = draft_folder / STATISTICS_FILE
    write_statistics_file(tables, statistics_file, draft_folder / PARQUET, work / "meanwhile")
    by_name = {contract.name: frame for contract, frame in tables.items()}
    with ThreadPoolExecutor(1) as beside:
        # The other parts are made in Python, so the file is read back on another core meanwhile.
        verified = beside.submit(
            verify_statistics_file, tables, statistics_file, work / "meanwhile"
        )
        try:
            for make in parts:
                make(Draft(draft_folder, by_name, contents))
        finally:
            # What is wrong with the file is said first: a part may have failed because of it.
            verified.result()
    manifest = {
        "release_id": release_id,
        "content": content,
        "previous_release": contents.previous.release_id if contents.previous else None,
        **contents.circumstances,
        "facts": dict(contents.facts),
        **contents.made_from,
        "tables": {name: {"rows": frame.height} for name, frame in by_name.items()},
        "files": _files(draft_folder),
    }
    (draft_folder / MANIFEST).write_text(
        json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    _close(draft_folder)
    folder = draft_folder.rename(releases.folder / release_id)
    # A folder in which nobody may write cannot be moved.
    folder.chmod(0o555)
    _sync(releases.folder)
    return KeptRelease(folder), True


def write_table(frame: pl.DataFrame, name: str, folder: Path) -> None:
    """Write a table as Parquet and CSV; the same table gives the same bytes."""
    frame.write_parquet(folder / PARQUET / f"{name}.parquet")
    frame.write_csv(folder / CSV / f"{name}.csv")


def _content_hash(contents: Contents, folder: Path) -> str:
    """A hash over facts and tables as text; when files were taken in is no content."""
    sums = {path.stem: sha256_of(path) for path in (folder / CSV).glob("*.csv")}
    deliveries = contents.tables.get(DELIVERIES_TABLE.name)
    if deliveries is not None:
        text = deliveries.drop("received_at").write_csv()
        sums[DELIVERIES_TABLE.name] = hashlib.sha256(text.encode()).hexdigest()
    return fingerprint([sums, dict(contents.facts)])[:12]


def _files(folder: Path) -> dict[str, dict[str, object]]:
    """Every file below the folder: its checksum and size."""
    return {
        str(path.relative_to(folder)): {"sha256": sha256_of(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _close(folder: Path) -> None:
    """Let everybody read what is below the folder and nobody change it; have it on the disk."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
        _sync(path)
    folder.chmod(0o755)
    _sync(folder)


def _make_current(releases: Releases, release: KeptRelease) -> None:
    published = releases.published
    _link(published / CURRENT, Path(RELEASES, release.release_id))
    if (release.folder / REPORT).is_dir():
        _link(published / REPORT, Path(CURRENT, REPORT))
    beside = published / f".{STATISTICS_FILE}{_WORK_SUFFIX}"
    beside.unlink(missing_ok=True)
    try:
        beside.hardlink_to(release.statistics_file)
    except OSError:
        # A file system without links.
        shutil.copyfile(release.statistics_file, beside)
        beside.chmod(0o444)
        _sync(beside)
    beside.replace(published / STATISTICS_FILE)
    _sync(published)


def _link(path: Path, target: Path) -> None:
    """Let `path` be a link to `target`, from one moment to the next."""
    if path.is_dir() and not path.is_symlink():
        remove_folder(path)  # What a copy of the output makes of a link.
    beside = path.with_name(f".{path.name}{_WORK_SUFFIX}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(path)


def _make_folders(releases: Releases) -> None:
    """Who may read `published` may read the releases."""
    releases.published.mkdir(parents=True, exist_ok=True)
    if not releases.folder.is_dir():
        releases.folder.mkdir()
        releases.folder.chmod(stat.S_IMODE(releases.published.stat().st_mode))


@contextmanager
def _publishing_alone(published: Path) -> Iterator[None]:
    with (published / f".{STATISTICS_FILE}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublicationError(
                f"{published / STATISTICS_FILE} was not published: another process is publishing "
                "it. Wait until it has ended and try again."
            ) from None
        yield


@contextmanager
def _work_folder(releases: Releases) -> Iterator[Path]:
    """A hidden folder (mode 0700) beside the releases, removed afterwards; so are those of killed
    runs."""
    for stale in releases.folder.glob(f".*{_WORK_SUFFIX}"):
        remove_folder(stale)
    work = Path(tempfile.mkdtemp(prefix=".", suffix=_WORK_SUFFIX, dir=releases.folder)).resolve()
    try:
        yield work
    finally:
        remove_folder(work)


def remove_folder(folder: Path) -> None:
    """Remove a folder in which nobody may write."""
    for path in [folder, *(each for each in folder.rglob("*") if each.is_dir())]:
        path.chmod(0o700)
    shutil.rmtree(folder)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parts_of_id(release_id: str) -> re.Match[str]:
    found = _ID.fullmatch(release_id)
    if found is None:
        raise ValueError(f"{release_id!r} is not the id of a release.")
    return found


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cause(error: Exception) -> str:
    """The first line of what went wrong, without a full stop."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).strip().splitlines()[0].removesuffix(".")
