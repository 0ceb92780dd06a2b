"""The report of a refused delivery, made in a run: what a supplier reads afterwards."""

import stat
from datetime import date
from pathlib import Path

import pytest

from integration.excel import parts, sheets
from integration.landing import two_regions
from integration.running import PROJECT, Ended, file_times, flk
from integration.searching import persons
from integration.without_dagster import take_in
from pipelines.store import Store

TODAY = date(2025, 12, 10)
REFUSED = PROJECT / "data" / "refused"


def reports(out: Path) -> list[str]:
    folder = out / "restricted" / "reports"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.xlsx"))


def test_every_refused_delivery_has_a_report(out: Path) -> None:
    """The same that the supplier can make, the operator's alone, in Swedish."""
    take_in(REFUSED, Store(out), TODAY)
    found = reports(out)
    assert [name.rsplit(".", 2)[0] for name in found] == [
        "01/listings/listor_november.csv",
        "03/units/2025-11-30.csv",
        "04/care_contacts/2025-11.csv.gz",
        "05/units/2025-11-30.csv",
        "06/listings/2025-11-30.csv",
        "07/physicians/2025-11-30.csv",
        "08/listings/2025-11-30.csv",
        "09/listings/2025-11-30.csv",
        "10/listings/2099-01-01.csv",
        "12/care_markings/2025-11-30_1280.csv",
        "13/listings/2025-11-30.csv",
        "14/physicians/2025-11-30.parquet",
        "17/units/2025-11-30.csv.gz",
    ]
    for path in (out / "restricted" / "reports").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    why = {
        name[:2]: sheets(out / "restricted" / "reports" / name)["Sammanfattning"][1][9]
        for name in found
    }
    assert why["06"].endswith("Lägg till den i exporten. Saknas: unit_id.")
    assert why["07"].endswith("Ge varje kolumn ett eget namn. Dubbelt: specialties.")
    assert why["13"].endswith("Avvisade: 10 av 24.")
    assert why["03"] == "Filen är en länk, och länkar följs aldrig. Leverera själva filen."
    rows = sheets(out / "restricted" / "reports" / found[10])["Rader"]
    assert len([row for row in rows[1:] if row[3] != "Varning"]) == 10
    forbidden = [persons(REFUSED / region) for region in ("13", "06")]
    assert sum(len(each.ten_digits) for each in forbidden) > 40
    for name in found:
        content = parts(out / "restricted" / "reports" / name)
        assert [each.found_in(content) for each in forbidden] == [set(), set()]


def test_old_reports_stay_and_are_not_made_again(tmp_path: Path, out: Path) -> None:
    landing = two_regions(tmp_path / "landing")
    file = landing / "19/units/2025-11-30.csv"
    whole = file.read_bytes()
    take_in(landing, Store(out), TODAY)
    assert reports(out) == []
    file.write_text("unit_id\nA\n")
    take_in(landing, Store(out), TODAY)
    first = file_times(out / "restricted" / "reports")
    file.write_text("unit_id\nB\n")
    take_in(landing, Store(out), TODAY)
    assert len(reports(out)) == 2
    file.write_bytes(whole)
    take_in(landing, Store(out), TODAY)
    later = file_times(out / "restricted" / "reports")
    assert len(later) == 2
    assert first.items() <= later.items()


def test_the_run_says_where_the_reports_are(ended: Ended, out: Path) -> None:
    assert ended.status == 1
    assert f"Reports for their suppliers: {out}/restricted/reports" in ended.out


@pytest.fixture
def ended(landing: Path, out: Path) -> Ended:
    (landing / "19/units/2025-11-30.csv").write_text("unit_id\nA\n")
    return flk("run", "--landing", landing, "--out", out)
