"""What a package holds, whatever the format: figures, tables, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipelines.errors import StepFailedError
from pipelines.publication.request.change import change_since_year_before
from pipelines.publication.request.completeness import (
    MissingDelivery,
    missing_by_region,
    missing_deliveries,
    region_title,
)
from pipelines.publication.request.figures import RequestFigures, read_figures
from pipelines.publication.request.tables import RequestTable, request_tables
from pipelines.publication.request.words import Words, month_in_words


@dataclass(frozen=True)
class Contents:
    """A month's figures arranged for the package.

    `missing` are the deliveries of the month that were not accepted; with any of them the package
    is partial and says so.
    """

    figures: RequestFigures
    tables: Mapping[str, RequestTable]
    missing: Sequence[MissingDelivery]

    @property
    def month(self) -> Words:
        """The month in words."""
        return month_in_words(self.figures.month)

    @property
    def is_partial(self) -> bool:
        """Whether deliveries of the month are missing."""
        return bool(self.missing)

    @property
    def has_change(self) -> bool:
        """Whether the published file holds the same month of the year before."""
        return "change" in self.tables

    @cached_property
    def missing_in_words(self) -> dict[str, Words]:
        """Region code to what is missing of it."""
        return missing_by_region(self.missing)


def read_contents(statistics_file: Path, month: str, *, partial: bool) -> Contents:
    """The contents of the month's package, from the published file.

    Raises StepFailedError when there are no figures of the month, and, unless `partial`, when
    deliveries of the month are missing: then it names every region and delivery.
    """
    figures = read_figures(statistics_file, month)
    missing = missing_deliveries(figures.tables["deliveries"], month)
    if missing and not partial:
        listed = "; ".join(
            f"{region_title(region)}: {words.en}"
            for region, words in missing_by_region(missing).items()
        )
        raise StepFailedError(
            f"The package of {month} was not made, because deliveries of the month are missing. "
            f"{listed}. Wait for them, or make it with --partial, which says so on the cover."
        )
    tables = request_tables(figures)
    change = change_since_year_before(figures)
    return Contents(figures, tables | ({"change": change} if change else {}), missing)
