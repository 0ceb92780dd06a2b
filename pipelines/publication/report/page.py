"""A page of the report: what it says, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.publication.report.figure import Figure


@dataclass(frozen=True)
class Section:
    """A part of a page: a heading, what is said under it, and its figures."""

    name: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Tile:
    """A key figure: what it is, its value, and what it is held against."""

    label: str
    value: str
    remark: str
    mark: str = "none"


@dataclass(frozen=True)
class Page:
    """A page; `path` is the same in both languages. `content` is for a template of its own."""

    path: str
    title: str
    lead: str
    tiles: tuple[Tile, ...] = ()
    sections: tuple[Section, ...] = ()
    template: str = "page.html"
    content: Mapping[str, Any] = field(default_factory=dict)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of the page."""
        return tuple(figure for section in self.sections for figure in section.figures)
