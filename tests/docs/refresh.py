"""Write the outputs of the queries in README.md and docs/ anew: those of `pages.PAGES`.

`python -m tests.docs.refresh` runs the sample for both months first (a minute or less);
`--out DIR` takes an output folder that holds both already.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb

from tests.docs.pages import PAGES, PROJECT, with_new_outputs
from tests.sample_run import sample_run


def refresh(statistics_file: Path) -> list[str]:
    """Write the pages' outputs anew; the pages that changed."""
    changed = []
    with duckdb.connect(statistics_file, read_only=True) as published:
        for page in PAGES:
            path = PROJECT / page
            text = with_new_outputs(page, published)
            if text != path.read_text("utf-8"):
                path.write_text(text, "utf-8", newline="\n")
                changed.append(page)
    return changed


def main() -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(description="Write the outputs in the documentation anew.")
    parser.add_argument("--out", type=Path, help="an output folder with both months of the sample")
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        if out is None:
            run = sample_run(Path(folder))
            for ended in run.ended.values():
                if ended.returncode:
                    print(ended.stdout, ended.stderr, sep="\n", file=sys.stderr)
                    return 1
            out = run.out
        changed = refresh(out / "published" / "statistics.duckdb")
    print(f"Changed: {', '.join(changed) or 'nothing'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
