"""The parts that hold persons, pseudonymised: what must go when a key or a retention ends."""

from pipelines.parts import STEPS
from pipelines.store import Store
from schemas.parts import DEAD_OR_PROTECTED, MARKED_PERSONS, PEOPLE

OF_PERSONS = (MARKED_PERSONS, PEOPLE, DEAD_OR_PROTECTED)


def remove_person_parts(store: Store, months: list[str], *, dry_run: bool = False) -> list[int]:
    """Remove the persons of these months; returns the sizes of the files in bytes.

    The records of what they were made from go first, so that they are never taken for present.
    With `dry_run` nothing is removed. The counts and the statistics stay.
    """
    sizes = []
    for month in months:
        for step in STEPS.values():
            for contract in (each for each in step.contracts if each in OF_PERSONS):
                for path in store.path("parts", month).glob(
                    f"*/{step.name}/{contract.name}.parquet"
                ):
                    sizes.append(path.stat().st_size)
                    if not dry_run:
                        path.parent.with_suffix(".json").unlink(missing_ok=True)
                        path.unlink()
    return sizes
