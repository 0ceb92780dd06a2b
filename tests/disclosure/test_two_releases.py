"""What a release shows and hides after another one: small tables worked by hand."""

from datetime import date

import polars as pl
import pytest

from pipelines.publication.disclosure import (
    DisclosureSettings,
    Former,
    OnOnePhysician,
    hidden_rows_of,
    suppress,
)
from schemas.registers import published_table
from tests.disclosure.unit_regions import NO_UNITS

Tables = dict[str, pl.DataFrame]
NOBODY = OnOnePhysician(frozenset())
MUNICIPALITIES = {"17": ("1715", "1730"), "18": ("1880", "1881", "1882"), "19": ("1980", "1981")}


def marked(counts: dict[str, int]) -> Tables:
    """Markings of dagverksamhet in Cosmic by municipality, with their regions and the nation."""
    sums = {region: sum(counts[each] for each in codes) for region, codes in MUNICIPALITIES.items()}
    areas = [("nation", "00", sum(sums.values()))]
    areas += [("region", code, persons) for code, persons in sums.items()]
    areas += [("municipality", code, persons) for code, persons in counts.items()]
    contract = published_table("care_markings")
    fixed = {"month": "2025-11", "reference_date": date(2025, 11, 30), "status": "ok"}
    rows = [
        {
            **dict.fromkeys(contract.column_names),
            **fixed,
            **dict(zip(("level", "area_code", "persons"), area, strict=True)),
            "setting": "dagverksamhet",
            "source": "cosmic",
        }
        for area in areas
    ]
    return {"care_markings": pl.DataFrame(rows, contract.polars_schema()).sort(contract.key)}


def released(counts: dict[str, int], former: Former | None = None) -> Tables:
    rules = DisclosureSettings()
    return suppress(marked(counts), rules, NOBODY, NO_UNITS, former)


def after(before: dict[str, int], *, with_record: bool = True) -> Former:
    published = released(before)
    return Former(published, hidden_rows_of(marked(before), published) if with_record else {})


def hidden(tables: Tables) -> set[str]:
    return set(tables["care_markings"].filter(status="suppressed")["area_code"])


SMALL = {
    "1715": 60,
    "1730": 70,
    "1880": 1,
    "1881": 1,
    "1882": 2,
    "1980": 1,
    "1981": 2,
}
LARGE = {code: 100 * persons for code, persons in SMALL.items()}


def test_what_was_all_hidden_shows_when_it_has_become_large() -> None:
    """Nothing that was shown of the regions differs, since nothing was; but all has changed."""
    former = after(SMALL)
    assert hidden(former.published) >= {"18", *MUNICIPALITIES["18"], "19", *MUNICIPALITIES["19"]}
    assert hidden(released(LARGE, former)) == set()


@pytest.mark.parametrize("with_record", [True, False])
def test_what_has_not_changed_stays_as_it_was(with_record: bool) -> None:
    former = after(SMALL, with_record=with_record)
    assert released(SMALL, former)["care_markings"].equals(former.published["care_markings"])


def test_a_partner_that_is_the_same_does_not_give_away_the_former_number() -> None:
    """1880 had 3, hidden with 1881. It has 60 now: with 1881 shown, 3 would follow from before."""
    before = SMALL | {"1880": 3, "1881": 40, "1882": 50, "1980": 60, "1981": 70}
    former = after(before)
    assert hidden(former.published) == {"1880", "1881"}
    assert hidden(released(before | {"1880": 60}, former)) == {"1880", "1881"}


def test_a_partner_that_has_changed_too_is_shown() -> None:
    """Both hidden numbers are others now: what they are says nothing of what they were."""
    before = SMALL | {"1880": 3, "1881": 40, "1882": 50, "1980": 60, "1981": 70}
    assert hidden(released(before | {"1880": 60, "1881": 41}, after(before))) == set()


def test_a_small_number_that_has_not_changed_keeps_its_partner() -> None:
    """1880 is 3 as before, hidden with 1881: another partner now would give both away."""
    before = SMALL | {"1880": 3, "1881": 40, "1882": 50, "1980": 60, "1981": 70}
    assert hidden(released(before | {"1882": 8}, after(before))) == {"1880", "1881"}


def test_a_municipality_that_is_gone_stays_protected() -> None:
    """1881, the partner of 3 in 1880, is the same; with it shown, 3 would follow from before."""
    before = SMALL | {"1880": 3, "1881": 40, "1882": 50, "1980": 60, "1981": 70}
    former = after(before)
    gone = marked(before | {"1880": 0})
    now = {"care_markings": gone["care_markings"].filter(pl.col("area_code") != "1880")}
    published = suppress(now, DisclosureSettings(), NOBODY, NO_UNITS, former)
    assert len(hidden(published)) >= 2
    assert "1881" in hidden(published)
