"""The month's figures for Excel and PX, as the November package makes them.

They are made in a process of their own (`python -m pipelines.publication.report.other_formats FILE
MONTH FOLDER`), which takes as long as the pages do on another core. It prints a JSON object of what
it wrote: each file with its title in both languages, or null for a file that holds everything.
"""

import json
import subprocess
import sys
import traceback
from pathlib import Path

from pipelines.publication.request.words import Words
from schemas.codes import NATION

_FAILED = 1


def other_formats(statistics_file: Path, month: str, folder: Path) -> dict[str, Words | None]:
    """Write a workbook and PX files of the month into `folder`; the names of the files.

    With each name goes what a file holds that does not hold everything. The workbook says on its
    cover which regions are missing. Raises ChildProcessError when the files could not be written.
    """
    made = subprocess.run(
        [sys.executable, "-P", "-m", __name__, str(statistics_file), month, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        # The last line is what `_end` says; a process that was killed says nothing of it.
        said = made.stderr.strip().splitlines() if made.returncode == _FAILED else []
        cause = said[-1] if said else f"ended with status {made.returncode}"
        error = ChildProcessError(f"the report's workbook and PX files: {cause}")
        error.add_note(made.stderr)
        raise error
    written = json.loads(made.stdout)
    return {name: Words(*title) if title else None for name, title in written.items()}


def _write(statistics_file: Path, month: str, folder: Path) -> dict[str, Words | None]:
    from pipelines.publication.request.contents import read_contents
    from pipelines.publication.request.px_files import px_files
    from pipelines.publication.request.workbook import workbook

    contents = read_contents(statistics_file, month, partial=True)
    workbook_name = f"fast_lakarkontakt_{month}.xlsx"
    (folder / workbook_name).write_bytes(workbook(contents, NATION))
    written: dict[str, Words | None] = {workbook_name: None}
    for name, content in px_files(contents):
        place = folder / Path(name).name
        place.write_bytes(content)
        written[place.name] = contents.tables[place.stem].title
    return written


def _end(error: Exception) -> None:
    """Say where it went wrong, and at last in one line what did."""
    traceback.print_exception(error)
    first_line = next(iter(str(error).splitlines()), "")
    print(f"{type(error).__name__}: {first_line}", file=sys.stderr)
    sys.exit(_FAILED)


if __name__ == "__main__":
    try:
        print(json.dumps(_write(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))))
    except Exception as error:
        _end(error)
