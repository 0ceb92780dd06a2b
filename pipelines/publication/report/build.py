"""Building the report: pages in both languages, the figures' values as CSV, styles and scripts.

It is built in a hidden folder beside, then takes the place of the old one.
"""

import json
import os
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.publication.report.comparison_page import comparison_page
from pipelines.publication.report.country_page import country_page
from pipelines.publication.report.figure import DATA_FOLDER, Chart, cell
from pipelines.publication.report.language import LANGUAGES, SWEDISH, Language
from pipelines.publication.report.other_formats import other_formats
from pipelines.publication.report.page import Page
from pipelines.publication.report.planning_page import planning_page
from pipelines.publication.report.published import Published, open_published
from pipelines.publication.report.region_page import region_page
from pipelines.publication.report.register_pages import (
    continuity_page,
    definitions_page,
    dictionary_page,
    downloads_page,
    quality_page,
)

VEGA_LITE_VERSION = "6.1"
"""The version that Altair writes for."""

VEGA_FILE = f"vega-lite-{VEGA_LITE_VERSION}-{version('vl-convert-python')}.js"
"""What draws the figures; named so that another version is another file."""

STATIC = "static"

_PACKAGE = "pipelines.publication.report"


def build_report(
    statistics_file: Path,
    folder: Path,
    month: str | None = None,
    earlier: Path | None = None,
) -> Path:
    """Build the report of a published file into `folder`, whole or not at all; its first page.

    `month` is the newest one where not given. The published file is linked into the folder where
    the disk allows, else copied, so that the folder may be moved and served by itself. Out of an
    `earlier` report comes what draws the figures, if it has that version: to pack it takes seconds.
    Workbook and PX files are made beside the pages, in another process. Raises WrongUseError when
    the month is not published, ChildProcessError when that process fails.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as work:
        built = Path(work) / folder.name
        (built / DATA_FOLDER).mkdir(parents=True)
        (built / STATIC).mkdir()
        with open_published(statistics_file) as connection, ThreadPoolExecutor(2) as beside:
            published = Published(connection, month)
            static = beside.submit(_write_static, built / STATIC, earlier or folder)
            other = None
            if published.reporting_regions:  # Else there is nothing to arrange.
                other = beside.submit(
                    other_formats, statistics_file, published.month, built / DATA_FOLDER
                )
            pages = [(language, pages_of(published, language)) for language in LANGUAGES]
            for language, of_language in pages:
                _write_pages(built, of_language, published, language)
            files = {statistics_file.name: None, **(other.result() if other else {})}
            for language, of_language in pages:
                downloads = downloads_page(of_language, files, language)
                _write_pages(built, [downloads], published, language)
            static.result()
        _link(statistics_file, built / DATA_FOLDER / statistics_file.name)
        _replace(folder, built)
    return folder / "index.html"


def pages_of(published: Published, language: Language) -> list[Page]:
    """All pages in one language, but for that of the files to download."""
    return [
        country_page(published, language),
        *(region_page(published, region, language) for region in published.region_names),
        comparison_page(published, language),
        planning_page(published, language),
        continuity_page(published, language),
        definitions_page(published, language),
        quality_page(published, language),
        dictionary_page(published, language),
    ]


def _write_pages(built: Path, pages: list[Page], published: Published, language: Language) -> None:
    root = built if language is SWEDISH else built / language.code
    for page in pages:
        path = root / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        depth = len(path.relative_to(built).parts) - 1
        html = (
            _templates()
            .get_template(page.template)
            .render(
                language=language,
                t=language.text,
                release=published.release,
                month=language.month(published.month),
                reference_date=published.reference_date and language.day(published.reference_date),
                region_names=published.region_names,
                page=page,
                root="../" * depth,
                home="../" * (depth - (language is not SWEDISH)),
                **page.content,
            )
        )
        path.write_text(html, "utf-8")
        if language is SWEDISH:
            for figure in page.figures:
                (built / figure.file).write_text(figure.csv(), "utf-8")


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(cell=cell, drawing=_drawing, vega_file=VEGA_FILE)
    return environment


def _drawing(chart: Chart) -> str:
    """A drawing as JSON that may stand in a page."""
    content: dict[str, Any] = {"chart": chart.name, "datasets": chart.datasets}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _write_static(folder: Path, earlier: Path) -> None:
    for name in ("report.css", "report.js", "planning.js", "continuity.js"):
        source = package_files(_PACKAGE).joinpath("static", name)
        (folder / name).write_text(source.read_text("utf-8"), "utf-8")
    for language in LANGUAGES:
        (folder / f"charts.{language.code}.js").write_text(_charts(language), "utf-8")
    packed = earlier / STATIC / VEGA_FILE
    if packed.is_file():
        shutil.copyfile(packed, folder / VEGA_FILE)
    else:
        (folder / VEGA_FILE).write_text(_packed_vega(), "utf-8")


@cache
def _packed_vega() -> str:
    import vl_convert

    packed: str = vl_convert.javascript_bundle(
        "window.reportEmbed = vegaEmbed;", vl_version=VEGA_LITE_VERSION
    )
    return packed


def _charts(language: Language) -> str:
    """The drawings of `charts.json` with a language's words, as a script that the pages load."""
    template = package_files(_PACKAGE).joinpath("charts.json").read_text("utf-8")
    text = re.sub(r"@(\w+)@", lambda found: json.dumps(language.text(found[1]))[1:-1], template)
    return f"window.reportCharts = {json.dumps(json.loads(text), ensure_ascii=False)};\n"


def _link(file: Path, place: Path) -> None:
    try:
        os.link(file, place)
    except OSError:
        shutil.copyfile(file, place)


def _replace(folder: Path, built: Path) -> None:
    """Put the new folder in the old one's place; the old goes with the work folder."""
    if folder.exists():
        folder.rename(built.with_name("former"))
    built.rename(folder)
