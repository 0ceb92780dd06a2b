"""`flk request`: the November package, made, refused, and made again."""

from pathlib import Path

from integration.landing import two_regions
from integration.running import flk


def test_refused_with_reasons_then_made_partial_and_again(landing: Path, out: Path) -> None:
    folder = out / "published" / "requests" / "2025"
    where = ("--landing", landing, "--out", out)

    refused = flk("request", *where, "--year", 2025)
    assert refused.status == 1
    assert "flk: The package of 2025-11 was not made" in refused.err
    assert "Jämtlands län (23): all deliveries" in refused.err
    assert "(19)" not in refused.err
    assert not folder.exists()

    made = flk("request", *where, "--year", 2025, "--partial")
    assert (made.status, made.err) == (0, "")
    assert str(folder) in made.out
    assert "partial" in made.out
    sums = (folder / "SHA256SUMS").read_bytes()

    again = flk("request", *where, "--year", 2025, "--partial")
    assert (again.status, again.err) == (0, "")
    assert (folder / "SHA256SUMS").read_bytes() == sums


def test_wrong_use(tmp_path: Path, out: Path) -> None:
    landing = two_regions(tmp_path / "landing")
    where = ("--landing", landing, "--out", out)
    assert flk("request", *where).status == 2
    other_year = flk("request", *where, "--year", 2025, "--month", "2024-11")
    assert (other_year.status, other_year.err) == (2, "flk: 2024-11 is not a month of 2025.\n")
    nobody = flk("request", *where, "--year", 2024)
    assert nobody.status == 1
    assert "for that year; the newest month is 2025-11" in nobody.err
