"""Releasing small tables by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from pipelines.publication.release_folder import (
    Contents,
    KeptRelease,
    MakePart,
    PublishedRelease,
    Releases,
    publish,
)
from pipelines.publication.statistics_file import PublicationError
from schemas.registers import CHANGES

__all__ = ["PublicationError", "release"]


def release(
    tables: Mapping[str, pl.DataFrame],
    published: Path,
    parts: Sequence[MakePart] = (),
    *,
    facts: Mapping[str, str] | None = None,
    circumstances: Mapping[str, str] | None = None,
    previous: KeptRelease | None = None,
) -> PublishedRelease:
    """Publish these tables as a release under `published`."""
    contents = Contents(
        tables={name: frame for name, frame in tables.items() if name != "release_info"},
        newest_month="2025-11",
        facts=facts or {"months": "2025-11", "disclosure_rules": "persons below 5"},
        circumstances=circumstances or {"created_at": "2025-12-01 04:15:00"},
        made_from={"deliveries": []},
        changes=CHANGES.empty(),
        previous=previous or Releases(published).current(),
    )
    return publish(contents, published, parts)
