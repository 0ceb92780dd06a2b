"""A fingerprint changes with what a result was made from, and with nothing else."""

from datetime import date

from pipelines.fingerprint import code_fingerprint, fingerprint


def test_the_order_of_keys_does_not_matter() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


def test_content_and_order_of_lists_matter() -> None:
    different = [[1, 2], [2, 1], ["1", "2"], [[1], 2], [1, None], [date(2025, 1, 1)]]
    assert len({fingerprint(each) for each in different}) == len(different)


def test_code_is_that_of_the_folders_named() -> None:
    assert code_fingerprint("schemas") == code_fingerprint("schemas")
    assert code_fingerprint("schemas") != code_fingerprint("pipelines/intake")
    assert code_fingerprint("schemas", "pipelines/intake") != code_fingerprint("schemas")
    one, other = (
        code_fingerprint("schemas", f"pipelines/{name}.py") for name in ("parts", "tables")
    )
    assert len({one, other, code_fingerprint("schemas")}) == 3
