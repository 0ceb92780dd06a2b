"""Reads deliveries the simplest way, independent of intake: text frames, and content of files."""

import gzip
from pathlib import Path

import polars as pl


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked: another zlib may pack the same content differently."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def text_frame(path: Path) -> pl.DataFrame:
    """A delivered file with every value as text."""
    if path.suffix == ".parquet":
        return pl.read_parquet(path).with_columns(pl.all().cast(pl.String))
    data = content(path)
    separator = ";" if b";" in data.split(b"\n", 1)[0] else ","
    return pl.read_csv(data, separator=separator, infer_schema=False)


def files_of(landing: Path, delivery: str, region: str = "*") -> list[Path]:
    """The files of one delivery, by region and name."""
    return sorted(landing.glob(f"{region}/{delivery}/*"))


def all_files(landing: Path) -> list[str]:
    """Every file but the README, as paths within the folder."""
    return sorted(
        str(path.relative_to(landing))
        for path in landing.rglob("*")
        if not path.is_dir() and path.name != "README.md"
    )
