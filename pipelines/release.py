"""A release: all months' statistics, disclosure control, the registers, and what has changed.

How cells are hidden and files are written belongs in `pipelines/publication`.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.engine import POLARS
from pipelines.errors import StepFailedError
from pipelines.figures import Figures, made_by, made_from
from pipelines.fingerprint import code_fingerprint, fingerprint
from pipelines.hidden_rows import PHYSICIANS, former_release, keep_hidden_rows
from pipelines.indicators.intervals import wilson_bounds
from pipelines.indicators.moved_figures import (
    PREVIOUS_RELEASE,
    dropped_out,
    figure_names,
    moved_figures,
    still_published,
)
from pipelines.indicators.reconciliation import broken_rows, tables_that_disagree
from pipelines.microdata import microdata
from pipelines.publication.changes import changes
from pipelines.publication.disclosure import (
    DisclosureSettings,
    Former,
    OnOnePhysician,
    Units,
    perturb,
    suppress,
)
from pipelines.publication.disclosure.cell_keys import cell_key_secret
from pipelines.publication.disclosure.information_lost import information_lost
from pipelines.publication.disclosure.settings import settings_of_manifest
from pipelines.publication.registers import (
    definitions,
    definitions_of_month,
    dictionary_register,
    guidelines_register,
    municipalities_register,
    regions_register,
    targets_register,
    units_register,
)
from pipelines.publication.release_folder import (
    Contents,
    KeptRelease,
    PublishedRelease,
    Releases,
    publish,
)
from pipelines.publication.release_parts import RELEASE_PARTS
from pipelines.publication.statistics_file import STORAGE_VERSION
from pipelines.receipts import Receipts
from pipelines.release_manifest import (
    causes_between,
    code_of_release,
    deliveries_of_months,
    settings_of_landing,
)
from pipelines.release_notes import CORRECTION, Note, read_notes
from pipelines.store import Store
from pipelines.tables import TABLE_MAKERS, tables_of_targets
from schemas.contract import TableContract
from schemas.guidelines import guidelines
from schemas.indicator_registry import target_indicators
from schemas.receipts import DELIVERIES_TABLE
from schemas.registers import (
    CHANGES,
    CORRECTIONS,
    DEFINITIONS,
    INFORMATION_LOST,
    MOVED_FIGURES,
    RELEASE_INFO,
    REVISIONS,
)
from schemas.statistics import statistics_table
from schemas.targets import targets


@dataclass(frozen=True)
class Release:
    """What is published from the store as it is now.

    `key` is the pseudonymisation key, from which the noise of a perturbed release comes; releases
    that are not perturbed do without.
    """

    store: Store
    receipts: Receipts
    landing: Path
    settings: DisclosureSettings = field(default_factory=DisclosureSettings)
    key: str = field(default="", repr=False)

    @cached_property
    def months(self) -> list[str]:
        """The months whose figures have been made, in order."""
        folders = self.store.path("parts").glob("*/statistics")
        return sorted(folder.parent.name for folder in folders)

    def _slices(self, kind: str) -> list[Path]:
        return [
            path
            for month in self.months
            for path in sorted(self.store.path("parts", month, kind).glob("*.parquet"))
        ]

    @cached_property
    def made_from(self) -> str:
        """A hash over all that decides what is published."""
        return fingerprint(
            [
                # Tables of targets are made from all months, when they are published.
                code_fingerprint(
                    "pipelines/publication",
                    "pipelines/indicators",
                    "pipelines/tables.py",
                    "pipelines/release.py",
                    "pipelines/release_manifest.py",
                    "schemas",
                ),
                self.settings.recorded(),
                self._cell_key_secret if self.settings.is_perturbed else None,
                settings_of_landing(self.landing),
                [[path.parts[-3:], made_from(self._read(path))] for path in self._slices_records()],
                [list(map(str, row)) for row in self.receipts.table().rows()],
                [asdict(note) for note in self._notes],
            ]
        )

    @cached_property
    def _notes(self) -> tuple[Note, ...]:
        return read_notes(self.store)

    @cached_property
    def _cell_key_secret(self) -> str:
        return cell_key_secret(self.key)

    @property
    def _releases(self) -> Releases:
        return Releases(self.store.published)

    def _read(self, record: Path) -> Any:
        return self.store.read_json(*record.relative_to(self.store.restricted).parts)

    @property
    def engines(self) -> list[str]:
        """The engines that made the figures which are published."""
        records = self.store.path("parts").glob("*/*/*.json")
        return sorted({engine for path in records if (engine := made_by(self._read(path)))})

    def out_of_date(self) -> bool:
        """Whether the current release is missing or was made from something else."""
        is_there = self.store.statistics_file.exists() and self._releases.current() is not None
        return not is_there or self.store.read_json("publication.json") != self.made_from

    def statistics(self) -> dict[str, pl.DataFrame]:
        """The statistics of all months by table name, before disclosure control."""
        tables = {}
        for name in TABLE_MAKERS:
            contract = statistics_table(name)
            months = [
                _as_now(path, contract) for path in self._slices("statistics") if path.stem == name
            ]
            tables[name] = pl.concat([contract.empty(), *months]).sort(contract.key)
        return tables | {DELIVERIES_TABLE.name: self.receipts.table()}

    @cached_property
    def _unit_regions(self) -> pl.DataFrame:
        figures = [Figures(self.store, self.receipts, month) for month in self.months]
        return pl.concat([each.unit_regions() for each in figures])

    def of_targets(self, statistics: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """Targets held against these statistics: what they hide is hidden in the result too."""
        return tables_of_targets(statistics, self.definitions, self._unit_regions)

    @cached_property
    def definitions(self) -> pl.DataFrame:
        """The register of definitions, as every month's figures were made by them.

        The tables of targets are made anew for all months, each by the targets of now, of figures
        by the definitions of the month.
        """
        single = [_as_now(path, DEFINITIONS) for path in self._slices("definitions")]
        of_months = pl.concat([DEFINITIONS.empty(), *single])
        of_targets = [
            definitions_of_month(month, target_indicators(_hashes_of(of_months, month)))
            for month in self.months
        ]
        return definitions([of_months, *of_targets])

    def registers(self, tables: list[str]) -> dict[str, pl.DataFrame]:
        """The registers that explain the rest."""
        newest = Figures(self.store, self.receipts, self.months[-1]).selections
        snapshots = {}
        reference_dates: dict[str, date] = {}
        for region, selection in newest.items():
            day = selection.region_month.reference_date
            if day is not None and selection.files["units"]:
                units = microdata(POLARS, self.store, selection.files["units"])
                snapshots[region] = POLARS.collect([units])[0]
                reference_dates[region] = day
        registers = {
            "definitions": self.definitions,
            "targets": targets_register(targets()),
            "guidelines": guidelines_register(guidelines()),
            "regions": regions_register(),
            "municipalities": municipalities_register(),
            "units": units_register(snapshots, reference_dates),
        }
        described = [*tables, *registers, RELEASE_INFO.name]
        dictionary = dictionary_register(described, is_perturbed=self.settings.is_perturbed)
        return registers | {"dictionary": dictionary}

    def _facts(self) -> dict[str, str]:
        """What `release_info` says of the content."""
        facts = {
            "months": ", ".join(self.months),
            "storage_version": STORAGE_VERSION,
            "disclosure_threshold": str(self.settings.threshold),
            "disclosure_rules": self.settings.described(),
        }
        if self.settings.is_perturbed:
            facts["disclosure_method"] = self.settings.method
        return facts | ({"correction": self._correction.text} if self._correction else {})

    def _circumstances(self) -> dict[str, str]:
        """What `release_info` says of how the release was made."""
        code = code_of_release()
        return {
            "created_at": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}",
            "code_version": str(code["version"]),
            "code_fingerprint": str(code["fingerprint"]),
            "duckdb_version": duckdb.__version__,
            "engine": ", ".join(self.engines),
            "previous_release": self.previous.release_id if self.previous else "",
        }

    def _manifest(self) -> dict[str, object]:
        """What the manifest says that the release was made from."""
        records: dict[str, list[Any]] = {month: [] for month in self.months}
        for path in self._slices_records():
            records[path.parts[-3]].append(self._read(path))
        used = {
            month: {identity for record in of_month for identity in record.get("deliveries", ())}
            for month, of_month in records.items()
        }
        return {
            "code": code_of_release(),
            "settings": {
                "disclosure": self.settings.described(),
                "disclosure_settings": self.settings.recorded(),
                "landing": settings_of_landing(self.landing),
            },
            "months": {
                month: {"code": sorted({record.get("code", "") for record in of_month})}
                for month, of_month in records.items()
            },
            "definitions": {
                f"{indicator} {first}--{last}": definition_hash
                for indicator, first, last, definition_hash in self.definitions.select(
                    "indicator", "from_month", "to_month", "definition_hash"
                ).iter_rows()
            },
            "deliveries": deliveries_of_months(self.receipts, used),
        }

    def _slices_records(self) -> list[Path]:
        return sorted(self.store.path("parts").glob("*/statistics/*.json"))

    def _on_one_physician(self, physicians: str) -> Units:
        """(month, unit) of every unit where a number of `unit_physicians` is one."""
        return frozenset(
            (month, unit)
            for month in self.months
            for unit in Figures(self.store, self.receipts, month).one_physician_units(physicians)
        )

    def _reconcile(self, statistics: dict[str, pl.DataFrame]) -> None:
        broken = [
            f"{table}: {check.replace('_', ' ')} ({rows} rows)"
            for table, frame in statistics.items()
            for check, rows in broken_rows(table, frame).items()
            if rows
        ]
        broken += tables_that_disagree(statistics)
        if broken:
            raise StepFailedError(
                "Nothing was published, because figures do not reconcile. Broken are "
                f"{'; '.join(broken)}."
            )

    @cached_property
    def previous(self) -> KeptRelease | None:
        """The release that holds until this one does; None for the first."""
        return self._releases.current()

    @cached_property
    def _corrected(self) -> dict[str, Note]:
        """Release to its correction, published as the next: of several the last that was written.

        The release is empty where there was none.
        """
        return {note.after: note for note in self._notes if note.kind == CORRECTION}

    @property
    def _correction(self) -> Note | None:
        """The correction that was written since the current release, if any."""
        return self._corrected.get(self.previous.release_id if self.previous else "")

    def publish(self) -> PublishedRelease:
        """Write the unsuppressed statistics, and release what may be published.

        Raises StepFailedError, with the last publication as it was, when a table does not add up.
        """
        made = self.statistics()
        statistics = made | self.of_targets(made)
        self._reconcile(statistics)
        with ThreadPoolExecutor(1) as beside:
            # Disclosure control works mostly in Python and leaves a core free.
            kept = beside.submit(self._keep, statistics)
            contents = self.contents(made)
            kept.result()
        release = publish(contents, self.store.published, RELEASE_PARTS)
        keep_hidden_rows(
            self.store,
            release.release,
            made,
            contents.tables,
            {name: self._on_one_physician(name) for name in PHYSICIANS},
        )
        self.store.write_json(self.made_from, "publication.json")
        return release

    def _keep(self, statistics: Mapping[str, pl.DataFrame]) -> None:
        """Write the statistics before disclosure control, for those who may see them."""
        for name, frame in statistics.items():
            self.store.write_table(frame, statistics_table(name), "statistics", f"{name}.parquet")

    def _controlled(self, made: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The statistics after disclosure control, by the method that is set."""
        on_one = OnOnePhysician(
            self._on_one_physician("physicians"), self._on_one_physician("physicians_of_capacity")
        )
        if self.settings.is_perturbed:
            return perturb(
                made,
                self.settings,
                on_one,
                self._unit_regions,
                self._cell_key_secret,
                wilson_bounds,
            )
        return suppress(made, self.settings, on_one, self._unit_regions, self._shown_before())

    def _shown_before(self) -> Former | None:
        """The release before, if it shows and hides numbers as they are: perturbed ones do not."""
        if self.previous is None or settings_of_manifest(self.previous.manifest).is_perturbed:
            return None
        return former_release(self.store, self.previous)

    def contents(self, made: Mapping[str, pl.DataFrame]) -> Contents:
        """What may be published of these statistics of all months, and what it was made from."""
        published = self._controlled(made)
        lost = information_lost(made, published, is_perturbed=self.settings.is_perturbed)
        published |= self.of_targets(published)
        made_from = self._manifest()
        changed = self._changes(published, self.previous, made_from)
        published[REVISIONS.name] = self._revisions(published, changed, made_from)
        published[CORRECTIONS.name] = self._corrections()
        published[MOVED_FIGURES.name] = moved = self._moved(published)
        published[INFORMATION_LOST.name] = lost
        told = {
            "unapproved_figures": str(moved.filter(~pl.col("approved")).height),
            "regions_dropped_out": ", ".join(dropped_out(published["reporting"])),
        }
        return Contents(
            tables=published | self.registers(list(published)),
            newest_month=self.months[-1],
            facts=self._facts() | told,
            circumstances=self._circumstances() | {"changed_values": str(changed.height)},
            made_from=made_from,
            changes=changed,
            previous=self.previous,
        )

    def _corrections(self) -> pl.DataFrame:
        """The table `corrections`: those published before, and this release's."""
        return pl.DataFrame(
            [
                (note.written_at.date(), release, note.text)
                for release, note in self._corrected.items()
            ],
            CORRECTIONS.polars_schema(),
            orient="row",
        ).sort(CORRECTIONS.key)

    def _moved(self, published: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """The table `moved_figures`, with what has been approved.

        What was listed since the release before, and nobody has approved, stays listed until it
        is approved or the figure changes.
        """
        before = self.previous.tables if self.previous else {}
        moved = moved_figures(published, before).with_columns(approved=pl.lit(False))
        if MOVED_FIGURES.name in before:
            waiting = before[MOVED_FIGURES.name].filter(pl.col("compared_with") == PREVIOUS_RELEASE)
            still = still_published(waiting, published)
            moved = pl.concat([moved, still.select(moved.columns)]).unique(
                MOVED_FIGURES.key, keep="first", maintain_order=True
            )
        approved = [name for note in self._notes for name in note.figures]
        return moved.with_columns(approved=figure_names(moved).is_in(approved))

    def _changes(
        self,
        published: Mapping[str, pl.DataFrame],
        since: KeptRelease | None,
        made_from: Mapping[str, object],
    ) -> pl.DataFrame:
        """The published figures that differ from those of a release."""
        if since is None:
            return CHANGES.empty()
        causes = causes_between(since, made_from, self.definitions)
        return changes(since.tables, published, causes)

    def _revisions(
        self,
        published: Mapping[str, pl.DataFrame],
        changed: pl.DataFrame,
        made_from: Mapping[str, object],
    ) -> pl.DataFrame:
        """The table `revisions`: the former corrections', and what this one changed.

        Where the corrected figures have been released already, by a run in the night for one, the
        correction is of what that release changed, unless that was a correction itself.
        """
        before = [self.previous.tables[REVISIONS.name]] if self.previous else []
        correction = self._correction
        if correction is None:
            return pl.concat([REVISIONS.empty(), *before])
        before_that = self.previous.manifest["previous_release"] or "" if self.previous else ""
        if changed.is_empty() and self.previous and before_that not in self._corrected:
            changed = self._changes(published, self._releases.named(before_that), made_from)
        revised = changed.with_columns(
            revised_on=pl.lit(correction.written_at.date()), correction=pl.lit(correction.text)
        )
        return pl.concat([REVISIONS.empty(), *before, revised]).unique(maintain_order=True)


def _as_now(path: Path, contract: TableContract) -> pl.DataFrame:
    """A stored table with the columns that its contract has now.

    A month that was made by earlier code may lack a column, which is then missing, or have one
    that is no more.
    """
    frame = pl.read_parquet(path, glob=False)
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in contract.polars_schema().items()
    )


def _hashes_of(definitions_of_months: pl.DataFrame, month: str) -> dict[str, str]:
    """Indicator to the hash of the definition by which a month's figures were made."""
    of_month = definitions_of_months.filter(pl.col("from_month") == month)
    return dict(of_month.select("indicator", "definition_hash").iter_rows())
