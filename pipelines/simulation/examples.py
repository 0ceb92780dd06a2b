"""What the small landing folders that are written row by row have in common."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines.simulation.reference import regions


def identity(number: int) -> str:
    """An invented personnummer with a valid checksum."""
    return with_check_digit(
        f"19{30 + number % 60:02}{number % 12 + 1:02}{number % 28 + 1:02}{100 + number * 7:03}"
    )


def with_check_digit(eleven_digits: str) -> str:
    """A personnummer with century, from all its digits but the last."""
    total = 0
    for position, digit in enumerate(eleven_digits[2:]):
        product = int(digit) * (2 - position % 2)
        total += product // 10 + product % 10
    return f"{eleven_digits}{-total % 10}"


def csv_file(header: str, rows: Sequence[str]) -> bytes:
    """A file in the standard layout."""
    return ("\n".join([header, *rows]) + "\n").encode()


def population(residents: Mapping[str, str]) -> bytes:
    """Two inhabitants for every listed person, and ten in every municipality without any.

    `residents` are the persons and the municipalities that they live in, in 2025.
    """
    rows = []
    for person, municipality in residents.items():
        sex = "men" if int(person[-2]) % 2 else "women"
        # The age at the end of November: those born in December have not had their birthday.
        rows.append((municipality, sex, 2025 - int(person[:4]) - (int(person[4:6]) > 11)))
    counted = {row: 2 * rows.count(row) for row in rows}
    for region in regions():
        for place in region.municipalities:
            if place.code not in residents.values():
                counted[(place.code, "women", 50)] = 5
                counted[(place.code, "men", 50)] = 5
    lines = [f"2025,{code},{sex},{age},{count}" for (code, sex, age), count in counted.items()]
    return csv_file("year,municipality,sex,age,count", sorted(lines))


def demand_empty(landing: Path) -> None:
    """Raises FileExistsError where the folder holds deliveries."""
    codes = [region.code for region in regions()]
    if any((landing / name).exists() for name in (*codes, "reference")):
        raise FileExistsError(f"{landing} holds deliveries; choose an empty folder")


def write_files(landing: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files by their place in the landing folder; their paths in order."""
    paths = []
    for name, content in sorted(contents.items()):
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths
