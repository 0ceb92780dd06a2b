"""Why a whole file is refused, said without any of its content."""

from dataclasses import dataclass

from schemas.rules import rule


@dataclass(frozen=True)
class Refusal:
    """A rule of grade reject_delivery that the file breaks.

    `detail` adds what helps (names of the layout's columns, numbers); `instead` replaces the
    rule's sentence where another one says more. Neither ever holds a value of the file. Those that
    end in `_sv` are the same in Swedish; without them the Swedish sentence is the rule's own.
    """

    rule: str
    detail: str = ""
    instead: str = ""
    detail_sv: str = ""
    instead_sv: str = ""

    @property
    def sentence(self) -> str:
        """What the supplier reads."""
        text = self.instead or rule(self.rule).sentence
        return f"{text} {self.detail}" if self.detail else text

    @property
    def sentence_sv(self) -> str:
        """What the supplier reads in Swedish."""
        text = self.instead_sv or rule(self.rule).sentence_sv
        return f"{text} {self.detail_sv}" if self.detail_sv else text


class FileRefusedError(Exception):
    """Reading stopped because the file is to be refused; carries the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.rule)
        self.refusal = refusal
