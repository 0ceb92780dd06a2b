"""README.md and docs/: the SQL prints what stands there, the commands are whole, links lead on."""

import re

import duckdb
import pytest

from tests.docs.pages import (
    PAGES,
    PROJECT,
    Query,
    fenced_blocks,
    output_of,
    queries,
    text_of,
)

WRITTEN_PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/analyst.md",
    "docs/questions.md",
    "docs/operator.md",
    "docs/profiles.md",
    "docs/proof.md",
    "docs/plausibility.md",
)
QUERIES = [query for page in PAGES for query in queries(page)]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_query_prints_what_stands_below_it(
    query: Query, published: duckdb.DuckDBPyConnection
) -> None:
    assert query.output == output_of(query.sql, published), (
        f"{query} is stale. Run: python -m tests.docs.refresh"
    )


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_query_has_an_answer(query: Query) -> None:
    header_and_rule = 2
    assert len(query.output.splitlines()) > header_and_rule


def test_there_are_as_many_queries_as_promised() -> None:
    assert len(list(queries("README.md"))) == 3
    assert len(list(queries("docs/questions.md"))) >= 30


def test_the_questions_are_numbered_and_each_has_one_query() -> None:
    sections = re.split(r"^### ", text_of("docs/questions.md"), flags=re.M)[1:]
    numbers = [int(section.partition(".")[0]) for section in sections]
    assert numbers == list(range(1, len(sections) + 1))
    assert {section.count("```sql") for section in sections} == {1}


@pytest.mark.parametrize("page", PAGES)
def test_every_sql_block_is_run(page: str) -> None:
    sql = [content for language, content in fenced_blocks(page) if language == "sql"]
    assert sql == [query.sql for query in queries(page)]


@pytest.mark.parametrize("place", [0, 1], ids=["run", "test"])
def test_the_readme_begins_with_two_commands_of_one_line(place: int) -> None:
    _, command = fenced_blocks("README.md")[place]
    assert command.count("\n") == 1
    assert command.startswith("python3 -m venv .setup && ")
    assert "--locked" in command
    assert command.rstrip().endswith(["flk run", "pytest"][place])


@pytest.mark.parametrize("page", WRITTEN_PAGES)
def test_links_lead_to_files_that_exist(page: str) -> None:
    folder = (PROJECT / page).parent
    missing = [link for link in LINK.findall(text_of(page)) if not (folder / link).exists()]
    assert missing == []
