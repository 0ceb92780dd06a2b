"""Fingerprints: what a stored result was made from, so that only what changed is made again."""

import hashlib
import json
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[1]
_CODE_ENDINGS = {".py", ".toml", ".csv", ".jinja"}


def fingerprint(content: object) -> str:
    """A short hash over anything that JSON can write, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def code_fingerprint(*folders: str) -> str:
    """A hash over the code and the data files of these folders and files of the project.

    Results made by other code are out of date, without anyone having to raise a version.
    """
    digest = hashlib.sha256()
    for folder in folders:
        place = PROJECT / folder
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.suffix in _CODE_ENDINGS:
                digest.update(str(path.relative_to(PROJECT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
