"""The package: all files of a month's request, written into `requests/<year>/` as a whole."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipelines.publication.request.contents import Contents, read_contents
from pipelines.publication.request.csv_files import csv_files
from pipelines.publication.request.folder import replacing_folder
from pipelines.publication.request.json_stat import json_stat_files
from pipelines.publication.request.kolada import kolada_files
from pipelines.publication.request.px_files import px_files
from pipelines.publication.request.read_me import read_me
from pipelines.publication.request.sdmx_files import sdmx_files
from pipelines.publication.request.workbook import workbook
from schemas import codes
from schemas.regions import region_names

CHECKSUMS = "SHA256SUMS"

Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True)
class Package:
    """What was written: where, of which month and release, how many files and bytes.

    `missing` is region code to what is missing of it, in English; with any the package is partial.
    `unapproved_figures` of the month moved more than likely, and nobody has approved them.
    """

    folder: Path
    month: str
    release_id: str
    files: int
    bytes: int
    missing: Mapping[str, str]
    unapproved_figures: int

    @property
    def is_partial(self) -> bool:
        """Whether deliveries of the month are missing."""
        return bool(self.missing)


def write_package(statistics_file: Path, month: str, folder: Path, *, partial: bool) -> Package:
    """Write the package of a month into the folder, in the place of a former one.

    The same published file gives the same bytes. Raises StepFailedError, with the former package
    as it was, when deliveries of the month are missing and `partial` is false, when there are no
    figures of the month, or when the disk is full.
    """
    contents = read_contents(statistics_file, month, partial=partial)
    sums = {}
    size = 0
    with replacing_folder(folder) as part:
        for make in _MAKERS:
            for name, content in make(contents):
                path = part / name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(content)
                sums[name] = sha256(content).hexdigest()
                size += len(content)
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        (part / CHECKSUMS).write_text(lines, "utf-8")
    return Package(
        folder=folder,
        month=month,
        release_id=contents.figures.release["release_id"],
        files=len(sums) + 1,
        bytes=size + len(lines.encode()),
        missing={region: words.en for region, words in contents.missing_in_words.items()},
        unapproved_figures=contents.figures.unapproved_figures,
    )


def _workbooks(contents: Contents) -> Files:
    yield "excel/00_riket.xlsx", workbook(contents, codes.NATION)
    for region, name in region_names().items():
        yield f"excel/{region}_{_plain(name)}.xlsx", workbook(contents, region)


def _explanation(contents: Contents) -> Files:
    yield "README.md", read_me(contents).encode()
    for language, text in contents.figures.declarations.items():
        yield f"quality_declaration.{language}.md", text.encode()


_MAKERS: tuple[Callable[[Contents], Files], ...] = (
    _workbooks,
    csv_files,
    px_files,
    json_stat_files,
    kolada_files,
    sdmx_files,
    _explanation,
)


def _plain(name: str) -> str:
    """The name in letters that every file system takes."""
    letters = str.maketrans("åäöÅÄÖ ", "aaoAAO_")
    return name.translate(letters).lower()
