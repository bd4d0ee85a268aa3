"""One self-contained page to read documents with their facts: the text marked, the table beside it, both linked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from govnews.corpus.page import Page, keep_layout
from govnews.facts import FIELDS, Fact, find_facts
from govnews.records import LABELS, Document, Entity, Relation
from govnews.report.html import embed_json, render
from govnews.report.values import show_period, show_value

MAX_CHARS = 400_000
MAX_BEFORE = 16  # characters shown for an indicator that the figure does not touch
_CLAUSE_END = re.compile("[，。；：！？\\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; with an entity where it is one."""

    text: str
    entity: Entity | None = None
    id: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One document as it is shown: paragraphs of pieces, each with its kind of block."""

    id: str
    title: str
    date: str
    paragraphs: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One fact as it is shown; the context is what stands before its figure."""

    id: str
    metric: str
    fact: Fact
    value: str
    when: str
    context: str


@dataclass(slots=True)
class _View:
    """All documents of a page; ids of elements are unique in it."""

    articles: list[Article] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    data: list[list[Any]] = field(default_factory=list)
    characters: int = 0
    left_out: int = 0

    def add(self, document: Document, page: Page) -> None:
        """Add a document, or count it as left out where the page would become slow."""
        if self.articles and self.characters + len(document.text) > MAX_CHARS:
            self.left_out += 1
            return
        prefix = f"d{len(self.articles)}"
        ids = {entity: f"{prefix}e{number}" for number, entity in enumerate(document.entities)}
        places = {(entity.start, entity.end): id for entity, id in ids.items() if entity.label == "METRIC"}
        fact_ids: dict[str, str] = {}
        for fact in find_facts(document):
            metric = places[fact.start, fact.end]
            context = _CLAUSE_END.split(document.text[max(0, fact.start - MAX_BEFORE) : fact.start])[-1]
            row = Row(f"f{len(self.rows)}", metric, fact, show_value(fact), show_period(fact), context)
            fact_ids[metric] = row.id
            self.rows.append(row)
            self.data.append(list(fact.to_row(page).values()))
        meta = document.meta
        paragraphs = tuple(_paragraphs(document, page, ids, fact_ids))
        self.articles.append(Article(document.id, meta.get("title", ""), meta.get("date", ""), paragraphs))
        self.relations += _links(document.relations, ids)
        self.characters += len(document.text)


def show_page(documents: Iterable[Document], *, title: str, pages: Mapping[str, Page] | None = None) -> str:
    """A page on which to read documents and the facts in them.

    Args:
        documents: Texts with their entities and relations.
        title: What is shown.
        pages: The layout of documents by id, where it is known: tells headlines from text, and offsets in the file.

    Returns:
        A whole HTML page that needs nothing else.
    """
    view = _View()
    for document in documents:
        view.add(document, (pages or {}).get(document.id) or keep_layout(document.text))
    organisations = sorted({row.fact.organisation for row in view.rows if row.fact.organisation})
    labels = {piece.entity.label for a in view.articles for _, p in a.paragraphs for piece in p if piece.entity}
    data = {"fields": list(FIELDS), "rows": view.data, "relations": view.relations, "name": title}
    return render(
        "show.html",
        assets="show",
        title=title,
        view=view,
        organisations=organisations,
        labels={
            label: LABELS.get(label, "") for label in [*LABELS, *sorted(labels - LABELS.keys())] if label in labels
        },
        json=embed_json(data),
    )


def _paragraphs(
    document: Document, page: Page, ids: Mapping[Entity, str], facts: Mapping[str, str]
) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    entities = iter(document.entities)
    entity = next(entities, None)
    at = 0
    for line in document.text.split("\n"):
        start, end = at, at + len(line)
        pieces: list[Piece] = []
        while entity is not None and entity.start < end:
            first, last = max(entity.start, at), min(entity.end, end)
            if first < last:  # of entities that overlap, the later one is cut
                pieces.append(Piece(document.text[at:first]))
                name = ids[entity]
                pieces.append(Piece(document.text[first:last], entity, name, facts.get(name, "")))
                at = last
            entity = next(entities, None)
        pieces.append(Piece(document.text[at:end]))
        if line.strip():
            yield page.kind_at(start), tuple(piece for piece in pieces if piece.text)
        at = end + 1


def _links(relations: Iterable[Relation], ids: Mapping[Entity, str]) -> Iterator[tuple[str, str, str]]:
    for relation in relations:
        if relation.head in ids and relation.tail in ids:
            yield ids[relation.head], ids[relation.tail], relation.label
