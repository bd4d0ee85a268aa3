"""What a format cannot carry, or a file cannot align: said one by one, never dropped in silence.

Every reader and writer of a foreign format takes `report`. By default it is `refuse`, which raises the first loss as an
error; pass the `append` of a list to go on without what is lost:

    losses: list[Loss] = []
    documents = read_brat("folder", report=losses.append)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from govnews.errors import FormatError
from govnews.records import Document, Entity, Relation

_LONGEST_SHOWN = 40
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that is lost.

    Args:
        kind: `entity`, `relation`, `score`, `metadata`, `section`, `text`, `document`, or what else a format holds.
        what: The thing itself, with its text.
        why: What is in the way.
        path: The file it stands in, or would stand in.
        line: Line in that file, counted from 1.
    """

    kind: str
    what: str
    why: str
    path: str | None = None
    line: int | None = None

    def at(self, path: str | Path, line: int | None = None) -> Loss:
        """The same loss with its place."""
        return replace(self, path=str(path), line=self.line or line)

    def error(self) -> FormatError:
        """The loss as an error."""
        return FormatError(
            f"{self.kind} {self.what} {self.why}",
            path=self.path,
            line=self.line,
            hint="`govnews corpus convert` goes on without it and lists it; or correct the file.",
        )


Report = Callable[[Loss], None]
"""What is told of each loss."""


def refuse(loss: Loss) -> NoReturn:
    """Raise a loss as an error."""
    raise loss.error()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a format can carry besides texts and labelled spans.

    Args:
        format: Its name, as people write it.
        nested: Whether entities may overlap.
        lines: Whether entities and relations may run over lines.
        edges: Whether entities may begin or end with white space.
        label: What a label must match.
        plain: Whether texts stand in the file as they are, so that none may be blank or hold NUL or begin with a mark.
    """

    format: str
    relations: bool = True
    scores: bool = True
    meta: bool = True
    sections: bool = True
    nested: bool = True
    lines: bool = True
    edges: bool = True
    label: str = r"(?s:.+)"
    plain: bool = False


def fit(document: Document, limits: Limits, *, report: Report) -> Document | None:
    """The document without what a format cannot carry, or None where it cannot carry its text.

    >>> losses = []
    >>> org = Entity(0, 3, "ORG")
    >>> nested = Document("a", "青禾县政府", (org, Entity(0, 5, "ORG")))
    >>> fit(nested, Limits("CoNLL", nested=False), report=losses.append).entities == (org,)
    True
    >>> print(losses[0].kind, losses[0].what, losses[0].why)
    entity ORG '青禾县政府' (document 'a') overlaps the one before it
    """

    def lose(kind: str, what: str, why: str) -> None:
        report(Loss(kind, f"{what} (document {document.id!r})", why))

    if obstacle := _text_obstacle(document, plain=limits.plain):
        lose("document", repr(_cut(document.text)), obstacle)
        return None
    last = 0
    kept: dict[Entity, None] = {}
    for entity in document.entities:
        why = "stands twice" if entity in kept else _entity_obstacle(entity, document, limits, last=last)
        if why:
            lose("entity", show(entity, document), why)
        else:
            kept[entity] = None
            last = max(last, entity.end)
    relations: dict[Relation, None] = {}
    for relation in document.relations:
        why = "stands twice" if relation in relations else _relation_obstacle(relation, document, limits, kept.keys())
        if why:
            lose("relation", show(relation, document), why)
        else:
            relations[relation] = None
    outside = f"cannot be written in {limits.format}"
    for section in () if limits.sections else document.sections:
        lose("section", repr(section.name), outside)
    if document.meta and not limits.meta:
        lose("metadata", ", ".join(document.meta), outside)
    found: list[Entity | Relation] = [*kept, *relations]
    scored = [item for item in found if item.score is not None]
    if scored and not limits.scores:
        lose("score", f"of {len(scored)} entities and relations", outside)
    return replace(document, entities=tuple(kept), relations=tuple(relations))


def show(item: Entity | Relation, document: Document) -> str:
    """An entity or relation as people recognise it."""
    if isinstance(item, Entity):
        return f"{item.label} {_cut(document.surface(item))!r}"
    return f"{_cut(document.surface(item.head))!r} {item.label} {_cut(document.surface(item.tail))!r}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _text_obstacle(document: Document, *, plain: bool) -> str | None:
    text = document.text
    found: list[Entity | Relation] = [*document.entities, *document.relations]
    labels = (item.label for item in found)
    names = (section.name for section in document.sections)
    if any(map(_SURROGATE.search, (text, document.id, *document.meta, *document.meta.values(), *labels, *names))):
        return "holds half of a character, a lone surrogate"
    if plain and not text.strip():
        return "has no text"
    if plain and ("\0" in text or text.startswith("\ufeff")):
        return "holds a NUL character or begins with a byte order mark"
    return None


def _entity_obstacle(entity: Entity, document: Document, limits: Limits, *, last: int) -> str | None:
    surface = document.surface(entity)
    if not 0 <= entity.start < entity.end <= len(document.text):
        return f"spans {entity.start}..{entity.end}, but the text has {len(document.text)} characters"
    if not re.fullmatch(limits.label, entity.label):
        return f"has a label that {limits.format} cannot write"
    if not limits.nested and entity.start < last:
        return "overlaps the one before it"
    if not limits.lines and "\n" in surface:
        return "runs over a line break"
    if not limits.edges and surface != surface.strip():
        return "begins or ends with white space"
    return None


def _relation_obstacle(relation: Relation, document: Document, limits: Limits, known: Set[Entity]) -> str | None:
    if not limits.relations:
        return f"cannot be written in {limits.format}"
    if relation.head not in known or relation.tail not in known:
        return "has an argument that is no entity, or one that is lost"
    if not re.fullmatch(limits.label, relation.label):
        return f"has a label that {limits.format} cannot write"
    first, last = min(relation.head, relation.tail), max(relation.head, relation.tail)
    if not limits.lines and "\n" in document.text[first.start : last.end]:
        return "runs over a line break"
    return None
