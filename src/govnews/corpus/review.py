"""What in an annotated corpus deserves a second reading: where it contradicts itself, or models contradict it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from govnews.corpus.agree import character_labels
from govnews.metrics.errors import list_entity_errors
from govnews.metrics.labels import Pair, score_entities, score_relations
from govnews.metrics.scores import Score
from govnews.records import Document, Entity, Relation, SentenceIndex

Kind = Literal["marked elsewhere", "two labels", "figure unmarked", "date alone", "models disagree"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""All of them."""

_FIGURE = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?[%％‰]?")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place to read again.

    Args:
        document: Its id.
        start: First code point concerned.
        end: One past the last.
        kind: What is odd.
        why: The facts.
        weight: Between 0 and 1: how likely it is a slip.
    """

    document: str
    start: int
    end: int
    kind: Kind
    why: str
    weight: float


def find_doubts(documents: Iterable[Document], predictions: Sequence[Pair] = ()) -> list[Doubt]:
    """Find what deserves a second reading, the likeliest slips first.

    - marked elsewhere: a text stands unmarked that is an entity in other places;
    - two labels: an entity has another label than the same text mostly has;
    - figure unmarked: a figure is in no entity (numbers in names and list numerals are, rightly);
    - date alone: a DATE has no relation though a METRIC follows it in its sentence (bases of comparison aside);
    - models disagree: models that were not trained on the document predict something else; the more of them do, and the
      more often they are right about entities or relations of that label, the likelier is a slip.

    Args:
        documents: The annotated corpus.
        predictions: Documents of it, each with what models predicted that did not see it (`govnews crossval
            --predictions`); the score of an entity is the share of the models that predict it.
    """
    documents = list(documents)
    finders: list[Callable[[Sequence[Document]], Iterable[Doubt]]] = [_marked_elsewhere, _figure_unmarked, _date_alone]
    doubts = [doubt for find in finders for doubt in find(documents)]
    doubts += _models_disagree(predictions)
    return sorted(doubts, key=lambda doubt: (-doubt.weight, doubt.document, doubt.start))


def _marked_elsewhere(documents: Sequence[Document]) -> Iterable[Doubt]:
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for entity in document.entities:
            labels[document.surface(entity)][entity.label] += 1
    lengths = sorted({len(surface) for surface in labels if len(surface) > 1})
    unmarked: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for document in documents:
        for at, end in _gaps(document):
            for length in lengths:
                if at + length > end:
                    break
                if (surface := document.text[at : at + length]) in labels:
                    unmarked[surface].append((document.id, at))
    for surface, places in unmarked.items():
        label, count = labels[surface].most_common(1)[0]
        for name, at in places:
            why = f"{label} in {count} places, unmarked in {len(places)}"
            yield Doubt(name, at, at + len(surface), "marked elsewhere", why, count / (count + len(places)))
    for document in documents:
        for entity in document.entities:
            counts = labels[document.surface(entity)]
            label, count = counts.most_common(1)[0]
            if counts[entity.label] < count:
                why = f"{entity.label} here, {label} in {count} places"
                yield Doubt(document.id, entity.start, entity.end, "two labels", why, count / counts.total())


def _figure_unmarked(documents: Sequence[Document]) -> Iterable[Doubt]:
    for document in documents:
        labels = character_labels(document)
        for match in _FIGURE.finditer(document.text):
            if not any(labels[match.start() : match.end()]):
                yield Doubt(document.id, match.start(), match.end(), "figure unmarked", "in no entity", 0.3)


def _date_alone(documents: Sequence[Document]) -> Iterable[Doubt]:
    for document in documents:
        linked = {argument for relation in document.relations for argument in (relation.head, relation.tail)}
        sentences = SentenceIndex(document.text)
        last: dict[int, Entity] = {}
        for entity in document.entities:
            if entity.label == "METRIC":
                last[sentences.find(entity.start)] = entity
        for date in document.entities:
            metric = last.get(sentences.find(date.start))
            if date.label != "DATE" or date in linked or metric is None or metric.start < date.start:
                continue
            if document.text[date.start - 1 : date.start] not in {"比", "较", "是"}:
                why = f"no relation, but {document.surface(metric)} follows"
                yield Doubt(document.id, date.start, date.end, "date alone", why, 0.4)


def _models_disagree(predictions: Sequence[Pair]) -> Iterable[Doubt]:
    """Where most models say something else, weighed by how often they are right about its label.

    Relations are compared where both sides have the arguments.
    """
    likely = [(gold, _likely(found)) for gold, found in predictions]
    reliable = score_entities(likely).per_label
    for (gold, found), (_, kept) in zip(predictions, likely, strict=True):
        support = {entity: _support(entity) for entity in found.entities}
        for error in list_entity_errors([(gold, kept)]):
            sides = [entity for entity in (error.gold, error.predicted) if entity is not None]
            named = ("nothing" if e is None else f"{e.label} {gold.surface(e)}" for e in (error.gold, error.predicted))
            why = f"{error.kind}: gold has {', models have '.join(named)}"
            if error.predicted is None:
                weight = (1 - support.get(sides[0], 0.0)) * _recall(reliable[sides[0].label])
            else:
                weight = support[error.predicted] * _precision(reliable[error.predicted.label])
            start, end = min(e.start for e in sides), max(e.end for e in sides)
            yield Doubt(gold.id, start, end, "models disagree", why, weight)
    shared = [_shared_relations(gold, kept) for gold, kept in likely]
    related = score_relations(shared).per_label
    for (gold, kept), (_, found) in zip(shared, predictions, strict=True):
        shares = {relation: _support(relation) for relation in found.relations}
        for relation in sorted({*gold.relations} ^ {*kept.relations}):
            arguments = (relation.head, relation.tail)
            shown = f"{gold.surface(relation.head)} {relation.label} {gold.surface(relation.tail)}"
            if relation in kept.relations:
                why, weight = f"models have {shown}", shares[relation] * _precision(related[relation.label])
            else:
                weight = (1 - shares.get(relation, 0.0)) * _recall(related[relation.label])
                why = f"models have not {shown}"
            start, end = min(e.start for e in arguments), max(e.end for e in arguments)
            yield Doubt(gold.id, start, end, "models disagree", why, weight)


def _likely(found: Document) -> Document:
    """What most models predict."""
    return replace(
        found,
        entities=tuple(entity for entity in found.entities if _support(entity) > 0.5),
        relations=tuple(relation for relation in found.relations if _support(relation) > 0.5),
    )


def _shared_relations(gold: Document, found: Document) -> Pair:
    """Both sides with the relations whose arguments both have."""
    shared = set(gold.entities) & set(found.entities)
    first, second = (
        replace(side, relations=tuple(r for r in side.relations if {r.head, r.tail} <= shared))
        for side in (gold, found)
    )
    return first, second


def _support(item: Entity | Relation) -> float:
    return 1.0 if item.score is None else item.score


def _precision(score: Score) -> float:
    return (score.hits + 1) / (score.predicted + 2)  # one right and one wrong before anything was seen


def _recall(score: Score) -> float:
    return (score.hits + 1) / (score.gold + 2)


def _gaps(document: Document) -> Iterable[tuple[int, int]]:
    """Each offset in no entity, with where the next entity begins."""
    start = 0
    for entity in (*document.entities, Entity(len(document.text), len(document.text), "")):
        yield from ((at, entity.start) for at in range(start, entity.start))
        start = max(start, entity.end)
