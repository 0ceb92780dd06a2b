"""Corrections in a landing folder: what a run makes of them, and of the files that they concern."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from integration.excel import parts
from integration.landing import PERSONS, land
from integration.running import flk, published, reporting, statistics
from integration.without_dagster import KEY, take_in
from pipelines.arrivals import landing_state, look_at
from pipelines.errors import WrongUseError
from pipelines.figures import Figures
from pipelines.parts import PEOPLE
from pipelines.receipts import StoredReceipt
from pipelines.store import Store
from schemas.quality_metrics import rejected_by

TODAY = date(2025, 12, 10)
DROP = """
[[correction]]
id = "19-1"
delivery = "listings"
file = "2025-11-30.csv"
action = "drop"
where = { unit_id = "SE5560001640-A2" }
reason = "The unit closed in October; its list was exported by mistake."
reported = 2025-12-03
status = "confirmed"
"""


def correct(landing: Path, text: str, region: str = "19") -> None:
    folder = landing / "corrections"
    folder.mkdir(exist_ok=True)
    (folder / f"{region}.toml").write_text(text, "utf-8")


def receipt(landing: Path, out: Path, place: str) -> StoredReceipt:
    """The newest receipt of `19/listings/2025-11-30.csv`."""
    found = look_at(landing, Store(out), KEY).receipts.all
    return max(
        (each for each in found if "/".join(each.place) == place),
        key=lambda each: each.received_at,
    )


LISTINGS = "19/listings/2025-11-30.csv"


def test_a_changed_corrections_file_reads_anew_only_the_files_concerned(
    landing: Path, out: Path
) -> None:
    store = Store(out)
    take_in(landing, store, TODAY)
    assert look_at(landing, store, KEY).new == ()
    correct(landing, DROP)
    assert ["/".join(each.place) for each in look_at(landing, store, KEY).new] == [LISTINGS]
    take_in(landing, store, TODAY)
    found = receipt(landing, out, LISTINGS)
    assert (found.rows, found.accepted, found.rejected) == (4, 2, 2)
    assert found.message == "Rows rejected: corrected_drop 2 (19-1)."
    assert look_at(landing, store, KEY).new == ()
    correct(landing, DROP.replace("confirmed", "open").replace("closed", "was closed"))
    assert look_at(landing, store, KEY).new == ()
    correct(landing, DROP.replace("confirmed", "fixed"))
    take_in(landing, store, TODAY)
    assert receipt(landing, out, LISTINGS).accepted == 4


def test_the_rejected_rows_and_the_microdata(landing: Path, out: Path) -> None:
    correct(landing, DROP)
    take_in(landing, Store(out), TODAY)
    found = receipt(landing, out, LISTINGS)
    rejected = pl.read_parquet(found.rejected_rows(Store(out)))
    assert rejected.select("line", "rule").rows() == [(4, "corrected_drop"), (5, "corrected_drop")]
    kept = pl.read_parquet(found.microdata(Store(out)))
    assert kept["unit_id"].unique().to_list() == ["SE5560001640-A"]


def test_the_figures_follow_and_say_so(landing: Path, out: Path) -> None:
    """The parts made from a corrected file are out of date when its correction changes."""
    store = Store(out)
    take_in(landing, store, TODAY)
    before = Figures(store, look_at(landing, store, KEY).receipts, "2025-11")
    made = before._made_from[PEOPLE, "19"]
    correct(landing, DROP)
    take_in(landing, store, TODAY)
    after = Figures(store, look_at(landing, store, KEY).receipts, "2025-11")
    assert after._made_from[PEOPLE, "19"] != made
    remarks = str(after.selections["19"].region_month.remarks)
    assert "Corrected before use: listings/2025-11-30.csv (see deliveries)." in remarks
    assert "Corrected" not in str(after.selections["04"].region_month.remarks)


def test_a_mended_fault_holds_the_file_back_and_the_former_content_counts(
    landing: Path, out: Path
) -> None:
    correct(landing, DROP)
    take_in(landing, Store(out), TODAY)
    land(landing, "19/listings/2025-11-30", "person  unit_id\nanna  A\nbo  A\ncia  A\ndan  A")
    take_in(landing, Store(out), TODAY)
    receipts = look_at(landing, Store(out), KEY).receipts
    held = receipt(landing, out, LISTINGS)
    assert held.status == "refused"
    assert held.message == (
        "Correction 19-1 (drop) does not fit the file: it concerns 0 rows, expected at least 1."
    )
    [counts] = [each for each in receipts.in_force if "/".join(each.place) == LISTINGS]
    assert (counts.rows, counts.accepted) == (4, 2)
    remarks = Figures(Store(out), receipts, "2025-11").selections["19"].region_month.remarks
    assert "listings: 2025-11-30.csv refused; the former 2025-11-30.csv stands in." in str(remarks)
    report = parts(held.report(Store(out))).decode()
    assert "Rättelse 19-1 (drop) passar inte filen: den berör 0 rader" in report


def test_a_run_ends_with_1_until_the_correction_is_ended(landing: Path, out: Path) -> None:
    """Every run, not only the first; all other deliveries count meanwhile."""
    correct(landing, DROP.replace("A2", "A9"))
    for _ in range(2):
        ended = flk("run", "--landing", landing, "--out", out)
        assert ended.status == 1
        assert "Traceback" not in ended.out + ended.err
        said = " ".join(ended.out.split())
        assert (
            "Failed: 19/listings/2025-11-30.csv is held back. Correction 19-1 (drop) does not fit "
            "the file: it concerns 0 rows, expected at least 1. Perhaps the fault is mended: "
            "change the correction in corrections/19.toml or set its status to fixed." in said
        )
    assert (
        published(out, "select status from deliveries where region_code = '19'").count(
            ("accepted",)
        )
        == 4
    )
    assert reporting(out, "19")["reported"] is False
    correct(landing, DROP)
    ended = flk("run", "--landing", landing, "--out", out)
    assert (ended.status, ended.err) == (0, "")
    assert "Corrected before use: listings/2025-11-30.csv" in str(reporting(out, "19")["remarks"])
    listed = statistics(out, "list_kinds").filter(level="region", area_code="19", kind="named")
    assert listed["listed"].to_list() == [2]
    quality = statistics(out, "data_quality").filter(
        region_code="19", delivery="listings", metric=rejected_by("corrected_drop")
    )
    assert quality.select("numerator", "denominator").rows() == [(2, 4)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DROP.replace("drop", "remove"), "19.toml, correction 19-1: action must be one of"),
        (DROP + f"# {PERSONS['anna']}", "19.toml holds something like a personal identity number."),
        (
            DROP + f"# {PERSONS['bo'][:8]} {PERSONS['bo'][8:]}",
            "19.toml holds something like a personal identity number.",
        ),
    ],
)
def test_a_corrections_file_that_cannot_be_used(
    text: str, said: str, landing: Path, out: Path
) -> None:
    """Nothing is done: the deliveries would be taken in uncorrected."""
    correct(landing, text)
    ended = flk("run", "--landing", landing, "--out", out)
    assert ended.status == 2
    assert "A region's corrections cannot be used, so nothing was done." in ended.err
    assert said in ended.err
    assert PERSONS["anna"] not in ended.err + ended.out
    assert not (out / "published" / "statistics.duckdb").exists()
    with pytest.raises(WrongUseError):
        look_at(landing, Store(out), KEY)


def test_the_sensor_sees_a_changed_correction(landing: Path) -> None:
    before = landing_state(landing)
    correct(landing, DROP)
    assert landing_state(landing) != before


def test_check_shows_what_the_supplier_sent(landing: Path, out: Path) -> None:
    """Corrections are the operator's; the folder is no delivery and is not complained about."""
    correct(landing, DROP)
    ended = flk("check", landing / "19/listings")
    assert "Rows: 4, accepted 4, rejected 0, warnings 0" in ended.out
    assert "corrections" not in flk("check", landing).out
    assert not out.exists()
