"""docs/profiles.md: every key with its meaning, and examples that are read as it says."""

from datetime import date, datetime
from pathlib import Path

from pipelines.intake.landing import landing_file
from pipelines.intake.take_in import take_in
from pipelines.publication.profiles_page import EXAMPLE, EXAMPLES, HOW_READ, profiles_page
from schemas.profile_keys import LAYOUT_KEYS, PROFILE_KEYS
from schemas.profile_toml import read_profiles


def test_every_key_has_its_row() -> None:
    page = profiles_page()
    for key in (*PROFILE_KEYS, *LAYOUT_KEYS):
        assert f"| `{key}` |" in page


def test_the_examples_stand_there_whole() -> None:
    page = profiles_page()
    for path in sorted((EXAMPLES / "profiles").glob("*.toml")):
        assert path.read_text("utf-8") in page


def test_the_example_is_read_as_the_page_says() -> None:
    region, delivery, _ = Path(EXAMPLE).parts
    taken = take_in(
        landing_file(EXAMPLES / EXAMPLE, region, delivery),
        key="a key for tests only",
        today=date(2025, 12, 10),
        received_at=datetime(2025, 12, 10),
        profiles=read_profiles(EXAMPLES / "profiles"),
    )
    assert taken.reading is not None
    assert tuple(taken.reading.lines) == HOW_READ
