"""The month's figures for Excel and PX, as the November package makes them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.publication.report.published import Published
from pipelines.publication.request.words import Words
from schemas.codes import NATION


class OtherFormat(NamedTuple):
    """A file; `title` says what a file holds that does not hold everything."""

    name: str
    content: bytes
    title: Words | None = None


def other_formats(statistics_file: Path, published: Published) -> Iterator[OtherFormat]:
    """The files; none where no region reports the month.

    The workbook says on its cover which regions are missing.
    """
    from pipelines.publication.request.contents import read_contents
    from pipelines.publication.request.px_files import px_files
    from pipelines.publication.request.workbook import workbook

    if not published.reporting_regions:
        return
    contents = read_contents(statistics_file, published.month, partial=True)
    yield OtherFormat(f"fast_lakarkontakt_{published.month}.xlsx", workbook(contents, NATION))
    for name, content in px_files(contents):
        path = Path(name)
        yield OtherFormat(path.name, content, contents.tables[path.stem].title)
