"""What people have said of releases: corrections and approvals, kept as restricted data.

Words of the operator. The text of a correction is published with it; that of an approval, which
may name who has approved, is not.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import polars as pl

from pipelines.errors import WrongUseError
from pipelines.indicators.moved_figures import figure_names
from pipelines.publication.release_folder import Releases
from pipelines.store import Store
from schemas.registers import MOVED_FIGURES

JOURNAL = "release_notes.jsonl"
CORRECTION, APPROVAL = "correction", "approval"


@dataclass(frozen=True)
class Note:
    """A correction or an approval.

    `after` is the release that was the current one when it was written, empty where there was
    none. `figures` are those that an approval is about, as `moved_figures` names them.
    """

    kind: str
    text: str
    written_at: datetime
    after: str
    figures: tuple[str, ...] = ()


def write_correction(store: Store, text: str) -> None:
    """Say why figures are corrected; the next release is published as a correction."""
    _write(store, CORRECTION, text, ())


def write_approval(store: Store, text: str) -> int:
    """Approve the moved figures of the current release that nobody has approved; how many.

    Raises WrongUseError when there are none.
    """
    current = Releases(store.published).current()
    figures: list[str] = []
    if current is not None:
        moved = current.table(MOVED_FIGURES.name)
        figures = figure_names(moved.filter(~pl.col("approved"))).to_list()
    if not figures:
        raise WrongUseError("No figure waits for approval, so nothing was done.")
    _write(store, APPROVAL, text, figures)
    return len(figures)


def _write(store: Store, kind: str, text: str, figures: Sequence[str]) -> None:
    current = Releases(store.published).current()
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    after = current.release_id if current else ""
    store.append_json(asdict(Note(kind, text, now, after, tuple(figures))), JOURNAL)


def read_notes(store: Store) -> tuple[Note, ...]:
    """All notes, oldest first."""
    return tuple(
        Note(
            record["kind"],
            record["text"],
            datetime.fromisoformat(record["written_at"]),
            record["after"],
            tuple(record["figures"]),
        )
        for record in store.read_json_lines(JOURNAL)
    )
