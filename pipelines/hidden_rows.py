"""What releases hide, kept restricted: the next release is compared with it.

    restricted/hidden/<release id>/<table>.parquet             the rows that it hides, as they are
    restricted/hidden/<release id>/one_physician_units.json    units that rested on one physician

Whether a hidden number has changed cannot be told from what was published, and how far it can be
thought other than it is depends on the number itself. So the rows are kept as they are, like the
unsuppressed statistics beside them, and as long as their release. Without them the next release
takes them to be what they are then (`disclosure/previous.py`).
"""

import shutil
from collections.abc import Mapping

import polars as pl

from pipelines.publication.disclosure import Former, Units, hidden_rows_of
from pipelines.publication.disclosure.settings import settings_of_manifest
from pipelines.publication.release_folder import KeptRelease, Releases
from pipelines.store import Store
from schemas.statistics import statistics_table

HIDDEN = "hidden"
PHYSICIANS = ("physicians", "physicians_of_capacity")
"""The numbers of `unit_physicians`; where one of them is 1, something is one physician's."""
ONE_PHYSICIAN_UNITS = "one_physician_units.json"


def keep_hidden_rows(
    store: Store,
    release: KeptRelease,
    made: Mapping[str, pl.DataFrame],
    published: Mapping[str, pl.DataFrame],
    on_one_physician: Mapping[str, Units],
) -> None:
    """Keep what the release hides of the statistics, and forget releases that are not kept.

    `on_one_physician`: number of `unit_physicians` to the (month, unit) where it is one. A release
    that holds again, of the same content as before, hides what it hides now.
    """
    for name, rows in hidden_rows_of(made, published).items():
        store.write_table(
            rows, statistics_table(name), HIDDEN, release.release_id, f"{name}.parquet"
        )
    units = {name: sorted(of_number) for name, of_number in on_one_physician.items()}
    store.write_json(units, HIDDEN, release.release_id, ONE_PHYSICIAN_UNITS)
    there = {each.release_id for each in Releases(store.published).all()}
    for folder in store.path(HIDDEN).glob("*"):
        if folder.name not in there:
            shutil.rmtree(folder)


def former_release(store: Store, release: KeptRelease) -> Former:
    """A release as the next one is compared with it; without what it hid, where that is gone."""
    units = store.read_json(HIDDEN, release.release_id, ONE_PHYSICIAN_UNITS) or {}
    on_one, loads = (
        frozenset((month, unit) for month, unit in units.get(name, [])) for name in PHYSICIANS
    )
    folder = store.path(HIDDEN, release.release_id)
    return Former(
        published=release.tables,
        hidden={path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))},
        one_physician_units=on_one,
        loads_of_one=loads,
        settings=settings_of_manifest(release.manifest),
    )


def hidden_rows_are_kept(store: Store, release_id: str) -> bool:
    """Whether what a release hid is still there."""
    return store.path(HIDDEN, release_id, ONE_PHYSICIAN_UNITS).is_file()
