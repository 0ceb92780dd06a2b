"""What a release holds beside its tables: one function for each part, made in this order.

A part is made in the folder of the draft, where the DuckDB file, Parquet and CSV already stand.
"""

import duckdb

from pipelines.publication.changes_page import changes_page
from pipelines.publication.dictionary_page import dictionary_page
from pipelines.publication.disclosure.settings import is_perturbed
from pipelines.publication.html_page import html_page
from pipelines.publication.quality_declaration import LANGUAGES, quality_declaration
from pipelines.publication.release_folder import REPORT, STATISTICS_FILE, Draft, MakePart
from pipelines.publication.report.build import build_report


def write_dictionary(draft: Draft) -> None:
    """`dictionary.md`: every column of every table, and whether numbers have noise."""
    facts = draft.contents.facts
    note = f"**Noise.** {_capital(facts['disclosure_rules'])}." if is_perturbed(facts) else ""
    (draft.folder / "dictionary.md").write_text(dictionary_page(note), "utf-8")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def write_changes(draft: Draft) -> None:
    """`changes.csv`, `.parquet` and `.md`: the difference to the previous release."""
    draft.contents.changes.write_csv(draft.folder / "changes.csv")
    draft.contents.changes.write_parquet(draft.folder / "changes.parquet")
    (draft.folder / "changes.md").write_text(changes_page(draft), "utf-8")


def write_quality_declaration(draft: Draft) -> None:
    """`quality_declaration.sv.md` and `.html`, and the same in English (`en`)."""
    with duckdb.connect(draft.folder / STATISTICS_FILE, read_only=True) as statistics:
        for language in LANGUAGES:
            text = quality_declaration(statistics, language)
            name = f"quality_declaration.{language}"
            (draft.folder / f"{name}.md").write_text(text, "utf-8")
            (draft.folder / f"{name}.html").write_text(html_page(text, language), "utf-8")


def write_report(draft: Draft) -> None:
    """`report/`: what the DuckDB file says, as pages."""
    previous = draft.contents.previous
    earlier = previous.folder / REPORT if previous else None
    build_report(draft.folder / STATISTICS_FILE, draft.folder / REPORT, earlier=earlier)


FILE_PARTS: tuple[MakePart, ...] = (write_dictionary, write_changes, write_quality_declaration)
RELEASE_PARTS: tuple[MakePart, ...] = (*FILE_PARTS, write_report)
