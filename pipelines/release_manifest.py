"""What a release was made from: deliveries, months, code and settings, for its manifest.

The manifest is published: it names files and checksums, never a person.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.fingerprint import PROJECT, code_fingerprint
from pipelines.publication.changes import (
    COMPUTATION,
    CORRECTION,
    DISCLOSURE,
    NEW_DELIVERY,
    Causes,
)
from pipelines.publication.disclosure.settings import settings_of_manifest
from pipelines.publication.release_folder import KeptRelease, sha256_of
from pipelines.receipts import Receipts

LOCK_FILE = PROJECT / "uv.lock"
PACKAGES = ("duckdb", "narwhals", "pandera", "polars", "polars-hash", "python-calamine")
"""The packages that figures go through; all others stand in the lock file."""


def all_code() -> str:
    """A hash over all our code and settings."""
    return code_fingerprint("schemas", "pipelines", "assets")


def deliveries_of_months(
    receipts: Receipts, used: Mapping[str, Iterable[str]]
) -> list[dict[str, object]]:
    """Every content that has been delivered: what became of it, and the months made from it.

    `used` is month to the identities of the receipts that its figures were made from.
    """
    months: dict[str, list[str]] = {}
    for month in sorted(used):
        for identity in used[month]:
            months.setdefault(identity, []).append(month)
    return [
        {
            "region_code": each.region_code,
            "delivery": each.delivery,
            "file_name": each.file_name,
            "sha256": each.sha256,
            "received_at": f"{each.received_at:%Y-%m-%d %H:%M:%S.%f}",
            "status": receipts.status(each),
            "present": receipts.is_present(each),
            "rows": each.rows,
            "accepted": each.accepted,
            "rejected": each.rejected,
            "months": months.get(each.identity, []),
        }
        for each in receipts.all
    ]


def code_of_release() -> dict[str, object]:
    """Version, hash of the code, hash of the lock file, and versions of what computes."""
    return {
        "version": version("fast-lakarkontakt"),
        "fingerprint": all_code(),
        "lock_file_sha256": sha256_of(LOCK_FILE) if LOCK_FILE.is_file() else None,
        "packages": {name: _version(name) for name in PACKAGES},
    }


def settings_of_landing(landing: Path) -> dict[str, str]:
    """The checksums of the regions' profiles and corrections, by folder and name."""
    return {
        f"{path.parent.name}/{path.name}": sha256_of(path)
        for folder in ("profiles", "corrections")
        for path in sorted((landing / folder).glob("*.toml"))
    }


def causes_between(
    before: KeptRelease, made_from: Mapping[str, Any], definitions: pl.DataFrame
) -> Causes:
    """What has changed from a release to one that is made from this and by these definitions."""
    former = before.manifest
    months = sorted(set(former["months"]) & set(made_from["months"]))
    of_month = {}
    for month in months:
        causes = set()
        if _used(former, month) != _used(made_from, month):
            causes.add(NEW_DELIVERY)
        if former["settings"]["landing"] != made_from["settings"]["landing"]:
            causes.add(CORRECTION)
        if settings_of_manifest(former) != settings_of_manifest(made_from):
            causes.add(DISCLOSURE)
        if former["months"][month] != made_from["months"][month]:
            causes.add(COMPUTATION)
        of_month[month] = frozenset(causes)
    hashes = [_hashes(each, months) for each in (before.tables["definitions"], definitions)]
    return Causes(
        of_month,
        frozenset(
            place
            for place in set(hashes[0]) & set(hashes[1])
            if hashes[0][place] != hashes[1][place]
        ),
    )


def _used(manifest: Mapping[str, Any], month: str) -> set[tuple[str, ...]]:
    return {
        (each["region_code"], each["delivery"], each["file_name"], each["sha256"])
        for each in manifest["deliveries"]
        if month in each["months"]
    }


def _hashes(definitions: pl.DataFrame, months: list[str]) -> dict[tuple[str, str], set[str]]:
    """(table, month) to the hashes of the definitions of its values."""
    found: dict[tuple[str, str], set[str]] = {}
    rows = definitions.select("table_name", "from_month", "to_month", "definition_hash")
    for table, first, last, definition_hash in rows.iter_rows():
        for month in months:
            if first <= month <= last:
                found.setdefault((table, month), set()).add(definition_hash)
    return found


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
