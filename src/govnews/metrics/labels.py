"""Strict scores of entities and relations, per label and in all, on character offsets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from govnews.metrics.scores import Score
from govnews.records import Document, Entity, Relation

Pair = tuple[Document, Document]
"""A gold document and the prediction for the same text."""


@dataclass(frozen=True, slots=True)
class LabelScores:
    """Scores per label, and what follows for all of them."""

    per_label: dict[str, Score]

    @property
    def micro(self) -> Score:
        """All labels' counts together."""
        return sum(self.per_label.values(), Score())

    @property
    def macro_f1(self) -> float:
        """Mean F1 over the labels that the gold holds."""
        values = [score.f1 for score in self.per_label.values() if score.gold]
        return sum(values) / len(values) if values else 0.0

    def __add__(self, other: LabelScores) -> LabelScores:
        labels = sorted(self.per_label.keys() | other.per_label.keys())
        empty = Score()
        return LabelScores(
            {label: self.per_label.get(label, empty) + other.per_label.get(label, empty) for label in labels}
        )

    def to_dict(self) -> dict[str, Any]:
        """The scores as they stand in `metrics.json`."""
        return {
            "micro": self.micro.to_dict(),
            "macro_f1": round(self.macro_f1, 4),
            "per_label": {label: score.to_dict() for label, score in sorted(self.per_label.items())},
        }


def score_entities(pairs: Iterable[Pair]) -> LabelScores:
    """Score predicted entities: right are those whose span and label are in the gold.

    Args:
        pairs: Gold and prediction for each text.

    Raises:
        ValueError: A pair does not share its text.
    """
    return _score((check_texts(gold, predicted).entities, gold.entities) for gold, predicted in pairs)


def score_relations(pairs: Iterable[Pair]) -> LabelScores:
    """Score predicted relations: right are those whose label and whose arguments' spans and labels are gold's.

    Raises:
        ValueError: A pair does not share its text.
    """
    return _score((check_texts(gold, predicted).relations, gold.relations) for gold, predicted in pairs)


def _score(items: Iterable[tuple[Iterable[Entity | Relation], Iterable[Entity | Relation]]]) -> LabelScores:
    hits: Counter[str] = Counter()
    found: Counter[str] = Counter()
    truth: Counter[str] = Counter()
    for predicted, gold in items:
        predicted_set, gold_set = set(predicted), set(gold)
        hits.update(item.label for item in predicted_set & gold_set)
        found.update(item.label for item in predicted_set)
        truth.update(item.label for item in gold_set)
    labels = sorted(found.keys() | truth.keys())
    return LabelScores({label: Score(hits[label], found[label], truth[label]) for label in labels})


def check_texts(gold: Document, predicted: Document) -> Document:
    """The prediction, where it is of the gold's text.

    Raises:
        ValueError: The texts differ.
    """
    if gold.text != predicted.text:
        raise ValueError(f"document {gold.id!r}: gold and prediction do not share their text")
    return predicted
