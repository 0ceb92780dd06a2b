"""Deriving a release again from the deliveries, and telling whether it is the same, bit for bit.

Everything is made anew, in a store of its own that is removed afterwards: neither the output nor
its store is written to.
"""

import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.arrivals import Arrival, Place, look_at, take_in_partition
from pipelines.errors import WrongUseError
from pipelines.figures import Figures, code_of_figures
from pipelines.hidden_rows import HIDDEN, hidden_rows_are_kept
from pipelines.months import day_in_sweden
from pipelines.parts import STEPS
from pipelines.publication.disclosure.settings import DisclosureSettings, settings_of_manifest
from pipelines.publication.release_folder import (
    CSV,
    CURRENT,
    MANIFEST,
    PARQUET,
    RELEASES,
    KeptRelease,
    Releases,
    sha256_of,
    write_table,
)
from pipelines.publication.statistics_file import checked
from pipelines.receipts import Receipts, StoredReceipt, read_pruned, read_receipts
from pipelines.release import Release
from pipelines.release_manifest import code_of_release, settings_of_landing
from pipelines.release_notes import JOURNAL as NOTES
from pipelines.store import Store
from pipelines.tables import TABLE_MAKERS
from schemas.deliveries import DELIVERIES

MOST_NAMED = 10
"""So many files, areas or months are named in a sentence; of more their number is told."""

Content = tuple[str, str, str, str | None]
"""Region, delivery, file name and checksum."""

log = logging.getLogger("flk")


@dataclass(frozen=True)
class Verification:
    """What is the same as when the release was made, and what is not, in sentences.

    `is_same`: the files of the release are unchanged, and every table was derived again bit for
    bit. `circumstances` tells what has changed beside.
    """

    release_id: str
    same: tuple[str, ...]
    different: tuple[str, ...]
    circumstances: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the release is what its deliveries give."""
        return not self.different


def release_to_verify(store: Store, name: str) -> KeptRelease:
    """The release of this id, or in this folder; `current` is the one that holds now.

    Raises WrongUseError when there is none.
    """
    releases = Releases(store.published)
    found = releases.current() if name == CURRENT else releases.named(Path(name).name)
    if found is None:
        kept = [each.release_id for each in releases.all()]
        raise WrongUseError(
            f"There is no release {name} in {releases.folder}. "
            + (f"The newest is {kept[-1]}." if kept else "Nothing has been released yet.")
        )
    return found


def verify(
    release: KeptRelease,
    landing: Path,
    store: Store,
    key: str,
    settings: DisclosureSettings | None = None,
) -> Verification:
    """Derive a release again from the deliveries in the landing folder under this key.

    Of the landing folder only the contents that the release names are used, each judged as of the
    day when it was taken in. What has been replaced, withdrawn or refused since then and lies there
    no more is known from its receipt in `store`. Disclosure control has the release's own settings;
    whether `settings`, today's, are others is told. Raises WrongUseError where the landing folder
    is missing.
    """
    unchanged = _files_that_differ(release)
    manifest = release.manifest
    with _store_of_its_own(release, store) as again:
        log.info("Looking at the deliveries")
        missing = _take_in(manifest, landing, again, key)
        receipts = _receipts_then(manifest, landing, again, store, key)
        for month in manifest["months"]:
            log.info("Making the figures of %s", month)
            _make_figures(manifest, month, receipts, again)
        log.info("Comparing")
        made = Release(again, receipts, landing, settings_of_manifest(manifest), key)
        contents = made.contents(made.statistics())
        tables, differing = _compared(release, contents.tables, again.out)
        if contents.facts != manifest["facts"]:
            differing.append(_facts_that_differ(manifest["facts"], contents.facts))
    same = [] if unchanged else [f"All {len(manifest['files'])} files have their checksums."]
    if tables:
        same.append(
            f"{tables} of {tables + len(differing)} tables were derived again, bit for bit."
        )
    return Verification(
        release.release_id,
        same=tuple(same),
        different=(*unchanged, *differing),
        circumstances=(
            *missing,
            *_release_before(release, store),
            *_code_since(manifest, landing),
            *_other_noise(manifest, bool(differing)),
            *_settings_since(manifest, settings or DisclosureSettings()),
        ),
    )


def _files_that_differ(release: KeptRelease) -> list[str]:
    """A sentence for each file that is missing, was changed, or has been added."""
    files = release.manifest["files"]
    there = {
        str(path.relative_to(release.folder)): path
        for path in release.folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    sentences = [f"{name} is missing." for name in sorted(set(files) - set(there))]
    sentences += [f"{name} has been added." for name in sorted(set(there) - set(files))]
    sentences += [
        f"{name} has been changed: its checksum is another than the manifest's."
        for name in sorted(set(files) & set(there))
        if sha256_of(there[name]) != files[name]["sha256"]
    ]
    return sentences


@contextmanager
def _store_of_its_own(release: KeptRelease, store: Store) -> Iterator[Store]:
    """A store in a temporary folder (0700), with the releases and notes from before the release."""
    folder = Path(tempfile.mkdtemp(prefix="flk-verify-"))
    try:
        again = Store(folder / "out")
        again.prepare()
        again.published.joinpath(RELEASES).symlink_to(release.folder.parent.resolve())
        previous = release.manifest["previous_release"]
        if store.path(HIDDEN).is_dir():
            again.path(HIDDEN).symlink_to(store.path(HIDDEN).resolve())
        if previous:
            again.published.joinpath(CURRENT).symlink_to(Path(RELEASES, previous))
        made_at = release.manifest["created_at"]
        for record in store.read_json_lines(NOTES):
            if record["written_at"] <= made_at:
                again.append_json(record, NOTES)
        yield again
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _content(entry: Mapping[str, Any]) -> Content:
    return (entry["region_code"], entry["delivery"], entry["file_name"], entry["sha256"])


def _take_in(manifest: Mapping[str, Any], landing: Path, again: Store, key: str) -> list[str]:
    """Take in the contents of the manifest that lie in the landing folder, day by day.

    Returns sentences on those that figures were made from and that lie there no more.
    """
    known = {_content(each): each for each in manifest["deliveries"]}
    present = look_at(landing, again, key).all
    days: dict[date, list[Arrival]] = {}
    for arrival in present:
        entry = known.get((*arrival.place, arrival.sha256))
        if entry is not None:
            days.setdefault(day_in_sweden(datetime.fromisoformat(entry["received_at"])), []).append(
                arrival
            )
    for day in sorted(days):
        arrivals = replace(look_at(landing, again, key), all=tuple(days[day]))
        for contract in DELIVERIES:
            take_in_partition(
                arrivals,
                delivery_name=contract.name,
                partitions=None,
                key=key,
                today=day,
                progress=lambda _: None,
            )
            # What follows is judged by the units that have been taken in.
            arrivals = replace(look_at(landing, again, key), all=tuple(days[day]))
    there = {(*arrival.place, arrival.sha256) for arrival in present}
    now = {arrival.place: arrival.sha256 for arrival in present}
    sentences = [
        _gone(entry, now)
        for content, entry in known.items()
        if entry["months"] and content not in there
    ]
    arrived = len(there - set(known))
    if arrived:
        sentences.append(f"{arrived} files have arrived or changed since; they are left out.")
    return sentences


def _gone(entry: Mapping[str, Any], now: Mapping[Place, str | None]) -> str:
    place = (entry["region_code"], entry["delivery"], entry["file_name"])
    what = "has another content now" if place in now else "is no longer in the landing folder"
    return f"{'/'.join(place)}, which figures of {_named(entry['months'])} were made from, {what}."


def _receipts_then(
    manifest: Mapping[str, Any], landing: Path, again: Store, store: Store, key: str
) -> Receipts:
    """The receipts as they were when the release was made, of contents derived again where their
    bytes are there."""
    looked = look_at(landing, again, key)
    derived = {(*each.place, each.sha256): each for each in looked.receipts.all}
    remembered = {(*each.place, each.sha256): each for each in read_receipts(store, {}).all}
    receipts: list[StoredReceipt] = []
    for entry in manifest["deliveries"]:
        content = _content(entry)
        receipt = derived.get(content) or remembered.get(content)
        if receipt is not None:
            receipts.append(
                replace(
                    receipt,
                    received_at=datetime.fromisoformat(entry["received_at"]),
                    key_mark=looked.key_mark,
                )
            )
    present = {
        _content(entry)[:3]: entry["sha256"] for entry in manifest["deliveries"] if entry["present"]
    }
    return Receipts(
        tuple(receipts),
        present,
        looked.profiles.without_name_rule,
        looked.key_mark,
        read_pruned(store),
    )


def _make_figures(
    manifest: Mapping[str, Any], month: str, receipts: Receipts, again: Store
) -> None:
    """The month's figures, of the contents that they were made from."""
    used = {_content(each) for each in manifest["deliveries"] if month in each["months"]}
    there = replace(
        receipts,
        all=tuple(
            each
            for each in receipts.all
            if each.status == "refused" or each.microdata(again).exists()
        ),
    )
    figures = Figures(again, there, month)
    chosen = {each.identity for each in there.all if (*each.place, each.sha256) in used}
    if chosen != set(figures.deliveries_used):
        # Made before some of the deliveries came, and not made again since.
        figures = Figures(
            again,
            replace(
                there,
                all=tuple(each for each in there.all if (*each.place, each.sha256) in used),
                present={(region, delivery, name): sha for region, delivery, name, sha in used},
            ),
            month,
        )
    for step in STEPS.values():
        figures.make_parts(step, figures.reporting_regions)
    for name in TABLE_MAKERS:
        figures.make_table(name)


def _compared(
    release: KeptRelease, tables: Mapping[str, pl.DataFrame], folder: Path
) -> tuple[int, list[str]]:
    """How many tables have the same bytes, and a sentence for each that has not."""
    same, differing = 0, []
    for kind in (PARQUET, CSV):
        (folder / kind).mkdir()
    files = release.manifest["files"]
    for contract, frame in checked(tables).items():
        write_table(frame, contract.name, folder)
        written = [f"{PARQUET}/{contract.name}.parquet", f"{CSV}/{contract.name}.csv"]
        if all(
            name in files and sha256_of(folder / name) == files[name]["sha256"] for name in written
        ):
            same += 1
        else:
            differing.append(_difference(contract.name, frame, release))
    return same, differing


def _difference(name: str, derived: pl.DataFrame, release: KeptRelease) -> str:
    """How many rows of a table differ, and of which months and areas."""
    if name not in release.tables:
        return f"{name} is a table that the release does not have."
    kept = release.tables[name]
    if kept.schema != derived.schema:
        return f"{name} has other columns now."
    here = kept.join(derived, on=kept.columns, how="anti", nulls_equal=True)
    there = derived.join(kept, on=kept.columns, how="anti", nulls_equal=True)
    if here.is_empty() and there.is_empty():
        return f"{name} has the same rows, written differently."
    places = [
        f"{column}: {_named(sorted(set(pl.concat([here, there])[column].drop_nulls())))}"
        for column in ("month", "area_code", "region_code")
        if column in kept.columns
    ]
    where = f" ({'; '.join(places)})" if places else ""
    return (
        f"{name} differs: {here.height} of its {kept.height} rows were not derived again, and "
        f"{there.height} others were{where}."
    )


def _facts_that_differ(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    names = sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
    return (
        "release_info differs: "
        + "; ".join(
            f"{name} was {then.get(name, 'nothing')!r}, is {now.get(name, 'nothing')!r}"
            for name in names
        )
        + "."
    )


def _release_before(release: KeptRelease, store: Store) -> list[str]:
    """A sentence where what depends on the release before cannot be derived."""
    before = release.manifest["previous_release"]
    if not before:
        return []
    if (release.folder.parent / before).is_dir():
        if hidden_rows_are_kept(store, before):
            return []
        return [
            f"What the release before, {before}, hid is not in restricted/{HIDDEN} any more. Its "
            "hidden figures are taken to be what they are in this one, so that other figures may "
            "be suppressed."
        ]
    return [
        f"The release before, {before}, is not kept, so what depends on it cannot be derived "
        "again: which figures are suppressed (nothing may be told by comparing the two), "
        "revisions and moved_figures."
    ]


def _code_since(manifest: Mapping[str, Any], landing: Path) -> list[str]:
    """Sentences on code, packages and settings, changed or not."""
    then, now = manifest["code"], code_of_release()
    sentences = [
        "The code is the same."
        if then["fingerprint"] == now["fingerprint"]
        else "The code has changed since: it was "
        f"{then['version']} ({then['fingerprint'][:8]}), is "
        f"{now['version']} ({str(now['fingerprint'])[:8]})."
    ]
    sentences += [
        f"The figures of {month} were made by earlier code than today's; flk run --month {month} "
        "makes them again."
        for month, of_month in manifest["months"].items()
        if of_month["code"] != [code_of_figures()]
    ]
    packages: Any = now["packages"]
    sentences += [
        f"{name} was {former}, is {packages.get(name)}."
        for name, former in then["packages"].items()
        if packages.get(name) != former
    ]
    if then["lock_file_sha256"] != now["lock_file_sha256"]:
        sentences.append("The lock file has changed since.")
    settings, present = manifest["settings"]["landing"], settings_of_landing(landing)
    sentences += [
        f"{name} in the landing folder has changed, come or gone since."
        for name in sorted({*settings, *present})
        if settings.get(name) != present.get(name)
    ]
    return sentences


def _other_noise(manifest: Mapping[str, Any], differs: bool) -> list[str]:
    """A sentence where another key would explain that perturbed numbers differ."""
    if not differs or not settings_of_manifest(manifest).is_perturbed:
        return []
    return [
        "The release is perturbed: its noise comes from the key that it was made with, and cannot "
        "be derived with another (flk rekey)."
    ]


def _settings_since(manifest: Mapping[str, Any], now: DisclosureSettings) -> list[str]:
    """A sentence where disclosure control has other settings today than the release."""
    then = settings_of_manifest(manifest).recorded()
    differing = [
        f"{name} is {value}, was {then[name]}"
        for name, value in now.recorded().items()
        if value != then[name]
    ]
    if not differing:
        return []
    return [f"The settings of disclosure control have changed since: {'; '.join(differing)}."]


def _named(names: list[str]) -> str:
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return ", ".join(names)
