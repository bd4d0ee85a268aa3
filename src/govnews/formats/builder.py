"""Put a document together from what a foreign file says of it, and report what does not fit its text."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from govnews.errors import FormatError
from govnews.formats.losses import Loss, Report
from govnews.records import Document, Entity, Relation, Section


class Builder:
    """A document in the making.

    Args:
        id: Unique in its file.
        text: What all offsets refer to.
        report: Told of each annotation that does not fit.
    """

    def __init__(self, id: str, text: str, *, report: Report) -> None:
        self.id = id
        self.text = text
        self.report = report
        self._named: dict[Hashable, Entity | None] = {}
        self._entities: dict[Entity, None] = {}
        self._relations: dict[Relation, None] = {}

    def lose(self, kind: str, what: str, why: str, *, line: int | None = None) -> None:
        """Report something that is not taken over."""
        self.report(Loss(kind, f"{what} (document {self.id!r})", why, line=line))

    def add(
        self,
        name: Hashable,
        start: int,
        end: int,
        label: str,
        *,
        surface: str | None = None,
        score: float | None = None,
        line: int | None = None,
    ) -> None:
        """Take an entity over.

        Args:
            name: What relations call it; None where nothing can.
            start: First code point.
            end: One past the last.
            label: As the file has it.
            surface: The text it covers, where the file says it.
            score: Between 0 and 1.
            line: Where it stands.

        Raises:
            FormatError: Another one has that name.
        """
        entity = Entity(start, end, label, score)
        if name is not None and self._named.get(name, entity) != entity:
            raise FormatError(
                f"a second entity is called {name!r}", line=line, hint="Names of entities are unique in a document."
            )
        if why := self._obstacle(entity, surface):
            self.lose("entity", f"{label} {surface or self.text[max(start, 0) : end][:40]!r}", why, line=line)
            self._named[name] = entity if entity in self._entities else None  # one that stands twice can be joined
            return
        self._named[name] = entity
        self._entities[entity] = None

    def name_lost(self, name: Hashable) -> None:
        """Remember that an entity was reported already, so that relations with it are lost and no fault."""
        self._named[name] = None

    def knows(self, name: Hashable) -> bool:
        """Whether an entity of that name was added, or lost."""
        return name in self._named

    def relate(
        self, head: Hashable, tail: Hashable, label: str, *, score: float | None = None, line: int | None = None
    ) -> None:
        """Take a relation between two named entities over.

        Raises:
            FormatError: Nothing has such a name.
        """
        for name in (head, tail):
            if name not in self._named:
                raise FormatError(
                    f"a relation {label!r} joins {name!r}, which is no entity",
                    line=line,
                    hint="Add the entity, or remove the relation.",
                )
        first, last = self._named[head], self._named[tail]
        what = f"{head} {label} {tail}"
        if first is None or last is None:
            self.lose("relation", what, "has an argument that is lost", line=line)
        elif not label:
            self.lose("relation", what, "has no label", line=line)
        elif (relation := Relation(first, last, label, score)) in self._relations:
            self.lose("relation", what, "stands twice", line=line)
        else:
            self._relations[relation] = None

    def build(self, *, meta: Mapping[str, str] | None = None, sections: Iterable[Section] = ()) -> Document:
        """The document."""
        return Document(
            self.id, self.text, tuple(self._entities), tuple(self._relations), tuple(sections), dict(meta or {})
        )

    def _obstacle(self, entity: Entity, surface: str | None) -> str | None:
        if not 0 <= entity.start < entity.end <= len(self.text):
            return f"spans {entity.start}..{entity.end}, but the text has {len(self.text)} characters"
        covered = self.text[entity.start : entity.end]
        if surface is not None and surface != covered:
            return f"does not stand at {entity.start}..{entity.end}, where the text is {covered[:40]!r}"
        if not entity.label:
            return "has no label"
        if entity in self._entities:
            return "stands twice"
        return None
