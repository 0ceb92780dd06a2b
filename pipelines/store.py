"""The one place that writes microdata, parts and statistics: Parquet under `<out>/restricted`.

Every table passes its contract before it is written, to a temporary file that is then renamed:
a reader sees the former file or the new one, never a half. The folder is 0700, its files 0600.
No knowledge of what the tables mean belongs here.
"""

import contextlib
import fcntl
import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from pipelines.errors import StepFailedError, WrongUseError
from schemas.contract import TableContract

KEY_BYTES = 32

_journal_alone = threading.Lock()


@dataclass(frozen=True)
class Store:
    """The output tree below `out`."""

    out: Path

    @property
    def restricted(self) -> Path:
        """What only the pipeline and its operator may read."""
        return self.out / "restricted"

    @property
    def published(self) -> Path:
        """What analysts read."""
        return self.out / "published"

    @property
    def statistics_file(self) -> Path:
        """The DuckDB file that analysts open."""
        return self.published / "statistics.duckdb"

    def request_folder(self, year: int) -> Path:
        """Where the package of a year's data request stands."""
        return self.published / "requests" / str(year)

    def demand(self) -> None:
        """WrongUseError when nothing has been written to `out` yet."""
        if not self.restricted.is_dir():
            raise WrongUseError(
                f"There is no store in {self.out}. Point --out or FLK_OUT to the folder that "
                "flk run writes to."
            )

    def prepare(self) -> None:
        """Make the folders; StepFailedError when `out` cannot be written to."""
        try:
            self.published.mkdir(parents=True, exist_ok=True)
            self.restricted.mkdir(mode=0o700, exist_ok=True)
            self.restricted.chmod(0o700)
            with (self.restricted / ".writable").open("w"):
                pass
            (self.restricted / ".writable").unlink()
        except OSError as error:
            raise StepFailedError(
                f"The output folder {self.out} cannot be written to ({error.strerror}). "
                "Choose another with --out or FLK_OUT, or change its permissions."
            ) from None

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the store alone; StepFailedError when another run holds it.

        What is written meanwhile is the operator's alone, Dagster's own files too, unless it is
        given another mode.
        """
        mask = os.umask(0o077)
        try:
            with (self.restricted / "lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise StepFailedError(
                        f"Another run is working in {self.out}. Wait until it has ended."
                    ) from None
                self._remove_what_was_cut_off()
                yield
        finally:
            os.umask(mask)

    def _remove_what_was_cut_off(self) -> None:
        """Remove the temporary files of runs that were killed; whoever calls is alone here."""
        for path in self.restricted.rglob(".*.part"):
            path.unlink(missing_ok=True)

    # Tables

    def path(self, *parts: str) -> Path:
        """A path below the restricted folder."""
        return self.restricted.joinpath(*parts)

    def write_table(self, frame: pl.DataFrame, contract: TableContract, *parts: str) -> Path:
        """Write a table that keeps its contract; ContractBroken when it does not."""
        path = self.path(*parts)
        self.write_tables({path: frame}, contract)
        return path

    def write_tables(self, frames: Mapping[Path, pl.DataFrame], contract: TableContract) -> None:
        """Write tables of one contract to their paths, once all of them keep it.

        Packed quickly, a hundredth larger than usual, and without the least and greatest values:
        tables are read whole. Raises ContractBroken when one does not keep its contract; then none
        is written.
        """
        # Pandera takes a second and a half to import, so only those who write pay for it.
        from schemas.validation import keep_contract_each

        keep_contract_each(list(frames.values()), contract)
        for path, frame in frames.items():
            with replacing(path) as temporary:
                frame.write_parquet(
                    temporary, compression="zstd", compression_level=1, statistics=False
                )

    def write_json(self, content: object, *parts: str) -> Path:
        """Write a small record as JSON."""
        path = self.path(*parts)
        with replacing(path) as temporary:
            temporary.write_text(
                json.dumps(content, indent=1, sort_keys=True, default=str, ensure_ascii=False)
            )
        return path

    def read_json(self, *parts: str) -> Any:
        """The content of a JSON record, or None when there is none."""
        try:
            return json.loads(self.path(*parts).read_text())
        except FileNotFoundError:
            return None

    def append_json(self, content: object, *parts: str) -> None:
        """Add a record to a journal, a line each. The line of a run that was
        killed while writing has no end and is never read.
        """
        path = self.path(*parts)
        make_folder(path.parent)
        text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
        with _journal_alone, _said_clearly(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "ab+") as journal:
                if journal.seek(0, os.SEEK_END) and not _ends_with_newline(journal):
                    text = "\n" + text
                journal.write(text.encode() + b"\n")

    def read_json_lines(self, *parts: str) -> list[Any]:
        """The whole records of a journal; none when it does not exist."""
        try:
            lines = self.path(*parts).read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        return [record for record in map(_record, lines[:-1]) if record is not None]

    # The key of pseudonymisation

    def key(self, key_file: Path | None) -> tuple[str, bool]:
        """The pseudonymisation key, and whether it was made now.

        Without `key_file` a random key is made at `restricted/key` with mode 0600.
        Raises WrongUseError when the key cannot be read or is too short.
        """
        path = key_file or self.path("key")
        made = False
        if key_file is None and not path.exists():
            with replacing(path) as temporary:
                temporary.write_text(secrets.token_hex(KEY_BYTES))
            made = True
        try:
            key = path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise WrongUseError(
                f"The key file {path} cannot be read. Point FLK_KEY_FILE to a readable text file."
            ) from None
        if len(key) < KEY_BYTES:
            raise WrongUseError(
                f"The key in {path} is shorter than {KEY_BYTES} characters. "
                "Make one with: openssl rand -hex 32"
            )
        return key, made


def _ends_with_newline(journal: BinaryIO) -> bool:
    journal.seek(-1, os.SEEK_END)
    return journal.read(1) == b"\n"


def _record(line: bytes) -> Any:
    """A line of a journal; None for one that was cut off."""
    try:
        return json.loads(line)
    except ValueError:
        return None


@contextlib.contextmanager
def _said_clearly(path: Path) -> Iterator[None]:
    """Turn an error of the disk into a sentence."""
    try:
        yield
    except OSError as error:
        raise StepFailedError(
            f"Writing {path} failed ({error.strerror or 'the disk may be full'}). "
            "Make room or check the permissions and run again."
        ) from None


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path whose file takes the place of `path` when the block ends well.

    The file is 0600, its folders 0700. On an error the temporary file is removed and what was
    there stays.
    """
    make_folder(path.parent)
    temporary = path.parent / f".{path.name}.{os.getpid()}.part"
    try:
        with _said_clearly(path):
            temporary.touch(mode=0o600)
            yield temporary
            temporary.chmod(0o600)
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each with mode 0700 where it is new."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
