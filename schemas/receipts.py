"""The restricted tables of intake: receipts, rejected rows, and the published `deliveries`.

A receipt is never changed: a file whose bytes change under the same name gets a new one.
"""

from schemas import codes
from schemas.column import Column, Kind
from schemas.columns import REFERENCE_DATE, REGION_CODE
from schemas.contract import TableContract

DELIVERY = Column("delivery", Kind.CODE, "Name of the delivery.", "Leverans")
FILE_NAME = Column("file_name", Kind.TEXT, "Name of the file, without folders.", "Fil")
SHA256 = Column(
    "sha256",
    Kind.TEXT,
    "SHA-256 of the file's bytes; missing for a link, which is never followed.",
    "Kontrollsumma",
    required=False,
)
LINE = Column(
    "line",
    Kind.WHOLE_NUMBER,
    "Line of the file where the row begins; the header of the standard layout is line 1. Of Excel "
    "the row of the sheet, of JSON the number of the record.",
    "Rad",
    minimum=1,
)
SHEET = Column(
    "sheet",
    Kind.TEXT,
    "Sheet of the workbook; missing where the file has no sheets or only one is read.",
    "Blad",
    required=False,
)

DELIVERIES_TABLE = TableContract(
    name="deliveries",
    title="Leveranser",
    grain="A file and its content.",
    description="What was delivered, and what became of it: one row per file and content.",
    key=("region_code", "delivery", "file_name", "sha256", "received_at"),
    columns=(
        REGION_CODE.with_(description="Two-digit county code; 00 for national reference data."),
        DELIVERY,
        FILE_NAME,
        SHA256,
        Column(
            "received_at",
            Kind.TIMESTAMP,
            "When the file was taken in (UTC).",
            "Mottagen",
            unit="UTC",
        ),
        REFERENCE_DATE.with_(
            description="The date that the content is true for: the day of a snapshot, the first "
            "day of a month or year; missing when the name holds none."
        ),
        Column(
            "rows",
            Kind.WHOLE_NUMBER,
            "Rows in the file; 0 where it cannot be read.",
            "Rader",
            minimum=0,
        ),
        Column("accepted", Kind.WHOLE_NUMBER, "Rows accepted.", "Godkända rader", minimum=0),
        Column("rejected", Kind.WHOLE_NUMBER, "Rows rejected.", "Avvisade rader", minimum=0),
        Column(
            "status",
            Kind.CODE,
            "accepted; refused (the whole file); replaced (by a later file of the same name); "
            "withdrawn (no longer in the landing folder).",
            "Status",
            codes=codes.DELIVERY_STATUSES,
        ),
        Column(
            "message",
            Kind.TEXT,
            "What the supplier should know: why refused, rules broken with counts, warnings.",
            "Meddelande",
            required=False,
        ),
    ),
)

REJECTED_ROWS = TableContract(
    name="rejected_rows",
    title="Avvisade rader",
    grain="A rejected row and a rule that it breaks.",
    description="Which rows were rejected and why: line, rule and columns, never values.",
    key=("region_code", "delivery", "file_name", "sha256", "sheet", "line", "rule"),
    columns=(
        REGION_CODE,
        DELIVERY,
        FILE_NAME,
        SHA256.with_(required=True),
        SHEET,
        LINE,
        Column("rule", Kind.CODE, "Code of the rule that the row breaks.", "Regel"),
        Column(
            "columns",
            Kind.TEXT,
            "The columns concerned, joined by a comma and a space.",
            "Kolumner",
            required=False,
        ),
    ),
)
