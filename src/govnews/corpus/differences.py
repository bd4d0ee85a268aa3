"""Where readings of a document differ, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from govnews.corpus.agree import Aligned
from govnews.records import Document, Entity, Relation


@dataclass(frozen=True, slots=True)
class Difference:
    """A place that readings do not all mark alike.

    Args:
        document: As the first reading has it.
        start: First code point concerned.
        end: One past the last.
        found: What each reading has there, in their order: entities, or relations between the same two arguments.
    """

    document: Document
    start: int
    end: int
    found: tuple[tuple[Entity | Relation, ...], ...]

    @property
    def kind(self) -> str:
        """`entities` or `relations`."""
        return "entities" if isinstance(next(item for items in self.found for item in items), Entity) else "relations"

    def shown(self) -> list[str]:
        """What each reading has, in words; empty where it has nothing."""
        return ["，".join(self._show(item) for item in items) for items in self.found]

    def to_dict(self, names: Sequence[str]) -> dict[str, Any]:
        """The difference as plain JSON values, what each reading has under its name."""
        place = {"document": self.document.id, "start": self.start, "end": self.end, "kind": self.kind}
        return {**place, "readings": dict(zip(names, self.shown(), strict=True))}

    def _show(self, item: Entity | Relation) -> str:
        if isinstance(item, Entity):
            return f"{item.label} {self.document.surface(item)}"
        return f"{self.document.surface(item.head)} {item.label} {self.document.surface(item.tail)}"


def list_differences(documents: Iterable[Aligned]) -> list[Difference]:
    """List where readings differ, in the order of the text.

    Spans that overlap stand together, so that two readings of one mention are one difference.
    """
    return [difference for aligned in documents for difference in _differences(aligned)]


def group_entities(readings: Sequence[Sequence[Entity]]) -> Iterator[list[list[Entity]]]:
    """Group the entities of several readings into places, in text order: what overlaps belongs together.

    Yields:
        For each place the entities of each reading.

    >>> places = group_entities([[Entity(0, 2, "ORG"), Entity(3, 4, "DATE")], [Entity(1, 3, "ORG")]])
    >>> [[len(entities) for entities in place] for place in places]
    [[1, 1], [1, 0]]
    """
    place: list[list[Entity]] = []
    reach = 0
    items = sorted((entity, number) for number, entities in enumerate(readings) for entity in entities)
    for entity, number in items:
        if not place or entity.start >= reach:
            if place:
                yield place
            place = [[] for _ in readings]
        place[number].append(entity)
        reach = max(reach, entity.end)
    if place:
        yield place


def _differences(aligned: Aligned) -> list[Difference]:
    first = aligned[0]
    found = []
    for place in group_entities([document.entities for document in aligned]):
        if any(entities != place[0] for entities in place):
            every = [entity for entities in place for entity in entities]
            start, end = min(e.start for e in every), max(e.end for e in every)
            found.append(Difference(first, start, end, tuple(map(tuple, place))))
    for relations in _group_relations(aligned):
        if any(own != relations[0] for own in relations):
            arguments = [argument for own in relations for r in own for argument in (r.head, r.tail)]
            start, end = min(e.start for e in arguments), max(e.end for e in arguments)
            found.append(Difference(first, start, end, tuple(map(tuple, relations))))
    return sorted(found, key=lambda difference: (difference.start, difference.end, difference.kind))


def _group_relations(aligned: Aligned) -> Iterable[list[list[Relation]]]:
    groups: dict[tuple[Entity, ...], list[list[Relation]]] = {}
    for number, document in enumerate(aligned):
        for relation in document.relations:
            key = tuple(sorted((relation.head, relation.tail)))
            groups.setdefault(key, [[] for _ in aligned])[number].append(relation)
    return groups.values()
