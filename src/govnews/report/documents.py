"""Show documents and what was found in them, on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table
from rich.text import Text

from govnews.colours import COLOURS
from govnews.records import LABELS, SIGNATURES, Document

MAX_EXAMPLES = 3
OTHER = "red"
"""The colour of a label that is not defined."""


def colour_of(label: str) -> str:
    """The colour of a label on a terminal."""
    return COLOURS[label].terminal if label in COLOURS else OTHER


def highlight(document: Document) -> Text:
    """A document's text with its entities in colour."""
    text = Text(document.text)
    for entity in document.entities:
        text.stylize(f"bold {colour_of(entity.label)}", entity.start, entity.end)
    return text


def legend() -> Text:
    """What the colours of `highlight` mean."""
    return Text("  ").join(Text(label, style=f"bold {colour_of(label)}") for label in COLOURS)


def relation_table(document: Document) -> Table:
    """The relations of one document, one a row."""
    table = Table("head", "relation", "tail", "score", title=f"Relations in {document.id}", title_justify="left")
    for relation in document.relations:
        score = "" if relation.score is None else f"{relation.score:.2f}"
        head, tail = (Text(document.surface(e), style=colour_of(e.label)) for e in (relation.head, relation.tail))
        table.add_row(head, Text(relation.label), tail, score)
    return table


@dataclass(slots=True)
class Found:
    """What was found in documents that need not stay in memory: counts, and a few examples of each label."""

    documents: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Count the entities and relations of a document."""
        self.documents += 1
        for entity in document.entities:
            self._count(entity.label, document.surface(entity))
        for relation in document.relations:
            self._count(relation.label, f"{document.surface(relation.head)} → {document.surface(relation.tail)}")

    def table(self) -> Table:
        """Counts and examples, one label a row."""
        table = Table("label", "found", "for example", title="Entities and relations found", title_justify="left")
        for label in ordered(self.counts):
            table.add_row(Text(label), str(self.counts[label]), Text("；".join(self.examples[label])))
        return table

    def _count(self, label: str, example: str) -> None:
        self.counts[label] += 1
        shown = self.examples.setdefault(label, {})
        if len(shown) < MAX_EXAMPLES:
            shown[example] = None


def place_table(places: Mapping[str, str | Path]) -> Table:
    """Where things lie."""
    table = Table("what", "where", title="Where everything lies", title_justify="left")
    for what, path in places.items():
        table.add_row(what, Text(str(path)))
    return table


def ordered(labels: Iterable[str]) -> list[str]:
    """Labels in the order of their definition, others after them."""
    order = {label: number for number, label in enumerate([*LABELS, *SIGNATURES])}
    return sorted(labels, key=lambda label: (order.get(label, len(order)), label))
