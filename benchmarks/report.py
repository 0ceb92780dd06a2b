"""How long the report takes: to build, and to become usable in a browser.

    uv run python -m benchmarks.report out/published/statistics.duckdb [--units 1160] [--months 24]

The published file (of the sample, say) is first enlarged to a country's: its units are repeated
until there are so many, and the last month's figures stand for further months. Must be: built in
under 60 s on 2 cores; a page under 1.5 MB and usable within 1 s from disk. A page is usable when it
answers and every drawing in sight is drawn. With Chromium the second part is measured too.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.process import HEADING, measure, row
from pipelines.months import next_month

BY_UNIT = ("coverage", "continuity", "list_load", "list_kinds", "own_physician")
BY_MONTH = ("coverage", "continuity")
PAGES = ("index.html", "region/14.html", "region/01.html", "planering.html", "definitioner.html")
_USABLE = """
() => {
  const seen = Array.from(document.querySelectorAll('[data-chart]')).filter(
    each => each.getBoundingClientRect().top < innerHeight);
  return seen.every(each => each.dataset.drawn === 'done') ? performance.now() : 0;
}
"""


def enlarge(path: Path, units: int, months: int) -> None:
    """Make the published file as large as a country's, with made-up repetitions."""
    with duckdb.connect(str(path)) as connection:
        (last,) = connection.execute("select max(month) from reporting").fetchone() or ("",)
        (there,) = connection.execute("select count(*) from units").fetchone() or (1,)
        for copy in range(1, -(-units // there)):
            connection.execute(
                f"insert into units select * replace (unit_id || 'X{copy}' as unit_id, "
                f"unit_name || ' {copy}' as unit_name) from units where unit_id not like '%X%'"
            )
            for table in BY_UNIT:
                connection.execute(
                    f"insert into {table} select * replace (area_code || 'X{copy}' as area_code, "
                    f"area_name || ' {copy}' as area_name) from {table} where level = 'unit' and "
                    f"month = '{last}' and area_code not like '%X%'"
                )
        month = last
        for _ in range(months):
            month = next_month(month)
            for table in BY_MONTH:
                connection.execute(
                    f"insert into {table} select * replace ('{month}' as month) from {table} "
                    f"where month = '{last}' and level in ('nation', 'region')"
                )


def until_usable(report: Path) -> None:
    """Print how long pages take in Chromium, each in a new context: the best of three."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=found)
        print("\n| page | kB | usable after, s |\n| --- | ---: | ---: |")
        for name in PAGES:
            times = []
            for _ in range(3):
                page = browser.new_context().new_page()
                page.goto((report / name).as_uri())
                while not (usable := page.evaluate(_USABLE)):
                    page.wait_for_timeout(10)
                times.append(usable / 1000)
                page.context.close()
            size = (report / name).stat().st_size / 1000
            print(f"| {name} | {size:.0f} | {min(times):.2f} |")
        browser.close()


def main() -> None:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("statistics", type=Path)
    parser.add_argument("--units", type=int, default=1160)
    parser.add_argument("--months", type=int, default=24)
    options = parser.parse_args()
    build = "from pathlib import Path; from pipelines.publication.report.build import build_report"
    with tempfile.TemporaryDirectory() as work:
        country = Path(work) / "statistics.duckdb"
        shutil.copyfile(options.statistics, country)
        enlarge(country, options.units, options.months)
        (last,) = duckdb.connect(str(options.statistics), read_only=True).execute(
            "select max(month) from reporting"
        ).fetchone() or ("",)
        print(HEADING)
        for name, file in (("the file given", options.statistics), ("a country", country)):
            report = Path(work) / name.replace(" ", "-")
            call = f"build_report(Path({str(file)!r}), Path({str(report)!r}), {last!r})"
            run = measure(sys.executable, "-c", f"{build}; {call}")
            if run.status:
                sys.exit(run.output)
            print(row(name, [run]))
        until_usable(report)


if __name__ == "__main__":
    main()
