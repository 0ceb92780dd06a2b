"""A new pseudonymisation key, and the end of everything that was made under the former one.

A record of the new key is written first, then the key, then what the former key made is removed. A
run that finds the record goes on from there, so being killed in between loses nothing.
"""

import secrets
from pathlib import Path

from pipelines.arrivals import key_mark
from pipelines.errors import WrongUseError
from pipelines.person_parts import remove_person_parts
from pipelines.receipts import Receipts, StoredReceipt, read_receipts
from pipelines.store import KEY_BYTES, Store, replacing

REKEYING = "rekeying.json"


def contents_without_bytes(receipts: Receipts) -> list[StoredReceipt]:
    """The contents in force that the landing folder does not hold any more: former contents that
    stand in for a refused one. They cannot be read again under another key."""
    return [
        each
        for each in receipts.in_force
        if not receipts.is_present(each) and each.identity not in receipts.pruned.identities
    ]


def change_key(store: Store, key_file: Path | None, new_key_file: Path | None) -> None:
    """Put a new key in the place of the present one, and remove what the present one made.

    The new key is that of `new_key_file`, else random. Raises WrongUseError when it cannot be read
    or is too short, or when the key file cannot be replaced; then nothing has changed.
    """
    present, _ = store.key(key_file)
    new = store.key(new_key_file)[0] if new_key_file else secrets.token_hex(KEY_BYTES)
    place = key_file or store.path("key")
    if new != present and not _can_replace(place):
        raise WrongUseError(
            f"The key file {place} cannot be replaced in its folder. Put the new key there "
            f"yourself and run: flk rekey --key-file {place}"
        )
    store.write_json({"key_mark": key_mark(new)}, REKEYING)
    if new != present:
        with replacing(place) as temporary:
            temporary.write_text(new)
    finish_rekeying(store, new)


def _can_replace(place: Path) -> bool:
    try:
        with replacing(place.with_name(f"{place.name}.new")) as temporary:
            temporary.touch()
    except Exception:
        return False
    place.with_name(f"{place.name}.new").unlink()
    return True


def finish_rekeying(store: Store, key: str) -> None:
    """Remove what former keys made, if a change of the key has begun; otherwise nothing."""
    record = store.read_json(REKEYING)
    if record is None:
        return
    mark = key_mark(key)
    if record["key_mark"] == mark:
        for receipt in read_receipts(store, {}).all:
            if receipt.key_mark != mark:
                receipt.microdata(store).unlink(missing_ok=True)
                receipt.list_names(store).unlink(missing_ok=True)
        months = [path.name for path in store.path("parts").glob("*")]
        remove_person_parts(store, months)
    store.path(REKEYING).unlink()
