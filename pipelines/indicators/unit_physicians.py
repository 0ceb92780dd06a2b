"""How many physicians a unit rests on, for disclosure control: physicians are protected too."""

from datetime import date

import narwhals as nw

from pipelines.indicators.frame import Frame
from pipelines.indicators.months import holds_on
from schemas.parts import UNIT_PHYSICIANS


def unit_physicians(physicians: Frame, *, region_code: str, reference_date: date) -> Frame:
    """The number of different physicians whose row of the register holds on d, by unit.

    Every form of employment and training counts. A unit without a physician has no row. Source:
    contract, section 4, Disclosure control.
    """
    posts = physicians.filter(holds_on(reference_date)).select("unit_id", "physician_id")
    return (
        posts.unique(["unit_id", "physician_id"])
        .group_by("unit_id")
        .agg(nw.len().alias("physicians"))
        .with_columns(nw.col("physicians").cast(nw.Int64), region_code=nw.lit(region_code))
        .select(UNIT_PHYSICIANS.column_names)
    )
