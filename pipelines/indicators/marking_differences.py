"""Which markings stand in Cosmic and not in the municipality's list, or the reverse."""

from collections.abc import Collection
from datetime import date

import narwhals as nw

from pipelines.indicators.frame import Frame
from pipelines.indicators.markings import COSMIC
from pipelines.indicators.months import holds_on
from schemas.parts import MARKING_DIFFERENCES

MUNICIPAL_LIST = "municipality"


def marking_differences(
    care_markings: Frame, *, sources: Collection[str], region_code: str, reference_date: date
) -> Frame:
    """The delivered rows whose person the other source has not marked, by file and line.

    Counted: rows of each source's newest snapshot that hold on the region's reference date. A row
    of Cosmic is missing in the municipal list where no list has the person in that municipality and
    setting; a row of a list is missing in Cosmic alike. `sources` are those that have delivered:
    where the municipality has no list, or the region nothing out of Cosmic, nothing is compared.
    Left out: nobody; that a person is dead is not known here, and protected persons and reserve
    identities are named by their lines only, as all others. `sheet` is missing where the file has
    only one.
    """
    holding = care_markings.filter(holds_on(reference_date)).with_columns(
        in_cosmic=nw.col("source") == COSMIC
    )
    key = ["person", "identity_kind", "municipality", "setting"]
    marked = holding.group_by(key).agg(
        nw.col("in_cosmic").any().alias("is_in_cosmic"),
        (~nw.col("in_cosmic")).any().alias("is_in_list"),
    )
    lists = sorted(source for source in sources if source != COSMIC)
    missing_in_list = nw.col("municipality").is_in(lists) & ~nw.col("is_in_list")
    missing_in_cosmic = ~nw.col("is_in_cosmic") & nw.lit(COSMIC in sources)
    return (
        holding.join(marked, on=key, how="inner")
        .filter(missing_in_list | missing_in_cosmic)
        .with_columns(
            region_code=nw.lit(region_code),
            reference_date=nw.lit(reference_date, dtype=nw.Date),
            missing_in=nw.when(nw.col("in_cosmic"))
            .then(nw.lit(MUNICIPAL_LIST))
            .otherwise(nw.lit(COSMIC)),
        )
        .select(MARKING_DIFFERENCES.column_names)
    )
