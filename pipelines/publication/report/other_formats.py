"""The month's figures for Excel and PX, as the November package makes them.

They are made in a process of their own (`python -m pipelines.publication.report.other_formats FILE
MONTH FOLDER`), which takes as long as the pages do on another core. It prints a JSON object of what
it wrote: file to its title in both languages, or null for a file that holds everything.
"""

import json
import subprocess
import sys
from pathlib import Path

from pipelines.publication.request.words import Words
from schemas.codes import NATION


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
        said = made.stderr.strip().splitlines() or [f"ended with status {made.returncode}"]
        raise ChildProcessError(f"the report's workbook and PX files: {said[-1]}")
    written = json.loads(made.stdout)
    return {name: Words(*title) if title else None for name, title in written.items()}


def _write(statistics_file: Path, month: str, folder: Path) -> dict[str, Words | None]:
    from pipelines.publication.request.contents import read_contents
    from pipelines.publication.request.px_files import px_files
    from pipelines.publication.request.workbook import workbook

    contents = read_contents(statistics_file, month, partial=True)
    of_everything = f"fast_lakarkontakt_{month}.xlsx"
    (folder / of_everything).write_bytes(workbook(contents, NATION))
    written: dict[str, Words | None] = {of_everything: None}
    for name, content in px_files(contents):
        place = folder / Path(name).name
        place.write_bytes(content)
        written[place.name] = contents.tables[place.stem].title
    return written


if __name__ == "__main__":
    print(json.dumps(_write(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))))
