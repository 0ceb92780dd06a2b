"""Reading a built report as a reader's browser shows it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page

NO_BREAK_SPACE, MINUS = "\u00a0", "\u2212"
Scheme = Literal["light", "dark"]


@dataclass
class Watched:
    """A page of the report, and what it asked for and complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@contextmanager
def watched(
    browser: Browser, width: int = 1200, scheme: Scheme = "light", javascript: bool = True
) -> Iterator[Watched]:
    """A page that notes every complaint in its console and every request that is no local file."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )
    seen = Watched(context.new_page())
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("request", lambda request: _note(seen, request.url))
    yield seen
    context.close()


def _note(seen: Watched, url: str) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        seen.outside.append(url)


def wait_for_drawings(page: Page) -> None:
    """Wait until every drawing of the page is drawn."""
    for number in range(page.locator("[data-chart]").count()):
        page.locator(f"[data-chart][data-drawn=done] >> nth={number}").wait_for(state="attached")


def table(page: Page, figure: str) -> dict[str, list[str]]:
    """The cells of a figure's table by the heading of their row, as written."""
    rows: list[list[str]] = page.locator(f"figure[id='{figure}'] tbody tr").evaluate_all(
        "rows => rows.map(row => Array.from(row.cells).map(cell => cell.textContent.trim()))"
    )
    return {cells[0]: cells[1:] for cells in rows}


def datasets(html: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The data of every drawing in a page's text, by figure and data set."""
    found = re.findall(
        r'<script type="application/json" id="data-([^"]+)">(.*?)</script>', html, flags=re.S
    )
    return {name: json.loads(text)["datasets"] for name, text in found}


def percent(share: float, decimals: int = 1) -> str:
    """A share as the Swedish pages write it, made here in another way than there."""
    whole, _, rest = f"{100 * share:.{decimals}f}".partition(".")
    return f"{whole},{rest}{NO_BREAK_SPACE}%".replace("-", MINUS)


def pages(report: Path) -> list[str]:
    """The addresses of all pages, Swedish and English."""
    return sorted(str(path.relative_to(report)) for path in report.rglob("*.html"))
