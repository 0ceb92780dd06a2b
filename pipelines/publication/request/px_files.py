"""The tables as PX files (PC-Axis), as PxWeb reads them: Swedish, with English beside.

UTF-8 (CODEPAGE). A table's measures are the values of its content variable. Numbers have all their
digits; how many are shown is said by PRECISION. What is missing is dots, explained in NOTE.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipelines.publication.request import words
from pipelines.publication.request.contents import Contents
from pipelines.publication.request.tables import Measure, RequestTable
from pipelines.publication.request.words import MISSING, MISSING_EXPLAINED, Words

FOLDER = "px"

AREA = Words("område", "area")
CONTENT = Words("tabellinnehåll", "contents")
MONTH = Words("månad", "month")

SYMBOLS = {"undefined": ".", "not_reported": "..", "suppressed": "...", "not_applicable": "...."}
"""Status to what stands in the data; one to four dots are DATASYMBOL1 to DATASYMBOL4."""

_MOST_DECIMALS, _SHOWN_DECIMALS = 15, 0


def px_files(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """A PX file for each table."""
    for table in contents.tables.values():
        yield f"{FOLDER}/{table.name}.px", _px(contents, table).encode()


def _px(contents: Contents, table: RequestTable) -> str:
    moment = f"{contents.figures.reference_date:%Y%m%d} 00:00"
    month = contents.figures.month.replace("-", "M")
    stub = [
        AREA,
        *(Words(each.title.sv.lower(), each.title.en.lower()) for each in table.dimensions),
    ]
    heading = [CONTENT, MONTH]
    values: Sequence[Mapping[str, Words]] = [
        {code: Words(name, name) for code, name in table.area_labels.items()},
        *(each.codes for each in table.dimensions),
        {each.column: each.title for each in table.measures},
        {month: Words(month, month)},
    ]
    lines = [
        'CHARSET="ANSI";',
        'AXIS-VERSION="2013";',
        'CODEPAGE="utf-8";',
        'LANGUAGE="sv";',
        'LANGUAGES="sv","en";',
        f'CREATION-DATE="{moment}";',
        f"DECIMALS={_MOST_DECIMALS};",
        f"SHOWDECIMALS={_SHOWN_DECIMALS};",
        f'MATRIX="{table.name.upper()}";',
        'SUBJECT-CODE="HS";',
        *_said("SUBJECT-AREA", Words("Hälso- och sjukvård", "Health care")),
        *_said("CONTENTS", table.title),
        *_said("UNITS", Words("se tabellinnehåll", "see contents")),
        *_said("STUB", *stub),
        *_said("HEADING", *heading),
        *_said("CONTVARIABLE", CONTENT),
    ]
    for variable, labels in zip([*stub, *heading], values, strict=True):
        lines += _said("VALUES", *labels.values(), of=[variable])
    lines += [
        f'TIMEVAL("{MONTH.sv}")=TLIST(M1),"{month}";',
        f'TIMEVAL[en]("{MONTH.en}")=TLIST(M1),"{month}";',
    ]
    for variable, labels in zip([*stub, *heading], values, strict=True):
        same = [Words(code, code) for code in labels]
        lines += _said("CODES", *same, of=[variable])
    for measure in table.measures:
        lines += _of_measure(measure, moment)
    lines += [
        *_said("TITLE", _title(contents, table)),
        *_said(
            "SOURCE",
            Words(
                f"Regionernas leveranser, utgåva {contents.figures.release['release_id']}",
                f"The regions' deliveries, release {contents.figures.release['release_id']}",
            ),
        ),
    ]
    for number, status in enumerate(SYMBOLS, start=1):
        lines.append(f'DATASYMBOL{number}="{SYMBOLS[status]}";')
    lines += [*_said("NOTE", _note(contents)), "DATA="]
    return "\n".join([*lines, *_data(table)]) + "\n;\n"


def _of_measure(measure: Measure, moment: str) -> Iterator[str]:
    unit = words.SHARE_UNIT if measure.share else measure.unit
    shown = measure.decimals + (2 if measure.share else 0)
    yield from _said("UNITS", unit, of=[measure.title])
    yield from _said("LAST-UPDATED", Words(moment, moment), of=[measure.title])
    for language, name, variable in (
        ("", measure.title.sv, CONTENT.sv),
        ("[en]", measure.title.en, CONTENT.en),
    ):
        yield f'PRECISION{language}("{variable}","{_plain(name)}")={shown};'


def _said(keyword: str, *texts: Words, of: Sequence[Words] = ()) -> Iterator[str]:
    """The keyword in Swedish, and the English that must follow it."""
    for place, language in enumerate(("", "[en]")):
        about = ",".join(f'"{_plain(each[place])}"' for each in of)
        # A list may go on in the next line after a comma; some readers want no long lines.
        said = ",\n".join(f'"{_plain(each[place])}"' for each in texts)
        yield f"{keyword}{language}{f'({about})' if about else ''}={said};"


def _title(contents: Contents, table: RequestTable) -> Words:
    return Words(f"{table.title.sv}, {contents.month.sv}", f"{table.title.en}, {contents.month.en}")


def _note(contents: Contents) -> Words:
    """The signs, and whether the package is partial; # begins a new line."""
    explained = {
        **{
            status: Words(f"{MISSING[status].sv}: {said.sv}", f"{MISSING[status].en}: {said.en}")
            for status, said in MISSING_EXPLAINED.items()
        },
        "not_applicable": words.NOT_APPLICABLE,
    }
    sv = [f"{SYMBOLS[status]} {said.sv}." for status, said in explained.items()]
    en = [f"{SYMBOLS[status]} {said.en}." for status, said in explained.items()]
    for region, missing in contents.missing_in_words.items():
        sv.append(f"Ofullständig, region {region} saknar: {missing.sv}.")
        en.append(f"Partial, region {region} lacks: {missing.en}.")
    return Words("#".join(sv), "#".join(en))


def _data(table: RequestTable) -> Iterator[str]:
    """A line for each row of the table, its cells separated by a blank."""
    for row in table.cells.values():
        status = str(row["status"])
        yield " ".join(_cell(row[each.column], status) for each in table.measures) + " "


def _cell(value: object, status: str) -> str:
    if status != "ok":
        return f'"{SYMBOLS[status]}"'
    if value is None:
        return f'"{SYMBOLS["not_applicable"]}"'
    return format(Decimal(repr(value)), "f")


def _plain(text: str) -> str:
    """The text without what cannot stand in a quoted text of PX."""
    return " ".join(text.replace('"', "'").split())
