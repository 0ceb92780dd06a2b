"""The report of the sample in a real browser, opened from disk as a reader would."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from browser.site import (
    NO_BREAK_SPACE,
    Scheme,
    datasets,
    pages,
    percent,
    table,
    wait_for_drawings,
    watched,
)
from pipelines.publication.report.build import build_report

MONTH, REGION = "2025-11", "12"
EVERY_KIND = (
    "index.html",
    f"region/{REGION}.html",
    "region/23.html",
    "jamforelse.html",
    "planering.html",
    "kontinuitet.html",
    "definitioner.html",
    "kvalitet.html",
    "datakatalog.html",
    "nedladdning.html",
)
"""A page of every kind; region 23 does not report."""

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SMALL_REGION = "09"
"""axe takes its time for every row of a table."""


@pytest.fixture(scope="module")
def report(sample_out: Path) -> Path:
    """The report of the sample's release."""
    return sample_out / "published" / "report"


@pytest.fixture(scope="module")
def statistics(sample_out: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    path = sample_out / "published" / "statistics.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def rows(statistics: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    result = statistics.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def test_every_page_opens_without_a_complaint_or_a_request_to_others(
    browser: Browser, report: Path
) -> None:
    """Each page of every kind draws all; the text of all pages is looked at below."""
    with watched(browser) as seen:
        for path in [*EVERY_KIND, *(f"en/{path}" for path in EVERY_KIND)]:
            seen.page.goto((report / path).as_uri())
            wait_for_drawings(seen.page)
            assert seen.page.locator("h1").count() == 1
    assert seen.complaints == []
    assert seen.outside == []


def violations(browser: Browser, report: Path, paths: Any, scheme: Scheme, run_only: Any) -> Any:
    """What axe finds, by page, with every table open."""
    found = {}
    with watched(browser, scheme=scheme) as seen:
        for path in paths:
            seen.page.goto((report / path).as_uri())
            wait_for_drawings(seen.page)
            for details in seen.page.locator("details.values").all():
                details.evaluate("each => { each.open = true }")
            options = {"runOnly": run_only, "resultTypes": ["violations"]}
            result = Axe().run(seen.page, options=options).response
            assert result["testEngine"]["name"] == "axe-core"
            broken = [(each["id"], each["nodes"][0]["html"]) for each in result["violations"]]
            if broken:
                found[path] = broken
    return found


def test_wcag_2_2_aa(browser: Browser, report: Path) -> None:
    paths = [path.replace(REGION, SMALL_REGION) for path in EVERY_KIND]
    assert violations(browser, report, paths, "light", WCAG) == {}


def test_contrast_in_the_dark(browser: Browser, report: Path) -> None:
    """The only rules that colours decide."""
    paths = ["index.html", f"region/{SMALL_REGION}.html", "planering.html", "kontinuitet.html"]
    rules = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
    assert violations(browser, report, paths, "dark", rules) == {}


@pytest.mark.parametrize("width", [320, 1920])
def test_nothing_is_wider_than_the_screen(browser: Browser, report: Path, width: int) -> None:
    with watched(browser, width=width) as seen:
        for path in EVERY_KIND:
            seen.page.goto((report / path).as_uri())
            wait_for_drawings(seen.page)
            wide = seen.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide"


def test_the_numbers_are_the_published_ones(
    browser: Browser, report: Path, statistics: duckdb.DuckDBPyConnection
) -> None:
    words = {"suppressed": "skyddad", "not_reported": "rapporterar ej"}
    coverage = rows(
        statistics,
        f"from coverage where month = '{MONTH}' and level in ('nation', 'region') and "
        "definition = 'reported' and sex = 'all' and age_group = 'all' and population = "
        "'inhabitants'",
    )
    with watched(browser) as seen:
        seen.page.goto((report / "index.html").as_uri())
        shown = table(seen.page, "coverage-inhabitants")
        assert len(shown) == len(coverage) == 22
        for row in coverage:
            name = "Riket" if row["area_code"] == "00" else row["area_name"]
            cells = [cell.replace(NO_BREAK_SPACE, "") for cell in shown[name]]
            if row["status"] != "ok":
                assert cells[0] == words[row["status"]]
                continue
            low, high = percent(row["ci_low"]), percent(row["ci_high"])
            expected = [
                percent(row["share"]),
                f"{low} – {high}",
                str(row["numerator"]),
                str(row["denominator"]),
            ]
            assert cells == [each.replace(NO_BREAK_SPACE, "") for each in expected]
        continuity = rows(
            statistics,
            f"from continuity where month = '{MONTH}' and level in ('nation', 'region') and "
            "population = 'listed' and series = 'physician' and unit_scope = 'own_unit' and "
            "window_months = 18 and index = 'COC' and sex = 'all' and age_group = 'all'",
        )
        shown = table(seen.page, "continuity-physician")
        for row in continuity:
            name = "Riket" if row["area_code"] == "00" else row["area_name"]
            mean = words.get(row["status"]) or f"{row['mean']:.3f}".replace(".", ",")
            assert shown[name][0] == mean
        seen.page.goto((report / f"region/{REGION}.html").as_uri())
        units = rows(
            statistics,
            f"select l.* from list_load l join units on unit_id = area_code and region_code = "
            f"'{REGION}' where month = '{MONTH}' and level = 'unit'",
        )
        shown = table(seen.page, f"region-{REGION}-load")
        for row in units:
            cells = shown[row["area_name"]]
            if row["status"] == "ok":
                assert cells[0] == f"{row['load']:.2f}".replace(".", ",")
                assert cells[1].replace(NO_BREAK_SPACE, "") == str(row["listed"])
            else:
                assert not any(re.search(r"\d", cell) for cell in cells)


def test_drawings_and_files_hold_the_published_values_and_none_that_is_suppressed(
    report: Path, statistics: duckdb.DuckDBPyConnection
) -> None:
    """Every number in an embedded data set or a CSV file stands in the published file.

    A suppressed value is nowhere in the published file, so it could only come from elsewhere.
    """
    published = {
        value
        for table_name, columns in {
            "coverage": ("share", "ci_low", "ci_high", "numerator", "denominator"),
            "continuity": ("mean", "ci_low", "ci_high", "persons", "visits"),
            "own_physician": ("share", "ci_low", "ci_high"),
            "list_load": (
                "load",
                "listed",
                "fte_specialist",
                "fte_st",
                "capacity",
                "specialists_short",
                "guideline_specialist",
                "guideline_st",
            ),
            "list_kinds": ("share", "persons"),
            "care_markings": ("persons",),
            "definition_comparison": ("share",),
            "target_status": ("value", "target", "relative_change"),
            "data_quality": ("numerator", "denominator", "share"),
            "reporting": ("population", "contact_months", "contact_months_expected"),
        }.items()
        for column in columns
        for (value,) in statistics.execute(f"select distinct {column} from {table_name}").fetchall()
        if value is not None
    }
    for path in pages(report):
        html = (report / path).read_text("utf-8")
        for figure, sets in datasets(html).items():
            for point in sets.get("values", []):
                numbers = [point[key] for key in ("value", "low", "high") if key in point]
                unknown = {each for each in numbers if each is not None} - published
                # The goals and the guideline are targets and not figures.
                if point.get("role") != "goal":
                    assert not unknown, f"{path} {figure}: {point}"
    for path in sorted((report / "data").glob("*.csv")):
        for row in csv.DictReader(path.read_text("utf-8").splitlines()):
            hidden = [name for name, value in row.items() if value == "suppressed"]
            for name, value in row.items():
                if re.fullmatch(r"-?\d+(\.\d+)?(e-\d+)?", value or ""):
                    assert float(value) in published, f"{path.name} {name}: {value}"
            if hidden == ["status"]:
                left = [value for value in row.values() if re.fullmatch(r"-?\d+\.\d+", value)]
                of_others = {row.get("nation"), row.get("goal")}
                assert set(left) <= of_others, f"{path.name}: {row}"


def test_titles_state_the_finding(report: Path, statistics: duckdb.DuckDBPyConnection) -> None:
    (share, met) = statistics.execute(
        "select (select share from coverage where month = ? and area_code = '00' and population = "
        "'inhabitants' and definition = 'reported' and sex = 'all' and age_group = 'all'), "
        "(select count(*) from target_status where month = ? and level = 'region' and target_id = "
        "'coverage_inhabitants' and met)",
        [MONTH, MONTH],
    ).fetchone()
    swedish = (report / "index.html").read_text("utf-8")
    english = (report / "en/index.html").read_text("utf-8")
    assert f"{percent(share)} av invånarna har en fast läkarkontakt" in swedish
    assert f"{met} av 20 regioner når målet på 55{NO_BREAK_SPACE}%" in swedish
    assert f"{100 * share:.1f}% of the inhabitants have a named physician" in english
    assert f"{met} of 20 regions meet the goal of 55%" in english


def test_the_planning_tool(
    browser: Browser, report: Path, statistics: duckdb.DuckDBPyConnection
) -> None:
    load = rows(
        statistics, f"from list_load where month = '{MONTH}' and level = 'region' and status = 'ok'"
    )
    with watched(browser) as seen:
        seen.page.goto((report / "planering.html").as_uri())
        total = seen.page.locator("#behovstabell tr.total td")
        # At first: each region's own guideline, which gives what is published.
        published = sum(row["specialists_short"] for row in load)
        assert total.nth(3).inner_text() == f"{published:.1f}".replace(".", ",")
        seen.page.locator("#riktvarde").fill("700")
        seen.page.locator("#heltid").fill("50")
        seen.page.locator("#tackning").fill("90")
        missing = sum(
            max(0, (0.9 * row["listed"] - 350 * row["fte_st"]) / 700 - row["fte_specialist"])
            for row in load
        )
        assert missing > 1
        assert not seen.page.locator("#eget").is_checked()
        assert total.nth(3).inner_text() == f"{missing:.1f}".replace(".", ",")
        assert total.nth(4).inner_text() == f"{missing / 0.5:.1f}".replace(".", ",")
        seen.page.locator("#omrade").select_option(REGION)
        units = seen.page.locator("#behovstabell tbody tr").count() - 1
        of_region = "select count(*) from units where region_code = ?"
        assert units >= statistics.execute(of_region, [REGION]).fetchone()[0] - 1
        # The keyboard alone moves a slider.
        seen.page.locator("#riktvarde").focus()
        before = seen.page.locator("#riktvarde-visat").inner_text()
        seen.page.keyboard.press("ArrowRight")
        assert seen.page.locator("#riktvarde-visat").inner_text() != before


def test_continuity_explained(browser: Browser, report: Path) -> None:
    with watched(browser) as seen:
        seen.page.goto((report / "kontinuitet.html").as_uri())
        # A A B A C: 3 of 10 pairs; the last visit to A makes it 6 of 10 less those with B, 0,60.
        assert seen.page.locator("#coc-varde").inner_text() == "COC 0,30"
        for _ in range(3):
            seen.page.locator("#besok button").nth(4).press("Enter")
        assert seen.page.locator("#besok").inner_text().split() == ["A", "A", "B", "A", "A"]
        assert seen.page.locator("#coc-varde").inner_text() == "COC 0,60"
        seen.page.locator("#farre").click()
        assert seen.page.locator("#coc-varde").inner_text() == "COC 0,50"


def test_languages_tables_and_downloads_by_the_keyboard(browser: Browser, report: Path) -> None:
    with watched(browser) as seen:
        page = seen.page
        page.goto((report / f"region/{REGION}.html").as_uri())
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.locator("a.switch").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/region/12.html")
        assert page.locator("html").get_attribute("lang") == "en"
        page.locator("a.switch").click()
        page.wait_for_url("**/report/region/12.html")
        values = page.locator(f"figure[id='region-{REGION}-load'] details")
        assert not values.locator("table").is_visible()
        values.locator("summary").focus()
        page.keyboard.press("Enter")
        assert values.locator("table").is_visible()
        with page.expect_download() as download:
            page.locator(f"figure[id='region-{REGION}-load'] .download a").click()
        text = Path(download.value.path()).read_text("utf-8")
        assert text.startswith("area_name,load,listed,fte_specialist,")
        page.goto((report / "nedladdning.html").as_uri())
        with page.expect_download() as download:
            page.get_by_role("link", name="statistics.duckdb").click()
        with duckdb.connect(str(download.value.path()), read_only=True) as connection:
            assert connection.execute("select count(*) from coverage").fetchone() != (0,)
        for kind in (".xlsx", ".px"):
            assert page.locator(f".files a[href$='{kind}']").count() >= 1
    assert seen.complaints == []


def test_without_javascript_the_values_are_there(browser: Browser, report: Path) -> None:
    with watched(browser, javascript=False) as seen:
        seen.page.goto((report / "index.html").as_uri())
        seen.page.locator("figure[id='coverage-inhabitants'] summary").click()
        assert seen.page.get_by_role("rowheader", name="Skåne län").nth(1).is_visible()


def test_every_link_leads_on_and_every_figure_is_complete(report: Path) -> None:
    for path in pages(report):
        html = (report / path).read_text("utf-8")
        folder = (report / path).parent
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), f"{path} uses an id twice"
        for target in re.findall(r'(?:href|src)="([^"]*)"', html):
            if target.startswith("data:"):
                continue
            place, _, anchor = target.partition("#")
            assert "://" not in target
            assert not place or (folder / place).is_file(), f"{path}: {target}"
            assert not anchor or place or anchor in ids, f"{path}: {target}"
        figures = re.findall(r"<figure .*?</figure>", html, flags=re.S)
        for figure in figures:
            assert "<h3>" in figure
            assert "<table>" in figure
            assert 'class="definition"' in figure
            assert 'class="download"' in figure
            assert "data-chart" not in figure or re.search(
                r'role="img" aria-label="[^"]{40,}', figure
            )


def test_both_languages_have_the_same_pages_and_figures(report: Path) -> None:
    every = pages(report)
    swedish = [path for path in every if not path.startswith("en/")]
    assert [f"en/{path}" for path in swedish] == [path for path in every if path.startswith("en/")]
    for path in swedish:
        texts = [(report / each).read_text("utf-8") for each in (path, f"en/{path}")]
        figures = [re.findall(r'<figure id="([^"]+)"', text) for text in texts]
        assert figures[0] == figures[1]


def test_the_report_is_the_same_when_it_is_built_again(
    report: Path, sample_out: Path, tmp_path: Path
) -> None:
    again = build_report(sample_out / "published" / "statistics.duckdb", tmp_path / "report").parent
    files = sorted(path.relative_to(report) for path in report.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    differing = [
        path for path in files if (report / path).read_bytes() != (again / path).read_bytes()
    ]
    assert differing == []


def test_a_page_is_small(report: Path) -> None:
    """With all that it loads a page is under 1.5 MB."""
    for path in pages(report):
        html = (report / path).read_text("utf-8")
        loaded = re.findall(r'(?:<script src|<link rel="stylesheet" href)="([^"]+)"', html)
        assert any(name.endswith(".css") for name in loaded)
        files = [report / path, *((report / path).parent / name for name in loaded)]
        assert sum(each.stat().st_size for each in files) < 1_500_000, path


def test_data_in_a_page_cannot_end_its_script(report: Path) -> None:
    for path in pages(report):
        html = (report / path).read_text("utf-8")
        for text in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.S):
            assert "<" not in text
            json.loads(text)
