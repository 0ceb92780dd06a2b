"""No identity number stands in what a test says when it fails, made up as they all are.

Somebody may run the tests beside real deliveries, and a habit is kept best without exceptions.
`tests/conftest.py` takes the hooks from here, so that every process of a session has them.
"""

import re
from collections.abc import Generator

import pytest

_DAY = r"(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\d|[39][01])"
IDENTITY = re.compile(rf"(?<![0-9A-Za-z])(?<!\d\.)(?:19|20)?\d\d{_DAY}[-+]?\d{{4}}(?![0-9A-Za-z])")
MASK = "<identity number>"


def masked(text: str) -> str:
    """The text without anything that has the form of an identity number."""
    return IDENTITY.sub(MASK, text)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A test that is given an identity is not named by it."""
    text = val.decode("latin-1") if isinstance(val, bytes) else val
    return argname if isinstance(text, str) and masked(text) != text else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Why a test failed, and what it wrote."""
    report = yield
    if report.failed:
        said = str(report.longrepr)
        if masked(said) != said:
            report.longrepr = masked(said)
    report.sections = [(name, masked(text)) for name, text in report.sections]
    return report
