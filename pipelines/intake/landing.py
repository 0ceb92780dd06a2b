"""What lies in the landing folder: which files are deliveries, and what their names say.

Nothing is opened here and no link is followed; what a file holds is read in `take_in.py`.
"""

import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from pipelines.intake.shown_names import is_usable, shown_name
from schemas import codes
from schemas.deliveries import DELIVERIES, POPULATION, REGIONAL_DELIVERIES, delivery
from schemas.regions import region_names

EXTENSIONS = (".csv.gz", ".csv", ".parquet", ".xlsx", ".json")
"""The extensions that make a file a delivery; longer ones first."""

REFERENCE_FOLDER = "reference"
PROFILES_FOLDER = "profiles"
"""Where the regions' profiles lie, beside their deliveries: no deliveries themselves."""
CORRECTIONS_FOLDER = "corrections"

_NAME_SHAPES = {
    "snapshot": r"([0-9]{4}-[0-9]{2}-[0-9]{2})",
    "month": r"([0-9]{4}-[0-9]{2})",
    "year": r"([0-9]{4})",
}
EARLIEST_YEAR = 1900
"""An earlier year in a name is a slip; windows and ages count back from the date."""
_REST_OF_DAY = {"snapshot": "", "month": "-01", "year": "-01-01"}


@dataclass(frozen=True)
class LandingFile:
    """A delivered file, as its place and name describe it.

    `region_code` is 00 for national reference data. `file_name` is the name as it may be told,
    which is another than that of `path` where that holds characters that are not shown.
    `modified_ns` and `size` are those of the file, or of the link itself where `is_link`.
    """

    path: Path
    region_code: str
    delivery: str
    file_name: str
    size: int
    modified_ns: int
    is_link: bool

    @property
    def has_usable_name(self) -> bool:
        """Whether the name holds only characters that are shown, and not too many."""
        return is_usable(self.path.name)

    @cached_property
    def extension(self) -> str:
        """The extension with its dot, such as .csv.gz; empty where it is none of ours."""
        return next((each for each in EXTENSIONS if self.file_name.endswith(each)), "")

    @property
    def stem(self) -> str:
        """The name without its extension."""
        return self.file_name.removesuffix(self.extension)

    @property
    def content_date(self) -> date | None:
        """The date that the content is true for: the day of a snapshot, the first day of a month
        or year. None where the name does not begin with such a date."""
        return self._date_and_suffix[0]

    @property
    def month(self) -> str | None:
        """The month of `content_date`, YYYY-MM; None where there is no date."""
        day = self.content_date
        return None if day is None else day.isoformat()[:7]

    @property
    def suffix(self) -> str:
        """What follows the date and an underscore; empty where nothing does."""
        return self._date_and_suffix[1]

    @cached_property
    def _date_and_suffix(self) -> tuple[date | None, str]:
        period = next((each.period for each in DELIVERIES if each.name == self.delivery), None)
        if period is None:
            return None, ""
        found = re.fullmatch(_NAME_SHAPES[period] + r"(?:_(.+))?", self.stem)
        if found is None:
            return None, ""
        try:
            content_date = date.fromisoformat(found[1] + _REST_OF_DAY[period])
        except ValueError:
            return None, ""
        return (None, "") if content_date.year < EARLIEST_YEAR else (content_date, found[2] or "")


def landing_file(path: Path, region_code: str, delivery_name: str) -> LandingFile:
    """One file as a delivery of that region, wherever it lies.

    Raises KeyError for an unknown delivery, OSError where there is no such file.
    """
    return _described(path, region_code, delivery(delivery_name).name)


def stands_still(file: LandingFile) -> bool:
    """Whether the file is as it was listed: nobody has written to it while it was read."""
    try:
        status = file.path.lstat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.modified_ns)


def ignore_problem(folder: Path) -> None:
    """Say nothing of a folder that cannot be read."""


def landing_files(
    landing: Path, unreadable: Callable[[Path], None] = ignore_problem
) -> list[LandingFile]:
    """Every delivered file, sorted by region, delivery and name.

    Deliveries are the files with a known extension in `<landing>/<region>/<delivery>/` and
    `<landing>/reference/population/`. Links in the place of a file or folder are listed, to be
    refused, and never followed; a region's folder that is a link stands once for each of its
    deliveries. `unreadable` is told of the folders in it that cannot be read. Raises OSError where
    the landing folder itself cannot be read.
    """
    found = [each for each in _classified(landing, unreadable) if isinstance(each, LandingFile)]
    return sorted(_told_apart(found), key=_place)


def _place(file: LandingFile) -> tuple[str, str, str]:
    """What tells a file from every other, in receipts and on the disk."""
    return (file.region_code, file.delivery, file.file_name)


def _told_apart(files: Iterable[LandingFile]) -> Iterator[LandingFile]:
    """The files, each with a name of its own: masks and escapes can make names alike that are not,
    and all but the first then get a number."""
    known: set[tuple[str, str, str]] = set()
    alike: Counter[tuple[str, str, str]] = Counter()
    for file in files:
        told = file
        while _place(told) in known:
            alike[_place(file)] += 1
            number = alike[_place(file)] + 1
            told = replace(file, file_name=f"{file.stem}_{number}{file.extension}")
        known.add(_place(told))
        yield told


def not_deliveries(landing: Path) -> list[Path]:
    """Everything in the landing folder that is not taken for a delivery, sorted.

    Hidden files, temporary names, README, truth.json, unknown folders and extensions. An unknown
    folder stands for all that is in it.
    """
    everything = _classified(landing, ignore_problem)
    return sorted(each for each in everything if isinstance(each, Path))


def overlooked(landing: Path) -> list[str]:
    """What is no delivery but may have been meant as one, by its place as it may be told, sorted.

    All but hidden and temporary files, README, truth.json, and the folders of profiles and
    corrections.
    """
    return [
        "/".join(map(shown_name, path.relative_to(landing).parts))
        for path in not_deliveries(landing)
        if not path.name.startswith((".", "~"))
        and path.suffix != ".part"
        and path.stem.upper() != "README"
        and path.name not in ("truth.json", CORRECTIONS_FOLDER)
    ]


def _classified(landing: Path, unreadable: Callable[[Path], None]) -> Iterator[LandingFile | Path]:
    regional = {contract.name for contract in REGIONAL_DELIVERIES}
    for entry in sorted(landing.iterdir()):
        if entry.name in region_names():
            yield from _of_region(entry, entry.name, regional, unreadable)
        elif entry.name == REFERENCE_FOLDER:
            yield from _of_region(entry, codes.NATION, {POPULATION.name}, unreadable)
        elif entry.name != PROFILES_FOLDER:
            yield entry


def _of_region(
    folder: Path, region_code: str, known: set[str], unreadable: Callable[[Path], None]
) -> Iterator[LandingFile | Path]:
    if folder.is_symlink():
        # Whatever lies behind the link, none of the region's deliveries is taken in.
        for name in sorted(known):
            yield _described(folder, region_code, name)
        return
    if not folder.is_dir():
        yield folder
        return
    for entry in _entries(folder, unreadable):
        if entry.name not in known:
            yield entry
        elif entry.is_symlink():
            yield _described(entry, region_code, entry.name)
        elif not entry.is_dir():
            yield entry
        else:
            for path in _entries(entry, unreadable):
                try:
                    yield _file_or_path(path, region_code, entry.name)
                except FileNotFoundError:
                    continue  # taken away while the folder was looked through


def _entries(folder: Path, unreadable: Callable[[Path], None]) -> list[Path]:
    """What lies in a folder, sorted; nothing where it cannot be read."""
    try:
        entries = sorted(folder.iterdir())
        for entry in entries[:1]:
            entry.lstat()  # to list a folder is one permission, to look at its files another
    except FileNotFoundError:
        return []
    except OSError:
        unreadable(folder)
        return []
    return entries


def _file_or_path(path: Path, region_code: str, delivery_name: str) -> LandingFile | Path:
    """A delivery where the name and kind of file are those of one, otherwise the path itself."""
    if path.name.startswith((".", "~")) or path.stem.upper() == "README":
        return path
    if path.name == "truth.json":
        return path
    if path.is_symlink():
        return _described(path, region_code, delivery_name)
    # Only regular files are ever opened: a pipe would wait for ever.
    if not path.name.endswith(EXTENSIONS) or not path.is_file():
        return path
    return _described(path, region_code, delivery_name)


def _described(path: Path, region_code: str, delivery_name: str) -> LandingFile:
    status = path.lstat()
    return LandingFile(
        path=path,
        region_code=region_code,
        delivery=delivery_name,
        file_name=shown_name(path.name),
        size=status.st_size,
        modified_ns=status.st_mtime_ns,
        is_link=stat.S_ISLNK(status.st_mode),
    )
