"""docs/proof.md names only tests that exist."""

import re
from pathlib import Path

from tests.docs.pages import PROJECT, text_of


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", text_of("docs/proof.md")))
    defined = set()
    for path in Path(PROJECT / "tests").rglob("test_*.py"):
        defined |= set(re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE))
    assert len(named) > 80
    assert named - defined == set()
