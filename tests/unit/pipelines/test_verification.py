"""What verifying a release says of the release before it."""

import json
from pathlib import Path

from pipelines.hidden_rows import HIDDEN, ONE_PHYSICIAN_UNITS
from pipelines.publication.release_folder import KeptRelease
from pipelines.store import Store
from pipelines.verification import _release_before


def release(folder: Path, name: str, previous: str) -> KeptRelease:
    """A kept release of which only the manifest is there."""
    (folder / name).mkdir()
    (folder / name / "manifest.json").write_text(json.dumps({"previous_release": previous}))
    return KeptRelease(folder / name)


def test_where_the_release_before_is_gone_it_says_what_depends_on_it(tmp_path: Path) -> None:
    first = release(tmp_path, "2025-11-0001-aaaaaaaaaaaa", "")
    second = release(tmp_path, "2025-11-0002-bbbbbbbbbbbb", first.release_id)
    third = release(tmp_path, "2025-11-0004-cccccccccccc", "2025-11-0003-dddddddddddd")
    store = Store(tmp_path / "out")
    store.prepare()
    store.write_json({}, HIDDEN, first.release_id, ONE_PHYSICIAN_UNITS)
    assert _release_before(first, store) == []
    assert _release_before(second, store) == []
    (sentence,) = _release_before(third, store)
    assert "2025-11-0003-dddddddddddd, is not kept" in sentence
    assert "which figures are suppressed" in sentence


def test_where_what_it_hid_is_gone_it_says_so(tmp_path: Path) -> None:
    first = release(tmp_path, "2025-11-0001-aaaaaaaaaaaa", "")
    second = release(tmp_path, "2025-11-0002-bbbbbbbbbbbb", first.release_id)
    (sentence,) = _release_before(second, Store(tmp_path / "out"))
    assert "2025-11-0001-aaaaaaaaaaaa, hid is not in restricted/hidden any more" in sentence
