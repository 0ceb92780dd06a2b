"""The cover of a workbook: what it is, of when, from whom, and how to read what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from pipelines.publication.disclosure.settings import is_perturbed
from pipelines.publication.request.completeness import region_title
from pipelines.publication.request.contents import Contents
from pipelines.publication.request.words import MISSING, MISSING_EXPLAINED, Words
from pipelines.publication.request.workbook_sheet import (
    BESIDE,
    LINE_HEIGHT,
    NOT_APPLICABLE,
    Looks,
    lines_of,
    set_page,
)
from schemas import codes

NAME = "Försättsblad"
_WIDTHS = (34, 62, 62)


def add_cover(
    book: Workbook,
    looks: Looks,
    contents: Contents,
    area: str,
    sheets: Sequence[tuple[str, Words]],
) -> None:
    """Add the cover as the next sheet, with links to the sheets that follow."""
    page = book.add_worksheet(NAME)
    for place, width in enumerate(_WIDTHS):
        page.set_column(place, place, width)
    page.set_row(0, 26)
    page.write_string(0, 0, "Fast läkarkontakt och kontinuitet", looks.of(bold=True, font_size=18))
    page.write_string(1, 0, "Named physician and continuity of care in primary care", looks.beside)
    page.write_string(2, 0, "Uppgifter till SKR (Figures for SKR)")
    bold, wrapped = looks.of(bold=True, valign="top"), looks.of(text_wrap=True, valign="top")
    english = looks.of(text_wrap=True, valign="top", **BESIDE)
    warning = looks.of(text_wrap=True, valign="top", bold=True, font_color="#9C0006")

    def write(row: int, value: Words, look: Format) -> None:
        page.write_string(row, 1, value.sv, look)
        if value.en != value.sv:
            page.write_string(row, 2, value.en, english)
        page.set_row(
            row, LINE_HEIGHT * max(lines_of(value.sv, _WIDTHS[1]), lines_of(value.en, _WIDTHS[2]))
        )

    row = 4
    for title, value in facts(contents, area):
        page.write_string(row, 0, title.both, bold)
        if isinstance(value, date):
            day = looks.of(num_format="yyyy-mm-dd", align="left", valign="top")
            page.write_datetime(row, 1, value, day)
        else:
            warned = (title == COMPLETENESS and contents.is_partial) or (
                title == APPROVAL and contents.figures.unapproved_figures > 0
            )
            write(row, value, warning if warned else wrapped)
        row += 1
    row += 1
    page.write_string(row, 0, "Innehåll (Contents)", bold)
    for name, title in sheets:
        page.write_url(
            row, 1, f"internal:'{name}'!A1", looks.of(font_color="#1F4E79", underline=1), name
        )
        page.write_string(row, 2, title.en, english)
        row += 1
    row += 1
    page.write_string(row, 0, "I stället för värden (Signs)", bold)
    for status, words in MISSING.items():
        explained = MISSING_EXPLAINED[status]
        sign = Words(f"{words.sv}: {explained.sv}", f"{words.en}: {explained.en}")
        write(row, sign, wrapped)
        row += 1
    sign = Words(
        f"{NOT_APPLICABLE}: uppgiften förekommer inte", f"{NOT_APPLICABLE}: does not apply"
    )
    write(row, sign, wrapped)
    page.print_area(0, 0, row, len(_WIDTHS) - 1)
    set_page(
        page,
        f"Fast läkarkontakt, {contents.month.sv}",
        "OFULLSTÄNDIG" if contents.is_partial else "",
    )
    page.activate()


COMPLETENESS = Words("Fullständighet", "Completeness")
APPROVAL = Words("Godkännande", "Approval")


def facts(contents: Contents, area: str) -> Iterator[tuple[Words, Words | date]]:
    """What the cover says, line by line; the README of the package says the same."""
    figures = contents.figures
    name = region_title(area)
    yield Words("Avser", "Concerns"), Words(name, name)
    yield Words("Månad", "Month"), contents.month
    day = figures.reference_dates.get(area)
    title = Words("Referensdatum", "Reference date")
    yield title, day or Words("regionen rapporterar inte", "the region does not report")
    yield Words("Rapporterar", "Reporting"), reporting_in_words(contents)
    yield COMPLETENESS, completeness_in_words(contents)
    for region, what in contents.missing_in_words.items():
        where = region_title(region)
        yield (
            Words("Saknas", "Missing"),
            Words(f"{where}: {what.sv}", f"{where}: {what.en}"),
        )
    release = figures.release
    yield Words("Utgåva", "Release"), Words(release["release_id"], release["release_id"])
    yield Words("Revidering", "Revision"), revision_in_words(contents)
    yield APPROVAL, approval_in_words(figures.unapproved_figures)
    yield Words("Röjandekontroll", "Disclosure control"), _protection_in_words(release)
    yield (
        Words("Källa", "Source"),
        Words(
            "Regionernas leveranser av listning, läkare, vårdkontakter och SÄBO-markeringar; "
            "folkmängd från SCB.",
            "The regions' deliveries of listings, physicians, care contacts and SÄBO markings; "
            "population from SCB.",
        ),
    )


def _protection_in_words(release: Mapping[str, str]) -> Words:
    threshold = release["disclosure_threshold"]
    if is_perturbed(release):
        return Words(
            "Antal personer har ett litet slumpmässigt brus, alltid detsamma för samma uppgift, "
            f"och inget antal mellan 0 och {threshold} publiceras. Delar behöver inte summera till "
            "sin total.",
            "Numbers of persons have a little random noise, always the same for the same figure, "
            f"and none between 0 and {threshold} is published. Parts need not sum to their total.",
        )
    return Words(
        f"Uppgifter om färre än {threshold} personer är skyddade, och de uppgifter som de "
        "annars kunde räknas fram ur.",
        f"Figures of fewer than {threshold} persons are suppressed, and those that they could "
        "otherwise be computed from.",
    )


def completeness_in_words(contents: Contents) -> Words:
    """Whether the package is partial."""
    if not contents.is_partial:
        return Words(
            "Fullständig: alla regioners leveranser för månaden finns.",
            "Complete: every region's deliveries of the month are there.",
        )
    return Words(
        "OFULLSTÄNDIG: leveranser för månaden saknas. Riket avser de regioner som rapporterar.",
        "PARTIAL: deliveries of the month are missing. The nation is the regions that report.",
    )


def approval_in_words(unapproved: int) -> Words:
    """Whether figures of the month wait for a person to look at them."""
    if not unapproved:
        return Words(
            "Inga uppgifter för månaden väntar på att godkännas.",
            "No figures of the month wait for approval.",
        )
    one = unapproved == 1
    return Words(
        f"EJ GODKÄND: {unapproved} {'uppgift' if one else 'uppgifter'} för månaden har ändrats mer "
        "än deras historia gör troligt, och ingen har ännu sett på dem och godkänt dem.",
        f"NOT APPROVED: {unapproved} {'figure' if one else 'figures'} of the month moved more than "
        "likely by their history, and nobody has looked at them and approved them yet.",
    )


def revision_in_words(contents: Contents) -> Words:
    """Whether figures of the month have been corrected since they were first published."""
    revisions = contents.figures.tables["revisions"].filter(
        pl.col("month") == contents.figures.month
    )
    if revisions.is_empty():
        return Words("Uppgifterna är inte reviderade.", "The figures are not revised.")
    day, correction = revisions.sort("revised_on").select("revised_on", "correction").row(-1)
    return Words(
        f"REVIDERAD: publicerade uppgifter för månaden har rättats, senast {day}: {correction}",
        f"REVISED: published figures of the month have been corrected, last on {day}: {correction}",
    )


def reporting_in_words(contents: Contents) -> Words:
    """How many regions report, and the share of the population that they hold."""
    rows = contents.figures.reporting.filter(pl.col("region_code") != codes.NATION)
    reporting = rows.filter("reported")
    sv, en = (
        f"{reporting.height} av {rows.height} regioner",
        f"{reporting.height} of {rows.height} regions",
    )
    total, held = (sum(each["population"].drop_nulls()) for each in (rows, reporting))
    if total:
        share = 100 * held / total
        sv += f", med {share:.1f} procent av befolkningen".replace(".", ",")
        en += f", with {share:.1f} per cent of the population"
    return Words(sv, en)
