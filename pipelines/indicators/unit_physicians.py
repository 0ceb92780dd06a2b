"""How many physicians a unit rests on, for disclosure control: physicians are protected too."""

from datetime import date

import narwhals as nw

from pipelines.indicators.frame import Frame
from pipelines.indicators.list_load import capacity_time
from pipelines.indicators.margins import summed
from pipelines.indicators.months import holds_on
from schemas.parts import UNIT_PHYSICIANS


def unit_physicians(physicians: Frame, *, region_code: str, reference_date: date) -> Frame:
    """The number of different physicians whose row of the register holds on d, by unit.

    `physicians`: every form of employment and training counts. `physicians_of_capacity`: those
    whose time is part of the unit's capacity (`physician_time`). A unit without a physician has no
    row. Source: contract, section 4, Disclosure control.
    """
    posts = capacity_time(physicians.filter(holds_on(reference_date)))
    each = posts.group_by("unit_id", "physician_id").agg(
        (nw.col("specialist_millionths") + nw.col("st_millionths")).sum().alias("time")
    )
    counted = each.with_columns(
        region_code=nw.lit(region_code),
        physicians=nw.lit(1),
        physicians_of_capacity=nw.when(nw.col("time") > 0).then(nw.lit(1)).otherwise(nw.lit(0)),
    )
    values = ["physicians", "physicians_of_capacity"]
    return summed(counted, ["region_code", "unit_id"], values).select(UNIT_PHYSICIANS.column_names)
