"""What a person sees of `flk check`: plain sentences, one file after the other, never a value."""

from rich.console import Console

from pipelines.checking import BrokenRule, CheckedFile

GRADES = {"reject_delivery": "refuses the file", "reject_row": "rejects the row", "warn": "warning"}


def show_checked(console: Console, checked: CheckedFile) -> None:
    """How a file was read, its rows, whether it is accepted, and every rule broken."""
    receipt = checked.receipt

    def show(line: str, style: str = "") -> None:
        console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)

    show(f"{receipt.region_code}/{receipt.delivery}/{receipt.file_name}", "bold")
    reading = checked.reading.lines if checked.reading else ["could not be read"]
    show(f"  Read as: {reading[0]}")
    for line in reading[1:]:
        show(f"    {line}")
    show(
        f"  Rows: {receipt.rows}, accepted {receipt.accepted}, rejected {receipt.rejected}, "
        f"warnings {checked.warnings}"
    )
    for each in checked.rules:
        show(f"  {_told(each)}")
        show(f"    {each.sentence.english}")
    for note in checked.notes:
        show(f"  {note.english}")
    if checked.is_refused:
        show("  Refused: no row of the file would count.", "red")
    else:
        show("  Accepted.", "green")


def _told(broken: BrokenRule) -> str:
    """The rule, what follows from it, how often, and where first."""
    told = f"{broken.rule.code} ({GRADES[broken.rule.grade]}): {broken.count}"
    if broken.lines:
        more = " …" if broken.count > len(broken.lines) else ""
        told += f", line {', '.join(map(str, broken.lines))}{more}"
    return f"{told}; {broken.columns}" if broken.columns else told
