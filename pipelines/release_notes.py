"""What people have said of releases: corrections and approvals, kept as restricted data.

Words of the operator. The text of a correction is published with it; that of an approval, which
may name who has approved, is not.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from pipelines.store import Store

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


def write_note(
    store: Store, kind: str, text: str, *, after: str, figures: Sequence[str] = ()
) -> None:
    """Add a note to the journal; the next publication heeds it."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
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
