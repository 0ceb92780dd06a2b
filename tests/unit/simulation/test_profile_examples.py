"""The committed folder of files in regions' own layouts is what the function makes."""

import io
from pathlib import Path

from landing_reader import all_files, content
from python_calamine import CalamineWorkbook

from pipelines.simulation import write_profile_examples

LANDING = Path(__file__).parents[3] / "data" / "profiles" / "landing"


def cells(data: bytes) -> dict[str, list[list[object]]]:
    """Every cell of a workbook: another version of its writer may pack it differently."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: [[*row] for row in book.get_sheet_by_name(name).to_python()]
        for name in book.sheet_names
    }


def test_examples_are_what_the_function_makes(tmp_path: Path) -> None:
    write_profile_examples(tmp_path)
    profiles = ["profiles/19.toml", "profiles/20.toml"]
    assert sorted([*all_files(tmp_path), *profiles]) == all_files(LANDING)
    for name in all_files(tmp_path):
        made, committed = content(tmp_path / name), content(LANDING / name)
        if name.endswith(".xlsx"):
            assert cells(made) == cells(committed), name
        else:
            assert made == committed, name


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    for path in write_profile_examples(tmp_path / "one"):
        name = path.relative_to(tmp_path / "one")
        if not (tmp_path / "two").exists():
            write_profile_examples(tmp_path / "two")
        assert path.read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_every_file_is_told_in_the_readme() -> None:
    readme = (LANDING.parent / "README.md").read_text("utf-8")
    for name in all_files(LANDING):
        own_layout = "flisa" in name or "care_markings" in name or name.endswith(".json")
        assert not own_layout or f"| {name} |" in readme, name
