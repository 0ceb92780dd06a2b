"""What a few tests need and no Python package brings: Java for Spark, Chromium for pages.

`.ci/run` installs both where it may. Where one cannot be had, the tests that take the fixtures
`java` and `browser` of `tests/conftest.py` are skipped, and pytest's summary says why.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_java() -> str:
    """The Java that Spark would start; skips where there is none."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which(str(Path(home) / "bin" / "java") if home else "java")
    if found is None:
        pytest.skip("Spark needs Java 17 or newer: apt-get install default-jre-headless")
    return found


def open_browser() -> Iterator[Browser]:
    """A Chromium without a window: the machine's own, or one that Playwright has downloaded."""
    with sync_playwright() as playwright:
        downloaded = playwright.chromium.executable_path
        found = next(filter(None, map(shutil.which, [*BROWSERS, downloaded])), None)
        if found is None:
            pytest.skip("Pages are opened in a Chromium: apt-get install chromium")
        browser = playwright.chromium.launch(executable_path=found)
        yield browser
        browser.close()
