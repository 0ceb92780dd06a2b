"""The keys that a profile may have: what each means, from which the page docs/profiles.md is made.

How a key is checked stands in `profile_toml.py`; a test holds the two together.
"""

from schemas.profiles import ENCODINGS, FORMATS

PROFILE_KEYS = {
    "contact": "Whom to ask about the region's files; shown, never used otherwise.",
    "fictitious_name_rule": "`false` switches off the rule that a list whose name begins with the "
    "unit's name is fictitious. Default `true`.",
    "layouts": "A block `[[layouts]]` for each way in which files are written. The first that fits "
    "a file counts; a file that none fits is in the standard layout.",
}

LAYOUT_KEYS = {
    "delivery": "Which delivery the files belong to, such as `listings`. Required.",
    "files": "Which files of the delivery: a pattern for the file's name, where `*` is anything, "
    'such as `"*_flisa.csv"`. Default: all of the format.',
    "format": f"One of {', '.join(FORMATS)}. Default `csv` (also packed, csv.gz). Excel is .xlsx. "
    "JSON is accepted only where a layout says so.",
    "encoding": f"Of CSV and JSON: one of {', '.join(ENCODINGS)}. Default `utf-8`, with or without "
    "BOM.",
    "delimiter": 'Of CSV: one character, such as `";"` or `"\\t"`. Without it `,` or `;`, by which '
    "more of the headings are found.",
    "decimal_comma": "`true` where numbers have a decimal comma.",
    "header_line": "The line (Excel: row) where the headings stand; what is above it is skipped. "
    '`"find"` takes the first of the first 50 that holds a heading of every required column. '
    "Without it the first line that is not blank.",
    "header_lines": "How many lines the headings take, 1–3. Headings of several lines are joined "
    "by a blank; a merged cell holds its heading for all its columns.",
    "sheets": "Of Excel: the sheets to read, as parts of one file. Needed where the workbook has "
    "more than one visible sheet with content.",
    "records": "Of JSON: the path to the records, such as `response[].listings[]`; `[]` marks a "
    "list, each of whose elements is a row. Without it the file is one list.",
    "columns": "A table: column of the standard layout = heading in the file, or a list of "
    "headings that it may have. Case and white space do not matter. In JSON the heading is the "
    "path of names from the top, joined by dots. A column that is not named here is looked for "
    "under its own name.",
    "ignored": "Headings that are known and not read, so that nobody is warned about them.",
    "constants": "A table: column of the standard layout = value for every row. `{suffix}` and "
    "`{date}` are those of the file's name, `{sheet}` is the name of the sheet.",
    "codes": "A table for each column, such as `[layouts.codes.operator]`: what stands in the file "
    '= code of the standard layout. Case does not matter; `""` means missing, on both sides. What '
    "is not named stays as it is.",
    "list_separator": "What stands between several specialties. Default `|`.",
    "date_formats": "How dates are written besides `YYYY-MM-DD`, as a list: `YYYYMMDD`, "
    "`DD/MM/YYYY`, `D.M.YYYY`, with ` hh:mm:ss` after it if a time follows, and `excel` for "
    "Excel's day number.",
    "time_formats": "How times are written besides `hh:mm`, as a list: `hh:mm:ss`, "
    "`YYYY-MM-DD hh:mm`.",
    "missing": 'Texts that mean that there is no value, such as `"-"` or `"NULL"`.',
    "skip_rows_beginning": "Rows to skip, by how their first cell that is not empty begins, such "
    'as `"Summa"` or `"Obs"`: totals and notes. Case does not matter. Rows without any value are '
    "skipped too.",
    "restore_zeros": "`true` gives back the zeros that a spreadsheet has taken from the beginning "
    "of municipality codes and of identities without century.",
    "ten_digit_ages": "`[youngest, oldest]`, less than 100 years apart: identities of ten digits "
    "get the century that gives such an age in the year of the file. `-` before the last four "
    "means under 100 years, `+` 100 or over. Without the key they are rejected.",
}

KEYS_OF_FORMAT = {
    "encoding": ("csv", "json"),
    "delimiter": ("csv",),
    "header_line": ("csv", "excel"),
    "header_lines": ("excel",),
    "sheets": ("excel",),
    "records": ("json",),
}
"""Keys that mean something in some formats only."""
