"""What is planted can be found in the files: numbers, faults, oddities and levels."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
from landing_reader import all_files, content, files_of, text_frame
from personnummer import personnummer

from pipelines.simulation.faults import FAULTS
from pipelines.simulation.refused import identity

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
REGIONS = [f"{code:02}" for code in (1, *range(3, 11), 12, 13, 14, *range(17, 26))]
FAULT_NUMBERS = [fault["person_id"] for fault in FAULTS["listings"] if fault.get("person_id")]
PLANTED = {"14": 0.96, "20": 0.79, "19": 0.78, "12": 0.77, "10": 0.19, "24": 0.11, "07": 0.07}


def frames(delivery: str, *, newest: bool = False, region: str = "*") -> pl.DataFrame:
    parts = []
    for path in files_of(SAMPLE, delivery, region):
        if newest and not path.name.startswith("2025-11"):
            continue
        parts.append(
            text_frame(path).with_columns(
                pl.lit(path.parts[-3]).alias("region"), pl.lit(path.name).alias("file")
            )
        )
    return pl.concat(parts, how="diagonal")


@pytest.fixture(scope="module")
def listings() -> pl.DataFrame:
    return frames("listings", newest=True)


@pytest.fixture(scope="module")
def contacts() -> pl.DataFrame:
    return frames("care_contacts")


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, object]]:
    rows = json.loads((SAMPLE / "reference" / "truth.json").read_text())["regions"]
    return {row["region_code"]: row for row in rows}


def normal(identities: pl.Expr) -> pl.Expr:
    return identities.str.replace_all(r"[-+]", "")


def active(listings: pl.DataFrame) -> pl.DataFrame:
    """Listings that hold on the day of the file."""
    day = pl.col("file").str.slice(0, 10)
    return listings.filter(
        pl.col("listing_type") == "PV",
        pl.col("in_queue") == "false",
        pl.col("valid_from") <= day,
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= day),
        pl.col("deceased_on").is_null() | (pl.col("deceased_on") > day),
    )


# Identities


def test_identity_numbers_are_valid_by_the_package_personnummer(listings: pl.DataFrame) -> None:
    numbers = listings.filter(pl.col("person_id").str.contains(r"^\d{12}$"))
    chosen = [one for one in numbers["person_id"] if one not in FAULT_NUMBERS][::7]
    assert len(chosen) > 2000
    assert [one for one in chosen if not personnummer.valid(one)] == []
    assert personnummer.valid(identity(0))


def test_the_wrong_numbers_are_wrong() -> None:
    """Each breaks the contract: not twelve digits, or no valid personnummer."""
    for number in FAULT_NUMBERS:
        twelve_digits = re.fullmatch(r"\d{12}", number or "")
        assert not twelve_digits or not personnummer.valid(number), number


def test_few_persons_are_listed_in_two_regions(listings: pl.DataFrame) -> None:
    """A number shared by two persons would show here too."""
    main = active(listings).with_columns(normal(pl.col("person_id")).alias("person_id"))
    regions = main.group_by("person_id").agg(pl.col("region").n_unique())
    share = regions.filter(pl.col("region") > 1).height / regions.height
    assert 0 < share < 0.005


def test_all_kinds_of_identity_occur(listings: pl.DataFrame) -> None:
    number = normal(pl.col("person_id"))
    day = number.str.slice(6, 2).cast(pl.Int64, strict=False)
    counts = listings.select(
        (number.str.contains(r"^\d{12}$") & (day > 60)).sum().alias("samordningsnummer"),
        number.str.contains(r"^\d{8}T\d{3}$").sum().alias("interim"),
        number.str.contains(r"^R\d{2}K\d{8}$").sum().alias("reserve"),
        (number.str.slice(4, 4) == "0229").sum().alias("leap_day"),
    ).row(0, named=True)
    assert all(count > 0 for count in counts.values()), counts


# Structure


def test_every_region_but_one_delivers_everything() -> None:
    assert [code for code in REGIONS if (SAMPLE / code).exists()] == [
        code for code in REGIONS if code != "23"
    ]
    for code in REGIONS:
        for delivery in ("units", "listings", "physicians", "care_contacts", "care_markings"):
            assert bool(files_of(SAMPLE, delivery, code)) == (code != "23"), (code, delivery)


def test_contacts_cover_the_window_of_both_months() -> None:
    months = {path.name[:7] for path in files_of(SAMPLE, "care_contacts", "13")}
    assert min(months) == "2024-04"
    assert max(months) == "2025-11"
    assert len(months) == 20


def test_all_formats_occur() -> None:
    names = all_files(SAMPLE)
    assert {name.split(".", 1)[1] for name in names} == {"csv", "csv.gz", "parquet", "json"}
    starts = {content(SAMPLE / name)[:3] for name in names if ".csv" in name}
    assert b"\xef\xbb\xbf" in starts
    assert b"per" in starts
    assert (
        pl.read_parquet_schema(SAMPLE / "10/listings/2025-11-30.parquet")["valid_from"] == pl.Date
    )
    heads = [content(SAMPLE / name).split(b"\n")[0] for name in names if "listings" in name]
    assert any(b";" in head for head in heads)
    assert any(b"," in head for head in heads)
    assert any(head.endswith(b"\r") for head in heads)
    assert files_of(SAMPLE, "care_contacts", "20")[-1].name == "2025-11_b.csv.gz"
    assert "contact_time" not in text_frame(files_of(SAMPLE, "care_contacts", "17")[0]).columns


def test_population_has_all_municipalities_and_as_many_people() -> None:
    for year in ("2024", "2025"):
        table = text_frame(SAMPLE / "reference" / "population" / f"{year}.csv")
        assert table["municipality"].n_unique() == 290
        assert 19_500 < table["count"].cast(pl.Int64).sum() < 20_000
        assert table["age"].cast(pl.Int64).is_between(0, 100).all()
        assert set(table["sex"]) == {"women", "men"}
        old = table.filter(pl.col("age").cast(pl.Int64) >= 65)["count"].cast(pl.Int64).sum()
        assert 0.19 < old / 20_000 < 0.23


def test_population_is_the_age_of_the_listed_persons(listings: pl.DataFrame) -> None:
    """In a municipality, no more women of an age are listed than live there."""
    table = text_frame(SAMPLE / "reference" / "population" / "2025.csv").select(
        "municipality", "sex", pl.col("age").cast(pl.Int64), pl.col("count").cast(pl.Int64)
    )
    people = (
        active(listings)
        .filter(pl.col("file").str.starts_with("2025-11-30"))
        .with_columns(normal(pl.col("person_id")).alias("person_id"))
        .filter(pl.col("person_id").str.contains(r"^\d{12}$"))
        .filter(~pl.col("person_id").is_in(FAULT_NUMBERS))
        .filter(pl.col("person_id").str.slice(6, 2).cast(pl.Int64) <= 31)
        .filter(pl.col("residence_municipality").is_not_null())
        .unique(["person_id"])
        .with_columns(
            pl.col("person_id").str.slice(4, 4).gt("1130").cast(pl.Int64).alias("not_yet"),
        )
        .group_by(
            pl.col("residence_municipality").alias("municipality"),
            pl.when(pl.col("person_id").str.slice(10, 1).cast(pl.Int64) % 2 == 1)
            .then(pl.lit("men"))
            .otherwise(pl.lit("women"))
            .alias("sex"),
            (2025 - pl.col("person_id").str.slice(0, 4).cast(pl.Int64) - pl.col("not_yet"))
            .clip(0, 100)
            .alias("age"),
        )
        .len()
    )
    compared = people.join(table, on=["municipality", "sex", "age"], how="left")
    compared = compared.filter(pl.col("municipality") != "9999")
    assert compared.filter(pl.col("count").fill_null(0) < pl.col("len")).is_empty()
    assert compared["len"].sum() > 17_000


# Faults


@pytest.mark.parametrize("delivery", sorted(FAULTS))
def test_every_kind_of_bad_row_occurs(delivery: str) -> None:
    rows = frames(delivery)
    for fault in FAULTS[delivery]:
        if fault:
            found = rows.filter(
                *(
                    pl.col(column).is_null() if value is None else pl.col(column) == value
                    for column, value in fault.items()
                )
            )
            assert found.height > 0, fault
    assert rows.height > rows.unique().height, "no row stands twice"


def test_bad_rows_are_too_few_to_refuse_a_file() -> None:
    """At most nine rows of a file are bad (ten are needed), and it keeps good ones."""
    required = {
        "units": ["unit_id", "unit_name", "municipality"],
        "listings": ["person_id", "unit_id"],
        "physicians": ["physician_id", "fte", "equivalent_competence"],
        "care_contacts": ["person_id", "contact_date", "unit_id"],
        "care_markings": ["person_id", "main_care_at_setting"],
    }
    for delivery, columns in required.items():
        planted = [
            (column, value)
            for fault in FAULTS[delivery]
            for column, value in fault.items()
            if value is not None
        ]
        for path in files_of(SAMPLE, delivery):
            rows = text_frame(path)
            bad = rows.filter(
                pl.any_horizontal(
                    *(pl.col(column).is_null() for column in columns),
                    *(
                        pl.col(column) == value
                        for column, value in planted
                        if column in rows.columns
                    ),
                    rows.is_duplicated(),
                )
            )
            assert bad.height < 10, path
            assert bad.height < rows.height, path


# Oddities


def test_oddities_of_listings_occur(listings: pl.DataFrame) -> None:
    day = pl.col("file").str.slice(0, 10)
    main = active(listings)
    several = main.group_by("region", "person_id").len().filter(pl.col("len") > 1)
    found = {
        "protected": listings.filter(pl.col("protected_identity") == "true"),
        "flag missing": listings.filter(pl.col("protected_identity").is_null()),
        "residence missing": listings.filter(pl.col("residence_municipality").is_null()),
        "lives elsewhere": listings.filter(
            pl.col("residence_municipality").str.slice(0, 2) != pl.col("region")
        ),
        "lives in 23": listings.filter(pl.col("residence_municipality").str.starts_with("23")),
        "deceased": listings.filter(pl.col("deceased_on") <= day),
        "queue": listings.filter(pl.col("in_queue") == "true"),
        "other type": listings.filter(pl.col("listing_type") != "PV"),
        "ended": listings.filter(pl.col("valid_to") < day),
        "several": several,
        "unknown unit": listings.filter(pl.col("unit_id").str.ends_with("A999")),
        "small letters": listings.filter(pl.col("physician_id").str.starts_with("se")),
        "extra column": listings.filter(pl.col("kommentar").is_not_null()),
    }
    assert {name: rows.height for name, rows in found.items() if rows.is_empty()} == {}


def test_fictitious_lists_occur_in_all_spellings(listings: pl.DataFrame) -> None:
    names = frames("units", newest=True).select("region", "unit_id", "unit_name", "file")
    joined = active(listings).join(
        names.unique(["region", "unit_id"], keep="first", maintain_order=True),
        on=["region", "unit_id"],
    )
    squeezed = [
        pl.col(column).str.to_lowercase().str.replace_all(r"\s", "")
        for column in ("list_name", "unit_name")
    ]
    fictitious = joined.filter(squeezed[0].str.starts_with(squeezed[1]))
    exact = joined.filter(pl.col("list_name").str.starts_with(pl.col("unit_name")))
    assert fictitious.filter(pl.col("physician_id").is_not_null()).height > 100
    assert fictitious.filter(pl.col("physician_id").is_null()).height > 100
    assert fictitious.height > exact.height > 100
    assert listings.filter(
        pl.col("physician_id").is_null() & pl.col("list_name").is_null()
    ).height > 100  # fmt: skip


def test_physicians_of_every_kind_occur(listings: pl.DataFrame) -> None:
    register = frames("physicians", newest=True)
    assert set(register["employment"]) >= {"tillsvidare", "visstid", "hyr", "stafett", "konsult"}
    assert set(register["training"].drop_nulls()) >= {"ST", "BT", "AT"}
    specialties = set(register["specialties"].drop_nulls())
    assert specialties >= {"allmanmedicin", "geriatrik", "barn_och_ungdomsmedicin", "other"}
    assert "allmanmedicin|geriatrik" in specialties
    assert register.filter(pl.col("equivalent_competence") == "true").height > 0
    units = register.group_by("region", "physician_id").agg(pl.col("unit_id").n_unique())
    assert units.filter(pl.col("unit_id") > 1).height > 10
    listed_on = listings.filter(pl.col("physician_id").is_not_null()).select(
        "region", "unit_id", pl.col("physician_id").str.to_uppercase()
    )
    posts = register.select("region", "physician_id", "unit_id").unique()
    unknown = listed_on.join(posts, on=["region", "physician_id"], how="anti")
    elsewhere = listed_on.join(posts, on=["region", "physician_id"], how="semi").join(
        posts, on=["region", "physician_id", "unit_id"], how="anti"
    )
    assert unknown.height > 50
    assert elsewhere.height > 50


def test_oddities_of_contacts_occur(contacts: pl.DataFrame, listings: pl.DataFrame) -> None:
    without = contacts.filter(pl.col("provider_id").is_null()).height / contacts.height
    assert 0.01 < without < 0.06
    assert contacts.filter(
        pl.col("contact_time").is_null() & (pl.col("region") != "17")
    ).height > 100  # fmt: skip
    days = contacts.group_by("region", "person_id", "contact_date").len()
    assert days.filter(pl.col("len") > 1).height > 500
    unit = active(listings).select("region", "person_id", pl.col("unit_id").alias("listed_at"))
    at = contacts.join(unit.unique(["region", "person_id"]), on=["region", "person_id"])
    elsewhere = at.filter(pl.col("unit_id") != pl.col("listed_at")).height / at.height
    assert 0.03 < elsewhere < 0.12
    assert contacts.filter(pl.col("person_id").str.contains(r"\d-\d{4}$")).height > 100
    assert contacts.filter(pl.col("person_id").str.contains(r"\d\+\d{4}$")).height > 0
    assert contacts.filter(pl.col("provider_id").str.starts_with("se")).height > 100
    parts = [
        frames("care_contacts", region="20").filter(pl.col("file").str.contains(part))
        for part in ("_a", "_b")
    ]
    keys = [name for name in parts[0].columns if name != "file"]
    assert parts[0].join(parts[1], on=keys, how="semi", nulls_equal=True).height > 0


def test_markings_disagree_partly_and_residents_are_old() -> None:
    rows = frames("care_markings", newest=True).with_columns(
        pl.col("file").str.extract(r"_(\w+)\.").alias("source")
    )
    settings = {"sabo", "dagverksamhet", "hemsjukvard", "trygghetsboende"}
    assert set(rows["setting"]) >= settings
    listed_towns = rows.filter(pl.col("source") != "cosmic")["source"].unique().to_list()
    sabo = rows.filter(pl.col("setting") == "sabo", pl.col("municipality").is_in(listed_towns))
    cosmic = set(sabo.filter(pl.col("source") == "cosmic")["person_id"])
    towns = set(sabo.filter(pl.col("source") != "cosmic")["person_id"])
    assert cosmic & towns
    assert cosmic - towns
    assert towns - cosmic
    born = [int(one[:4]) for one in cosmic | towns if one[:4].isdigit() and len(one) == 12]
    assert sum(born) / len(born) < 1945
    listed = set(frames("listings", newest=True)["person_id"])
    assert (cosmic | towns) - listed
    strangers = rows.filter(
        pl.col("source") != "cosmic", pl.col("source") != pl.col("municipality")
    )
    assert strangers.height > 0
    twice = rows.filter(pl.col("source") != "cosmic").group_by("person_id", "setting")
    assert twice.agg(pl.col("municipality").n_unique()).filter(pl.col("municipality") > 1).height
    assert rows.filter(pl.col("valid_to") < pl.col("file").str.slice(0, 10)).height > 0


# Levels


def test_coverage_in_the_files_is_the_coverage_planted(
    listings: pl.DataFrame, truth: dict[str, dict[str, object]]
) -> None:
    """Counted simply: a physician is given and the list does not bear the unit's name."""
    names = frames("units", newest=True).unique(
        ["region", "unit_id"], keep="first", maintain_order=True
    )
    squeezed = [
        pl.col(column).str.to_lowercase().str.replace_all(r"\s", "")
        for column in ("list_name", "unit_name")
    ]
    people = (
        active(listings)
        .filter(pl.col("person_id").str.contains(r"^\d{6}([0-2]\d|3[01])\d{4}$"))
        .sort("valid_from", descending=True)
        .unique(["region", "person_id"], keep="first", maintain_order=True)
        .join(names.select("region", "unit_id", "unit_name"), on=["region", "unit_id"], how="left")
    )
    named = people.filter(
        pl.col("physician_id").is_not_null(),
        ~squeezed[0].str.starts_with(squeezed[1]).fill_null(value=False),
    )
    lives_in = pl.col("residence_municipality").str.slice(0, 2).fill_null(pl.col("region"))
    counts = dict(named.group_by(lives_in.alias("home")).len().iter_rows())
    above = 0
    for code, row in truth.items():
        if not row["reports"]:
            continue
        share = counts[code] / int(str(row["inhabitants"]))
        planted = float(str(row["coverage_planted"]))
        assert share == pytest.approx(planted, abs=0.025), code
        assert planted == pytest.approx(PLANTED.get(code, planted))
        above += share >= 0.55
    assert above == 10
    assert truth["23"]["coverage_planted"] == 0


def test_visits_are_skewed_as_in_the_country(
    contacts: pl.DataFrame, listings: pl.DataFrame
) -> None:
    visits = contacts.filter(
        pl.col("profession") == "lakare",
        pl.col("contact_type").is_in(["mottagning", "hembesok"]),
        pl.col("contact_date") > "2024-05-30",
    )
    people = active(listings)["person_id"].n_unique()
    numbers = visits.group_by(normal(pl.col("person_id")).alias("person")).len()["len"]
    assert 1.7 < visits.height / people < 2.1
    assert 0.24 < (numbers >= 3).sum() / people < 0.35
    others = contacts.filter(pl.col("contact_date") > "2024-05-30").height - visits.height
    assert 2.8 < others / people < 3.7


def test_continuity_at_large_units_is_the_continuity_planted(
    contacts: pl.DataFrame, truth: dict[str, dict[str, object]]
) -> None:
    """Pooled COC of all visits at a unit; planted values are a chance, so it only comes near."""
    visits = contacts.filter(
        pl.col("profession") == "lakare",
        pl.col("contact_type").is_in(["mottagning", "hembesok"]),
        pl.col("provider_id").is_not_null(),
    ).with_columns(normal(pl.col("person_id")).alias("person_id"))
    per_provider = visits.group_by("region", "unit_id", "person_id", "provider_id").len("n")
    per_person = per_provider.group_by("region", "unit_id", "person_id").agg(
        pl.col("n").sum().alias("visits"), (pl.col("n") * (pl.col("n") - 1)).sum().alias("pairs")
    )
    per_unit = per_person.group_by("region", "unit_id").agg(
        pl.col("pairs").sum(), (pl.col("visits") * (pl.col("visits") - 1)).sum().alias("all")
    )
    near = 0
    for region, unit, pairs, possible in per_unit.filter(pl.col("all") > 1500).iter_rows():
        planted = truth[region]["continuity_by_unit"]
        assert isinstance(planted, dict)
        near += abs(pairs / possible - planted[unit]) < 0.08
    assert near > 0.85 * per_unit.filter(pl.col("all") > 1500).height
    everywhere = [
        value
        for row in truth.values()
        for value in (row["continuity_by_unit"] or {}).values()  # type: ignore[attr-defined]
    ]
    assert min(everywhere) == pytest.approx(0.12, abs=0.01)
    assert max(everywhere) == pytest.approx(0.28, abs=0.01)
