"""The documentation pages that are generated: writing them, and saying which are stale.

`python -m pipelines.publication.generated_text` writes them into the folder it is run in;
with `--check` it writes nothing and ends with status 1 when one is stale.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pipelines.publication.dictionary_page import dictionary_page
from pipelines.publication.profiles_page import profiles_page
from pipelines.publication.supplier_page import supplier_page


def _charts() -> str:
    # Altair is a development dependency: only who draws anew needs it.
    from pipelines.publication.report.charts import specifications

    return specifications()


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/supplier.md": supplier_page,
    "docs/dictionary.md": dictionary_page,
    "docs/profiles.md": profiles_page,
    "pipelines/publication/report/charts.json": _charts,
}


def write_pages(root: Path) -> list[Path]:
    """Write every generated page under `root`; the paths in order."""
    written = []
    for name, render in PAGES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(), "utf-8", newline="\n")
        written.append(path)
    return written


def stale_pages(root: Path) -> list[Path]:
    """The generated pages that are missing or differ from what would be written now."""
    return [
        root / name
        for name, render in PAGES.items()
        if not (root / name).is_file() or (root / name).read_bytes() != render().encode()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(description="Write the generated documentation pages.")
    parser.add_argument("--check", action="store_true", help="only say which pages are stale")
    if not parser.parse_args(arguments).check:
        write_pages(Path.cwd())
        return 0
    stale = stale_pages(Path.cwd())
    for path in stale:
        print(
            f"{path} is stale. Run: python -m pipelines.publication.generated_text", file=sys.stderr
        )
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
