"""The settings of disclosure control that the operator has made, if any."""

import os
from pathlib import Path

from pipelines.publication.disclosure.settings import DisclosureSettings
from pipelines.publication.disclosure.settings_toml import read_settings


def disclosure_file_from_environment() -> str:
    """The file that holds the settings; empty where none is named."""
    return os.environ.get("FLK_DISCLOSURE_FILE", "")


def disclosure_settings(file: str) -> DisclosureSettings:
    """The settings in a file; the defaults where no file is named.

    Raises WrongUseError when the file cannot be used.
    """
    return read_settings(Path(file)) if file else DisclosureSettings()
