"""Who is listed where, and on whom: from persons to the rows of a listings snapshot."""

from datetime import date, timedelta

import polars as pl

from pipelines.simulation.identifiers import PERSONNUMMER, hsa_id
from pipelines.simulation.levels import GROWTH_PER_MONTH, RegionLevels
from pipelines.simulation.posts import NAMED_SLOTS, OLD_PATIENTS, YOUNG_PATIENTS
from pipelines.simulation.randomness import (
    below,
    happens,
    key,
    pick,
    piece,
    random_bits,
    uniform,
)
from pipelines.simulation.units import Care

NOT_LISTED = 0.02
MOVED_LAST_MONTH = 0.006
LISTED_ELSEWHERE_TOO = 0.002

COLUMNS = (
    "person_id",
    "protected_identity",
    "residence_municipality",
    "deceased_on",
    "unit_id",
    "list_name",
    "physician_id",
    "listing_type",
    "in_queue",
    "valid_from",
    "valid_to",
)


def _bits(seed: int, name: str) -> pl.Expr:
    return random_bits(pl.col("person"), key(seed, name))


def _with_unit(persons: pl.DataFrame, care: Care, units: int, seed: int) -> pl.DataFrame:
    """Most people choose a unit of their own municipality, if it has any."""
    own = pl.DataFrame(
        {
            "residence": list(care.units_of),
            "own_first": [positions[0] for positions in care.units_of.values()],
            "own_units": [len(positions) for positions in care.units_of.values()],
        },
        schema={"residence": pl.String, "own_first": pl.UInt32, "own_units": pl.UInt32},
    )
    bits = _bits(seed, "unit")
    at_home = pl.col("own_units").is_not_null() & happens(bits, 0, 0.85)
    unit = (
        pl.when(at_home)
        .then(pl.col("own_first") + below(bits, pl.col("own_units").fill_null(1)))
        .otherwise(below(bits, units))
    )
    other = (pl.col("unit") + 1 + below(_bits(seed, "other unit"), units - 1)) % units
    return (
        persons.join(own, on="residence", how="left", maintain_order="left")
        .with_columns(unit.cast(pl.UInt32).alias("unit"))
        .with_columns(other.cast(pl.UInt32).alias("other_unit"))
        .drop("own_first", "own_units")
    )


def _physician_to_name(care: Care, seed: int) -> pl.Expr:
    """The physician a person would be listed on; patients of the wrong age mostly move on."""
    bits = _bits(seed, "physician")
    slot = pl.col("unit") * NAMED_SLOTS + below(bits, NAMED_SLOTS)
    chosen = pick(care.named, slot)
    patients = pick(care.physicians["patients"].cast(pl.UInt8), chosen)
    unfit = ((patients == OLD_PATIENTS) & (pl.col("age") < 65)) | (
        (patients == YOUNG_PATIENTS) & (pl.col("age") > 18)
    )
    specialist = pick(care.physicians["first_specialist"].cast(pl.UInt32), chosen)
    return pl.when(unfit & happens(bits, 0, 0.85)).then(specialist).otherwise(chosen)


def with_listing(
    persons: pl.DataFrame, care: Care, levels: RegionLevels, *, units: int, seed: int, day: date
) -> pl.DataFrame:
    """Persons with unit, listing date and the physicians they are listed on and meet."""
    not_listed = min(NOT_LISTED, (1 - levels.coverage) / 4)
    life = _bits(seed, "listing")
    # People stay: half of the listings are older than three and a half years.
    days_ago = (uniform(_bits(seed, "since")).pow(2) * 5000).cast(pl.Int64) + 70
    moved = happens(life, 16, MOVED_LAST_MONTH)
    since = (
        pl.when(moved)
        .then(pl.lit(day) - pl.duration(days=piece(life, 32, 8) % 20))
        .otherwise(pl.lit(day) - pl.duration(days=days_ago))
    )
    unit_effect = uniform(random_bits(pl.col("unit"), key(seed, "named", levels.region_code))) - 0.5
    score = (
        uniform(_bits(seed, "named"))
        + 0.25 * unit_effect
        - 0.15 * (pl.col("age") >= 65).cast(pl.Float64)
    )
    regulars = pick(care.units["regulars"].cast(pl.UInt32), pl.col("unit"))
    first = pick(care.units["first_physician"].cast(pl.UInt32), pl.col("unit"))
    return (
        _with_unit(persons, care, units, seed)
        .with_columns(
            (~happens(life, 0, not_listed)).alias("is_listed"),
            moved.alias("moved"),
            pl.max_horizontal(since, pl.col("birth")).alias("listed_since"),
            score.alias("named_score"),
            _physician_to_name(care, seed).alias("named_physician"),
            life.alias("listing_bits"),
        )
        .with_columns((first + below(_bits(seed, "regular"), regulars)).alias("regular_physician"))
    )


def named_on(persons: pl.DataFrame, levels: RegionLevels, months_back: int) -> pl.DataFrame:
    """Adds `named`: exactly so many that the planted coverage comes out.

    The residents of SÄBO have a level of their own; the others share what is left.
    """
    coverage = max(0.0, levels.coverage - GROWTH_PER_MONTH * months_back)
    counts = pl.col("identity_kind") == PERSONNUMMER
    in_sabo = (pl.col("setting") == "sabo").fill_null(value=False)
    candidate = pl.col("is_listed") & pl.col("deceased_on").is_null() & counts
    facts = persons.select(
        (counts & pl.col("deceased_on").is_null()).sum().alias("inhabitants"),
        (in_sabo & counts).sum().alias("sabo"),
        (candidate & in_sabo).sum().alias("sabo_candidates"),
        (candidate & ~in_sabo).sum().alias("others"),
    ).row(0, named=True)
    sabo_named = levels.sabo_coverage * facts["sabo"]
    share_of_sabo = min(1.0, sabo_named / max(1, facts["sabo_candidates"]))
    share_of_others = (coverage * facts["inhabitants"] - sabo_named) / max(1, facts["others"])
    share_of_others = min(1.0, max(0.0, share_of_others))

    def bound(group: pl.Expr, share: float) -> pl.Expr:
        return pl.col("named_score").filter(group).quantile(share, "lower")

    return persons.with_columns(
        (
            pl.col("is_listed")
            & pl.when(in_sabo)
            .then(pl.col("named_score") <= bound(candidate & in_sabo, share_of_sabo))
            .otherwise(pl.col("named_score") <= bound(candidate & ~in_sabo, share_of_others))
        ).alias("named")
    )


def _list_columns(care: Care, levels: RegionLevels, *, typed: bool) -> tuple[pl.Expr, pl.Expr]:
    """list_name and physician_id of the main listing.

    Who has no named physician is on a list without a physician, with or without a name, or on a
    fictitious list: the unit's name before a locum's, in the spellings that occur.
    """
    named = pl.col("named") & ~(pl.col("moved") & (pl.col("listed_since") > pl.col("snapshot")))
    kind = piece(pl.col("listing_bits"), 40, 4)
    number = (piece(pl.col("listing_bits"), 44, 2) + 1).cast(pl.String)
    unit_name = pick(care.units["unit_name"], pl.col("unit_now"))
    family = pick(care.physicians["family_name"], pl.col("regular_physician"))
    locum = pick(
        (care.units["first_physician"] + care.units["regulars"]).cast(pl.UInt32),
        pl.col("unit_now"),
    )
    fictitious = pl.concat_str(unit_name, pl.lit(" Dr "), family, pl.lit(" "), number)
    spelling = piece(pl.col("listing_bits"), 46, 4)
    fictitious = (
        pl.when(spelling == 0)
        .then(fictitious.str.to_uppercase())
        .when(spelling == 1)
        .then(pl.concat_str(pl.lit(" "), fictitious.str.replace(" ", "  ", literal=True)))
        .when(spelling == 2)
        .then(fictitious.str.replace_all(" ", "", literal=True))
        .otherwise(fictitious)
    )
    list_name = (
        pl.when(named)
        .then(pick(care.physicians["list_name"], pl.col("named_physician")))
        .when(kind < 5)
        .then(None)
        .when(kind < 8)
        .then(pl.concat_str(unit_name, pl.lit(" lista "), number))
        .when(kind < 10)
        .then(pl.lit("Olistad läkare"))
        .otherwise(fictitious)
    )
    physician = (
        pl.when(named)
        .then(pick(care.physicians["physician_id"], pl.col("named_physician")))
        .when(kind >= 10)
        .then(pick(care.physicians["physician_id"], locum))
        .otherwise(None)
    )
    if not typed:
        # HSA-ids are compared without regard to case: some systems write them small.
        small = piece(pl.col("listing_bits"), 50, 6) == 0
        physician = pl.when(small).then(physician.str.to_lowercase()).otherwise(physician)
    return list_name, physician


def _rows(
    persons: pl.DataFrame,
    *,
    unit_id: pl.Expr,
    since: pl.Expr,
    until: pl.Expr | None = None,
    list_name: pl.Expr | None = None,
    physician: pl.Expr | None = None,
    listing_type: str = "PV",
    in_queue: bool = False,
) -> pl.DataFrame:
    """Listing rows in the columns of the delivery."""
    nothing = pl.lit(None, dtype=pl.String)
    no_date = pl.lit(None, dtype=pl.Date)
    missing_residence = piece(pl.col("listing_bits"), 56, 8) == 0
    flag = (
        pl.when(pl.col("protected"))
        .then(statement=True)
        .when(piece(pl.col("row_bits"), 0, 10) == 0)
        .then(None)
        .otherwise(statement=False)
    )
    known_dead = pl.col("deceased_on") <= pl.col("snapshot")
    return persons.select(
        "person_id",
        flag.alias("protected_identity"),
        pl.when(missing_residence)
        .then(None)
        .otherwise(pl.col("residence"))
        .alias("residence_municipality"),
        pl.when(known_dead).then(pl.col("deceased_on")).alias("deceased_on"),
        unit_id.alias("unit_id"),
        (nothing if list_name is None else list_name).alias("list_name"),
        (nothing if physician is None else physician).alias("physician_id"),
        pl.lit(listing_type).alias("listing_type"),
        pl.lit(in_queue).alias("in_queue"),
        since.cast(pl.Date).alias("valid_from"),
        (no_date if until is None else until.cast(pl.Date)).alias("valid_to"),
    )


def listing_rows(
    persons: pl.DataFrame,
    care: Care,
    levels: RegionLevels,
    *,
    snapshot: date,
    seed: int,
    from_neighbour: pl.DataFrame | None,
    typed: bool,
) -> pl.DataFrame:
    """One snapshot: the main listing of everybody, and the oddities that registers hold.

    These are second active listings, ended ones, queues, lists of child health care (BVC) and
    persons whom the neighbouring region lists too. `persons` has the column `named`.
    """
    people = (
        persons.lazy()
        .filter(pl.col("birth") <= snapshot)
        .with_columns(
            pl.lit(snapshot).alias("snapshot"),
            _bits(seed, "listing rows").alias("row_bits"),
        )
        .with_columns(
            (pl.col("moved") & (pl.col("listed_since") > snapshot)).alias("before_move"),
        )
        .with_columns(
            pl.when("before_move").then("other_unit").otherwise("unit").alias("unit_now"),
            pl.when("before_move")
            .then(pl.max_horizontal(pl.col("birth"), pl.lit(snapshot - timedelta(days=900))))
            .otherwise("listed_since")
            .alias("since"),
        )
        .collect()
    )
    listed = people.filter("is_listed")
    unit_ids = care.units["unit_id"]
    unit_now = pick(unit_ids, pl.col("unit_now"))
    other = pick(unit_ids, (pl.col("unit_now") + 1) % pl.lit(unit_ids.len() - 2))
    list_name, physician = _list_columns(care, levels, typed=typed)
    extra = piece(pl.col("row_bits"), 16, 12)
    grown = (pl.col("age") >= 18) & (pl.col("age") < 100)
    child = pl.col("age") < 6
    bvc_from = pl.col("birth") + pl.duration(days=20)
    parts = [
        _rows(
            listed,
            unit_id=unit_now,
            since=pl.col("since"),
            list_name=list_name,
            physician=physician,
        ),
        _rows(
            listed.filter(grown & (extra < 12)),
            unit_id=other,
            since=pl.col("since") - pl.duration(days=1000),
            physician=pick(care.physicians["physician_id"], pl.col("regular_physician")),
        ),
        _rows(
            listed.filter(grown & (extra >= 12) & (extra < 32)),
            unit_id=other,
            since=pl.col("since") - pl.duration(days=2000),
            until=pl.col("since") - pl.duration(days=1),
        ),
        _rows(
            people.filter(grown & (extra >= 32) & (extra < 60)),
            unit_id=other,
            since=pl.lit(snapshot - timedelta(days=10)),
            in_queue=True,
        ),
        _rows(
            listed.filter(
                child & (extra >= 1024) & (extra < 1434) & (bvc_from < snapshot)
                & (bvc_from != pl.col("since"))
            ),
            unit_id=unit_now,
            since=bvc_from,
            listing_type="BVC",
        ),
    ]  # fmt: skip
    if from_neighbour is not None:
        guests = from_neighbour.filter(pl.col("birth") <= snapshot).with_columns(
            pl.lit(snapshot).alias("snapshot"),
            _bits(seed, "listing rows").alias("row_bits"),
        )
        visited = pl.col("person").cast(pl.Int64) % pl.lit(unit_ids.len() - 2)
        first = pick(care.units["first_physician"].cast(pl.UInt32), visited)
        parts.append(
            _rows(
                guests,
                unit_id=pick(unit_ids, visited),
                since=pl.max_horizontal(
                    pl.col("birth"), pl.lit(snapshot.replace(day=1) - timedelta(days=400))
                ),
                list_name=pick(care.physicians["list_name"], first),
                physician=pl.when(pl.col("person") % 2 == 0)
                .then(pick(care.physicians["physician_id"], first))
                .otherwise(None),
            )
        )
    rows = pl.concat(parts)
    if levels.coverage < 0.2 or typed:
        return rows
    # A unit that nobody has registered: one person at it, so that the warning is seen.
    unknown = hsa_id(levels.organisation_number, "A999")
    position = pl.int_range(pl.len())
    return rows.with_columns(
        pl.when(position == 7).then(pl.lit(unknown)).otherwise("unit_id").alias("unit_id")
    )


def listed_by_neighbour_too(persons: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The few whom the next region lists as well (at most one in five hundred)."""
    chosen = happens(_bits(seed, "two regions"), 0, LISTED_ELSEWHERE_TOO)
    alive = pl.col("deceased_on").is_null()
    return persons.filter(chosen & alive & (pl.col("identity_kind") == PERSONNUMMER))
