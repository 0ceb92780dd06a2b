"""The settings of disclosure control in a file of the operator's."""

import re
from pathlib import Path

import pytest

from pipelines.errors import WrongUseError
from pipelines.publication.disclosure import DisclosureSettings
from pipelines.publication.disclosure.settings import settings_of_manifest
from pipelines.publication.disclosure.settings_toml import read_settings
from schemas.sentences import in_swedish
from tests.docs.pages import fenced_blocks


def settings(folder: Path, text: str) -> DisclosureSettings:
    """What a file of this text sets."""
    (folder / "disclosure.toml").write_text(text, "utf-8")
    return read_settings(folder / "disclosure.toml")


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == DisclosureSettings()
    assert settings(tmp_path, "threshold = 10") == DisclosureSettings(threshold=10)
    # 1 to 9 are hidden by a threshold of 10: eight apart.
    assert settings(tmp_path, "threshold = 10").least_width == 8


def test_every_key(tmp_path: Path) -> None:
    text = (
        "threshold = 6\nwidth = 4\nphysician_width = 0.25\nshares = false\n"
        "one_physician_units = false"
    )
    assert settings(tmp_path, text) == DisclosureSettings(
        threshold=6, width=4, physician_width=0.25, shares=False, one_physician_units=False
    )


def test_every_key_of_perturbation(tmp_path: Path) -> None:
    text = 'method = "perturbation"\nthreshold = 6\nlargest_deviation = 8\nvariance = 4'
    assert settings(tmp_path, text) == DisclosureSettings(
        method="perturbation", threshold=6, largest_deviation=8, variance=4.0
    )


def test_the_operators_example_is_a_file_that_can_be_used(tmp_path: Path) -> None:
    examples = [text for _, text in fenced_blocks("docs/operator.md") if "threshold =" in text]
    assert [settings(tmp_path, text) for text in examples] == [
        DisclosureSettings(threshold=10),
        DisclosureSettings(method="perturbation", threshold=5, largest_deviation=6, variance=3.0),
    ]


NOISE = 'method = "perturbation"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("threshold = 4", "threshold must be 5 or more: those who deliver have been promised"),
        ("threshold = 5.5", "threshold must be a whole number."),
        ("threshold = true", "threshold must be a whole number."),
        ('threshold = "5"', "threshold must be a whole number."),
        ("treshold = 5", "treshold is no setting; the settings are method, threshold, "),
        ("width = 2", "width must be a whole number, 3 or more with this threshold"),
        ("threshold = 10\nwidth = 7", "width must be a whole number, 8 or more"),
        ("physician_width = 0", "physician_width must be a share above 0, at most 1."),
        ("physician_width = nan", "physician_width must be a share above 0, at most 1."),
        ("physician_width = 1.5", "physician_width must be a share above 0, at most 1."),
        ("shares = 1", "shares must be true or false."),
        ('one_physician_units = "no"', "one_physician_units must be true or false."),
        ("threshold", "are not TOML: "),
        ('method = "noise"', "method must be one of suppression, perturbation."),
        ("variance = 3", 'variance is a setting of method = "perturbation" alone.'),
        (f"{NOISE}width = 5", 'width is a setting of method = "suppression" alone.'),
        (f"{NOISE}largest_deviation = 4", "largest_deviation must be a whole number, from the"),
        (f"{NOISE}variance = 0.5", "variance must be a number from 1 to 14: "),
        (f"{NOISE}largest_deviation = 5\nvariance = 11", "variance must be a number from 1 to 10"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError) as raised:
        settings(tmp_path, text)
    assert said in str(raised.value)
    assert str(tmp_path / "disclosure.toml") in str(raised.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes("# å".encode("latin-1"))
    for name in ("latin", "missing", "."):
        with pytest.raises(WrongUseError, match=r"cannot be read\. Point FLK_DISCLOSURE_FILE"):
            read_settings(tmp_path / name)


def test_a_manifest_gives_its_settings_back() -> None:
    made = DisclosureSettings(threshold=7, width=9, physician_width=0.3, shares=False)
    manifest = {"settings": {"disclosure_settings": made.recorded()}}
    assert settings_of_manifest(manifest) == made
    noisy = DisclosureSettings(method="perturbation", largest_deviation=9, variance=2.5)
    assert settings_of_manifest({"settings": {"disclosure_settings": noisy.recorded()}}) == noisy
    # Releases from before settings could be set.
    assert settings_of_manifest({"settings": {"disclosure": "…"}}) == DisclosureSettings()


def test_the_rules_are_told_in_both_languages() -> None:
    told = DisclosureSettings(threshold=7, physician_width=0.125).described()
    assert re.search("persons below 7; .* uncertain by at least 5; .* 12.5 per cent", told)
    swedish = [in_swedish(rule) for rule in told.split("; ")]
    assert "färre än 7 personer" in swedish
    assert "talen för en sådan enhet osäkra med minst 12,5 procent av sig själva" in swedish


def test_noise_is_told_in_both_languages() -> None:
    told = DisclosureSettings(method="perturbation", threshold=6, variance=2.5).described()
    assert "noise of at most 7, whose variance is 2.5 for larger numbers" in told
    swedish = [in_swedish(rule) for rule in told.split("; ")]
    assert "inget antal personer mellan 0 och 6 publiceras" in swedish
    assert None not in swedish
