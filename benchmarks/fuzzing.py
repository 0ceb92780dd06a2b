"""A coverage-guided fuzzer on the readers of deliveries, profiles and corrections.

    uv run --all-extras --with atheris python -m benchmarks.fuzzing csv --minutes 6 --work FOLDER

Atheris (which is no dependency of the project, and needs Linux and Python 3.11 to 3.13) changes
bytes of good files, keeps what reaches code that nothing reached before, and goes on from there. It
sees the ways through our Python, not those inside Polars and calamine. Whatever the bytes, a
delivered file must give a receipt that adds up, an accepted one rows, a refused one a sentence; a
profile or a corrections file is read or refused by its own error; and nothing that is said may hold
an identity of the file. `--minutes` are of the processor. What it finds lies in FOLDER/found; it
belongs in `tests/unit/intake/found`, where `test_what_the_fuzzers_found` reads it. The figures
stand in docs/proof.md.
"""

import argparse
import gzip
import importlib
import io
import json
import os
import random
import re
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

PROJECT = Path(__file__).parents[1]
TODAY = date(2025, 12, 10)
RECEIVED_AT = datetime(2025, 12, 10, 4, 15)
KEY = "a key for the fuzzer only"
LARGEST_INPUT = 20_000
IDENTITY = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{8}|[0-9]{6})[-+]?[0-9]{4}(?![0-9A-Za-z])")

DELIVERIES = (
    "units",
    "listings",
    "physicians",
    "care_contacts",
    "care_markings",
    "fixed_contacts",
    "population",
)
NAMES = {
    "care_contacts": "2025-11",
    "care_markings": "2025-11-30_cosmic",
    "population": "2024",
}
PROFILE = "\n".join(
    f'[[layouts]]\ndelivery = "{delivery}"\nformat = "{kind}"\n'
    for kind in ("excel", "json")
    for delivery in DELIVERIES[:-1]
)

Target = Callable[[bytes], None]
Mutator = Callable[[bytes, int, int], bytes]


def _imported(name: str) -> ModuleType:
    """Late: the modules must be imported while Atheris looks on."""
    return importlib.import_module(name)


def rows_of(delivery: str) -> list[dict[str, str]]:
    """Good rows: those that docs/supplier.md shows."""
    page = _imported("pipelines.publication.supplier_page")
    columns = _imported("schemas.deliveries").delivery(delivery).column_names
    return [dict(zip(columns, line.split(","), strict=True)) for line in page.EXAMPLES[delivery]]


# Good files to begin with. The first byte says of which delivery a file is.


def good_files(kind: str) -> list[bytes]:
    """A good file of every delivery in that format; of TOML what the folder of examples holds."""
    if kind == "profile":
        folder = PROJECT / "data" / "profiles" / "landing" / "profiles"
        return [path.read_bytes() for path in sorted(folder.glob("*.toml"))]
    if kind == "corrections":
        return [CORRECTIONS.encode()]
    written = {
        "csv": _csv,
        "csv.gz": lambda rows: gzip.compress(_csv(rows)),
        "parquet": _parquet,
        "xlsx": _workbook,
        "json": lambda rows: json.dumps(rows, ensure_ascii=False).encode(),
    }[kind]
    return [bytes([n]) + written(rows_of(name)) for n, name in enumerate(DELIVERIES)]


CORRECTIONS = """
[[correction]]
id = "19-1"
delivery = "listings"
file = "2025-11-30*.csv"
action = "override"
column = "in_queue"
value = "false"
where = { unit_id = "SE2321000016-0A01", physician_id = ["", "SE2321000016-L1"] }
reason = "The export wrote true for everyone."
reported = 2025-12-03
status = "confirmed"
rows = 40

[[correction]]
id = "19-2"
delivery = "care_contacts"
file = "2025-11.csv"
action = "recode"
column = "profession"
codes = { Lakare = "lakare" }
lines = [2, 3]
sha256 = "0123456789abcdef"
reason = "Another spelling."
reported = 2025-12-03
status = "open"
"""


def _csv(rows: list[dict[str, str]]) -> bytes:
    return "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows), ""]).encode()


def _parquet(rows: list[dict[str, str]]) -> bytes:
    target = io.BytesIO()
    _imported("polars").DataFrame(rows).write_parquet(target)
    return target.getvalue()


def _workbook(rows: list[dict[str, str]]) -> bytes:
    target = io.BytesIO()
    with _imported("xlsxwriter").Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("A")
        for place, values in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            sheet.write_row(place, 0, values)
    return target.getvalue()


# What is asked of every input


def target_of(kind: str, folder: Path) -> Target:
    """The function that is given one input after the other; it fails where a promise is broken."""
    if kind == "profile":
        return _profile_target()
    if kind == "corrections":
        return _corrections_target()
    landing = _imported("pipelines.intake.landing")
    intake = _imported("pipelines.intake.take_in")
    profiles = _imported("schemas.profiles").Profiles(
        {"19": _imported("schemas.profile_toml").profile("19", PROFILE)}
    )

    def take_in(data: bytes) -> None:
        delivery = DELIVERIES[data[0] % len(DELIVERIES)] if data else DELIVERIES[0]
        path = folder / f"{NAMES.get(delivery, '2025-11-30')}.{kind}"
        path.write_bytes(data[1:])
        taken = intake.take_in(
            landing.landing_file(path, "19", delivery),
            key=KEY,
            today=TODAY,
            received_at=RECEIVED_AT,
            profiles=profiles,
        )
        receipt = taken.receipt
        assert receipt.rows == receipt.accepted + receipt.rejected
        if receipt.status == "accepted":
            assert taken.accepted is not None
            assert taken.accepted.height == receipt.accepted > 0
        else:
            assert (receipt.accepted, taken.accepted) == (0, None)
            assert receipt.message
        said = [receipt.message, *taken.refusals, *taken.unknown_columns]
        _demand_no_identity(said + (taken.reading.lines if taken.reading else []))

    return take_in


def _profile_target() -> Target:
    profiles = _imported("schemas.profile_toml")
    identities = _imported("schemas.identity_numbers")

    def read(data: bytes) -> None:
        try:
            profiles.profile("19", data.decode("utf-8", "replace"))
        except profiles.ProfileError as refused:
            _demand_sentence(refused)
            said = str(refused)
            assert identities.masked(said) == said, "an identity was said"

    return read


def _corrections_target() -> Target:
    corrections = _imported("schemas.correction_toml")

    def read(data: bytes) -> None:
        try:
            corrections.corrections_of("19.toml", data.decode("utf-8", "replace"))
        except corrections.CorrectionsError as refused:
            _demand_sentence(refused)
            _demand_no_identity([str(refused)])

    return read


def _demand_sentence(refused: Exception) -> None:
    assert str(refused)


def _demand_no_identity(said: list[Any]) -> None:
    assert not IDENTITY.search(" ".join(map(str, said)).replace("SE", "x")), "an identity was said"


# Files that are packed are changed inside


def mutator_of(kind: str, mutate: Callable[[bytes, int], bytes]) -> Mutator | None:
    """How inputs are changed; None for byte by byte."""
    if kind == "csv.gz":
        return lambda data, size, seed: _changed_unpacked(data, size, seed, mutate)
    if kind == "xlsx":
        return lambda data, size, seed: _changed_part(data, size, seed, mutate)
    return None


def _changed_unpacked(
    data: bytes, size: int, seed: int, mutate: Callable[[bytes, int], bytes]
) -> bytes:
    if seed % 4 == 0:
        return mutate(data, size)
    try:
        content = gzip.decompress(data[1:])
    except (OSError, EOFError, zlib.error):
        return mutate(data, size)
    return data[:1] + gzip.compress(mutate(content, size), compresslevel=1)


def _changed_part(
    data: bytes, size: int, seed: int, mutate: Callable[[bytes, int], bytes]
) -> bytes:
    chance = random.Random(seed)
    if chance.random() < 0.1:
        return mutate(data, size)
    try:
        with zipfile.ZipFile(io.BytesIO(data[1:])) as source:
            parts = {name: source.read(name) for name in source.namelist()}
    except Exception:  # whatever a damaged archive makes zipfile say
        return mutate(data, size)
    if not parts:
        return mutate(data, size)
    cells = [name for name in parts if "sheet" in name or "shared" in name] or list(parts)
    name = chance.choice(cells if chance.random() < 0.7 else list(parts))
    parts[name] = mutate(parts[name], size)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for each, content in parts.items():
            written.writestr(each, content)
    return data[:1] + target.getvalue()


KINDS = ("csv", "csv.gz", "parquet", "xlsx", "json", "profile", "corrections")


def main() -> None:
    """Fuzz one reader for so many minutes of the processor, and say how many inputs it had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, required=True)
    options = parser.parse_args()
    import atheris  # only here: a test imports this module without it

    corpus, found = options.work / options.kind, options.work / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=["pipelines", "schemas", "tomllib"]):
        target = target_of(options.kind, Path(tempfile.mkdtemp()))
    good = good_files(options.kind)
    for place, content in enumerate(good):
        (corpus / f"good {place}").write_bytes(content)
    words = sorted({word for content in good for word in re.findall(rb"[\w-]{2,30}", content)})
    dictionary = options.work / f"{options.kind}.words"
    dictionary.write_text("".join(f'"{word.decode()}"\n' for word in words))
    inputs = minutes = 0

    def counted(data: bytes) -> None:
        nonlocal inputs, minutes
        inputs += 1
        target(data)
        if time.process_time() > 60 * min(minutes + 1, options.minutes):
            minutes += 1
            said = f"{options.kind}: {inputs:,} inputs, {len(list(corpus.iterdir())):,} kept, "
            print(f"{said}{time.process_time() / 60:.1f} minutes of the processor", flush=True)
            if minutes >= options.minutes:
                os._exit(0)

    arguments = [
        sys.argv[0],
        f"-max_len={LARGEST_INPUT}",
        f"-seed={options.seed}",
        f"-dict={dictionary}",
        "-timeout=3000",
        "-rss_limit_mb=6000",
        "-verbosity=0",
        f"-artifact_prefix={found}/{options.kind} ",
        str(corpus),
    ]
    # Looked up each time: Atheris puts another function in its place when it begins.
    mutator = mutator_of(options.kind, lambda data, size: bytes(atheris.Mutate(data, size)))
    atheris.Setup(arguments, counted, **({"custom_mutator": mutator} if mutator else {}))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
