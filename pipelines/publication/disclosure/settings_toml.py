"""Reading the operator's settings of disclosure control from a TOML file.

What may be set stands in `docs/operator.md`. Without a file the defaults of `settings.py` hold.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.errors import WrongUseError
from pipelines.publication.disclosure.settings import (
    LEAST_THRESHOLD,
    METHODS,
    PERTURBATION,
    SUPPRESSION,
    DisclosureSettings,
)

LEAST_VARIANCE = 1.0
"""Less noise than this would leave half of all numbers as they are."""

MOST_NOISE = 100

_TRUTHS = ("shares", "one_physician_units")
_ONLY_OF = {
    "width": SUPPRESSION,
    "shares": SUPPRESSION,
    "largest_deviation": PERTURBATION,
    "variance": PERTURBATION,
}
_KEYS = ("method", "threshold", "one_physician_units", "physician_width", *_ONLY_OF)


def read_settings(path: Path) -> DisclosureSettings:
    """The settings of a file; a key that is left out has its default.

    Raises WrongUseError, naming the file and the key, for a file that cannot be read, an unknown
    key, or a value that would protect less than is promised.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise WrongUseError(
            f"The disclosure settings {path} cannot be read. Point FLK_DISCLOSURE_FILE to a TOML "
            "file in UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise WrongUseError(f"The disclosure settings {path} are not TOML: {error}.") from None
    for mistake in _mistakes(data):
        raise WrongUseError(f"The disclosure settings {path}: {mistake}")
    if "variance" in data:
        data["variance"] = float(data["variance"])
    return DisclosureSettings(**data)


def _mistakes(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong, the first first."""
    for key in data:
        if key not in _KEYS:
            yield f"{key} is no setting; the settings are {', '.join(_KEYS)}."
    for key in _TRUTHS:
        if not isinstance(data.get(key, True), bool):
            yield f"{key} must be true or false."
    method = data.get("method", SUPPRESSION)
    if method not in METHODS:
        yield f"method must be one of {', '.join(METHODS)}."
    for key, of_method in _ONLY_OF.items():
        if key in data and method != of_method:
            yield f'{key} is a setting of method = "{of_method}" alone.'
    threshold = data.get("threshold", LEAST_THRESHOLD)
    if type(threshold) is not int:
        yield "threshold must be a whole number."
    elif threshold < LEAST_THRESHOLD:
        yield (
            f"threshold must be {LEAST_THRESHOLD} or more: those who deliver have been promised "
            f"that no number of persons below {LEAST_THRESHOLD} is published."
        )
    else:
        yield from _mistaken_widths(data, DisclosureSettings(threshold=threshold).least_width)
        yield from _mistaken_noise(data, threshold)


def _mistaken_widths(data: Mapping[str, Any], least: int) -> Iterator[str]:
    width, physician_width = data.get("width", least), data.get("physician_width", 1)
    if type(width) is not int or width < least:
        yield (
            f"width must be a whole number, {least} or more with this threshold: below it the "
            "tables would tell more of a suppressed number than that it is suppressed."
        )
    if type(physician_width) not in (int, float) or not 0 < physician_width <= 1:
        yield "physician_width must be a share above 0, at most 1."


def _mistaken_noise(data: Mapping[str, Any], threshold: int) -> Iterator[str]:
    largest = data.get("largest_deviation", DisclosureSettings(threshold=threshold).most_noise)
    if type(largest) is not int or not threshold <= largest <= MOST_NOISE:
        yield (
            f"largest_deviation must be a whole number, from the threshold, {threshold}, to "
            f"{MOST_NOISE}: with less noise a number of {threshold} could not become smaller."
        )
        return
    most = largest * (largest + 1) / 3
    variance = data.get("variance", LEAST_VARIANCE)
    if type(variance) not in (int, float) or not LEAST_VARIANCE <= variance <= most:
        yield (
            f"variance must be a number from {LEAST_VARIANCE:g} to {most:g}: no noise of at most "
            f"{largest} has more and is most likely where it is least."
        )
