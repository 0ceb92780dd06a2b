"""The sample's statistics lie where those published of Sweden do; docs/plausibility.md has more."""

from pathlib import Path

import pytest

from benchmarks.plausibility import (
    NO,
    PUBLISHED_BETWEEN_CENTRES,
    YES,
    Statistics,
    between_centres,
    centres,
    comparisons,
    coverage_of_regions,
    page,
    statistics_of,
)


@pytest.fixture(scope="module")
def made(sample_out: Path) -> Statistics:
    return statistics_of(sample_out)


def test_coverage_of_the_regions_is_as_published(made: Statistics) -> None:
    assert {
        each.what: each.within for each in coverage_of_regions(made) if each.within != YES
    } == {}


def test_four_of_five_centres_have_a_coc_of_the_published_range(made: Statistics) -> None:
    """The sample's centres are small: chance takes some of them out of the range."""
    low, high = PUBLISHED_BETWEEN_CENTRES["COC"]
    assert centres(made, "COC", 18, 3).is_between(low, high).mean() > 0.8


@pytest.mark.parametrize("index", ["COC", "UPC"])
def test_the_middle_centre_is_in_the_published_range(index: str, made: Statistics) -> None:
    low, high = PUBLISHED_BETWEEN_CENTRES[index]
    assert low <= centres(made, index, 18, 3).median() <= high


def test_the_page_shows_every_comparison_and_says_why_not(made: Statistics) -> None:
    written = (Path(__file__).parents[2] / "docs/plausibility.md").read_text("utf-8")
    for each in comparisons(made):
        assert f"| {each.what} | {each.published} |" in written
    assert NO in {each.within for each in between_centres(made)}
    assert written.partition("## Where")[2] == page(made).partition("## Where")[2]
