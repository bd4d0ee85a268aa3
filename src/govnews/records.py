"""Annotated text as plain records, and the one place that defines labels and relations.

Offsets are half-open and count Unicode code points of the exact text, everywhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from govnews.sentences import sentence_spans

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "ORG": "a named body that acts, reports or is measured",
        "METRIC": "an indicator with its figure",
        "PROGRAM": "a named undertaking",
        "DATE": "when",
    }
)
"""Entity labels and what they mark."""

SIGNATURES: Mapping[str, frozenset[tuple[str, str]]] = MappingProxyType(
    {
        "RUNS": frozenset({("ORG", "PROGRAM")}),
        "HAS_METRIC": frozenset({("ORG", "METRIC"), ("PROGRAM", "METRIC")}),
        "HAS_DATE": frozenset({("METRIC", "DATE"), ("PROGRAM", "DATE")}),
        "PART_OF": frozenset({("ORG", "ORG"), ("PROGRAM", "PROGRAM"), ("METRIC", "METRIC")}),
    }
)
"""Relation labels and the (head label, tail label) pairs each may join."""


MAX_CONTEXT = 200
"""Characters of a sentence shown on either side of a span: some texts have no sentence end."""


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A labelled span.

    Args:
        start: First code point.
        end: One past the last code point.
        label: One of `LABELS`, or a label of your own.
        score: Confidence between 0 and 1 where a system gives one; no part of equality.
    """

    start: int
    end: int
    label: str
    score: float | None = field(default=None, compare=False)

    def shift(self, offset: int) -> Entity:
        """Move the span by `offset` code points."""
        return replace(self, start=self.start + offset, end=self.end + offset)


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """A directed, labelled pair of entities."""

    head: Entity
    tail: Entity
    label: str
    score: float | None = field(default=None, compare=False)

    def shift(self, offset: int) -> Relation:
        """Move both arguments by `offset` code points."""
        return replace(self, head=self.head.shift(offset), tail=self.tail.shift(offset))


@dataclass(frozen=True, slots=True)
class Section:
    """A named, contiguous part of a document: the smallest unit a split may assign."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A text with what is marked in it.

    Args:
        id: Unique in its corpus.
        text: The exact text all offsets refer to; paragraphs end with a line feed.
        entities: Sorted on construction.
        relations: Sorted on construction; arguments are values, not indices.
        sections: Parts of the text a split may assign, in order.
        meta: `date` (ISO), `title`, `source`, `licence`, `annotator` and whatever else
            a source tells of itself, as strings.
    """

    id: str
    text: str
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    sections: tuple[Section, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entities", tuple(sorted(self.entities)))
        object.__setattr__(self, "relations", tuple(sorted(self.relations)))

    @property
    def date(self) -> str | None:
        """The document's own date, ISO, where it is known."""
        return self.meta.get("date")

    def surface(self, entity: Entity) -> str:
        """The text an entity covers."""
        return self.text[entity.start : entity.end]

    def cut(self, start: int, end: int, *, id: str | None = None) -> Document:
        """The part of the document between two offsets, with what lies wholly inside it."""
        entities = self.entities[
            bisect_left(self.entities, start, key=_entity_start) : bisect_right(self.entities, end, key=_entity_start)
        ]
        relations = self.relations[
            bisect_left(self.relations, start, key=_head_start) : bisect_right(self.relations, end, key=_head_start)
        ]
        return replace(
            self,
            id=self.id if id is None else id,
            text=self.text[start:end],
            entities=tuple(e.shift(-start) for e in entities if e.end <= end),
            relations=tuple(
                r.shift(-start) for r in relations if start <= r.tail.start and max(r.head.end, r.tail.end) <= end
            ),
            sections=tuple(
                replace(s, start=s.start - start, end=s.end - start)
                for s in self.sections
                if start <= s.start and s.end <= end
            ),
        )

    def section_documents(self) -> list[Document]:
        """One document a section, named `id#section`; the document itself where it has none."""
        if not self.sections:
            return [self]
        whole = replace(self, sections=())
        return [whole.cut(s.start, s.end, id=f"{self.id}#{s.name}") for s in self.sections]


def _entity_start(entity: Entity) -> int:
    return entity.start


def _head_start(relation: Relation) -> int:
    return relation.head.start


class SentenceIndex:
    """Tell in which sentence of a text an offset lies, in logarithmic time."""

    def __init__(self, text: str) -> None:
        self.spans = sentence_spans(text)
        self._starts = [start for start, _ in self.spans]

    def find(self, offset: int) -> int:
        """The number of the sentence that holds the code point at `offset`."""
        return bisect_right(self._starts, offset) - 1

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The sentence in which a range begins, at most `MAX_CONTEXT` characters of it on either side."""
        first, last = self.spans[self.find(start)]
        return max(first, start - MAX_CONTEXT), min(last, end + MAX_CONTEXT)

    def same(self, start: int, end: int) -> bool:
        """Whether a half-open range lies in one sentence."""
        return self.find(start) == self.find(max(start, end - 1))

    def joins(self, *entities: Entity) -> bool:
        """Whether the entities lie together in one sentence."""
        return self.same(min(e.start for e in entities), max(e.end for e in entities))


def relation_labels(head: str, tail: str) -> list[str]:
    """The relation labels that may join two entity labels.

    >>> relation_labels("ORG", "METRIC")
    ['HAS_METRIC']
    """
    return [label for label, pairs in SIGNATURES.items() if (head, tail) in pairs]


def index_documents(documents: Iterable[Document]) -> dict[str, Document]:
    """Documents by id, in order.

    Raises:
        ValueError: Two documents have the same id.
    """
    index: dict[str, Document] = {}
    for document in documents:
        if document.id in index:
            raise ValueError(f"two documents are called {document.id!r}; ids are unique in a corpus")
        index[document.id] = document
    return index
