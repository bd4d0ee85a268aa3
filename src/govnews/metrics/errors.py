"""What went wrong, case by case: entity errors, label confusion, and why relations were missed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from govnews.metrics.labels import LabelScores, Pair, check_texts
from govnews.metrics.matching import Match, match_documents
from govnews.metrics.scores import Score
from govnews.records import Document, Entity, Relation

NONE = "none"
"""Stands in a confusion table where one side has no entity."""

ErrorKind = Literal["missed", "spurious", "boundary", "type", "boundary and type"]
"""What is wrong with an entity."""

ERROR_KINDS: tuple[ErrorKind, ...] = get_args(ErrorKind)
"""All of them, in the order they are reported."""

Cause = Literal["argument missed", "pair not proposed", "wrong label", "pair rejected"]
"""Why a gold relation was missed."""

Proposed = Callable[[Document, Entity, Entity], bool]
"""Whether a system considered the pair (head, tail) in its prediction for a document."""


@dataclass(frozen=True, slots=True)
class EntityError:
    """A gold entity and what was predicted instead; one of the two may be lacking."""

    document: str
    kind: ErrorKind
    gold: Entity | None
    predicted: Entity | None


@dataclass(frozen=True, slots=True)
class RelationMiss:
    """A gold relation that was not predicted, and why.

    Args:
        document: Its id.
        relation: The gold relation.
        cause: The first thing that went wrong.
        predicted: With a wrong label, what was predicted for the pair.
    """

    document: str
    relation: Relation
    cause: Cause
    predicted: Relation | None = None


def list_entity_errors(pairs: Iterable[Pair]) -> list[EntityError]:
    """List what is wrong with the predicted entities, by document and in the order of its text.

    Raises:
        ValueError: A pair does not share its text.
    """
    return [
        EntityError(gold.id, kind, match.gold, match.predicted)
        for gold, predicted in pairs
        for match in match_documents(gold, predicted)
        if (kind := _error_kind(match))
    ]


def _error_kind(match: Match) -> ErrorKind | None:
    if match.predicted is None:
        return "missed"
    if match.gold is None:
        return "spurious"
    if match.same_span:
        return None if match.same_label else "type"
    return "boundary" if match.same_label else "boundary and type"


def count_confusion(pairs: Iterable[Pair]) -> dict[str, dict[str, int]]:
    """Count the predicted labels of each gold label over matched entities, whatever their boundaries.

    Returns:
        Gold label to predicted label to count; `none` for a missed or a spurious entity.

    Raises:
        ValueError: A pair does not share its text.
    """
    counts = Counter(
        (match.gold.label if match.gold else NONE, match.predicted.label if match.predicted else NONE)
        for gold, predicted in pairs
        for match in match_documents(gold, predicted)
    )
    table: dict[str, dict[str, int]] = defaultdict(dict)
    for (row, column), count in sorted(counts.items()):
        table[row][column] = count
    return dict(table)


def score_relations_relaxed(pairs: Iterable[Pair]) -> LabelScores:
    """Score predicted relations: right are those with a gold label whose arguments overlap gold's, same labels each.

    Each gold relation answers for one predicted relation at most: strictly right ones first, then those whose
    arguments overlap most. Relations whose arguments overlap are compared pair by pair.

    Raises:
        ValueError: A pair does not share its text.
    """
    scores: Counter[tuple[str, int]] = Counter()
    for gold, predicted in pairs:
        truth, found = set(gold.relations), set(check_texts(gold, predicted).relations)
        hits = truth & found
        counted = [*hits, *_relaxed_hits(truth - hits, found - hits)], found, truth
        scores.update((relation.label, n) for n, relations in enumerate(counted) for relation in relations)
    labels = sorted({label for label, _ in scores})
    return LabelScores({label: Score(*(scores[label, n] for n in range(3))) for label in labels})


def _relaxed_hits(gold: set[Relation], predicted: set[Relation]) -> list[Relation]:
    """The gold relations that some predicted relation answers but for its boundaries."""
    clusters = _cluster_entities({e for relation in gold | predicted for e in (relation.head, relation.tail)})
    cells: dict[tuple[str, int, int], tuple[list[Relation], list[Relation]]] = defaultdict(lambda: ([], []))
    for side, relations in enumerate((gold, predicted)):
        for relation in relations:
            cells[relation.label, clusters[relation.head], clusters[relation.tail]][side].append(relation)
    hits: set[Relation] = set()
    used: set[Relation] = set()
    for cell in cells.values():
        for truth, found in _by_overlap(*cell):
            if truth not in hits and found not in used:
                hits.add(truth)
                used.add(found)
    return list(hits)


def _cluster_entities(entities: Iterable[Entity]) -> dict[Entity, int]:
    """Number entities so that those of one label that overlap, be it through others, share a number."""
    numbers: dict[Entity, int] = {}
    number, label, reach = 0, "", 0
    for entity in sorted(entities, key=lambda e: (e.label, e)):
        if entity.label != label or entity.start >= reach:
            number, label, reach = number + 1, entity.label, 0
        reach = max(reach, entity.end)
        numbers[entity] = number
    return numbers


def _by_overlap(gold: Sequence[Relation], predicted: Sequence[Relation]) -> list[tuple[Relation, Relation]]:
    """The pairs whose arguments overlap, the largest overlap first, in an order that no swap of sides changes."""
    pairs = []
    for a in gold:
        for b in predicted:
            head, tail = _overlap(a.head, b.head), _overlap(a.tail, b.tail)
            if head > 0 and tail > 0:
                pairs.append((-head - tail, sorted((a, b)), a, b))
    return [(a, b) for *_, a, b in sorted(pairs, key=lambda pair: pair[:2])]


def _overlap(first: Entity, second: Entity) -> int:
    return min(first.end, second.end) - max(first.start, second.start)


def list_relation_misses(pairs: Iterable[Pair], *, proposed: Proposed | None = None) -> list[RelationMiss]:
    """List the gold relations that were not predicted, each with the first thing that went wrong.

    - argument missed: no predicted entity equals the head, or none the tail;
    - wrong label: the pair is predicted under another label;
    - pair not proposed: the system never considered the pair;
    - pair rejected: it considered the pair and said no.

    Args:
        pairs: Gold and prediction for each text.
        proposed: Told a predicted document, a head and a tail, says whether the system considered the pair;
            without it every pair counts as considered. Pairs of a set are asked for with
            `lambda document, head, tail: (head, tail) in candidates[document.id]`.

    Raises:
        ValueError: A pair does not share its text.
    """
    misses = []
    for gold, predicted in pairs:
        by_pair = {(r.head, r.tail): r for r in check_texts(gold, predicted).relations}
        entities = {*predicted.entities, *(entity for pair in by_pair for entity in pair)}
        for relation in sorted(set(gold.relations) - set(predicted.relations)):
            ends = (relation.head, relation.tail)
            cause: Cause = "pair rejected"
            if not entities.issuperset(ends):
                cause = "argument missed"
            elif ends in by_pair:
                cause = "wrong label"
            elif proposed and not proposed(predicted, *ends):
                cause = "pair not proposed"
            misses.append(RelationMiss(gold.id, relation, cause, by_pair.get(ends)))
    return misses
