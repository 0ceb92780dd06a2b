"""What a person sees of a run: progress on a terminal, plain lines elsewhere, a closing summary."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from pipelines.publication.release_folder import Releases
from pipelines.receipts import StoredReceipt
from pipelines.store import Store
from schemas.targets import targets

log = logging.getLogger("flk")

MOST_REFUSALS_SHOWN = 20
MOST_MOVED_SHOWN = 10

_MOVED = """
select month, table_name, area_code, dimensions, value_before, value from moved_figures
where not approved order by all
"""

_SUMMARY = """
select area_code, any_value(area_name) as area_name,
    any_value(share) filter (population = 'inhabitants') as inhabitants,
    any_value(share) filter (population = 'sabo') as sabo,
    any_value(mean_coc) as mean_coc,
    any_value(status) filter (population = 'inhabitants') as inhabitants_status,
    any_value(status) filter (population = 'sabo') as sabo_status,
    any_value(coc_status) as coc_status
from coverage left join (
    select month, level, area_code, mean as mean_coc, status as coc_status from continuity
    where population = 'listed' and series = 'physician' and unit_scope = 'own_unit'
        and window_months = 18 and "index" = 'COC' and sex = 'all' and age_group = 'all'
) using (month, level, area_code)
where month = ? and level in ('nation', 'region') and definition = 'reported'
    and sex = 'all' and age_group = 'all'
group by area_code
order by area_code
"""


@contextmanager
def progress(console: Console) -> Iterator[None]:
    """Show what a run does: one moving line on a terminal, plain lines elsewhere."""
    if console.is_terminal:
        with (
            console.status("Looking at the landing folder …") as status,
            _shown_by(_Calling(lambda line: status.update(line[: console.width - 4]))),
        ):
            yield
    else:
        with _shown_by(logging.StreamHandler(sys.stdout)):
            yield


class _Calling(logging.Handler):
    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        self._show(record.getMessage())


@contextmanager
def _shown_by(handler: logging.Handler) -> Iterator[None]:
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def show_summary(console: Console, store: Store, month: str) -> None:
    """Coverage and mean COC per region against the goals, from the published file."""
    with duckdb.connect(store.statistics_file, read_only=True) as published:
        rows = published.execute(_SUMMARY, [month]).fetchall()
    goals = _coverage_goals()
    table = Table(
        title=f"Fast läkarkontakt {month}",
        caption=f"Goals: inhabitants {goals['inhabitants']:.0%}, SÄBO {goals['sabo']:.0%}. "
        "COC: physicians, own unit, 18 months, at least 3 visits.",
    )
    table.add_column("Region")
    for heading in ("Inhabitants", "SÄBO", "Mean COC"):
        table.add_column(heading, justify="right")
    for _, name, inhabitants, sabo, mean_coc, *statuses in rows:
        table.add_row(
            name,
            _share(inhabitants, goals["inhabitants"], statuses[0]),
            _share(sabo, goals["sabo"], statuses[1]),
            _missing(statuses[2]) if mean_coc is None else f"{mean_coc:.3f}",
        )
    console.print(table)


def _coverage_goals() -> dict[str, float]:
    """Population to the share that is aimed at."""
    return {
        str(each.where["population"]): each.target
        for each in targets()
        if each.table == "coverage" and each.target is not None
    }


def _share(share: float | None, goal: float, status: str) -> str:
    if share is None:
        return _missing(status)
    return f"{100 * share:.1f} %" + (" ✓" if share >= goal else "  ")


def _missing(status: str | None) -> str:
    """Why there is no value: suppressed, undefined or not reported."""
    return (status or "–").replace("_", " ")


def show_refusals(console: Console, store: Store, refused: list[StoredReceipt]) -> None:
    """Which deliveries were refused in this run, why, and where their suppliers' reports are."""
    if not refused:
        return
    console.print(f"\n{len(refused)} deliveries were refused:", style="bold")
    for receipt in refused[:MOST_REFUSALS_SHOWN]:
        place = f"{receipt.region_code}/{receipt.delivery}/{receipt.file_name}"
        console.print(f"  {place}: {receipt.message}", highlight=False, markup=False)
    if len(refused) > MOST_REFUSALS_SHOWN:
        console.print(f"  and {len(refused) - MOST_REFUSALS_SHOWN} more; see the table deliveries.")
    console.print(
        f"Reports for their suppliers: {store.path('reports')}", soft_wrap=True, highlight=False
    )


def show_package(
    console: Console, folder: Path, month: str, missing: Mapping[str, str], unapproved: int
) -> None:
    """Where the November package is, and what its cover reserves."""
    console.print(f"\nPackage of {month}: {folder}", soft_wrap=True, highlight=False)
    for region, words in missing.items():
        console.print(
            f"It is partial, as the cover says: {region} lacks {words}.",
            style="yellow",
            highlight=False,
            markup=False,
        )
    if unapproved:
        console.print(
            f"{unapproved} figures of the month moved more than likely and nobody has approved "
            "them, as the cover says. Look at the table moved_figures, then: flk publish --approve "
            '"who and why", and make the package again.',
            style="yellow",
            highlight=False,
        )


def show_to_look_at(console: Console, store: Store) -> None:
    """What is published, but a person should look at: regions that dropped out, moved figures."""
    with duckdb.connect(store.statistics_file, read_only=True) as published:
        facts = dict(published.execute("select name, value from release_info").fetchall())
        moved = published.execute(_MOVED).fetchall()
    if facts["regions_dropped_out"]:
        console.print(
            f"\nReported the month before, but not now: regions {facts['regions_dropped_out']}.",
            style="yellow",
        )
    if moved:
        console.print(
            f"\n{len(moved)} figures moved more than expected (table moved_figures); look at them, "
            'then: flk publish --approve "who and why"',
            style="yellow",
        )
    for month, table, area, dimensions, before, value in moved[:MOST_MOVED_SHOWN]:
        console.print(
            f"  {month} {area} {table} {dimensions}: {before:.3f} → {value:.3f}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    if len(moved) > MOST_MOVED_SHOWN:
        console.print(f"  and {len(moved) - MOST_MOVED_SHOWN} more.")


def show_paths(console: Console, store: Store) -> None:
    """Where the results are."""
    console.print(f"\nPublished:  {store.statistics_file}", soft_wrap=True, highlight=False)
    first_page = store.statistics_file.with_name("report") / "index.html"
    console.print(f"Report:     {first_page}", soft_wrap=True, highlight=False)
    release = Releases(store.published).current()
    if release is not None:
        console.print(f"Release:    {release.folder}", soft_wrap=True, highlight=False)
    console.print(
        f"Restricted: {store.path('statistics')} (before disclosure control)",
        soft_wrap=True,
        highlight=False,
    )
