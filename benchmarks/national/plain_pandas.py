"""A plain pandas script that checks nothing: two coverages and one series, by region.

The same figures as `hand_written_sql.py`. Identities are taken as they stand, so a bad row counts
where it can.
"""

import argparse
import json
from pathlib import Path

import pandas as pd

from benchmarks.national.files import delivered, headings_of, newest


def read(path: Path) -> pd.DataFrame:
    """All columns as text, with the region."""
    _, delimiter = headings_of(path)
    frame = pd.read_csv(path, sep=delimiter, dtype=str, encoding="utf-8-sig")
    return frame.assign(region_code=path.parents[1].name)


def people_of(listings: Path, units: Path) -> pd.DataFrame:
    """One active listing a person, with whether it has a named physician (`reported`)."""
    day = pd.Timestamp(listings.name[:10])
    rows = read(listings).dropna(subset=["person_id"])
    rows["person"] = rows["person_id"].str.replace(r"[-+]", "", regex=True)
    rows["unit_id"] = rows["unit_id"].str.upper()
    for name in ("valid_from", "valid_to", "deceased_on"):
        rows[name] = pd.to_datetime(rows[name], errors="coerce")
    dead = rows.loc[rows["deceased_on"] <= day, "person"]
    protected = rows.loc[rows["protected_identity"].str.lower() != "false", "person"]
    active = rows[
        (rows["listing_type"] == "PV")
        & (rows["in_queue"].str.lower() == "false")
        & (rows["valid_from"] <= day)
        & ~(rows["valid_to"] < day)
        & ~rows["person"].isin(dead)
    ]
    active = active.sort_values(["valid_from", "unit_id"], ascending=[False, True])
    people = active.drop_duplicates("person")
    registered = read(units).assign(unit_id=lambda each: each["unit_id"].str.upper())
    names = dict(registered[["unit_id", "unit_name"]].dropna().itertuples(index=False))
    list_name = people["list_name"].fillna("").str.lower().str.replace(r"\s", "", regex=True)
    unit_name = people["unit_id"].map(names).str.lower().str.replace(r"\s", "", regex=True)
    begins = [
        isinstance(name, str) and each.startswith(name)
        for each, name in zip(list_name, unit_name, strict=True)
    ]
    return people.assign(
        named=people["physician_id"].notna() & ~pd.Series(begins, index=people.index),
        hidden=people["person"].isin(protected),
    )


def coc(people: pd.DataFrame, contacts: list[Path], day: pd.Timestamp) -> tuple[int, int, float]:
    """Persons, visits and mean COC: physicians, own unit, 18 months, at least 3 visits."""
    months = []
    for path in contacts:
        rows = read(path)
        chosen = rows["profession"].eq("lakare") & rows["contact_type"].isin(
            ["mottagning", "hembesok"]
        )
        months.append(rows.loc[chosen, ["person_id", "contact_date", "unit_id", "provider_id"]])
    rows = pd.concat(months).dropna()
    rows["person"] = rows["person_id"].str.replace(r"[-+]", "", regex=True)
    rows["unit_id"] = rows["unit_id"].str.upper()
    rows["provider_id"] = rows["provider_id"].str.upper()
    rows["day"] = pd.to_datetime(rows["contact_date"], errors="coerce")
    rows = rows[(rows["day"] > day - pd.DateOffset(months=18)) & (rows["day"] <= day)]
    listed = people.loc[people["person"].str.isdigit(), ["person", "unit_id"]]
    rows = rows.merge(listed, on=["person", "unit_id"])
    visits = rows.drop_duplicates(["person", "day", "provider_id"])
    per_provider = visits.groupby(["person", "provider_id"]).size()
    squares = (per_provider**2).groupby("person").sum()
    n = per_provider.groupby("person").sum()
    n, squares = n[n >= 3], squares[n >= 3]
    return len(n), int(n.sum()), float(((squares - n) / (n * (n - 1))).mean())


def main() -> None:
    """Compute and print one JSON record a region."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landing", type=Path, required=True)
    parser.add_argument("--month", required=True)
    options = parser.parse_args()
    listings = newest(options.landing, "listings", options.month)
    units = newest(options.landing, "units", options.month)
    found, everybody = [], []
    for region, path in listings.items():
        people = people_of(path, units[region])
        contacts = [
            each
            for each in delivered(options.landing, "care_contacts")
            if each.parents[1].name == region
        ]
        persons, visits, mean = coc(people, contacts, pd.Timestamp(path.name[:10]))
        found.append(
            {
                "region_code": region,
                "listed": len(people),
                "named": int(people["named"].sum()),
                "persons": persons,
                "visits": visits,
                "mean": mean,
            }
        )
        is_number = people["person"].str.fullmatch(r"\d{6}[0-3]\d{5}")
        columns = ["person", "named", "hidden", "region_code", "residence_municipality"]
        everybody.append(people.loc[is_number, [*columns, "valid_from", "unit_id"]])
    once = pd.concat(everybody).sort_values(["valid_from", "unit_id"], ascending=[False, True])
    once["named"] = once.groupby("person")["named"].transform("any")
    once = once.drop_duplicates("person")
    at_home = once["residence_municipality"].notna() & ~once["hidden"]
    residence = once["region_code"].where(~at_home, once["residence_municipality"].str[:2])
    named = residence[once["named"]].value_counts()
    for each in found:
        each["inhabitants_named"] = int(named.get(each["region_code"], 0))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
