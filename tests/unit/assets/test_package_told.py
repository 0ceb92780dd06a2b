"""What `flk request` says of the package that it has made."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from assets.terminal import show_package

WAITING = "nobody has approved them"


@pytest.mark.parametrize("unapproved", [0, 2])
def test_figures_that_wait_for_approval_are_told(unapproved: int) -> None:
    said = StringIO()
    console = Console(file=said, width=1000)
    show_package(console, Path("requests/2025"), "2025-11", {"23": "all deliveries"}, unapproved)
    assert "It is partial, as the cover says: 23 lacks all deliveries." in said.getvalue()
    assert (f"2 figures of the month moved more than likely and {WAITING}" in said.getvalue()) is (
        unapproved > 0
    )
    assert (WAITING in said.getvalue()) is (unapproved > 0)
