"""The workbooks read back are the published figures, and nothing that is hidden is in them."""

import re
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from reading_workbooks import sheet, texts

from pipelines.publication.duckdb_sql import sql_text
from pipelines.publication.request.contents import Contents, read_contents
from pipelines.publication.request.words import MISSING
from pipelines.publication.request.workbook import workbook
from schemas.regions import municipality_names, region_names

NATION = "excel/00_riket.xlsx"
JAMTLAND = "excel/23_jamtlands_lan.xlsx"
VASTMANLAND = "excel/19_vastmanlands_lan.xlsx"
ALL = "sex = 'all' and age_group = 'all'"
COC = (
    "unit_scope = 'own_unit' and window_months = 18 and min_visits = 3 and \"index\" = 'COC' "
    f"and {ALL}"
)
LOAD = (
    "listed, named, fte_specialist, fte_st, guideline_specialist, guideline_st, capacity, load, "
    "specialists_short"
)

SHEETS = {
    "SÄBO antal": [
        (f"care_markings where setting = 'sabo' and source = '{source}'", "persons")
        for source in ("cosmic", "municipality", "both", "any")
    ],
    "SÄBO täckning": [
        (
            f"coverage where population = 'sabo' and definition = 'reported' and {ALL}",
            "numerator, denominator, share, ci_low, ci_high",
        ),
        (f"coverage where population = 'sabo' and definition = 'national' and {ALL}", "share"),
        (f"coverage where population = 'sabo' and definition = 'regional' and {ALL}", "share"),
    ],
    "Täckning": [
        (
            f"coverage where population = 'inhabitants' and definition = 'reported' and {ALL}",
            "numerator, denominator, share, ci_low, ci_high",
        ),
        (
            f"coverage where population = 'inhabitants' and definition = 'national' and {ALL}",
            "share",
        ),
        (
            f"coverage where population = 'inhabitants' and definition = 'regional' and {ALL}",
            "share",
        ),
        *(
            (f"coverage where population = 'listed' and definition = '{each}' and {ALL}", "share")
            for each in ("reported", "national", "regional")
        ),
    ],
    "Kontinuitet": [
        (
            f"continuity where population = '{population}' and series = '{series}' and {COC}",
            "persons, mean, ci_low, ci_high",
        )
        for population, series in (
            ("listed", "physician"),
            ("listed", "all_professions"),
            ("sabo", "physician"),
        )
    ],
    "Listbelastning": [("list_load where true", LOAD)],
    "Vårdcentraler": [("list_load where true", LOAD)],
}
"""Sheet to what stands in it from left to right, after code and name."""

Expected = dict[str, list[object]]


def expected(published: Callable[[str], list[tuple]], name: str) -> Expected:
    """Area code to the cells of a sheet by the published file."""
    cells: Expected = {}
    areas = ["00", *region_names(), *municipality_names()]
    if name == "Vårdcentraler":
        areas = [unit for (unit,) in published("select unit_id from units")]
    for source, columns in SHEETS[name]:
        wanted = columns.count(",") + 1
        rows = published(f"select area_code, status, {columns} from {source} and month = '2025-11'")
        found = {
            code: as_shown(values) if status == "ok" else [MISSING[status].sv] * wanted
            for code, status, *values in rows
        }
        for code in areas:
            nothing = "–" if "'listed'" in source and len(code) == 4 else "ej rapporterat"
            cells.setdefault(code, []).extend(found.get(code, [nothing] * wanted))
    return cells


def as_shown(cells: list[object]) -> list[object]:
    """As Excel has them: numbers with 16 digits, a dash for what does not apply."""
    words = {None: "–", True: "Ja", False: "Nej"}
    return [
        pytest.approx(each, rel=1e-14)
        if isinstance(each, float)
        else words[each]
        if each is None or isinstance(each, bool)
        else each
        for each in cells
    ]


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "Vårdcentraler"])
def test_every_cell_of_the_nations_workbook_is_as_published(
    name: str, package: Path, published: Callable[[str], list[tuple]]
) -> None:
    rows = sheet(package / NATION, name)
    codes = [str(row[0]) for row in rows]
    municipalities = [] if name in ("Kontinuitet", "Listbelastning") else municipality_names()
    assert codes == sorted(["00", *region_names(), *municipalities])
    wanted = expected(published, name)
    for code, _, *cells in rows:
        assert cells == wanted[str(code)], code


@pytest.mark.parametrize("name", list(SHEETS))
def test_every_cell_of_a_regions_workbook_is_as_published(
    name: str, package: Path, published: Callable[[str], list[tuple]]
) -> None:
    rows = sheet(package / VASTMANLAND, name)
    codes = [str(row[0]) for row in rows]
    if name == "Vårdcentraler":
        units = published("select unit_id from units where region_code = '19' order by 1")
        assert set(codes) <= {unit for (unit,) in units}
        assert codes
    else:
        own = [] if name in ("Kontinuitet", "Listbelastning") else municipality_names()
        assert codes == ["00", "19", *(code for code in own if code.startswith("19"))]
    wanted = expected(published, name)
    for code, _, *cells in rows:
        assert cells == wanted[str(code)], code


def test_every_target_is_as_published(
    package: Path, published: Callable[[str], list[tuple]]
) -> None:
    rows = sheet(package / NATION, "Mål")
    assert len(rows) == 5 * 22
    by_title = {}
    for title, code, _, *cells in rows:
        by_title[str(title).split("\n")[0], code] = cells
    asked = published(
        "select title, area_code, status, value, s.target, met, s.baseline_month, baseline_value, "
        "relative_change, change_ci_low, change_ci_high, reason from target_status s "
        "join targets t using (target_id) where month = '2025-11' and level <> 'unit'"
    )
    for title, code, status, *values in asked:
        wanted = as_shown(values) if status == "ok" else [MISSING[status].sv] * len(values)
        assert by_title[title, code] == wanted


def test_women_and_men_are_as_published(
    package: Path, published: Callable[[str], list[tuple]]
) -> None:
    rows = {
        (str(title).split("\n")[0], code): cells
        for title, code, _, *cells in sheet(package / NATION, "Kvinnor och män")
    }
    assert len(rows) == (9 + 4) * 22
    for sex, first in (("women", 0), ("men", 3)):
        ((persons, share, status),) = published(
            "select denominator, share, status from coverage where month = '2025-11' "
            "and area_code = '00' and population = 'sabo' and definition = 'national' "
            f"and sex = '{sex}' and age_group = 'all'"
        )
        shown = rows["Boende på SÄBO: nationell definition", "00"][first : first + 3]
        hidden = ["skyddad", "skyddad", "–"]
        assert shown == (as_shown([persons, share, None]) if status == "ok" else hidden)
        where = COC.replace("sex = 'all'", f"sex = '{sex}'")
        ((persons, mean, status),) = published(
            "select persons, mean, status from continuity where month = '2025-11' "
            f"and area_code = '19' and population = 'listed' and series = 'physician' and {where}"
        )
        shown = rows["Listade: läkarbesök", "19"][first : first + 3]
        hidden = ["skyddad", "–", "skyddad"]
        assert shown == (as_shown([persons, None, mean]) if status == "ok" else hidden)


def test_the_cover_says_what_it_is(package: Path) -> None:
    cover = texts(package / VASTMANLAND, "Försättsblad")
    for said in (
        "Västmanlands län (19)",
        "november 2025",
        "2025-11-30",
        "20 av 21 regioner, med 98,8 procent av befolkningen",
        "OFULLSTÄNDIG",
        "Jämtlands län (23): alla leveranser",
        "skyddad: ",
    ):
        assert said in cover, said
    assert "regionen rapporterar inte" in texts(package / JAMTLAND, "Försättsblad")


def test_the_cover_says_that_figures_are_revised(
    package: Path, changed_file: Callable[..., Path], tmp_path: Path
) -> None:
    assert "Uppgifterna är inte reviderade." in texts(package / NATION, "Försättsblad")
    revised = changed_file(
        "insert into revisions (table_name, month, level, area_code, dimensions, column_name, "
        "status_before, status_after, reason, revised_on, correction) values ('coverage', "
        "'2025-11', 'region', '19', '', 'share', 'ok', 'ok', 'correction', date '2025-12-20', "
        "'Listorna var dubbla.')"
    )
    path = tmp_path / "19.xlsx"
    path.write_bytes(workbook(read_contents(revised, "2025-11", partial=True), "19"))
    cover = texts(path, "Försättsblad")
    assert "REVIDERAD" in cover
    assert "2025-12-20: Listorna var dubbla." in cover


def test_a_region_that_does_not_report_has_no_number(package: Path) -> None:
    for name in ("SÄBO antal", "SÄBO täckning", "Kontinuitet", "Listbelastning"):
        of_region = [
            row[2:] for row in sheet(package / JAMTLAND, name) if str(row[0]).startswith("23")
        ]
        assert of_region
        assert {cell for row in of_region for cell in row} == {MISSING["not_reported"].sv}


def test_the_quality_declaration_is_in_the_workbook(package: Path) -> None:
    for name, language, words in (
        ("Kvalitetsdeklaration", "sv", ("Relevans", "Tillförlitlighet", "20 av 21 regioner")),
        ("Quality declaration", "en", ("Relevance", "20 of 21 regions")),
    ):
        said = texts(package / NATION, name)
        written = (package / f"quality_declaration.{language}.md").read_text("utf-8")
        for each in words:
            assert each in said
            assert each in written
        assert "**" not in said
        assert "|" not in said
        # Nothing is lost on the way from the page to the sheet.
        plain = set(re.findall(r"\w+", re.sub(r"[*`#|]|---:?", " ", written)))
        assert plain <= set(re.findall(r"\w+", said))


def test_without_the_year_before_it_says_so(package: Path) -> None:
    said = texts(package / NATION, "Förändring")
    assert "Det finns inga uppgifter för november 2024 att jämföra med." in said


def test_the_change_is_that_of_the_figures(
    with_year_before: Callable[..., Path], tmp_path: Path
) -> None:
    contents = read_contents(with_year_before(), "2025-11", partial=True)
    path = tmp_path / "riket.xlsx"
    path.write_bytes(workbook(contents, "00"))
    values = contents.figures.values.filter(
        area_code="00", indicator="coverage.inhabitants.reported.share"
    )
    former, now = values.sort("month")["value"]
    (row,) = [
        row
        for row in sheet(path, "Förändring")
        if str(row[0]).startswith("Andel invånare med fast läkarkontakt, som") and row[1] == "00"
    ]
    assert row[3:] == as_shown([now, former, now - former, None])


def test_a_change_that_may_not_be_told_is_refused(with_year_before: Callable[..., Path]) -> None:
    file = with_year_before(
        "update definitions set to_month = '2024-11' where indicator = 'list_load.load'",
        "insert into definitions by name select * replace ('2025-11' as from_month, "
        "'2025-11' as to_month, 'another' as definition_hash) from definitions "
        "where indicator = 'list_load.load'",
        "update reporting set reported = false where month = '2024-11' and region_code = '01'",
    )
    change = read_contents(file, "2025-11", partial=True).tables["change"].cells
    load = next(
        cell
        for (area, indicator), cell in change.items()
        if indicator == "list_load.load" and area != "00" and cell["value"] is not None
    )
    assert (load["comparable"], load["change"]) == (False, None)
    assert str(load["reason"]).startswith("Definitionen är en annan")
    nation = change["00", "coverage.inhabitants.reported.share"]
    assert (nation["comparable"], nation["change"]) == (False, None)
    assert str(nation["reason"]).startswith("Andra regioner")
    assert change["19", "coverage.inhabitants.reported.share"]["comparable"] is True
    hidden = change["19", "coverage.sabo.reported.share"]
    assert (hidden["status"], hidden["value"], hidden["change"]) == ("suppressed", None, None)


def test_numbers_and_dates_are_numbers_and_dates(package: Path) -> None:
    reporting = sheet(package / NATION, "Rapportering")
    assert reporting[0][3] == date(2025, 11, 30)
    styles = zipfile.ZipFile(package / NATION).read("xl/styles.xml").decode()
    formats = set(re.findall(r'formatCode="([^"]*)"', styles))
    assert formats <= {"0.000", "0.0 %", "#,##0", "0.00", "yyyy-mm-dd", "#,##0.0 %", "#,##0 %"} | {
        "#,##0.0",
        "#,##0.00",
        "#,##0.000",
    }


def test_no_formula_comes_from_data(changed_file: Callable[..., Path], tmp_path: Path) -> None:
    """Names that Excel would take for formulas or links stay texts."""
    hostile = ("=1+1", "+46", "-1", "@SUM(A1)", "https://example.org/", "'=2", "=HYPERLINK(1)")
    statements = [
        f"update list_load set area_name = {sql_text(name)} where area_code = (select unit_id "
        f"from units where region_code = '01' order by unit_id limit 1 offset {number})"
        for number, name in enumerate(hostile)
    ]
    contents = read_contents(changed_file(*statements), "2025-11", partial=True)
    path = tmp_path / "01.xlsx"
    path.write_bytes(workbook(contents, "01"))
    names = {row[1] for row in sheet(path, "Vårdcentraler")}
    assert set(hostile) <= names
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            content = archive.read(part).decode()
            assert "<f>" not in content
            assert "<f " not in content
            assert "example.org" not in content or part == "xl/sharedStrings.xml"


def test_it_prints_on_a4_with_repeated_headings(contents: Contents) -> None:
    with zipfile.ZipFile(BytesIO(workbook(contents, "00"))) as archive:
        book = archive.read("xl/workbook.xml").decode()
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        for name in sheets:
            page = archive.read(name).decode()
            assert 'paperSize="9"' in page
            assert 'orientation="landscape"' in page
            assert 'fitToHeight="0"' in page
            assert "Sida &amp;P av &amp;N" in page
        frozen = [name for name in sheets if 'state="frozen"' in archive.read(name).decode()]
        core = archive.read("docProps/core.xml").decode()
    assert len(frozen) == len(sheets) - 3  # all but the cover and the quality declarations
    assert book.count("_xlnm.Print_Titles") == len(frozen)
    assert "<dc:creator></dc:creator>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core


def test_the_same_figures_give_the_same_bytes(contents: Contents, package: Path) -> None:
    assert workbook(contents, "19") == (package / VASTMANLAND).read_bytes()
