"""Texts with places for figures, in Swedish and English, and how numbers are written in them."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

_NO_BREAK = "\u00a0"


def render(template: str, language: str, **facts: Any) -> str:
    """The template filled in with facts; every fact that it names must be given.

    Filters: `number` (thousands apart), `percent` (of a share, one decimal), `decimal` (three, or
    as many as asked for), `day`; a missing value becomes a dash. Swedish (`sv`) has a decimal comma
    and no-break spaces.
    """
    return _environment(language).get_template(template).render(**facts)


@cache
def _environment(language: str) -> "Environment":
    # Only those who write texts pay for Jinja.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown; what becomes of it as HTML is escaped there.
    )
    swedish = language == "sv"
    environment.filters["number"] = lambda value: _number(value, swedish=swedish)
    environment.filters["percent"] = lambda share: _percent(share, swedish=swedish)
    environment.filters["decimal"] = lambda value, places=3: _decimal(
        value, places, swedish=swedish
    )
    environment.filters["day"] = _day
    return environment


def _number(value: float | None, *, swedish: bool) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}".replace(",", _NO_BREAK if swedish else ",")


def _percent(share: float | None, *, swedish: bool) -> str:
    if share is None:
        return "–"
    text = f"{100 * share:.1f}"
    return f"{text.replace('.', ',')}{_NO_BREAK}%" if swedish else f"{text}%"


def _decimal(value: float | None, places: int, *, swedish: bool) -> str:
    if value is None:
        return "–"
    return f"{value:.{places}f}".replace(".", "," if swedish else ".")


def _day(day: date | None) -> str:
    return "–" if day is None else day.isoformat()
