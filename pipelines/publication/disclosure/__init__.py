"""Disclosure control: what may be published of the statistics, and what is hidden.

`suppress` is what others need, or `perturb` where the operator has chosen the cell-key method
(`perturbation.py`). First the primary rule marks the rows that are too small
(`primary.py`); then, month by month, further rows are hidden so that none of them can be computed
from the rest (`grid.py`, `moves.py`, `secondary.py`); then the marked rows are emptied. How tables
hang together is data: `schemas/disclosure_relations.py`.
"""

from collections.abc import Mapping

import polars as pl

from pipelines.publication.disclosure.months import hidden_rows
from pipelines.publication.disclosure.perturbation import perturb
from pipelines.publication.disclosure.previous import Former, hidden_rows_of
from pipelines.publication.disclosure.primary import Units, hide, primary_cells
from pipelines.publication.disclosure.settings import DisclosureSettings
from pipelines.publication.disclosure.targets import OnOnePhysician

__all__ = [
    "DisclosureSettings",
    "Former",
    "OnOnePhysician",
    "Units",
    "hidden_rows_of",
    "perturb",
    "suppress",
]


def suppress(
    tables: Mapping[str, pl.DataFrame],
    settings: DisclosureSettings,
    one_physician: OnOnePhysician,
    unit_regions: pl.DataFrame,
    previous: Former | None = None,
) -> dict[str, pl.DataFrame]:
    """The tables as they may be published, in the same order, columns and rows.

    A hidden row gets status `suppressed` and every value column missing, counts too: with the
    numerator alone hidden, share · denominator would give it back. Rows that are not ok stay as
    they are, as do tables without counts of persons. data_quality has no status: numerator,
    denominator and share are missing. `unit_regions` holds the region of every unit (month,
    area_code, region_code). `previous` is the release before, with which readers compare this one.
    """
    primary = {
        name: primary_cells(frame, name, settings, one_physician.units, one_physician.loads)
        for name, frame in tables.items()
    }
    rows = hidden_rows(tables, primary, settings, one_physician, unit_regions, previous)
    return {name: hide(frame, name, rows[name]) for name, frame in tables.items()}
