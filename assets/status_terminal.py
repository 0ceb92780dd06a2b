"""What a person sees of `flk status`: a table on a terminal, plain lines elsewhere, and notes."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from rich.console import Console
from rich.table import Table

from pipelines.delivery_status import REGIONAL_NAMES, Deliveries, DeliveryStatus
from pipelines.months import month_of
from pipelines.store import Store
from schemas.regions import region_names

STYLES = {"late": "red", "refused": "red", "withdrawn": "red", "waiting": "yellow"}


def show_status(
    console: Console, deliveries: Deliveries, month: str | None, today: date, store: Store
) -> None:
    """The month's deliveries by region (default: the newest month delivered), then what to know.

    Plain lines are a line for each region, its deliveries separated by semicolons.
    """
    month = month or deliveries.newest_month(today) or month_of(today)
    statuses = deliveries.of_month(month, today)
    by_region = [list(each) for _, each in groupby(statuses, lambda each: each.region_code)]
    if console.is_terminal:
        _show_table(console, month, by_region)
    else:
        _say(console, f"Deliveries for {month}")
        for of_region in by_region:
            cells = "; ".join(f"{each.delivery} {_cell(each)}" for each in of_region)
            _say(console, f"{of_region[0].region_code} {_name(of_region[0])}: {cells}")
    year = deliveries.population_year()
    _say(console, f"Population: {year or 'nothing accepted'}")
    _say(console, _late(statuses))
    for note in _notes(deliveries, statuses, today, store):
        _say(console, note)
    if later := deliveries.months_late(month, today):
        said = f"{later[0]} to {later[-1]}" if len(later) > 1 else later[0]
        _say(console, f"Deliveries for {said} are late too; see them with --month.")


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _name(status: DeliveryStatus) -> str:
    return region_names()[status.region_code]


def _show_table(console: Console, month: str, by_region: list[list[DeliveryStatus]]) -> None:
    table = Table(
        title=f"Deliveries for {month}",
        caption="The newest date delivered. * sent again. In parentheses what stands in.",
    )
    table.add_column("Region")
    for name in REGIONAL_NAMES:
        table.add_column(name)
    for of_region in by_region:
        cells = (
            f"[{STYLES[kind]}]{_cell(each)}[/]"
            if (kind := each.word.split(",")[0]) in STYLES
            else _cell(each)
            for each in of_region
        )
        table.add_row(f"{of_region[0].region_code} {_name(of_region[0])}", *cells)
    console.print(table)


def _cell(status: DeliveryStatus) -> str:
    """The state, a star where a file was sent again, and the snapshot that stands in."""
    star = "*" if status.sent_again and status.delivered else ""
    former = f" ({status.former})" if status.former and not status.delivered else ""
    return f"{status.word}{star}{former}"


def _late(statuses: list[DeliveryStatus]) -> str:
    late = [each for each in statuses if each.is_late]
    if not late:
        return "Nothing is late."
    due = min(each.due for each in late if each.due)
    regions = len({each.region_code for each in late})
    return f"{len(late)} deliveries of {regions} regions are late; the first were due on {due}."


def _notes(
    deliveries: Deliveries, statuses: list[DeliveryStatus], today: date, store: Store
) -> Iterator[str]:
    """What was refused and why, sent again, withdrawn, not looked at yet, or is no delivery."""
    refused = [receipt for status in statuses for receipt in status.refused]
    for receipt in [*refused, *deliveries.refused_of_no_month(today)]:
        yield f"Refused: {'/'.join(receipt.place)}: {receipt.message}"
        if receipt.place in deliveries.receipts.places_in_force:
            yield "  The former content of the same name stands in."
        if receipt.report(store).exists():
            yield f"  Report for the supplier: {receipt.report(store)}"
    for status in statuses:
        place = f"{status.region_code}/{status.delivery}"
        for name in status.sent_again:
            yield f"Sent again: {place}/{name}: the later content counts, both receipts stay."
        for name in status.withdrawn:
            yield f"Withdrawn: {place}/{name} is no longer in the landing folder and is not used."
        for name in status.waiting:
            yield f"Waiting: {place}/{name} has not been taken in; flk run does that."
    yield from deliveries.overlooked
