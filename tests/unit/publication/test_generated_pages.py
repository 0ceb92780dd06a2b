"""The generated pages: complete, deterministic, and found out when stale."""

from pathlib import Path

import pytest

from pipelines.publication import generated_text
from pipelines.publication.dictionary_page import dictionary_page
from pipelines.publication.generated_text import main, stale_pages, write_pages
from pipelines.publication.supplier_page import EXAMPLES, FILE_NAMES, example_file, supplier_page
from schemas.deliveries import DELIVERIES
from schemas.registers import INDICATORS_VIEW, PUBLISHED_TABLES
from schemas.rules import RULES


def test_the_supplier_page_has_every_delivery_column_code_and_rule():
    page = supplier_page()
    for delivery in DELIVERIES:
        assert f"\n### {delivery.name}\n" in page
        for column in delivery.columns:
            assert f"| `{column.name}` |" in page
            assert all(f"`{code}`" in page for code in column.codes)
    for rule in RULES:
        assert f"| `{rule.code}` | {rule.sentence} | {rule.sentence_sv} |" in page


@pytest.mark.parametrize("delivery", DELIVERIES, ids=lambda delivery: delivery.name)
def test_examples_have_the_layout_they_are_examples_of(delivery):
    header, *rows = example_file(delivery).splitlines()
    assert header.split(",") == delivery.column_names
    assert rows
    for row in rows:
        fields = dict(zip(delivery.column_names, row.split(","), strict=True))
        for column in delivery.columns:
            assert fields[column.name] or not column.required, (column.name, row)
            if column.codes and fields[column.name]:
                assert fields[column.name] in column.codes


def test_every_delivery_has_an_example_and_file_names():
    names = {delivery.name for delivery in DELIVERIES}
    assert set(EXAMPLES) == set(FILE_NAMES) == names


def test_the_dictionary_page_has_every_table_and_column():
    page = dictionary_page()
    for contract in (*PUBLISHED_TABLES, INDICATORS_VIEW):
        section = page.split(f"\n## {contract.name}\n")[1].split("\n## ")[0]
        for column in contract.columns:
            assert f"| `{column.name}` |" in section


def test_pages_are_the_same_each_time_and_tables_have_even_rows():
    for render in (supplier_page, dictionary_page):
        page = render()
        assert page == render()
        assert page.endswith("\n")
        for block in page.split("\n\n"):
            lines = [line for line in block.splitlines() if line.startswith("| ")]
            widths = {line.replace("\\|", "").count("|") for line in lines}
            assert len(widths) <= 1, block


def test_stale_pages_are_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["--check"]) == 1
    assert "docs/supplier.md is stale" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert main([]) == 0
    assert main(["--check"]) == 0
    page = tmp_path / "docs" / "dictionary.md"
    page.write_text(page.read_text("utf-8") + "x", "utf-8")
    assert stale_pages(tmp_path) == [page]
    assert write_pages(tmp_path) == [tmp_path / name for name in generated_text.PAGES]
    assert stale_pages(tmp_path) == []


def test_the_committed_pages_are_not_stale():
    assert stale_pages(Path(__file__).parents[3]) == []
