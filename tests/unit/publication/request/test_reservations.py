"""What a package says with reservation: remarks and reasons, and what nobody has approved."""

from collections.abc import Callable
from pathlib import Path

import pytest
from reading_workbooks import sheet, texts

from pipelines.publication.request.contents import read_contents
from pipelines.publication.request.package import write_package
from pipelines.publication.request.workbook import workbook

NATION = "excel/00_riket.xlsx"
MOVED = (
    "insert into moved_figures by name select '2025-11' as month, 'coverage' as table_name, "
    "'region' as level, '19' as area_code, 'population=sabo' as dimensions, 'share' as "
    "column_name, compared_with, 0.9 as value_before, 0.6 as value, -0.3 as change, 0.03 as "
    "'limit', 'smallest' as rule, {approved} as approved "
    "from (values ('previous_month'), ('previous_release')) as _(compared_with)"
)
NONE_WAIT = "Inga uppgifter för månaden väntar på att godkännas."


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Path], Path]:
    """The nation's workbook of a published file."""

    def write(statistics_file: Path) -> Path:
        path = tmp_path / "00.xlsx"
        path.write_bytes(workbook(read_contents(statistics_file, "2025-11", partial=True), "00"))
        return path

    return write


@pytest.mark.parametrize(
    ("approved", "says"),
    [
        ("false", "EJ GODKÄND: 2 uppgifter för månaden har ändrats mer än"),
        ("compared_with = 'previous_month'", "EJ GODKÄND: 1 uppgift för månaden"),
        ("true", NONE_WAIT),
    ],
)
def test_the_cover_says_whether_moved_figures_wait_for_approval(
    approved: str,
    says: str,
    changed_file: Callable[..., Path],
    written: Callable[[Path], Path],
) -> None:
    nothing = "delete from moved_figures"
    file = changed_file(nothing, MOVED.format(approved=approved))
    assert says in texts(written(file), "Försättsblad")


def test_what_moved_in_another_month_is_not_of_this_package(
    changed_file: Callable[..., Path], tmp_path: Path
) -> None:
    file = changed_file(
        "delete from moved_figures",
        MOVED.format(approved="false"),
        "update moved_figures set month = '2025-10' where compared_with = 'previous_month'",
    )
    made = write_package(file, "2025-11", tmp_path / "requests" / "2025", partial=True)
    assert made.unapproved_figures == 1
    assert "EJ GODKÄND: 1 uppgift" in (made.folder / "README.md").read_text("utf-8")


def test_remarks_are_in_swedish_with_english_under(
    changed_file: Callable[..., Path], written: Callable[[Path], Path]
) -> None:
    file = changed_file(
        "update reporting set remarks = 'units: 2025-11-30.csv refused; 2025-10-31.csv stands in.' "
        "where region_code = '19'",
        "update reporting set remarks = 'Said by hand.' where region_code = '20'",
    )
    said = {row[0]: row[8] for row in sheet(written(file), "Rapportering")}
    assert said["19"] == (
        "enheter: 2025-11-30.csv avvisades; 2025-10-31.csv används i stället.\n"
        "units: 2025-11-30.csv refused; 2025-10-31.csv stands in."
    )
    assert said["20"] == "Said by hand."
    assert str(said["23"]).startswith("Ingen ögonblicksbild av listningarna har levererats")


def test_reasons_of_targets_are_in_swedish_with_english_under(
    changed_file: Callable[..., Path], written: Callable[[Path], Path]
) -> None:
    file = changed_file(
        "update target_status set status = 'ok', comparable = false, reason = 'Other regions than "
        "in 2025-10: 23 in one of the months.' where area_code = '00' and month = '2025-11' "
        "and target_id = 'continuity_physician'"
    )
    (reason,) = [
        row[-1]
        for row in sheet(written(file), "Mål")
        if row[1] == "00" and str(row[0]).startswith("Kontinuitetsindex till läkare")
    ]
    assert reason == (
        "Andra regioner än i 2025-10: 23 i en av månaderna.\n"
        "Other regions than in 2025-10: 23 in one of the months."
    )


def test_the_register_of_definitions_is_in_swedish_with_english_under(
    changed_file: Callable[..., Path], written: Callable[[Path], Path]
) -> None:
    said = texts(written(changed_file()), "Definitionsregister")
    for english, swedish in (
        ("Listed persons.", "Listade."),
        ("Locums are not counted as capacity.", "Hyrläkare räknas inte som kapacitet."),
    ):
        assert english in said
        assert swedish in said
