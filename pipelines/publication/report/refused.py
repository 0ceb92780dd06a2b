"""What was refused and what is missing, in words that a reader outside the field understands."""

from datetime import date

from pipelines.publication.report.language import Language
from pipelines.publication.report.published import Published, Row
from schemas.codes import OWN_PHYSICIAN_WINDOW_MONTHS
from schemas.rules import RULES


def refused_points(published: Published, region: str, language: Language) -> tuple[str, ...]:
    """A sentence for each thing that a reader of the region's figures should know."""
    reporting = published.reporting[region]
    points = []
    refused = [row for row in published.deliveries[region] if _matters(row, published.month)]
    if not reporting["reported"]:
        points.append(language.text("refused_not_reported", month=language.month(published.month)))
    points += [_refused(row, language) for row in refused]
    if reporting["reported"]:
        if not refused:
            points.append(language.text("refused_nothing"))
        points.append(_contact_months(reporting, language))
        points += _rejected_rows(published, region, language)
    return tuple(points)


def _matters(row: Row, month: str) -> bool:
    """Whether a refused file is of the month's figures: dated in the window that they look back."""
    day: date | None = row["reference_date"]
    if row["status"] != "refused" or day is None:
        return False
    year, number = int(month[:4]), int(month[5:])
    age = (year - day.year) * 12 + number - day.month
    return 0 <= age <= (OWN_PHYSICIAN_WINDOW_MONTHS if row["delivery"] == "care_contacts" else 0)


def _refused(row: Row, language: Language) -> str:
    return language.text(
        f"refused_{'month' if row['delivery'] == 'care_contacts' else 'snapshot'}",
        delivery=language.text(f"delivery_{row['delivery']}"),
        file=row["file_name"],
        when=language.month(f"{row['reference_date']:%Y-%m}"),
        why=_reason(row["message"] or "", language),
    )


def _reason(message: str, language: Language) -> str:
    """The rule's sentence in the language; the receipt's own where it is of no rule."""
    for rule in RULES:
        if rule.grade == "reject_delivery" and message.startswith(rule.sentence.split(".")[0]):
            return rule.sentence_sv if language.code == "sv" else rule.sentence
    return message


def _contact_months(reporting: Row, language: Language) -> str:
    months, expected = reporting["contact_months"], reporting["contact_months_expected"]
    complete = months == expected
    return language.text(
        "refused_months_complete" if complete else "refused_months_missing",
        months=months,
        expected=expected,
    )


def _rejected_rows(published: Published, region: str, language: Language) -> list[str]:
    rows = [
        row
        for row in published.data_quality[region]
        if row["metric"] == "rejected_rows" and row["numerator"]
    ]
    if not rows:
        return [language.text("refused_no_rows")]
    rejected = sum(row["numerator"] for row in rows)
    delivered = sum(row["denominator"] for row in rows)
    return [
        language.text(
            "refused_rows",
            rejected=language.number(rejected),
            rows=language.number(delivered),
            share=language.percent(rejected / delivered, 2),
            most=language.text(
                f"delivery_{max(rows, key=lambda row: row['numerator'])['delivery']}"
            ),
        )
    ]
