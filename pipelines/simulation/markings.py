"""Care markings (Cosmic and municipal lists, which partly disagree) and fixed contacts."""

from datetime import date, timedelta

import polars as pl

from pipelines.simulation.randomness import happens, key, pick, piece, random_bits
from pipelines.simulation.reference import Region
from pipelines.simulation.units import Care

IN_COSMIC = 0.86
IN_MUNICIPAL_LIST = 0.82
MAIN_CARE_THERE = 0.93
ENDED = 0.05

ALL_MUNICIPALITIES_LIST_REGION = "19"
COSMIC_ONLY_MUNICIPALITY = "1980"
SHRUNKEN_LIST_REGION = "21"
FIXED_CONTACT_REGIONS = ("01", "12", "19", "24")


def has_municipal_list(code: str) -> bool:
    """Every third municipality sends a list; in Västmanland all but Västerås, which has Cosmic."""
    if code == COSMIC_ONLY_MUNICIPALITY:
        return False
    if code.startswith(ALL_MUNICIPALITIES_LIST_REGION):
        return True
    return key(0, "municipal list", code) % 3 == 0


def marking_files(
    persons: pl.DataFrame, region: Region, *, day: date, shrunken: bool, seed: int
) -> dict[str, pl.DataFrame]:
    """The region's files of care markings by suffix of the name; none is empty.

    The same persons are marked in every snapshot, since some date 70 to 1100 days before `day`.
    `shrunken` cuts the lists of one region, so that a fall of more than 30 per cent is seen.
    """
    bits = pl.col("marking_bits")
    rows = (
        persons.filter(pl.col("setting").is_not_null())
        .with_columns(
            random_bits(pl.col("person"), key(seed, "marking")).alias("marking_bits"),
            random_bits(pl.col("person"), key(seed, "marking dates")).alias("date_bits"),
        )
        .with_columns(
            (
                pl.lit(day - timedelta(days=70))
                - pl.duration(days=piece(pl.col("date_bits"), 0, 10))
            ).alias("valid_from"),
        )
        .select(
            "person_id",
            pl.col("residence").alias("municipality"),
            "setting",
            pl.when(pl.col("setting") == "sabo")
            .then(happens(bits, 0, MAIN_CARE_THERE))
            .otherwise(happens(bits, 0, 0.3))
            .alias("main_care_at_setting"),
            "valid_from",
            pl.when(happens(pl.col("date_bits"), 16, ENDED))
            .then(pl.col("valid_from") + pl.duration(days=30))
            .cast(pl.Date)
            .alias("valid_to"),
            pl.when("protected")
            .then(statement=True)
            .when(happens(pl.col("date_bits"), 32, 0.9))
            .then(statement=False)
            .alias("protected_identity"),
            happens(bits, 16, IN_COSMIC).alias("in_cosmic"),
            happens(bits, 32, IN_MUNICIPAL_LIST).alias("in_list"),
        )
    )
    chosen = ("person_id", "municipality", "setting", "main_care_at_setting")
    files = {}
    listed_somewhere = [one.code for one in region.municipalities if has_municipal_list(one.code)]
    cosmic = rows.filter("in_cosmic").select(
        *chosen, "valid_from", "valid_to", "protected_identity"
    )
    if cosmic.height:
        files["cosmic"] = cosmic
    for number, code in enumerate(listed_somewhere):
        own = rows.filter("in_list", pl.col("municipality") == code)
        if number == 0 and own.height > 3:
            # A list that holds a person of another municipality too: counted there, with a warning.
            strangers = rows.filter("in_list", pl.col("municipality") != code).head(1)
            # And one who is marked in two municipalities.
            moved = own.head(1).with_columns(
                pl.lit(region.municipalities[-1].code).alias("municipality")
            )
            own = pl.concat([own, strangers, moved])
        if shrunken and region.code == SHRUNKEN_LIST_REGION:
            own = own.head(max(1, own.height * 6 // 10))
        if own.height:
            # Municipal lists know nothing of protected identities.
            files[code] = own.select(*chosen, "valid_from", "valid_to")
    return files


def fixed_contact_rows(
    persons: pl.DataFrame, care: Care, *, snapshot: date, seed: int
) -> pl.DataFrame:
    """Fixed contacts of listed persons: mostly the old have one, and few have several."""
    bits = random_bits(pl.col("person"), key(seed, "fixed contact"))
    people = persons.filter(
        pl.col("is_listed"), pl.col("birth") <= snapshot - timedelta(days=500)
    ).with_columns(bits.alias("fixed_bits"))
    unit_id = pick(care.units["unit_id"], pl.col("unit"))
    start = pl.lit(snapshot - timedelta(days=30)) - pl.duration(
        days=piece(pl.col("fixed_bits"), 48, 8)
    )
    old = pl.col("age") >= 65
    nurse = pick(care.staff["provider_id"], pl.col("unit") * 16)
    physician = pick(care.physicians["physician_id"], pl.col("named_physician"))
    parts = []
    chance = pl.col("fixed_bits")
    for kind, holds, holder in (
        ("1", happens(chance, 0, 0.02) | (old & happens(chance, 0, 0.12)), nurse),
        ("2", pl.col("named") & happens(chance, 16, 0.9), physician),
        ("3", old & happens(chance, 32, 0.06), nurse),
        ("4", happens(chance, 32, 0.002), nurse),
    ):
        parts.append(
            people.filter(holds).select(
                "person_id",
                pl.lit(kind).alias("kind"),
                holder.alias("holder_id"),
                unit_id.alias("unit_id"),
                start.cast(pl.Date).alias("valid_from"),
                pl.when(pl.col("person") % 40 == 0)
                .then(start + pl.duration(days=20))
                .cast(pl.Date)
                .alias("valid_to"),
            )
        )
    return pl.concat(parts)
