"""Arguments that several commands share, and how their values are read."""

import argparse
import os
import re
from pathlib import Path
from typing import TypeAlias

from schemas.regions import region_names

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_folders(command: argparse.ArgumentParser) -> None:
    """`--landing` and `--out`, with the defaults of the environment."""
    command.add_argument("--landing", type=Path, help="folder of deliveries (default: data/sample)")
    command.add_argument("--out", type=Path, help="output folder (default: out)")


def key_file_from_environment() -> Path | None:
    """The key file that the operator has set; None for the store's own."""
    return Path(text) if (text := os.environ.get("FLK_KEY_FILE")) else None


def month(text: str) -> str:
    """A month written YYYY-MM."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a month written YYYY-MM")
    return text


def year(text: str) -> int:
    """A year written YYYY."""
    if not re.fullmatch(r"\d{4}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a year written YYYY")
    return int(text)


def region(text: str) -> str:
    """A two-digit county code."""
    if text not in region_names():
        raise argparse.ArgumentTypeError(f"{text!r} is not one of the 21 county codes, such as 19")
    return text


def positive(text: str) -> int:
    """A whole number above 0."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
