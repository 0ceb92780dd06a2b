"""Reading the operator's settings of disclosure control from a TOML file.

What may be set stands in `docs/operator.md`. Without a file the defaults of `settings.py` hold.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.errors import WrongUseError
from pipelines.publication.disclosure.settings import LEAST_THRESHOLD, DisclosureSettings

_TRUTHS = ("shares", "one_physician_units")
_KEYS = ("threshold", "width", "physician_width", *_TRUTHS)


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
    return DisclosureSettings(**data)


def _mistakes(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong, the first first."""
    for key in data:
        if key not in _KEYS:
            yield f"{key} is no setting; the settings are {', '.join(_KEYS)}."
    for key in _TRUTHS:
        if not isinstance(data.get(key, True), bool):
            yield f"{key} must be true or false."
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


def _mistaken_widths(data: Mapping[str, Any], least: int) -> Iterator[str]:
    width, physician_width = data.get("width", least), data.get("physician_width", 1)
    if type(width) is not int or width < least:
        yield (
            f"width must be a whole number, {least} or more with this threshold: below it the "
            "tables would tell more of a suppressed number than that it is suppressed."
        )
    if type(physician_width) not in (int, float) or not 0 < physician_width <= 1:
        yield "physician_width must be a share above 0, at most 1."
