"""The quality declaration: a release's own figures, both languages, no request, no label."""

import re
from html.parser import HTMLParser

import duckdb
import polars as pl
import pytest
from published_rows import frame, quality_row
from releasing import release

from pipelines.publication.html_page import html_page
from pipelines.publication.quality_declaration import quality_declaration
from pipelines.publication.release_parts import FILE_PARTS

COMPONENTS = {
    "sv": [
        "1. Relevans",
        "2. Tillförlitlighet",
        "3. Aktualitet och punktlighet",
        "4. Tillgänglighet och tydlighet",
        "5. Jämförbarhet och samanvändbarhet",
    ],
    "en": [
        "1. Relevance",
        "2. Accuracy and reliability",
        "3. Timeliness and punctuality",
        "4. Accessibility and clarity",
        "5. Comparability and coherence",
    ],
}


@pytest.fixture
def published(tables, tmp_path):
    """A release of one month: two regions, one of which does not report."""
    reporting = tables["reporting"]
    away = reporting.with_columns(
        region_code=pl.lit("23"),
        reported=pl.lit(False),
        population=pl.lit(120_000, pl.Int64),
        contact_months=pl.lit(None, pl.Int64),
        contact_months_expected=pl.lit(None, pl.Int64),
    )
    tables["reporting"] = pl.concat([reporting, away])
    tables["data_quality"] = frame(
        "data_quality",
        [
            quality_row("care_contacts", "without_provider_physician", 1234, 56789, 0.02173)
            | {"region_code": "00"},
            quality_row("listings", "protected_identity") | {"region_code": "00"},
        ],
    )
    facts = {"months": "2025-11", "disclosure_rules": "persons below 5", "correction": "En rättad."}
    return release(tables, tmp_path, FILE_PARTS, facts=facts).release


def declared(statistics_file, language: str) -> str:
    with duckdb.connect(statistics_file, read_only=True) as statistics:
        return quality_declaration(statistics, language)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_five_components_in_order(published, language):
    text = declared(published.statistics_file, language)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == COMPONENTS[language]
    assert not re.search("sveriges officiella statistik|official statistics", text, re.IGNORECASE)


def test_it_has_the_figures_of_the_release(published):
    swedish = declared(published.statistics_file, "sv").replace("\u00a0", " ")
    english = declared(published.statistics_file, "en")
    assert published.release_id in swedish
    # 280,000 of 400,000 inhabitants.
    assert "1 av 2 regioner har lämnat en godkänd listningsfil" in swedish
    assert "70,0 % av befolkningen" in swedish
    assert "Uppgift saknas från: Jämtlands län." in swedish
    assert "från: Västmanlands län. Kontinuiteten" in swedish
    assert "| Läkarbesök utan behandlarens id | Vårdkontakter | 1 234 | 56 789 | 2,2 % |" in swedish
    assert "| Skyddad identitet | Listning | – | – | – |" in swedish
    assert "| Täckning (`coverage`) | regioner | 3 | 1 | 33,3 % | 35 |" in swedish
    assert "| Täckning (`coverage`) | enheter | 3 | 3 | 100,0 % | – |" in swedish
    assert "| `coverage` | region | 3 | 1 | 33.3% | 35 |" in english
    assert "**Rättelse.** En rättad." in swedish
    assert "Rättelse 2025-11-30: The region had left out a list. (1 värden)" in swedish
    assert "care_contacts | 1,234 | 56,789 | 2.2% |" in english
    assert "Nothing from: Jämtlands län." in english
    assert "{{" not in swedish + english


def test_late_and_missing_deliveries(published):
    """The units of region 19 came on 1 December, in time; the rest of 21 · 5 did not come."""
    assert "Of 105 deliveries expected about the month 0 came after their last day and 104" in (
        declared(published.statistics_file, "en")
    )


def test_a_month_that_is_not_there_is_refused(published):
    with (
        duckdb.connect(published.statistics_file, read_only=True) as statistics,
        pytest.raises(ValueError, match="no figures of 2024-11"),
    ):
        quality_declaration(statistics, "sv", "2024-11")


class Outside(HTMLParser):
    """What a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "object", "base"):
            self.found.append(tag)
        self.found += [name for name, _ in attributes if name in ("src", "href")]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_asks_for_nothing(published, language):
    page = (published.folder / f"quality_declaration.{language}.html").read_text("utf-8")
    outside = Outside()
    outside.feed(page)
    assert outside.found == []
    assert f'<html lang="{language}">' in page
    assert "<table>" in page


def test_html_in_a_text_is_shown_as_text():
    page = html_page("# A <b>title</b>\n\n<script>alert(1)</script> & more", "en")
    assert "<script>" not in page
    assert "<title>A &lt;b&gt;title&lt;/b&gt;</title>" in page
