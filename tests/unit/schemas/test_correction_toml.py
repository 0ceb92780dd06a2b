"""A corrections file: what may stand in it, and the sentence for everything that may not."""

from pathlib import Path

import pytest

from schemas.correction_toml import CorrectionsError, corrections_of, read_corrections

WHOLE = {
    "id": '"19-1"',
    "delivery": '"listings"',
    "file": '"2025-11-30*.csv"',
    "action": '"override"',
    "column": '"in_queue"',
    "value": '"false"',
    "where": '{ unit_id = "SE2321000016-0A01" }',
    "reason": '"The export wrote true for everyone."',
    "reported": "2025-12-03",
    "status": '"confirmed"',
}


def text(**changes: str | None) -> str:
    entries = {name: value for name, value in (WHOLE | changes).items() if value is not None}
    return "\n".join(["[[correction]]", *(f"{name} = {value}" for name, value in entries.items())])


def test_a_whole_correction() -> None:
    [found] = corrections_of("19.toml", text())
    assert (found.id, found.action, found.reported) == ("19-1", "override", "2025-12-03")
    assert found.where == {"unit_id": ("SE2321000016-0A01",)}


def test_why_and_by_whom_decide_nothing() -> None:
    [one] = corrections_of("19.toml", text())
    [other] = corrections_of("19.toml", text(reason='"x"', status='"open"', reported="2025-12-04"))
    [third] = corrections_of("19.toml", text(value='"true"'))
    assert one.described() == other.described() != third.described()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": '"done"'}, "status must be one of open, confirmed, fixed."),
        ({"action": '"delete"'}, "action must be one of drop, override, recode, flag."),
        ({"delivery": '"population"'}, "delivery is not one of those that regions send."),
        ({"reason": None}, "reason is missing or no text."),
        ({"reason": '""'}, "reason is missing or no text."),
        ({"reported": None}, "reported must be a date, such as 2025-12-03."),
        ({"reported": '"2025-12-03"'}, "reported must be a date, such as 2025-12-03."),
        ({"value": None}, "override needs value."),
        ({"value": "1"}, "value must be a text."),
        ({"codes": '{ a = "b" }'}, "override has no codes."),
        ({"action": '"drop"'}, "drop has no column."),
        ({"column": '"nonsense"'}, "a column must be one of protected_identity,"),
        ({"column": '"person_id"'}, "a column must be one of protected_identity,"),
        ({"where": '{ list_name = "x" }'}, "columns of listings that identify nobody."),
        ({"where": "{ unit_id = 1 }"}, "where must map columns to a text or a list of texts."),
        ({"where": "{ unit_id = [] }"}, "where must map columns to a text or a list of texts."),
        ({"where": None}, "say which rows it concerns, with lines or where."),
        ({"lines": "[4]"}, "lines need sha256"),
        ({"lines": "[4]", "sha256": '"abc"'}, "lines need sha256"),
        ({"sha256": '"abcdef01"'}, "Without lines leave it out."),
        ({"lines": "[1]", "sha256": '"abcdef01"'}, "the header is line 1."),
        ({"lines": "4", "sha256": '"abcdef01"'}, "lines must be a list of line numbers"),
        ({"rows": "0"}, "rows must be a whole number above 0."),
        ({"rows": '"all"'}, "rows must be a whole number above 0."),
        ({"person": '"x"'}, "unknown key; the keys are id, delivery, file,"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(CorrectionsError) as raised:
        corrections_of("19.toml", text(**changes))
    assert str(raised.value).startswith("19.toml, correction 19-1: ")
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[correction", "19.toml is not TOML; look at quotes and brackets."),
        ("x = 1", "19.toml: only [[correction]] may stand in it."),
        ("[correction]\nid = 'a'", "19.toml: write [[correction]] above each correction."),
        ("[[correction]]\nid = 1", "19.toml, correction number 1: id is missing or no text."),
        (f"{text()}\n{text()}", "19.toml: two corrections have the same id."),
    ],
)
def test_a_file_that_is_none(content: str, said: str) -> None:
    with pytest.raises(CorrectionsError) as raised:
        corrections_of("19.toml", content)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    "identity", ["200002292399", "20000229-2399", "000229-2399", "000229+2399"]
)
def test_no_identity_number_may_stand_in_it(identity: str) -> None:
    """Wherever it stands, and it is not repeated."""
    for content in (text(reason=f'"The row of {identity}."'), f"# {identity}\n{text()}"):
        with pytest.raises(CorrectionsError) as raised:
            corrections_of("19.toml", content)
        assert "personal identity number" in str(raised.value)
        assert identity not in str(raised.value)


def test_reading_a_folder(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "nowhere").by_region == {}
    (tmp_path / "19.toml").write_text(text(), "utf-8")
    (tmp_path / "README.md").write_text("x")
    found = read_corrections(tmp_path)
    assert [each.id for each in found.of("19", "listings", "2025-11-30_a.csv")] == ["19-1"]
    assert found.of("19", "listings", "2025-12-31.csv") == ()
    assert found.of("04", "listings", "2025-11-30.csv") == ()
    (tmp_path / "99.toml").write_text(text(), "utf-8")
    with pytest.raises(CorrectionsError, match=r"99.toml: name it by the region"):
        read_corrections(tmp_path)
    (tmp_path / "99.toml").unlink()
    (tmp_path / "04.toml").write_bytes(b"\xff")
    with pytest.raises(CorrectionsError, match=r"04.toml cannot be read as UTF-8 text."):
        read_corrections(tmp_path)
