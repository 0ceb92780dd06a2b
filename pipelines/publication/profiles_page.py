"""The page docs/profiles.md: how a region's own layout is described, from the keys of profiles.

The examples are those of `data/profiles`, as they stand there.
"""

from pipelines.fingerprint import PROJECT
from pipelines.publication import markdown
from schemas.profile_keys import KEYS_OF_FORMAT, LAYOUT_KEYS, PROFILE_KEYS
from schemas.rules import rule

EXAMPLES = PROJECT / "data" / "profiles" / "landing"

INTRODUCTION = """\
# Region profiles: deliveries as they really arrive

For operators who set up a region, together with whoever exports its files. A region that can write
the [standard layout](supplier.md) needs no profile. The page is generated from the keys that are
read and checked (`python -m pipelines.publication.generated_text`); do not edit it.

## Where a profile lies

`<landing>/profiles/<region code>.toml`, one file for each region that has one, such as
`profiles/19.toml`. It is text in [TOML](https://toml.io), UTF-8. Let only the operator write in
that folder: a profile decides how every row of the region is read.

A profile holds blocks `[[layouts]]`. For each file the first one counts whose `delivery`, `format`
and `files` fit; a file that none fits is read in the standard layout. So a region can have one
layout for each system, change system (new files get another suffix), and deliver the rest as
everybody does. The rules for file names stay: the name begins with the date, and for
`care_markings` the suffix is the source.

When a layout is changed, the next run reads again the files that it applies to, and no others.
Changing `contact` or a comment reads nothing again; `fictitious_name_rule` makes the region's
figures again.

**A profile with a mistake stops the run** before anything is done, with exit status 2 and a message
that names the file, the layout, the key and what is allowed. The last publication stands.

## What is read how

- Headings are compared without regard to case and white space. A column of the standard layout
  that the profile does not name is looked for under its own name. Headings that are neither named
  nor `ignored` give the warning `unknown_column`.
- A value is trimmed; then `missing`, `codes`, and the formats of dates, times, numbers and
  identities are applied, in that order. What does not fit stays as it is, and the rules judge it
  as in the standard layout: nothing is guessed.
- Rows in the file = rows accepted + rows rejected + rows skipped. Skipped are what stands above the
  headings, rows without any value, and rows that begin as `skip_rows_beginning` says. The receipt
  counts them and names their lines.
- The line of a rejected row is the line of the file as it was delivered; of Excel the row, with the
  sheet where several are read; of JSON the number of the record.
- Bytes that are not of the encoding refuse the file, with the first such line. Swedish letters of
  UTF-8 in a file that should be Latin-1 or Windows-1252 are found too.
- Excel: a formula counts with the value that was saved with it, and nothing is calculated; a cell
  with an error is no missing value. Workbooks with a password, in the old format .xls, or that
  unpack to far more than a list of persons can hold are refused. Several sheets with content are
  not guessed between: `sheets` names those to read.
"""

EXAMPLE = "19/care_markings/2025-11-30_1962.xlsx"
HOW_READ = (
    "Layout 3 of the profile, excel, sheets Säbo nov, headings on line 4, 4 columns.",
    "Columns: person_id ← Personnr; main_care_at_setting ← HSV i boendet; valid_from ← "
    "Boendetid Inflyttad; valid_to ← Boendetid Utflyttad.",
    "Constant: municipality = 1962; setting = sabo.",
    "Values rewritten: person_id 2; main_care_at_setting 6; valid_from 2.",
    "Not read, as the profile says: Lgh, Namn.",
    "Skipped, as they are no data: 2 above the headings (line 1, 2); 2 without any value "
    "(line 9, 13); 2 begins as the profile says (line 14, 15).",
)
"""How the example is read; a test holds this against the reader."""

_OF_FILES = ("wrong_encoding", "missing_column", "duplicate_header", "unreadable", "empty_file")


def profiles_page() -> str:
    """The page as Markdown, the same for the same keys and examples."""
    return markdown.page(
        [
            *INTRODUCTION.splitlines(),
            "",
            "## The keys of a profile",
            "",
            *markdown.table(
                ("key", "meaning"),
                ((markdown.code(key), meaning) for key, meaning in PROFILE_KEYS.items()),
            ),
            "## The keys of a layout",
            "",
            *markdown.table(
                ("key", "for", "meaning"),
                (
                    (markdown.code(key), ", ".join(KEYS_OF_FORMAT.get(key, ("all",))), meaning)
                    for key, meaning in LAYOUT_KEYS.items()
                ),
            ),
            "## What is said when a file does not fit",
            "",
            *markdown.table(
                ("code", "what is wrong and what to do"),
                ((markdown.code(code), rule(code).sentence) for code in _OF_FILES),
            ),
            "With a profile the message says how the profile calls the columns that are missing, "
            "and in which line the encoding breaks.",
            "",
            "## Worked examples",
            "",
            "They lie in [data/profiles](../data/profiles/README.md); `flk run --landing "
            "data/profiles/landing --out /tmp/profiles` reads them. That these regions export so "
            "is invented.",
            "",
            f"How a file was read is told in words, here of `{EXAMPLE}`:",
            "",
            "```text",
            *HOW_READ,
            "```",
            "",
            *(line for region in ("19", "20") for line in _example(region)),
        ]
    )


def _example(region: str) -> list[str]:
    profile = (EXAMPLES / "profiles" / f"{region}.toml").read_text("utf-8")
    return [f"### profiles/{region}.toml", "", "```toml", *profile.splitlines(), "```", ""]
