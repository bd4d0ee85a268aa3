"""What the error browser of the report shows: the sentences where a system and gold part."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from govnews.comparison import Comparison
from govnews.evaluation import Evaluation
from govnews.records import Document, Entity, Relation
from govnews.sentences import sentence_spans

MAX_SENTENCES = 5_000
"""A page of more sentences would be slow to open."""

Mark = tuple[int, str, str]
"""Where something is wrong (an offset), its kind, and the label concerned."""


def evaluation_sentences(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """The sentences with an error, gold above prediction."""
    marks: dict[str, list[Mark]] = {gold.id: [] for gold, _ in evaluation.pairs}
    for error in evaluation.entity_errors:
        for entity in (error.gold, error.predicted):
            if entity is not None:
                marks[error.document].append((entity.start, error.kind, entity.label))
    for miss in evaluation.relation_misses:
        marks[miss.document].append((miss.relation.head.start, f"relation missed: {miss.cause}", miss.relation.label))
    for gold, predicted in evaluation.pairs:
        for relation in set(predicted.relations) - set(gold.relations):
            marks[gold.id].append((relation.head.start, "relation spurious", relation.label))
        if marks[gold.id]:
            yield from _sentences(gold, {"gold": gold, "predicted": predicted}, marks[gold.id])


def comparison_sentences(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """The sentences that one of two systems has wrong and the other not, gold above both."""
    marks: dict[str, list[Mark]] = {gold.id: [] for gold, _ in comparison.systems[0].pairs}
    for name, contrasts in zip(comparison.names, comparison.contrasts, strict=True):
        for contrast in contrasts:
            item = contrast.item
            what, start = ("entity", item.start) if isinstance(item, Entity) else ("relation", item.head.start)
            marks[contrast.document.id].append((start, f"only {name} right: {what} {contrast.kind}", item.label))
    for (gold, first), (_, second) in zip(*(system.pairs for system in comparison.systems), strict=True):
        rows = {"gold": gold, comparison.names[0]: first, comparison.names[1]: second}
        if marks[gold.id]:
            yield from _sentences(gold, rows, marks[gold.id])


def _sentences(gold: Document, rows: dict[str, Document], marks: Iterable[Mark]) -> Iterator[dict[str, Any]]:
    """The sentences with a mark, as plain values; offsets count from the start of the sentence."""
    spans = _whole_spans(gold.text, rows.values())
    starts = [start for start, _ in spans]
    by_sentence: dict[int, list[Mark]] = {}
    for mark in marks:
        by_sentence.setdefault(bisect_right(starts, mark[0]) - 1, []).append(mark)
    for number in sorted(by_sentence):
        start, end = spans[number]
        parts = {name: document.cut(start, end) for name, document in rows.items()}
        truth = parts["gold"]
        # gold is held against every system, a system against gold
        others = {name: [truth] if name != "gold" else [p for n, p in parts.items() if n != "gold"] for name in parts}
        yield {
            "document": gold.id,
            "start": start,
            "text": truth.text.rstrip("\r\n"),
            "rows": [{"name": name, **_row(part, others[name])} for name, part in parts.items()],
            "marks": sorted({(kind, label) for _, kind, label in by_sentence[number]}),
        }


def _whole_spans(text: str, documents: Iterable[Document]) -> list[tuple[int, int]]:
    """Sentences, joined where an entity or relation runs over their border."""
    spans = sentence_spans(text)
    starts = [start for start, _ in spans]
    reaches = list(range(len(spans)))  # the last sentence that must stay with each
    for document in documents:
        groups = [*((entity,) for entity in document.entities), *map(_ends, document.relations)]
        for ends in groups:
            low, high = min(e.start for e in ends), max(e.end for e in ends)
            first = bisect_right(starts, low) - 1
            reaches[first] = max(reaches[first], bisect_left(starts, high) - 1)
    whole: list[tuple[int, int]] = []
    reach = -1
    for number, (start, end) in enumerate(spans):
        joined = number <= reach
        reach = max(reach, reaches[number])
        if joined:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def _row(document: Document, others: Iterable[Document]) -> dict[str, Any]:
    """Entities and relations of one side in one sentence, each with whether all the others have it too."""
    entities: Sequence[Entity] = sorted({*document.entities, *(e for r in document.relations for e in _ends(r))})
    place = {entity: number for number, entity in enumerate(entities)}
    same_entities = set(entities).intersection(*(other.entities for other in others))
    same_relations = set(document.relations).intersection(*(other.relations for other in others))
    return {
        "entities": [[e.start, e.end, e.label, e in same_entities] for e in entities],
        "relations": [[place[r.head], place[r.tail], r.label, r in same_relations] for r in document.relations],
    }


def _ends(relation: Relation) -> tuple[Entity, Entity]:
    return relation.head, relation.tail
