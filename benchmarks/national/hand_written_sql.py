"""What a good analyst writes in DuckDB SQL: row checks, pseudonyms, two coverages, one series.

Listings and contacts only, of the newest month: coverage `listed` and `inhabitants` by region under
the definition `reported`, and COC of physicians at the own unit (18 months, at least 3 visits) by
region. No duplicate keys are told, no rejected rows kept, nothing is stored, nothing is hidden.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb

from benchmarks.national.files import Alike, alike, delivered, newest

MACROS = """
create macro clean(text) as nullif(trim(text), '');
create macro identity(text) as upper(regexp_replace(clean(text), '^(.{8})[-+](.{4})$', '\\1\\2'));
create macro twice(digit) as case when digit > 4 then digit * 2 - 9 else digit * 2 end;
create macro digit(text, place) as ascii(text[place]) - 48;
create macro checks_out(text) as (
    twice(digit(text, 3)) + digit(text, 4) + twice(digit(text, 5)) + digit(text, 6)
    + twice(digit(text, 7)) + digit(text, 8) + twice(digit(text, 9)) + digit(text, 10)
    + twice(digit(text, 11)) + digit(text, 12)) % 10 = 0;
create macro born(text) as try_strptime(
    text[1:6] || lpad((case when text[7:8]::int > 60 then text[7:8]::int - 60
        else text[7:8]::int end)::varchar, 2, '0'), '%Y%m%d');
create macro is_number(text) as
    case when regexp_full_match(text, '[0-9]{12}')
        then checks_out(text) and born(text) is not null else false end;
create macro is_reserve(text) as
    regexp_full_match(text, '[0-9A-Z]{12}') and not regexp_full_match(text, '[0-9]{12}');
create macro day(text) as
    case when regexp_full_match(text, '\\d{4}-\\d\\d-\\d\\d') then try_cast(text as date) end;
create macro pseudonym(text) as sha256(getvariable('key') || text)[1:16];
create macro region(filename) as regexp_extract(filename, '/(\\d\\d)/[^/]+/[^/]+$', 1);
create macro d(filename) as getvariable('days')[region(filename)];
create macro d_of(region_code) as getvariable('days')[region_code];
"""

LISTINGS = """
create table listings as
with delivered as (
    select region(filename) as region_code, identity(person_id) as identity,
        clean(protected_identity) as protected, clean(residence_municipality) as residence,
        clean(deceased_on) as deceased, upper(clean(unit_id)) as unit_id,
        lower(regexp_replace(list_name, '\\s', '', 'g')) as list_name,
        clean(physician_id) as physician_id, clean(listing_type) as listing_type,
        lower(clean(in_queue)) as in_queue, day(clean(valid_from)) as valid_from,
        clean(valid_to) as valid_to
    from {files}
), checked as (
    select *, day(valid_to) as until, day(deceased) as died from delivered
    where identity is not null and unit_id is not null and valid_from is not null
        and (is_number(identity) or is_reserve(identity))
        and in_queue in ('true', 'false') and listing_type is not null
        and (protected is null or lower(protected) in ('true', 'false'))
        and (valid_to is null or (day(valid_to) is not null and day(valid_to) >= valid_from))
        and (deceased is null or day(deceased) is not null)
)
select region_code, is_reserve(identity) as reserve,
    pseudonym(case when is_reserve(identity) then identity || '|' || unit_id else identity end)
        as person,
    identity[7:8]::varchar > '60' as moved, coalesce(lower(protected) = 'true', true) as protected,
    residence, unit_id, list_name, physician_id, valid_from, died,
    listing_type = 'PV' and in_queue = 'false' and valid_from <= d_of(region_code)
        and (until is null or until >= d_of(region_code)) as active
from checked;

create table units as
select distinct region(filename) as region_code, upper(clean(unit_id)) as unit_id,
    lower(regexp_replace(unit_name, '\\s', '', 'g')) as unit_name
from {units} where clean(unit_name) is not null;

create table people as
with facts as (
    select region_code, person, bool_or(protected) as protected,
        bool_or(coalesce(died <= d_of(region_code), false)) as dead
    from listings group by all
), chosen as (
    select * from listings where active
    qualify row_number() over (
        partition by region_code, person order by valid_from desc, unit_id) = 1
)
select chosen.*, facts.protected as hidden,
    chosen.physician_id is not null and not exists (
        from units where units.region_code = chosen.region_code
            and units.unit_id = chosen.unit_id and starts_with(chosen.list_name, units.unit_name)
    ) as named
from chosen join facts using (region_code, person) where not facts.dead;
"""

CONTACTS = """
create table visits as
select distinct region(filename) as region_code, pseudonym(identity(person_id)) as person,
    day(clean(contact_date)) as day, upper(clean(unit_id)) as unit_id,
    upper(clean(provider_id)) as provider_id
from {files}
where is_number(identity(person_id)) and clean(unit_id) is not null
    and clean(provider_id) is not null and clean(profession) = 'lakare'
    and clean(contact_type) in ('mottagning', 'hembesok')
    and day(clean(contact_date)) > d(filename) - interval 18 month
    and day(clean(contact_date)) <= d(filename)
    and strftime(day(clean(contact_date)), '%Y-%m')
        = regexp_extract(filename, '/(\\d{{4}}-\\d\\d)[^/]*$', 1)
    {time};
"""

ANSWERS = """
with own as (
    select region_code, person, provider_id, count(*) as n from visits
    semi join people using (region_code, person, unit_id) group by all
), persons as (
    select region_code, person, sum(n) as n, sum(n * n) as squares from own group by all
    having sum(n) >= 3
), coc as (
    select region_code, count(*) as persons, sum(n) as visits,
        avg((squares - n) / (n * (n - 1))) as mean
    from persons group by all
), listed as (
    select region_code, count(*) as listed, count(*) filter (named) as named
    from people group by all
), once as (
    select person, bool_or(named) as named, bool_or(hidden) as hidden,
        arg_min(region_code, (date '9999-12-31' - valid_from, unit_id)) as region_code,
        arg_min(residence, (date '9999-12-31' - valid_from, unit_id)) as residence
    from people where not reserve and not moved group by person
), inhabitants as (
    select case when hidden or residence is null then region_code else residence[1:2] end
        as region_code, count(*) filter (named) as inhabitants_named
    from once group by all
)
select region_code, listed, named, inhabitants_named, persons, visits, mean
from listed left join inhabitants using (region_code) left join coc using (region_code)
order by region_code
"""


def _together(files: Iterable[Alike], columns: tuple[str, ...]) -> str:
    """All files as one subquery of text; a column that some lack is missing there."""
    parts = []
    for each in files:
        chosen = [name if name in each.headings else f"null as {name}" for name in columns]
        parts.append(f"select {', '.join(chosen)}, filename from {each.reader(as_text=True)}")
    return f"({' union all '.join(parts)})"


def main() -> None:
    """Compute and print one JSON record a region."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landing", type=Path, required=True)
    parser.add_argument("--month", required=True)
    options = parser.parse_args()

    listings = newest(options.landing, "listings", options.month)
    units = newest(options.landing, "units", options.month)
    contacts = [
        path
        for path in delivered(options.landing, "care_contacts")
        if path.parents[1].name in listings
    ]
    days = ", ".join(f"'{region}': date '{path.name[:10]}'" for region, path in listings.items())
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(str(Path(folder) / "work.duckdb"))
        connection.execute("set memory_limit = '3GB'")
        connection.execute(f"set temp_directory = '{folder}'")
        connection.execute("set variable key = ?", [os.urandom(16).hex()])
        connection.execute(f"set variable days = map {{{days}}}")
        connection.execute(MACROS)
        of_listings = (
            *("person_id", "protected_identity", "residence_municipality", "deceased_on"),
            *("unit_id", "list_name", "physician_id", "listing_type", "in_queue"),
            *("valid_from", "valid_to"),
        )
        connection.execute(
            LISTINGS.format(
                files=_together(alike(listings.values(), "listings"), of_listings),
                units=_together(alike(units.values(), "units"), ("unit_id", "unit_name")),
            )
        )
        of_contacts = (
            *("person_id", "contact_date", "contact_time", "unit_id", "provider_id"),
            *("profession", "contact_type"),
        )
        well_timed = (
            "and (clean(contact_time) is null or regexp_full_match(clean(contact_time), "
            "'([01][0-9]|2[0-3]):[0-5][0-9]'))"
        )
        connection.execute(
            CONTACTS.format(
                files=_together(alike(contacts, "care_contacts"), of_contacts),
                time=well_timed,
            )
        )
        rows = connection.execute(ANSWERS)
        names = [each[0] for each in rows.description]
        found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
        print(json.dumps(found, default=float))


if __name__ == "__main__":
    main()
