"""The sentences that published tables hold about figures, read from `sentences.toml`.

The tables hold them in English; `in_swedish` is for those who show them in Swedish.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_NUMBERS = ("percent", "points", "variance")
_PUT_IN = re.compile(r"\\\{(\w+)\\\}")
"""A place for a value in a sentence that has been escaped."""
_GROUP = r"(?P<\1>(?:(?![.;:] ).)+?)"
"""A value: it does not reach into the next clause."""


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files("schemas").joinpath("sentences.toml").read_text("utf-8"))


def sentence(key: str, **values: object) -> str:
    """The English sentence of that key with the values put in; KeyError when there is none."""
    text: str = _texts()[key]["en"]
    return text.format(**values)


def in_swedish(text: str) -> str | None:
    """The Swedish of sentences that follow each other; None where one of them is not known."""
    translated, rest = [], text
    while rest:
        known = next(
            ((key, found) for key, pattern in _patterns() if (found := pattern.match(rest))), None
        )
        if known is None:
            return None
        key, found = known
        words = {name: _word(name, value) for name, value in found.groupdict().items()}
        translated.append(_texts()[key]["sv"].format(**words))
        rest = rest[found.end() :]
    return " ".join(translated)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """By key what every English sentence looks like, up to the next one."""
    return tuple(
        (key, re.compile(f"{_PUT_IN.sub(_GROUP, re.escape(entry['en']))}(?: |$)"))
        for key, entry in _texts().items()
        if key != "words"
    )


def _word(name: str, value: str) -> str:
    """A value as it stands in a Swedish sentence."""
    if name in _NUMBERS:
        return value.replace(".", ",")
    words: Mapping[str, str] = _texts()["words"].get(name, {})
    return words.get(value, value)
